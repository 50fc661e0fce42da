"""Presses on cards in messages: the card is answered in place, with a line where its buttons were."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace

from adapters.teams import answers, asking, cards
from adapters.teams.answers import Body
from adapters.teams.cards import Card
from adapters.teams.channel import QUIET, SETTLE, Teams, update
from adapters.teams.places import CHANNEL, Spot
from adapters.teams.show import Settled
from adapters.teams.wants import Pressed, Wrong
from bot import words
from bot.messages import Act, Judged, Outgoing, PassOn, Press, Reply
from bot.service import Service


class Pressing:
    """Each method returns what Teams' request is answered with."""

    def __init__(self, service: Service, channel: Teams) -> None:
        self._service, self._channel = service, channel

    async def pressed(self, want: Pressed) -> Body:
        """The turn is taken, and the card shows what was chosen: for the others of a group, too, as soon as it is sent."""
        before, used = await self._shown(want.spot, want.number)
        incoming, settled = want.incoming, {**used, want.fact: self._settled(want, before.reply if before else Reply())}
        if before and not want.spot.direct and want.spot.message:
            activity = self._channel.message(before, settled)
            row = update(want.spot.place(), want.spot.message, activity)
            incoming = replace(incoming, place={**incoming.place, SETTLE: json.dumps(row, ensure_ascii=False)})
        handled = await asyncio.to_thread(self._service.handle, incoming)
        if handled.seen:
            return answers.note(words.HAVE_IT)
        if before is None or handled.reply is None or handled.reply.late:
            return answers.note(words.TOO_LATE)
        return answers.card(self._channel.card(before, settled))

    async def wrong(self, want: Wrong) -> Body:
        """It was not right: the card asks why. Nothing is counted before Send."""
        before, used = await self._shown(want.spot, want.number)
        if before is None or before.reply.sensitive or not before.reply.answers:
            return answers.note(words.TOO_LATE)
        return answers.card(self._channel.card(before, {**used, asking.JUDGE: asking.reason(want.spot.user, want.number)}))

    async def _shown(self, spot: Spot, number: int) -> tuple[Outgoing | None, Settled]:
        """What the card shows that was pressed, and which of its rows were used before; None where it belongs to an earlier turn."""
        now = await asyncio.to_thread(self._service.session, CHANNEL, spot.account, spot.talk)
        if now.last is None or now.number != number:
            return None, {}
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        judged = {asking.JUDGE: cards.paragraph(words.THANKS)} if now.judged == number else {}
        offered: Settled = {asking.PASS_ON: ()} if now.last.offer and now.gap is None else {}
        return Outgoing(number, now.last, spot.place(), spot.direct, organisation=who.organisation if who else ""), {**judged, **offered}

    def _settled(self, want: Pressed, shown: Reply) -> Sequence[Card]:
        if QUIET in want.incoming.place:
            return cards.paragraph(words.THANKS)
        return cards.paragraph(words.CHOSEN.format(label=_label(want.incoming.act, shown)), near=True)


def _label(act: Act, shown: Reply) -> str:
    """What the button says that was pressed."""
    match act:
        case Press(_, fact, value):
            return next((label for asked in shown.choices if asked.fact == fact for v, label in asked.options if v == value), value)
        case PassOn(_, agreed):
            return words.OFFER_YES if agreed else words.OFFER_NO
        case Judged():
            return words.WRONG
        case _:
            return ""
