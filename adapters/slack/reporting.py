"""Reports and cases in Slack: a report goes on in one modal, a case opens in another. Whoever presses is looked up again each time."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from adapters.slack import cases, forms
from adapters.slack.cases import Reader
from adapters.slack.channel import ANSWERED, REPORT, UPDATE_VIEW, VIEW
from adapters.slack.doing import Around
from adapters.slack.opening import Opening
from adapters.slack.places import CHANNEL, Spot
from adapters.slack.views import View
from adapters.slack.wants import Act, Begin, Look, Reported, Typed
from bot import handling, links, referral, words
from bot.board import Board
from bot.cases import Action, may
from bot.knowledge import Flow
from bot.links import UNLINK
from bot.messages import Filled, Incoming, Reply, Steered
from bot.people import Asker
from bot.reports import Opened
from bot.service import Service
from bot.store import directory
from bot.store.cases import NoCaseError
from bot.store.records import SeenError

HIDDEN = (Flow.WHISTLEBLOWING,)  # what is never shown in Slack
Body = Mapping[str, Any]
NOTHING: Body = {}


class Reporting:
    """What is pressed and typed around reports. Each method returns what Slack's request is answered with."""

    def __init__(self, service: Service, opening: Opening, wake: Callable[[], None]) -> None:
        self._service, self._opening, self._wake = service, opening, wake
        self._board = Board(service)

    async def begin(self, want: Begin) -> Body:
        """A modal opens at once and is filled with the first step; where it does not open, the private message leads there."""
        incoming, view = want.incoming, await self._opening.opened(want.trigger, forms.waiting())
        if view is None:
            await self._handled(incoming)
            return NOTHING
        return await self.reported(Reported(want.spot, replace(incoming, place={**incoming.place, VIEW: view, REPORT: "yes"}), view))

    async def reported(self, want: Reported) -> Body:
        """A press in the modal. One that came too late shows where the report stands."""
        reply, number = await self._handled(want.incoming)
        if reply is None or reply.lines == (words.TOO_LATE,):
            reply, number = await self._stands(want.incoming, late=reply is not None)
            await self._opening.now(UPDATE_VIEW, {"view_id": want.view, "view": forms.view(reply, want.spot.user, number)})
        return NOTHING

    async def typed(self, want: Typed) -> Body:
        """A step that was typed: the next one is the answer to Slack's request. Words that came too late stay in their field."""
        reply, number = await self._handled(want.incoming)
        kept = ""
        if reply is None or reply.lines == (words.TOO_LATE,):
            late, act = reply is not None, want.incoming.act
            reply, number = await self._stands(want.incoming, late=late)
            same = late and isinstance(act, Filled) and reply.form is not None and reply.form.step == act.step and not reply.form.people
            kept = act.value if same and isinstance(act, Filled) else ""
        return {"response_action": "update", "view": forms.view(reply, want.spot.user, number, kept)}

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
            return (now.last if now.last and not late and not now.last.answers else Reply(lines=(words.REPORT_ELSEWHERE,))), now.number
        if now.last and now.last.reporting:
            return replace(now.last, lines=(*lines, *now.last.lines)), now.number
        again = replace(
            incoming, event=f"{incoming.event}-on", conversation=incoming.home, act=Steered(now.number, "resume"),
            place={**incoming.place, ANSWERED: "yes"},
        )  # fmt: skip
        reply, number = await self._handled(again)
        return (replace(reply, lines=(*lines, *reply.lines)) if reply else Reply(lines=(words.REPORT_ELSEWHERE,))), number

    async def look(self, want: Look) -> Body:
        """A case for a handler, in a modal; taken first where they say so. Whoever may not see it is told that there is nothing."""
        who = await self._member(want.spot)
        view = await asyncio.to_thread(self._looked, want, who) if who else None
        if want.view:
            await self._opening.now(UPDATE_VIEW, {"view_id": want.view, "view": view or cases.said(words.CASE_NOTHING)})
        elif view is None:
            await self._opening.tell(want.spot, words.CASE_NOTHING)
        elif await self._opening.opened(want.trigger, view) is None:
            await self._opening.tell(want.spot, words.NOT_OPENED)
        return NOTHING

    def _looked(self, want: Look, who: Asker) -> View | None:
        moved = want.take and not self._took(want, who)
        return self._case(want.reference, who, want.spot.user, (words.CASE_MOVED,) if moved else (), want.doing)

    def _took(self, want: Look, who: Asker) -> bool:
        """Take it; whether it is theirs now. A press that was delivered twice took it once."""
        try:
            self._board.acted(who.organisation, want.reference, who.email or "", {"action": cases.TAKE}, (CHANNEL, want.key))
            self._wake()
        except NoCaseError:  # somebody else has it, or it is none of theirs: what they may read says which
            return False
        except SeenError:
            pass
        return True

    def _case(self, reference: str, who: Asker, user: str, lines: tuple[str, ...] = (), doing_: str = "") -> View | None:
        """A case as it stands, or the fields of one thing to do with it; None where they may not read it."""
        if self._service.plans is None:
            return None
        try:
            found = self._board.opened(who.organisation, reference, who.email or "")
        except NoCaseError:
            return None
        case = found.held.case
        if case.flow in HIDDEN:
            return cases.said(words.CASE_ON_BOARD)
        reader = self._reader(found, who, user)
        if doing_ in words.CASE_ACTS and may(case, reader.me, Action.NOTE):
            return cases.done(found.held, doing_, reader)
        places = referral.places(self._service.askwell.knowledge.organisations[who.organisation], case.flow, found.content)
        return cases.shown(found, self._service.plans.flows[case.flow], reader, places, lines)

    def _reader(self, found: Opened, who: Asker, user: str) -> Reader:
        me, case = who.email or "", found.held.case
        linked = tuple(one.case.reference for one in found.linked)
        held = self._board.waiting_for(who.organisation, me)
        with self._service.database.read() as connection:
            people, now = directory.people(connection, who.organisation), self._service.database.now(connection)
        others = [(p.email, p.name) for p in people if p.email != me and p.email not in case.implicated]
        around = Around(others, links.others(held, case.reference, linked, me), linked, now)
        return Reader(user, me, people, around, self._opening.board)

    async def act(self, want: Act) -> Body:
        """Note, decide, wait, hand over, link or close; the case as it stands then is the answer to Slack's request."""
        who = await self._member(want.spot)
        return await asyncio.to_thread(self._acted, want, who) if who else _instead(cases.said(words.CASE_NOTHING))

    def _acted(self, want: Act, who: Asker) -> Body:
        with self._service.database.read() as connection:
            people, now = directory.people(connection, who.organisation), self._service.database.now(connection)
        if wrong := handling.slip(want.what, {p.email for p in people}, now):
            return {"response_action": "errors", "errors": {want.blocks.get(wrong[0]) or wrong[0]: wrong[1]}}
        moved: tuple[str, ...] = ()
        try:
            self._done(want, who, now)
            self._wake()
        except SeenError:  # delivered twice: it was done, once
            pass
        except NoCaseError:
            moved = (words.CASE_MOVED,)
        return _instead(self._case(want.reference, who, want.spot.user, moved) or cases.said(words.CASE_NOTHING))

    def _done(self, want: Act, who: Asker, now: float) -> None:
        me, event = who.email or "", (CHANNEL, want.key)
        action = want.what[handling.ACTION]
        if action in handling.TIES:
            self._board.linked(who.organisation, want.reference, me, want.what[handling.TO], event, loose=action == UNLINK)
        else:
            self._board.acted(who.organisation, want.reference, me, handling.meant(want.what, now), event)

    async def _member(self, spot: Spot) -> Asker | None:
        """Whoever presses, as the directory has them now; None for everybody whom it does not know."""
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        return who if who and who.member and who.email else None


def _instead(view: View) -> Body:
    return {"response_action": "update", "view": view}
