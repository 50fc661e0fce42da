"""Reports and cases in Slack: a report goes on in one modal, a case opens in another."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from adapters.casewords import possible
from adapters.casework import Casework
from adapters.slack import cases, forms
from adapters.slack.channel import ANSWERED, REPORT, UPDATE_VIEW, VIEW
from adapters.slack.opening import Opening
from adapters.slack.places import CHANNEL
from adapters.slack.views import View
from adapters.slack.wants import Act, Begin, Look, Reported, Typed
from bot import words
from bot.cases import Action, may
from bot.people import Asker
from bot.service import Service

Body = Mapping[str, Any]
NOTHING: Body = {}


class Reporting:
    """What is pressed and typed around reports. Each method returns what Slack's request is answered with."""

    def __init__(self, service: Service, opening: Opening, wake: Callable[[], None], board: str) -> None:
        self._opening = opening
        self._work = Casework(service, CHANNEL, wake, words.REPORT_ELSEWHERE, {ANSWERED: "yes"}, board)

    async def begin(self, want: Begin) -> Body:
        """A modal opens at once and is filled with the first step; where it does not open, the private message leads there."""
        incoming, view = want.incoming, await self._opening.opened(want.trigger, forms.waiting())
        if view is None:
            await self._work.handled(incoming)
            return NOTHING
        return await self.reported(Reported(want.spot, replace(incoming, place={**incoming.place, VIEW: view, REPORT: "yes"}), view))

    async def reported(self, want: Reported) -> Body:
        """A press in the modal. One that came too late shows where the report stands."""
        reply, number = await self._work.handled(want.incoming)
        if reply is None or reply.late:
            reply, number = await self._work.stands(want.incoming, late=reply is not None)
            await self._opening.now(UPDATE_VIEW, {"view_id": want.view, "view": forms.view(reply, want.spot.user, number)})
        return NOTHING

    async def typed(self, want: Typed) -> Body:
        """A step that was typed: the next one is the answer to Slack's request. Words that came too late stay in their field."""
        reply, number, kept = await self._work.stepped(want.incoming)
        return {"response_action": "update", "view": forms.view(reply, want.spot.user, number, kept)}

    async def look(self, want: Look) -> Body:
        """A case for a handler, in a modal; taken first where they say so. Whoever may not see it is told that there is nothing."""
        who = await self._work.member(want.spot.account)
        view = await asyncio.to_thread(self._looked, want, who) if who else None
        if want.view:
            await self._opening.now(UPDATE_VIEW, {"view_id": want.view, "view": view or cases.said(words.CASE_NOTHING)})
        elif view is None:
            await self._opening.tell(want.spot, words.CASE_NOTHING)
        elif await self._opening.opened(want.trigger, view) is None:
            await self._opening.tell(want.spot, words.NOT_OPENED)
        return NOTHING

    def _looked(self, want: Look, who: Asker) -> View | None:
        moved = want.take and not self._work.took(want.reference, who, want.key)
        return self._case(want.reference, who, want.spot.user, (words.CASE_MOVED,) if moved else (), want.doing)

    def _case(self, reference: str, who: Asker, user: str, lines: tuple[str, ...] = (), doing: str = "") -> View | None:
        """A case as it stands, or the fields of one thing to do with it; None where they may not read it."""
        seen = self._work.seen(reference, who, user)
        if seen is None:
            return None
        if seen.hidden:
            return cases.said(words.CASE_ON_BOARD)
        if possible(doing, seen.reader.around) and may(seen.found.held.case, seen.reader.me, Action.NOTE):
            return cases.done(seen.found.held, doing, seen.reader)
        return cases.shown(seen.found, seen.plan, seen.reader, seen.places, lines)

    async def act(self, want: Act) -> Body:
        """Note, decide, wait, hand over, link or close; the case as it stands then is the answer to Slack's request."""
        who = await self._work.member(want.spot.account)
        return await asyncio.to_thread(self._acted, want, who) if who else _instead(cases.said(words.CASE_NOTHING))

    def _acted(self, want: Act, who: Asker) -> Body:
        if wrong := self._work.slip(want.what, who):
            return {"response_action": "errors", "errors": {want.blocks.get(wrong[0]) or wrong[0]: wrong[1]}}
        lines = () if self._work.did(want.reference, who, want.what, want.key) else (words.CASE_MOVED,)
        return _instead(self._case(want.reference, who, want.spot.user, lines) or cases.said(words.CASE_NOTHING))


def _instead(view: View) -> Body:
    return {"response_action": "update", "view": view}
