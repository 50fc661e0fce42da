"""The life of a case, pure: filed, asked of one rung after another, taken, handed over, noted, closed.

Time is given, never read. An open case always has a time at which something happens next.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.knowledge import Flow
from bot.routing import Route

AGAIN = 60 * 60.0  # seconds between reminders once the chain has ended
LAPSE = {Flow.SAFEGUARDING: 24 * 3600.0, Flow.MEDIA: 24 * 3600.0, Flow.WHISTLEBLOWING: 2 * 24 * 3600.0}
LONGEST_WAIT = 14 * 24 * 3600.0


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"  # somebody has been asked, nobody has taken it
    TAKEN = "taken"
    CLOSED = "closed"


class Tell(StrEnum):
    """What the reporter is told, and when."""

    TAKEN = "taken"
    EXHAUSTED = "exhausted"
    CLOSED = "closed"


class Action(StrEnum):
    """What somebody can do with a case."""

    READ = "read"
    TAKE = "take"
    HAND_OVER = "hand-over"
    NOTE = "note"
    WAIT = "wait"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Case:
    """A case without its content. `rung` counts the rungs that were asked; `due` is when something happens next.

    `kept_from` never get it by hand-over: the reporter, and their manager where the policy's route does not name them.
    """

    reference: str
    organisation: str
    flow: Flow
    route: Route
    implicated: frozenset[str]
    status: Status = Status.OPEN
    rung: int = 0
    handler: str | None = None
    due: float | None = None
    added: frozenset[str] = frozenset()
    exhausted: bool = False
    pace: float | None = None  # minutes for each step, where it must go faster than the chain says
    kept_from: frozenset[str] = frozenset()
    sent: int = 0  # how often anybody was asked or told, so that no two of these have the same key
    last: tuple[str, ...] = ()  # who was asked last

    @property
    def asked(self) -> frozenset[str]:
        """Everybody who has been asked so far, or to whom it was handed."""
        return frozenset(p for rung in self.route.rungs[: self.rung] for p in rung.people) | self.added


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask these people to look. It carries no content; `key` is the same for the same ask, however often it is sent."""

    people: tuple[str, ...]
    key: str


Effect = Ping | Tell


@dataclass(frozen=True, slots=True)
class Step:
    """The case after an event, and what is to be done."""

    case: Case
    effects: tuple[Effect, ...] = ()


class NotAllowedError(Exception):
    """The person may not do this with this case, or not any more."""


def filed(case: Case, now: float) -> Step:
    """Ask the first rung."""
    return _asked(case, now)


def begun(case: Case, by: str, now: float) -> Step:
    """Somebody has it from the start; nobody is asked before it lapses."""
    return Step(replace(case, status=Status.TAKEN, handler=by, added=frozenset({by}), due=now + LAPSE[case.flow]))


def _asked(case: Case, now: float, again: tuple[str, ...] = ()) -> Step:
    """The next rung, and `again` with it; at the end of the chain everybody."""
    rungs = case.route.rungs
    if case.rung < len(rungs):
        people = (*rungs[case.rung].people, *(p for p in again if p not in rungs[case.rung].people))
        return _pinged(replace(case, rung=case.rung + 1, due=now + _wait(case, case.rung)), people)
    told = () if case.exhausted else (Tell.EXHAUSTED,)
    return _pinged(replace(case, due=now + AGAIN, exhausted=True), tuple(sorted(case.asked)), *told)


def _wait(case: Case, rung: int) -> float:
    """Seconds that whoever is asked on this rung has."""
    minutes = case.route.rungs[rung].minutes
    return 60.0 * min(minutes, case.pace or minutes)


def _pinged(case: Case, people: tuple[str, ...], *told: Tell) -> Step:
    after = replace(case, sent=case.sent + 1, last=people)
    return Step(after, (*told, Ping(people, f"{case.reference}-{after.sent}")))


def _telling(case: Case, what: Tell) -> Step:
    return Step(replace(case, sent=case.sent + 1), (what,))


def due(case: Case, now: float) -> Step:
    """Its time has come: the next rung is asked, or a case that was taken and left is asked again."""
    if case.status == Status.CLOSED or case.due is None or now < case.due:
        return Step(case)
    if case.status == Status.TAKEN:  # taken, and no sign of life since: whoever has it is asked with the others
        had = (case.handler,) if case.handler else ()
        return _asked(replace(case, status=Status.OPEN, handler=None, added=case.added | set(had)), now, had)
    return _asked(case, now)


def may(case: Case, who: str, action: Action) -> bool:
    """Whether somebody may do this now. Implicated people may nothing, whatever else they are."""
    if who in case.implicated or who not in case.asked:
        return False
    if action == Action.READ:
        return True
    if action == Action.TAKE:
        return case.status == Status.OPEN
    return case.status == Status.TAKEN and case.handler == who


def _checked(case: Case, who: str, action: Action) -> None:
    if not may(case, who, action):
        raise NotAllowedError(action.value)


def take(case: Case, who: str, now: float) -> Step:
    """Acknowledge: the chain stops, and the reporter is told that somebody has it. Raises NotAllowedError."""
    _checked(case, who, Action.TAKE)
    return _telling(replace(case, status=Status.TAKEN, handler=who, due=now + LAPSE[case.flow]), Tell.TAKEN)


def hand_over(case: Case, who: str, to: str, now: float) -> Step:
    """Give it to somebody else, who must take it as everybody must. Raises NotAllowedError, also for whoever must not get it."""
    _checked(case, who, Action.HAND_OVER)
    if to in case.implicated | case.kept_from | {who}:
        raise NotAllowedError(Action.HAND_OVER.value)
    due = now + _wait(case, min(case.rung, len(case.route.rungs)) - 1)
    return _pinged(replace(case, status=Status.OPEN, handler=None, added=case.added | {to}, due=due), (to,))


def note(case: Case, who: str, now: float) -> Step:
    """A sign of life by whoever has it. Raises NotAllowedError."""
    _checked(case, who, Action.NOTE)
    return Step(replace(case, due=now + LAPSE[case.flow]))


def wait(case: Case, who: str, until: float, now: float) -> Step:
    """Waiting for somebody outside, such as the police: no lapse before then. Raises NotAllowedError."""
    _checked(case, who, Action.WAIT)
    if not math.isfinite(until):
        raise NotAllowedError(Action.WAIT.value)
    return Step(replace(case, due=min(max(until, now), now + LONGEST_WAIT)))


def close(case: Case, who: str) -> Step:
    """Done. Raises NotAllowedError."""
    _checked(case, who, Action.CLOSE)
    return _telling(replace(case, status=Status.CLOSED, due=None), Tell.CLOSED)
