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
    """A case without its content. `rung` counts the rungs that were asked; `due` is when something happens next."""

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


def _asked(case: Case, now: float) -> Step:
    rungs = case.route.rungs
    if case.rung < len(rungs):
        rung = rungs[case.rung]
        wait = 60.0 * min(rung.minutes, case.pace or rung.minutes)
        after = replace(case, rung=case.rung + 1, due=now + wait)
        return Step(after, (Ping(rung.people, f"{case.reference}-{after.rung}"),))
    told = () if case.exhausted else (Tell.EXHAUSTED,)
    everybody = tuple(sorted(case.asked))
    after = replace(case, due=now + AGAIN, exhausted=True)
    return Step(after, (*told, Ping(everybody, f"{case.reference}-again-{int(now)}")))


def due(case: Case, now: float) -> Step:
    """Its time has come: the next rung is asked, or a case that was taken and left is asked again."""
    if case.status == Status.CLOSED or case.due is None or now < case.due:
        return Step(case)
    if case.status == Status.TAKEN:  # taken, and no sign of life since: whoever has it is asked with the others
        return _asked(replace(case, status=Status.OPEN, handler=None, added=case.added | {case.handler or ""} - {""}), now)
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
    return Step(replace(case, status=Status.TAKEN, handler=who, due=now + LAPSE[case.flow]), (Tell.TAKEN,))


def hand_over(case: Case, who: str, to: str, now: float) -> Step:
    """Give it to somebody else, who must take it as everybody must. Raises NotAllowedError, also for an implicated receiver."""
    _checked(case, who, Action.HAND_OVER)
    if to in case.implicated or to == who:
        raise NotAllowedError(Action.HAND_OVER.value)
    after = replace(case, status=Status.OPEN, handler=None, added=case.added | {to}, due=now + 60.0 * _minutes(case))
    return Step(after, (Ping((to,), f"{case.reference}-to-{int(now)}"),))


def _minutes(case: Case) -> int:
    return case.route.rungs[min(case.rung, len(case.route.rungs)) - 1].minutes


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
    return Step(replace(case, status=Status.CLOSED, due=None), (Tell.CLOSED,))
