"""What handlers do with cases in a chat, and where a report stands there, whatever the platform. Whoever presses is looked up again each time."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import handling, links, referral, words
from bot.board import Board
from bot.cases import Action
from bot.flows import FlowPlan
from bot.knowledge import Flow
from bot.links import UNLINK
from bot.messages import RESUME, Filled, Incoming, Reply, Steered
from bot.people import Asker, Person
from bot.reports import Opened
from bot.service import Service
from bot.store import directory
from bot.store.cases import NoCaseError
from bot.store.records import SeenError

HIDDEN = (Flow.WHISTLEBLOWING,)  # what is never shown in a chat


@dataclass(frozen=True, slots=True)
class Around:
    """What a handler can choose from: people to hand it to, references to link it with, references that are linked. `now` as in `bot.waits`."""

    people: Sequence[tuple[str, str]]
    linkable: Sequence[str]
    linked: Sequence[str]
    now: float


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a case, on the platform and in the directory; the people of the organisation; what they can choose from; the board's address."""

    user: str
    me: str
    people: Sequence[Person]
    around: Around
    board: str = ""

    @property
    def names(self) -> Mapping[str, str]:
        """People's names by address."""
        return {p.email: p.name for p in self.people}


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as its handler may see it. `places`: who outside may have to know; `hidden`: it is not shown in a chat."""

    found: Opened
    plan: FlowPlan
    reader: Reader
    places: Sequence[str]
    hidden: bool


class Casework:
    """For one channel. `elsewhere` is said where a report is no longer open; `flags` join the place of what only looks where it stands."""

    def __init__(self, service: Service, channel: str, wake: Callable[[], None], elsewhere: str, flags: Mapping[str, str], board: str = "") -> None:
        self._service, self._channel, self._wake, self._board_url = service, channel, wake, board
        self._elsewhere, self._flags = elsewhere, flags
        self._board = Board(service)

    async def handled(self, incoming: Incoming) -> tuple[Reply | None, int]:
        """The reply, None where this came before; and the number of the turn."""
        handled = await asyncio.to_thread(self._service.handle, incoming)
        self._wake()
        return (None if handled.seen else handled.reply or Reply()), handled.number

    async def stepped(self, incoming: Incoming) -> tuple[Reply, int, str]:
        """The next step of a report, the number of the turn, and words that came too late for theirs: they stay in their field."""
        reply, number = await self.handled(incoming)
        if reply is not None and not reply.late:
            return reply, number, ""
        late, act = reply is not None, incoming.act
        reply, number = await self.stands(incoming, late=late)
        same = late and isinstance(act, Filled) and reply.form is not None and reply.form.step == act.step and not reply.form.people
        return reply, number, act.value if same and isinstance(act, Filled) else ""

    async def stands(self, incoming: Incoming, *, late: bool) -> tuple[Reply, int]:
        """Where the report stands now, with a kind word for what came too late."""
        lines = (words.REPORT_LATE,) if late else ()
        now = await asyncio.to_thread(self._service.session, self._channel, incoming.account, incoming.home)
        if now.running is None:
            return (now.last if now.last and not late and not now.last.answers else Reply(lines=(self._elsewhere,))), now.number
        if now.last and now.last.reporting:
            return replace(now.last, lines=(*lines, *now.last.lines)), now.number
        place = {**incoming.place, **self._flags}
        act = Steered(now.number, RESUME)
        reply, number = await self.handled(replace(incoming, event=f"{incoming.event}-on", conversation=incoming.home, act=act, place=place))
        return (replace(reply, lines=(*lines, *reply.lines)) if reply else Reply(lines=(self._elsewhere,))), number

    async def member(self, account: str) -> Asker | None:
        """Whoever presses, as the directory has them now; None for everybody whom it does not know."""
        who = await asyncio.to_thread(self._service.asker, self._channel, account)
        return who if who and who.member and who.email else None

    def took(self, reference: str, who: Asker, key: str) -> bool:
        """Take a case; whether it is theirs now. A press that was delivered twice took it once."""
        try:
            self._board.acted(who.organisation, reference, who.email or "", {"action": Action.TAKE.value}, (self._channel, key))
            self._wake()
        except NoCaseError:  # somebody else has it, or it is none of theirs: what they may read says which
            return False
        except SeenError:
            pass
        return True

    def seen(self, reference: str, who: Asker, user: str) -> Seen | None:
        """A case as it stands; None where they may not read it."""
        if self._service.plans is None:
            return None
        try:
            found = self._board.opened(who.organisation, reference, who.email or "")
        except NoCaseError:
            return None
        case = found.held.case
        places = referral.places(self._service.askwell.knowledge.organisations[who.organisation], case.flow, found.content)
        return Seen(found, self._service.plans.flows[case.flow], self._reader(found, who, user), places, case.flow in HIDDEN)

    def _reader(self, found: Opened, who: Asker, user: str) -> Reader:
        me, case = who.email or "", found.held.case
        linked = tuple(one.case.reference for one in found.linked)
        held = self._board.waiting_for(who.organisation, me)
        people = self._people(who.organisation)
        others = [(p.email, p.name) for p in people if p.email != me and p.email not in case.implicated]
        around = Around(others, links.others(held, case.reference, linked, me), linked, self._now())
        return Reader(user, me, people, around, self._board_url)

    def _people(self, organisation: str) -> list[Person]:
        with self._service.database.read() as connection:
            return directory.people(connection, organisation)

    def _now(self) -> float:
        with self._service.database.read() as connection:
            return self._service.database.now(connection)

    def slip(self, what: Mapping[str, str], who: Asker) -> tuple[str, str] | None:
        """The field in which something is missing, and what to do; None where nothing is."""
        return handling.slip(what, {p.email for p in self._people(who.organisation)}, self._now())

    def did(self, reference: str, who: Asker, what: Mapping[str, str], key: str) -> bool:
        """Note, decide, wait, hand over, link or close: once, however often the same request comes. Whether it went through."""
        me, event, action = who.email or "", (self._channel, key), what[handling.ACTION]
        try:
            if action in handling.TIES:
                self._board.linked(who.organisation, reference, me, what[handling.TO], event, loose=action == UNLINK)
            else:
                self._board.acted(who.organisation, reference, me, handling.meant(what, self._now()), event)
            self._wake()
        except SeenError:
            pass
        except NoCaseError:
            return False
        return True
