"""A case as the board shows it: its kind, how it stands, what was reported, what happened, and what its reader may do. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot import flows, words
from bot.cases import Action, Case, Status, may
from bot.cover import LONDON
from bot.flows import FlowPlan, Kind
from bot.knowledge import Flow
from bot.links import LINK, UNLINK
from bot.people import Person
from bot.report import TELLER
from bot.reports import Opened
from bot.store.cases import Held
from bot.waits import days, local


@dataclass(frozen=True, slots=True)
class Row:
    """A case in a list."""

    reference: str
    kind: str
    stands: str
    due: str
    taken: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was written down: when, by whom, what it is called, its words; and of which case."""

    at: float
    on: str
    by: str
    what: str
    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One case for one reader. `may`: the actions that they have now.

    `others`: (address, name) of whom it can be handed to; `days`: the first and the last to which it can wait; `linked`: the cases that
    belong with it, so far as they may read them; `places`: who outside may have to be told; `sheet`: what was reported, without who told
    it, who was promised that only handlers read that.
    """

    row: Row
    filed: date
    said: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    may: frozenset[str]
    others: tuple[tuple[str, str], ...]
    days: tuple[date, date]
    linked: tuple[Row, ...]
    places: tuple[str, ...]
    sheet: tuple[tuple[str, str], ...]

    @property
    def waits(self) -> str:
        """Whom or what it waits for; empty where something happened since, or nobody has it."""
        last = self.events[-1] if self.events else None
        return last.text.rstrip(".") if last and self.row.taken and last.what == words.CASE_DID["wait"] else ""


def row(held: Held, names: Mapping[str, str], me: str) -> Row:
    """A case in a list, for this person."""
    case = held.case
    handler = names.get(case.handler or "", case.handler or "")
    yours = case.handler == me and case.status == Status.TAKEN
    stands = words.CASE_YOURS if yours else words.CASE_STANDS[case.status.value].format(who=handler)
    return Row(
        case.reference, words.CASE_KINDS[case.flow.value], stands, _when(case.due) if case.due else "", case.status == Status.TAKEN, case.due is None
    )


def dossier(
    found: Opened, plan: FlowPlan, people: Sequence[Person], me: str, now: float, places: tuple[str, ...] = (),
) -> Dossier:  # fmt: skip
    """All of a case that its reader may see."""
    case, names = found.held.case, {p.email: p.name for p in people}
    return Dossier(
        row(found.held, names, me), date.fromisoformat(found.held.day), flows.summary(plan, found.content), events(found, names),
        frozenset(a.value for a in Action if may(case, me, a)), _others(case, people, me), days(now),
        tuple(row(one, names, me) for one in found.linked), places,
        flows.summary(plan, {step: said for step, said in found.content.items() if step != TELLER}),
    )  # fmt: skip


def events(found: Opened, names: Mapping[str, str]) -> tuple[Event, ...]:
    """What was written down about a case, in order."""
    reference = found.held.case.reference
    return tuple(Event(e.at, _when(e.at), names.get(e.by, e.by), words.CASE_DID.get(e.kind, e.kind), e.text, reference) for e in found.entries)


def chronology(found: Sequence[Opened], plans: Mapping[Flow, FlowPlan], people: Sequence[Person]) -> tuple[Event, ...]:
    """Several cases as one story: what was reported on which day, and what happened then, in order of time."""
    names = {p.email: p.name for p in people}
    told = [e for one in found for e in (_reported(one, plans[one.held.case.flow]), *events(one, names)) if not _twice(e)]
    return tuple(sorted(told, key=lambda e: e.at))


def _twice(event: Event) -> bool:
    """A link stands in both cases; as one story it is told once."""
    return event.what in (words.CASE_DID[LINK], words.CASE_DID[UNLINK]) and event.reference > event.text


def _reported(found: Opened, plan: FlowPlan) -> Event:
    """The day on which it was reported; the hour is not kept."""
    day = date.fromisoformat(found.held.day)
    said = next((found.content[s.id] for s in plan.steps if s.kind == Kind.TEXT and not s.optional and found.content.get(s.id)), words.CASE_PURGED)
    at = datetime.combine(day, time(), LONDON).timestamp()
    return Event(at, f"{day:%-d %B %Y}", "", f"Reported: {words.CASE_KINDS[found.held.case.flow.value]}", said, found.held.case.reference)


def _others(case: Case, people: Sequence[Person], me: str) -> tuple[tuple[str, str], ...]:
    """Colleagues to whom it can be handed: nobody who must not see it."""
    return tuple((p.email, p.name) for p in people if p.email != me and p.email not in case.implicated)


def _when(at: float) -> str:
    return f"{local(at):%-d %B %Y, %H:%M}"
