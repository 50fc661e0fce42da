"""Reports in the database: filing, asking the next person when time has run out, and what handlers do. Every function runs in one transaction."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from pydantic import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot import cases, cover, links, words
from bot.cases import Action, Case, NotAllowedError, Ping, Status, Step, Tell
from bot.flows import Answers, endangered
from bot.knowledge import Flow, Knowledge, frozen
from bot.messages import Reply
from bot.people import Asker, Person
from bot.plans import Plans
from bot.report import Around, Filing, Running, tellers
from bot.routing import FALLBACK, Chart
from bot.store import cases as stored
from bot.store import chain, directory
from bot.store.cases import Entry, Held, MovedError, NoCaseError, Reporter
from bot.store.chain import Done
from bot.store.conversations import ConflictError
from bot.vault import SealBrokenError, Vault

DANGER = 10.0  # minutes for each step where somebody may be in danger
_DEADLINES = {"now": 15.0, "today": 60.0}
AT_ONCE = 20
PUT_OFF = 60.0  # seconds until a case that could not be read is tried again
DECISION = "decision"  # what a note is called that says what was decided, and why
UNHEARD = "unheard"  # in the audit: a ping that somebody's do-not-disturb swallowed
TOLD = {Tell.TAKEN: words.PICKED_UP, Tell.EXHAUSTED: words.REPORT_EXHAUSTED, Tell.CLOSED: words.REPORT_CLOSED}
TOLD_MEDIA = {**TOLD, Tell.EXHAUSTED: words.REPORT_EXHAUSTED_MEDIA, Tell.CLOSED: words.REPORT_CLOSED_MEDIA}

log = logging.getLogger("askwell.reports")


class Post(Protocol):
    """The way out, for people of the organisation and for the reporter; it puts rows into the outbox."""

    def ping(self, connection: Connection, organisation: str, email: str, case: Case, key: str) -> None:
        """Ask somebody to look, on every channel of theirs, without a word of what it is about."""

    def settle(self, connection: Connection, case: Case) -> None:
        """Nobody needs to look any more: pings that have not gone out yet do not."""

    def tell(self, connection: Connection, organisation: str, reporter: Reporter, reply: Reply, key: str) -> None:
        """Say something to the reporter, in their own conversation."""


@dataclass(frozen=True, slots=True)
class Counter:
    """What a conversation needs while a report is being made (see `session.Desk`)."""

    plans: Plans
    knowledge: Knowledge
    asker: Asker
    chart: Chart
    now: float

    def around(self, running: Running) -> Around:
        """The people, the chain and who is on duty, for this report."""
        organisation = self.knowledge.organisations[self.asker.organisation]
        titles = frozen({**{i: r.title for i, r in organisation.roles.items()}, **words.DUTIES})
        steps = self.plans.chain(organisation.id, running.flow, running.topic, running.answers)
        on_duty = cover.on_duty(self.chart.people.values(), datetime.fromtimestamp(self.now, UTC))
        me = self.asker.email
        return Around(self.chart, steps, titles, me, frozenset(p.email for p in on_duty), handles(self.plans, self.chart.people.get(me or "")))


def handles(plans: Plans, person: Person | None) -> bool:
    """Whether somebody holds a duty of their organisation's chains, or stands in for one: they may write down what others told them."""
    if person is None:
        return False
    return bool({d.removeprefix("deputy:") for d in person.duties} & {*plans.duties(person.organisation), FALLBACK})


def counter(connection: Connection, plans: Plans, knowledge: Knowledge, asker: Asker, now: float) -> Counter:
    """The counter for one event."""
    return Counter(plans, knowledge, asker, Chart.of(directory.people(connection, asker.organisation)), now)


def minutes(flow: Flow, answers: Answers) -> float | None:
    """How long each step may take, where the answers make it shorter than the chain says."""
    if flow == Flow.SAFEGUARDING and endangered(answers):
        return DANGER
    return _DEADLINES.get(answers.get("deadline", "")) if flow == Flow.MEDIA else None


