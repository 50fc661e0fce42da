"""What opens in a dialog, which only its person sees: sensitive answers, long ones, and questions about a message."""

import asyncio

from adapters.choices import Choice
from adapters.parts import NEVER, Part
from adapters.teams import activities, answers, cards, fit, forms
from adapters.teams.answers import Body
from adapters.teams.channel import Teams
from adapters.teams.places import CHANNEL, Spot
from adapters.teams.wants import Ask, Open, Rest, Told
from bot import words
from bot.flows import MOST_TEXT
from bot.messages import Outgoing, Reply
from bot.service import Service


class Opening:
    """Dialogs that show answers. Each method returns what Teams' request is answered with."""

    def __init__(self, service: Service, channel: Teams) -> None:
        self._service, self._channel = service, channel

    async def answer(self, want: Open) -> Body:
        """The sensitive answer of a turn, for whoever it was given to."""
        spot, number = want.spot, want.number
        found = await asyncio.to_thread(self._service.exchange, CHANNEL, spot.account, spot.account, number)
        now = await asyncio.to_thread(self._service.session, CHANNEL, spot.account, spot.account)
        if found is None and now.last and now.last.reporting:
            return answers.report(forms.card(now.last, spot.user, now.number))
        if found is None and now.last and now.number == number and not now.last.answers:
            return await self._read(spot, number, now.last, buttons=True)
        return await self._read(spot, number, found.reply if found else None, buttons=now.number == number)

    async def rest(self, want: Rest) -> Body:
        """The whole of an ordinary answer, while it is the last one."""
        now = await asyncio.to_thread(self._service.session, CHANNEL, want.spot.account, want.spot.talk)
        return await self._read(want.spot, want.number, now.last if now.number == want.number else None, buttons=False)

    async def _read(self, spot: Spot, number: int, reply: Reply | None, *, buttons: bool) -> Body:
        if reply is None:
            return answers.said(words.GONE)
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        made = Outgoing(number, reply, spot.place(), private=True, organisation=who.organisation if who else "")
        return answers.dialog(fit.dialog(self._channel.parts(made, buttons=buttons, dialog=True)))

    def ask(self, want: Ask) -> Body:
        """The form for asking about a message, which stands above the field."""
        shown = [cards.quote(*cards.paragraph(want.message))] if want.message.strip() else []
        field = cards.entry(forms.TYPED, words.ASK_FIELD, MOST_TEXT)
        send = cards.submit(activities.ASK, words.ASK_SEND, Choice(want.spot.user, 0).text(), **{activities.ABOUT: want.message})
        made = fit.dialog([Part(NEVER, (*shown, field, *cards.small([words.ASK_HINT_TEAMS]), *cards.actions([cards.first(send)])))])
        return answers.dialog(made, words.ASK_ABOUT)

    async def told(self, want: Told) -> Body:
        """Something said or pressed in a dialog: it goes on with the reply."""
        handled = await asyncio.to_thread(self._service.handle, want.incoming)
        if handled.seen or handled.reply is None:
            return answers.said(words.HAVE_IT)
        who = await asyncio.to_thread(self._service.asker, CHANNEL, want.spot.account)
        made = Outgoing(handled.number, handled.reply, want.incoming.place, private=True, organisation=who.organisation if who else "")
        return answers.dialog(self._channel.dialog(made))
