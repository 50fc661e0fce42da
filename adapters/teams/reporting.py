"""Reports and cases in Teams: each goes on in one dialog."""

import asyncio
from collections.abc import Callable, Mapping

from adapters.casework import Casework
from adapters.teams import answers, cases, forms
from adapters.teams.answers import Body
from adapters.teams.cards import Card
from adapters.teams.channel import ANSWERED
from adapters.teams.places import CHANNEL
from adapters.teams.wants import Act, Look, Reported, Take
from bot import words
from bot.cases import Action, may
from bot.handling import ACTION
from bot.people import Asker
from bot.service import Service


class Reporting:
    """What is pressed and typed around reports. Each method returns what Teams' request is answered with."""

    def __init__(self, service: Service, wake: Callable[[], None], board: str) -> None:
        self._work = Casework(service, CHANNEL, wake, words.REPORT_MOVED, {ANSWERED: "yes"}, board)

    async def reported(self, want: Reported) -> Body:
        """A press or a step that was typed: the next screen. Words that came too late stay in their field."""
        reply, number, kept = await self._work.stepped(want.incoming)
        return answers.report(forms.card(reply, want.spot.user, number, kept))

    async def look(self, want: Look) -> Body:
        """A case for a handler; taken first where they say so. Whoever may not see it is told that there is nothing."""
        who = await self._work.member(want.spot.account)
        made = await asyncio.to_thread(self._looked, want, who) if who else None
        return answers.case(made or cases.said(words.CASE_NOTHING))

    def _looked(self, want: Look, who: Asker) -> Card | None:
        moved = want.take and not self._work.took(want.reference, who, want.key)
        return self._case(want.reference, who, want.spot.user, want.doing, (words.CASE_MOVED,) if moved else ())

    async def taken(self, want: Take) -> Body:
        """A case is taken from the ping about it, whose card says so from then on."""
        who = await self._work.member(want.spot.account)
        theirs = who is not None and await asyncio.to_thread(self._took, want, who)
        return answers.card(cases.taken(want.spot.user, want.reference)) if theirs else answers.note(words.CASE_NOTHING)

    def _took(self, want: Take, who: Asker) -> bool:
        """Whether it is theirs now, also where they had it before."""
        self._work.took(want.reference, who, want.key)
        seen = self._work.seen(want.reference, who, want.spot.user)
        return seen is not None and seen.found.held.case.handler == who.email

    def _case(
        self, reference: str, who: Asker, user: str, doing: str = "", lines: tuple[str, ...] = (), kept: Mapping[str, str] | None = None,
    ) -> Card | None:  # fmt: skip
        """A case as it stands, or the fields of one thing to do with it; None where they may not read it."""
        seen = self._work.seen(reference, who, user)
        if seen is None:
            return None
        if seen.hidden:
            return cases.said(words.CASE_ON_BOARD_TEAMS)
        if doing in words.CASE_ACTS and may(seen.found.held.case, seen.reader.me, Action.NOTE):
            return cases.done(seen, doing, " ".join(lines), kept)
        return cases.shown(seen, lines)

    async def act(self, want: Act) -> Body:
        """Note, decide, wait, hand over, link or close; the case as it stands then is the answer."""
        who = await self._work.member(want.spot.account)
        made = await asyncio.to_thread(self._acted, want, who) if who else None
        return answers.case(made or cases.said(words.CASE_NOTHING))

    def _acted(self, want: Act, who: Asker) -> Card | None:
        if wrong := self._work.slip(want.what, who):
            return self._case(want.reference, who, want.spot.user, want.what[ACTION], (wrong[1],), want.what)
        moved = not self._work.did(want.reference, who, want.what, want.key)
        return self._case(want.reference, who, want.spot.user, lines=(words.CASE_MOVED,) if moved else ())