def file(connection: Connection, vault: Vault, post: Post, organisation: str, reporter: Reporter, filing: Filing, now: float) -> str:
    """Store the report and ask the first people; returns its reference."""
    running = filing.running
    pace = minutes(running.flow, running.answers)
    kept_from = _kept_from(connection, organisation, reporter, running) - filing.route.people
    new = Case(stored.reference(), organisation, running.flow, filing.route, filing.implicated, pace=pace, kept_from=kept_from)
    step = _reaching(connection, _filed(new, filing.taken_by, now), now)
    stored.file(connection, vault, step.case, reporter, running.answers, now)
    chain.append(connection, vault, organisation, Done("filed", new.reference, ""), now)
    _effects(connection, post, step, reporter)
    return new.reference


def _kept_from(connection: Connection, organisation: str, reporter: Reporter, running: Running) -> frozenset[str]:
    """Who reported, or told what somebody else writes down, and their managers, so far as the directory knows them."""
    chart = Chart.of(directory.people(connection, organisation))
    who = directory.asker(connection, reporter.channel, reporter.account)
    told = tellers(chart, running.answers) if running.behalf else {who.email} if who and who.email else set()
    return frozenset(e for p in chart.people.values() if p.email in told for e in (p.email, p.manager) if e)


def _filed(new: Case, by: str | None, now: float) -> Step:
    """The first are asked; but what somebody wrote down for another person, and would be asked to take, they have at once."""
    return cases.begun(new, by, now) if by else cases.filed(new, now)


def _reaching(connection: Connection, step: Step, now: float) -> Step:
    """The step; where nobody of those who are asked works here any more, the next are asked at once."""
    if not any(isinstance(effect, Ping) for effect in step.effects):
        return step
    here = {p.email for p in directory.people(connection, step.case.organisation)}
    while step.case.rung < len(step.case.route.rungs) and here.isdisjoint(step.case.last):
        onward = cases.due(replace(step.case, due=now), now)
        step = Step(onward.case, (*step.effects, *onward.effects))
    return step


def _effects(connection: Connection, post: Post, step: Step, reporter: Reporter) -> None:
    case = step.case
    if case.status != Status.OPEN:
        post.settle(connection, case)
    for effect in step.effects:
        if isinstance(effect, Ping):
            for email in effect.people:
                post.ping(connection, case.organisation, email, case, effect.key)
        else:
            reply = Reply(lines=((TOLD_MEDIA if case.flow == Flow.MEDIA else TOLD)[effect],))
            post.tell(connection, case.organisation, reporter, reply, f"{case.reference}-{case.sent}-{effect.value}")


def tick(connection: Connection, vault: Vault, post: Post, now: float) -> int:
    """Whatever is due: the next people are asked. Returns how many cases were.

    A case that cannot be read holds up no other: it is logged, and tried again a minute later.
    """
    due = stored.due(connection, now, AT_ONCE)
    for organisation, reference in sorted(due):  # in one order, so that two processes never wait for each other's audit
        for last in (False, False, True):
            try:
                with connection.begin_nested():
                    held = stored.load(connection, vault, organisation, reference)
                    _advance(connection, vault, post, held, cases.due(held.case, now), Done("asked-next", reference, ""), now)
                break
            except (IntegrityError, MovedError, ConflictError, SealBrokenError, ValidationError) as error:
                if last or isinstance(error, SealBrokenError | ValidationError):  # otherwise another process was faster with the audit
                    log.error("reports: case %s could not go on (%s); it is tried again", reference, type(error).__name__)
                    stored.put_off(connection, organisation, reference, now + PUT_OFF)
                    break
    return len(due)


def _advance(connection: Connection, vault: Vault, post: Post, held: Held, step: Step, done: Done, now: float) -> None:
    step = _reaching(connection, step, now)
    stored.save(connection, vault, held, step.case, now)
    chain.append(connection, vault, held.case.organisation, done, now)
    _effects(connection, post, step, held.reporter)


def unheard(connection: Connection, vault: Vault, post: Post, organisation: str, reference: str, who: str, now: float) -> None:
    """A ping lies there unheard (do-not-disturb). Where nobody of those who were asked last heard theirs, the next are asked at once."""
    held = stored.load(connection, vault, organisation, reference)
    chain.append(connection, vault, organisation, Done(UNHEARD, reference, who), now)
    case = held.case
    if case.status != Status.OPEN or who not in case.last or case.rung >= len(case.route.rungs):
        return
    if chain.doers(connection, organisation, reference, UNHEARD).issuperset(case.last):
        _advance(connection, vault, post, held, cases.due(replace(case, due=now), now), Done("asked-next", reference, ""), now)


