"""A case as the board shows it: its kind, how it stands, what was reported, what happened, and what its reader may do. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot import flows, words
from bot.cases import LONGEST_WAIT, Action, Case, may
from bot.cover import LONDON
from bot.flows import FlowPlan
from bot.people import Person
from bot.reports import Opened
from bot.store.cases import Held
from bot.store.visits import DAY

MORNING = time(9)  # when a wait for somebody outside ends, on its day
KINDS = {"safeguarding": "Somebody may be at risk", "media": "Contact from the media", "whistleblowing": "Wrongdoing at work"}
HAPPENED = {
    "take": "Took it", "note": "Note", "decision": "Decision", "wait": "Waiting", "hand-over": "Handed over", "close": "Closed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    reference: str
    kind: str
    stands: str
    due: str
    mine: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was written down: when, by whom, what it is called, its words."""

    on: str
    by: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case for one reader. `may`: the actions that they have now.

    `others`: (address, name) of whom it can be handed to; `days`: the first and the last to which it can wait.
    """

    row: Row
    filed: date
    said: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    may: frozenset[str]
    others: tuple[tuple[str, str], ...]
    days: tuple[date, date]


def row(held: Held, names: Mapping[str, str], me: str) -> Row:
    """A case in a list, for this person."""
    case = held.case
    handler = "You" if case.handler == me else names.get(case.handler or "", case.handler or "")
    stands = words.CASE_STANDS[case.status.value].format(who=handler).replace("You has", "You have")
    return Row(case.reference, KINDS[case.flow.value], stands, _when(case.due) if case.due else "", case.handler == me, case.due is None)


def dossier(found: Opened, plan: FlowPlan, people: Sequence[Person], me: str, now: float) -> Dossier:
    """All of a case that its reader may see."""
    case, names = found.held.case, {p.email: p.name for p in people}
    events = tuple(Event(_when(e.at), names.get(e.by, e.by), HAPPENED.get(e.kind, e.kind), e.text) for e in found.entries)
    return Dossier(
        row(found.held, names, me), date.fromisoformat(found.held.day), flows.summary(plan, found.content), events,
        frozenset(a.value for a in Action if may(case, me, a)), _others(case, people, me), days(now),
    )  # fmt: skip


def _others(case: Case, people: Sequence[Person], me: str) -> tuple[tuple[str, str], ...]:
    """Colleagues to whom it can be handed: nobody who must not see it."""
    return tuple((p.email, p.name) for p in people if p.email != me and p.email not in case.implicated)


def days(now: float) -> tuple[date, date]:
    """The first and the last day to which a case can wait."""
    today = local(now).date()
    return today + timedelta(days=1), today + timedelta(days=int(LONGEST_WAIT // DAY) - 1)


def until(day: str, now: float) -> float | None:
    """The morning of a day, in seconds since 1970; None where it is no day, or none to which a case can wait."""
    try:
        found = datetime.combine(date.fromisoformat(day), MORNING, LONDON).timestamp()
    except (ValueError, OverflowError):
        return None
    return found if now < found <= now + LONGEST_WAIT else None


def local(at: float) -> datetime:
    """A time on the wall in the United Kingdom."""
    return datetime.fromtimestamp(at, UTC).astimezone(LONDON)


def _when(at: float) -> str:
    return f"{local(at):%-d %B %Y, %H:%M}"
