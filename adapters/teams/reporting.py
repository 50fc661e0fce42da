"""Reports and cases in Teams: each goes on in one dialog. Whoever presses is looked up again each time."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace

from adapters.teams import answers, cases, forms
from adapters.teams.answers import Body
from adapters.teams.cards import Card
from adapters.teams.channel import ANSWERED
from adapters.teams.places import CHANNEL, Spot
from adapters.teams.wants import Act, Look, Reported
from bot import words
from bot.board import Board
from bot.knowledge import Flow
from bot.messages import RESUME, Filled, Incoming, Reply, Steered
from bot.people import Asker, Person
from bot.service import Service
from bot.store import directory
from bot.store.cases import NoCaseError
from bot.store.records import SeenError

HIDDEN = (Flow.WHISTLEBLOWING,)  # what is never shown in Teams


class Reporting:
    """What is pressed and typed around reports. Each method returns what Teams' request is answered with."""

    def __init__(self, service: Service, wake: Callable[[], None]) -> None:
        self._service, self._wake = service, wake
        self._board = Board(service)

    async def reported(self, want: Reported) -> Body:
        """A press or a step that was typed: the next screen. Words that came too late stay in their field."""
        reply, number = await self._handled(want.incoming)
        kept = ""
        if reply is None or reply.lines == (words.TOO_LATE,):
            late, act = reply is not None, want.incoming.act
            reply, number = await self._stands(want.incoming, late=late)
            same = late and isinstance(act, Filled) and reply.form is not None and reply.form.step == act.step and not reply.form.people
            kept = act.value if same and isinstance(act, Filled) else ""
        return answers.report(forms.card(reply, want.spot.user, number, kept))

    async def _handled(self, incoming: Incoming) -> tuple[Reply | None, int]:
        """The reply, None where this came before; and the number of the turn."""
        handled = await asyncio.to_thread(self._service.handle, incoming)
        self._wake()
        return (None if handled.seen else handled.reply or Reply()), handled.number

    async def _stands(self, incoming: Incoming, *, late: bool) -> tuple[Reply, int]:
        """Where the report stands now, with a kind word for what came too late."""
        lines = (words.REPORT_LATE,) if late else ()
        now = await asyncio.to_thread(self._service.session, CHANNEL, incoming.account, incoming.home)
        if now.running is None:
            return (now.last if now.last and not late and not now.last.answers else Reply(lines=(words.REPORT_MOVED,))), now.number
        if now.last and now.last.reporting:
            return replace(now.last, lines=(*lines, *now.last.lines)), now.number
        again = replace(
            incoming, event=f"{incoming.event}-on", conversation=incoming.home, act=Steered(now.number, RESUME),
            place={**incoming.place, ANSWERED: "yes"},
        )  # fmt: skip
        reply, number = await self._handled(again)
        return (replace(reply, lines=(*lines, *reply.lines)) if reply else Reply(lines=(words.REPORT_MOVED,))), number

    async def look(self, want: Look) -> Body:
        """A case for a handler; taken first where they say so. Whoever may not see it is told that there is nothing."""
        who = await self._member(want.spot)
        made = await asyncio.to_thread(self._looked, want, who) if who else None
        return answers.case(made or cases.said(words.CASE_NOTHING))

    def _looked(self, want: Look, who: Asker) -> Card | None:
        if want.take:
            # Somebody else may have it, or it is none of theirs: what they may read says which.
            with contextlib.suppress(NoCaseError):
                self._did(who, want.reference, {"action": cases.TAKE}, want.key)
        return self._case(want.reference, who, want.spot.user)

    def _did(self, who: Asker, reference: str, what: Mapping[str, str], key: str) -> None:
        """Once, however often the same request comes."""
        with contextlib.suppress(SeenError):
            self._board.acted(who.organisation, reference, who.email or "", what, (CHANNEL, key))
            self._wake()

    def _case(self, reference: str, who: Asker, user: str, missing: str = "", kept: Mapping[str, str] | None = None) -> Card | None:
        if self._service.plans is None:
            return None
        try:
            found = self._board.opened(who.organisation, reference, who.email or "")
        except NoCaseError:
            return None
        flow = found.held.case.flow
        if flow in HIDDEN:
            return cases.said(words.CASE_ON_BOARD_TEAMS)
        people = self._people(who.organisation)
        return cases.shown(found, self._service.plans.flows[flow], people, who.email or "", user, missing, kept)

    def _people(self, organisation: str) -> list[Person]:
        with self._service.database.read() as connection:
            return directory.people(connection, organisation)

    async def act(self, want: Act) -> Body:
        """Note, hand over or close; the case as it stands then is the answer."""
        who = await self._member(want.spot)
        made = await asyncio.to_thread(self._acted, want, who) if who else None
        return answers.case(made or cases.said(words.CASE_NOTHING))

    def _acted(self, want: Act, who: Asker) -> Card | None:
        if missing := cases.slip(want.what, self._people(who.organisation)):
            return self._case(want.reference, who, want.spot.user, missing, want.what)
        try:
            self._did(who, want.reference, want.what, want.key)
        except NoCaseError:
            return None
        return self._case(want.reference, who, want.spot.user)

    async def _member(self, spot: Spot) -> Asker | None:
        """Whoever presses, as the directory has them now; None for everybody whom it does not know."""
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        return who if who and who.member and who.email else None