@dataclass(frozen=True, slots=True)
class Opened:
    """A case as a handler reads it. `linked`: the cases that belong with it, of those that they may read."""

    held: Held
    content: Mapping[str, str] = field(repr=False)
    entries: Sequence[Entry]
    linked: tuple[Held, ...] = ()


def opened(connection: Connection, vault: Vault, organisation: str, reference: str, who: str, now: float) -> Opened:
    """Read a case; each view is audited. Raises NoCaseError for everybody who may not."""
    held = stored.one_for(connection, vault, organisation, reference, who, Action.READ)
    return _read(connection, vault, held, who, now)


def _read(connection: Connection, vault: Vault, held: Held, who: str, now: float) -> Opened:
    chain.append(connection, vault, held.case.organisation, Done("read", held.case.reference, who), now)
    entries = stored.entries(connection, vault, held)
    readable = links.readable(connection, vault, held, entries, who)
    return Opened(held, stored.content(connection, vault, held), links.visible(entries, readable), links.seen(entries, readable))


def chronology(connection: Connection, vault: Vault, organisation: str, reference: str, who: str, now: float) -> list[Opened]:
    """A case and all that belong with it and that they may read; each of these views is audited. Raises NoCaseError for everybody who may not."""
    return [_read(connection, vault, held, who, now) for held in links.together(connection, vault, organisation, reference, who)]


def done(connection: Connection, vault: Vault, post: Post, organisation: str, reference: str, who: str, what: Mapping[str, Any], now: float) -> None:
    """Take, hand over, note, wait or close.

    Raises NoCaseError or NotAllowedError for everybody who may not, and for what makes no sense; the caller audits the try.
    """
    try:
        action = Action(what["action"])
        held = stored.one_for(connection, vault, organisation, reference, who, action)
        step = _step(held.case, who, action, what, now)
    except (KeyError, ValueError, TypeError):  # a forged press
        raise NotAllowedError(str(what.get("action", ""))[:16]) from None
    colleague = _colleague(connection, organisation, str(what["to"])) if action == Action.HAND_OVER else ""
    text = _text(action, what, colleague)
    if text:
        stored.add(connection, vault, held, Entry(_kind(action, what), text, who, now))
    if _wrote_it(connection, held.reporter, who):  # nobody is told what they have just done themselves
        step = Step(step.case, tuple(e for e in step.effects if isinstance(e, Ping)))
    _advance(connection, vault, post, held, step, Done(action.value, reference, who), now)


def _wrote_it(connection: Connection, reporter: Reporter, who: str) -> bool:
    """Whether a handler wrote the case down themselves, for somebody who told them."""
    found = directory.asker(connection, reporter.channel, reporter.account)
    return found is not None and found.email == who


def _text(action: Action, what: Mapping[str, Any], colleague: str) -> str:
    """What is written down: the words, after who got it, whom it waits for, or how it ended. Raises NotAllowedError for a forged choice."""
    named = {Action.WAIT: (words.WAITS, "on"), Action.CLOSE: (words.OUTCOMES, "outcome")}
    choices, field_ = named.get(action, ({}, ""))
    chosen = str(what.get(field_) or "")
    if chosen and chosen not in choices:
        raise NotAllowedError(action.value)
    said = str(what.get("text", "")).strip()
    return ": ".join(part for part in (colleague or choices.get(chosen, ""), said) if part)


def _kind(action: Action, what: Mapping[str, Any]) -> str:
    """What an entry is called: a decision is a note that says so."""
    return DECISION if action == Action.NOTE and what.get("kind") == DECISION else action.value


def _colleague(connection: Connection, organisation: str, email: str) -> str:
    """Somebody's name; raises NotAllowedError for whoever is none of the organisation."""
    name = next((p.name for p in directory.find(connection, email) if p.organisation == organisation), "")
    if not name:
        raise NotAllowedError(Action.HAND_OVER.value)
    return name


def _step(case: Case, who: str, action: Action, what: Mapping[str, Any], now: float) -> Step:
    match action:
        case Action.TAKE:
            return cases.take(case, who, now)
        case Action.HAND_OVER:
            return cases.hand_over(case, who, str(what["to"]), now)
        case Action.WAIT:
            return cases.wait(case, who, float(what["until"]), now)
        case Action.CLOSE:
            return cases.close(case, who)
        case Action.NOTE:
            return cases.note(case, who, now)
        case _:
            raise NoCaseError(case.reference)
