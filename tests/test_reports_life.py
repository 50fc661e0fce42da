"""Reports in the database, as a state machine: generated organisations, presses by anybody, clocks that jump, couriers and processes that die."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event, select

from adapters.email import Mail
from adapters.slack.channel import Slack
from bot import plans, reports, vault, watch
from bot.board import Board
from bot.cases import Action, Case, Status
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.load import ROOT, load
from bot.people import Asker, Person
from bot.plans import Plans
from bot.post import whom
from bot.report import Filing, Running
from bot.routing import Chart, route
from bot.service import Service
from bot.store import cases, chain, directory, outbox
from bot.store.cases import NoCaseError, Reporter
from bot.store.database import Database
from bot.store.outbox import DUE, Row
from bot.store.tables import case
from bot.store.tables import outbox as rows_of
from bot.understand.reading import Understanding
from bot.vault import SIZE, Vault

pytestmark = pytest.mark.whole

ORG = "warrington"
NAMES = [f"{c}@x.uk" for c in "abcdefg"]
DUTIES = ("safeguarding-lead", "deputy:safeguarding-lead", "safeguarding-team", "human-resources", "communications-team", "fallback")
ME = NAMES[0]
MOST_CASES = 3
DAY = 86_400.0
DOES = (Action.HAND_OVER, Action.HAND_OVER, Action.NOTE, Action.WAIT, Action.READ, Action.CLOSE)
IMPLICATED = st.frozensets(st.sampled_from(NAMES), max_size=3)
PEOPLE, ACTIONS = st.sampled_from([*NAMES, "stranger@y.uk"]), st.sampled_from(sorted(Action))


@st.composite
def organisations(draw: st.DrawFn) -> list[Person]:
    """Seven people with any duties and managers, also in circles; the first reports, and may hold a duty, too."""
    made = []
    for email in NAMES:
        duties = draw(st.lists(st.sampled_from(DUTIES), unique=True, min_size=email != ME, max_size=3))
        manager = draw(st.sampled_from([None, *NAMES]))
        made.append(Person(ORG, email, email, "staff", manager if manager != email else None, duties=tuple(duties)))
    return made


@cache
def engine() -> tuple[Askwell, Plans]:
    """Nobody talks here, so it needs no model."""
    known = load()
    return Askwell(known, Understanding(known, ROOT, None)), plans.load(ROOT, known)


class DiesError(Exception):
    """The process dies."""


@dataclass(frozen=True)
class Filed:
    """What must hold of a case for ever: who may never hear of it."""

    reference: str
    hidden: frozenset[str]


class Life(RuleBasedStateMachine):
    """An organisation, its reports, and everything that happens to them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        askwell, self.plans = engine()
        self.database = Database("sqlite://", clock=lambda: self.now, vault=vault.fleeting())
        self.database.ready()
        self.service = Service(askwell, self.database, self.plans)
        for channel in (Mail(), Slack()):
            self.service.join(channel)
        self.board = Board(self.service)
        self.filed: list[Filed] = []
        self.seen: dict[int, str] = {}
        self.people: list[Person] = []

    @initialize(people=organisations(), slack=st.frozensets(st.sampled_from(NAMES)), implicated=IMPLICATED)
    def founded(self, people: list[Person], slack: frozenset[str], implicated: frozenset[str]) -> None:
        """Everybody is in the directory and has mail; some are in Slack, too. A first report is sent."""
        self.people = people
        with self.database.write() as connection:
            directory.replaced(connection, ORG, people)
            for email in slack | {ME}:
                directory.introduce(connection, "slack", f"T:{email}", Asker(ORG, "staff", member=True, email=email), self.now)
        self.file(implicated, Flow.SAFEGUARDING, "no", "no")

    @precondition(lambda self: len(self.filed) < MOST_CASES)
    @rule(
        implicated=IMPLICATED, flow=st.sampled_from([Flow.SAFEGUARDING, Flow.MEDIA]),
        danger=st.sampled_from(["yes", "no"]), colleague=st.sampled_from(["yes", "no"]),
    )  # fmt: skip
    def file(self, implicated: frozenset[str], flow: Flow, danger: str, colleague: str) -> None:
        """Somebody sends a report; where nobody is left it is not filed."""
        answers = {"danger": danger, "colleague": colleague}
        found = route(self.plans.chain(ORG, flow, "", answers), Chart.of(self.people), ME, implicated)
        if not found.rungs:
            return
        manager = next(p.manager for p in self.people if p.email == ME)
        with self.database.write() as connection:
            filing = Filing(Running(flow, "", answers), found, implicated)
            reporter = Reporter("slack", f"T:{ME}", f"T:{ME}", {"user": ME, "channel": "D1"})
            reference = reports.file(connection, self.database.vault, self.service.post(self.now), ORG, reporter, filing, self.now)
        self.filed.append(Filed(reference, implicated | {ME} | ({manager} - found.people if manager else set())))

    @rule(seconds=st.one_of(st.floats(0, 7200), st.floats(-DAY, 40 * DAY)))
    def time_passes(self, seconds: float) -> None:
        """Clocks also jump, and back. Whoever has a case is left alone until it lapses."""
        self.now += seconds
        before = {one.reference: self._case(one.reference) for one in self.filed}
        self.board.remind()
        here = {p.email for p in self.people}
        for reference, held in before.items():
            now = self._case(reference)
            if now != held and now.rung < len(now.route.rungs):
                assert here & set(now.last), "only people who have left were asked"
            if held.status == Status.TAKEN and self.now < (held.due or 0):
                assert now == held, "the next were asked while somebody had it"

    @rule(which=st.integers(0, MOST_CASES), who=PEOPLE, action=ACTIONS, to=PEOPLE, wait=st.floats(-DAY, 60 * DAY))
    def somebody_does_something(self, which: int, who: str, action: Action, to: str, wait: float) -> None:
        """Whoever may not is told that there is nothing, and nothing changes."""
        if not self.filed:
            return
        one = self.filed[which % len(self.filed)]
        before, count = self._case(one.reference), len(self._rows())
        try:
            if action == Action.READ:
                self.board.opened(ORG, one.reference, who)
            else:
                self.board.acted(ORG, one.reference, who, {"action": action, "to": to, "until": self.now + wait, "text": "words"})
        except NoCaseError:
            assert self._case(one.reference) == before and len(self._rows()) == count
        else:
            assert who not in one.hidden and (action != Action.HAND_OVER or to not in one.hidden | {"stranger@y.uk"})
            after = self._case(one.reference)
            if after.status != Status.OPEN:
                assert not [r for r in self._rows() if r.status == DUE and (whom(r.conversation) or ("", ""))[0] == one.reference]

    @rule(which=st.integers(0, MOST_CASES - 1), first=st.booleans(), wrong=st.integers(0, 9))
    def it_is_handed_to_somebody_who_must_not_get_it(self, which: int, first: bool, wrong: int) -> None:
        """By whoever has it: refused."""
        hidden = sorted(self.filed[which % len(self.filed)].hidden) if self.filed else [ME]
        self.somebody_who_was_asked_does_something(which, first, Action.HAND_OVER, hidden[wrong % len(hidden)], 0.0)

    @rule(which=st.integers(0, MOST_CASES - 1), first=st.booleans(), action=st.sampled_from(DOES), to=PEOPLE, wait=st.floats(-DAY, 60 * DAY))
    def somebody_who_was_asked_does_something(self, which: int, first: bool, action: Action, to: str, wait: float) -> None:
        """Whoever has it goes on with it; where nobody has, somebody who was asked takes it first."""
        if self.filed:
            held = self._case(self.filed[which % len(self.filed)].reference)
            who = held.handler or sorted(held.asked)[0 if first else -1]
            if not held.handler:
                self.somebody_does_something(which, who, Action.TAKE, to, wait)
            self.somebody_does_something(which, who, action, to, wait)

    @rule(after=st.integers(1, 40), which=st.integers(0, MOST_CASES), who=PEOPLE)
    def the_process_dies(self, after: int, which: int, who: str) -> None:
        """After so many statements of whatever it does: nothing of it happened."""
        steps: list[Callable[[], object]] = [self.board.remind]
        if self.filed:
            reference = self.filed[which % len(self.filed)].reference
            steps.append(lambda: self.board.acted(ORG, reference, who, {"action": "take"}))
        for step in steps:
            before = self._all()
            left = [after]

            def dies(*_: object, left: list[int] = left) -> None:
                left[0] -= 1
                if left[0] == 0:
                    raise DiesError

            event.listen(self.database.engine, "before_cursor_execute", dies)
            try:
                step()
            except DiesError:
                assert self._all() == before
            except NoCaseError:
                pass
            finally:
                event.remove(self.database.engine, "before_cursor_execute", dies)

    @rule(share=st.integers(1, 10), dies=st.booleans(), silenced=st.frozensets(st.sampled_from(NAMES)))
    def the_courier_sends(self, share: int, dies: bool, silenced: frozenset[str]) -> None:
        """Some of what waits; or it dies, and what it had is found by the next. Who has silenced Slack has not been reached."""
        with self.database.write() as connection:
            taken = outbox.claim(connection, ("slack", "email"), "me", self.now, 60.0, share)
        for row in taken:
            if dies:
                continue
            self._unheard(row, silenced)
            with self.database.write() as connection:
                outbox.sent(connection, row, "me")
        with self.database.write() as connection:
            outbox.free(connection)

    def _unheard(self, row: Row, silenced: frozenset[str]) -> None:
        found = whom(row.conversation)
        if row.channel == "slack" and found and found[1] in silenced:
            self.board.unheard(row)

    @rule(who=st.sampled_from(NAMES[1:]))
    def somebody_leaves(self, who: str) -> None:
        """Whoever has left is asked no more."""
        self.people = [p for p in self.people if p.email != who]
        with self.database.write() as connection:
            directory.erase(connection, who)

    @rule()
    def the_key_is_changed(self) -> None:
        """Reports are sealed anew; nothing is lost."""
        name = bytes([len(self.database.vault.keys)]) * 4
        self.database.vault = Vault({**self.database.vault.keys, name: name * (SIZE // 4)}, name)
        with self.database.write() as connection:
            cases.rewrap(connection, self.database.vault)

    @invariant()
    def every_case_has_somebody_or_a_time(self) -> None:
        """Never one without an owner or a due time; the watchdog sees the same."""
        with self.database.read() as connection:
            assert watch.stranded(connection) == []
            for row in connection.execute(select(case)):
                held = cases.load(connection, self.database.vault, ORG, row.reference).case
                assert (held.due is None) == (held.status == Status.CLOSED) and row.due == held.due
                assert held.status != Status.TAKEN or held.handler

    @invariant()
    def nobody_who_must_not_know_hears_or_sees_anything(self) -> None:
        """Whoever is implicated, the reporter, and their manager but where the policy's route names them; and nobody who has left."""
        hidden = {one.reference: one.hidden for one in self.filed}
        here = {p.email for p in self.people}
        for row in self._rows():
            found = whom(row.conversation)
            if found and row.number not in self.seen:
                assert found[1] not in hidden[found[0]] and found[1] in here
            self.seen[row.number] = row.conversation
            assert not any(reference in row.key for reference in hidden)
        for who in NAMES:
            listed = {h.case.reference for h in self.board.waiting_for(ORG, who)}
            assert not [reference for reference in listed if who in hidden[reference]]

    @invariant()
    def the_audit_is_whole(self) -> None:
        """Whatever died in between."""
        with self.database.read() as connection:
            assert chain.broken(connection, self.database.vault, ORG) is None

    def teardown(self) -> None:
        """In the end whatever is open still asks somebody who works here, where anybody is left."""
        for one in self.filed:
            held = self._case(one.reference)
            if held.status != Status.CLOSED and (held.asked | held.route.people) & {p.email for p in self.people}:
                count = 0
                for _ in range(len(held.route.rungs) + 2):
                    self.now = max(self.now, self._case(one.reference).due or 0) + 1
                    before = {r.number for r in self._rows()}
                    self.board.remind()
                    count += sum((whom(r.conversation) or ("",))[0] == one.reference for r in self._rows() if r.number not in before)
                assert count > 0, "nobody is asked any more"
        self.database.close()

    def _case(self, reference: str) -> Case:
        with self.database.read() as connection:
            return cases.load(connection, self.database.vault, ORG, reference).case

    def _rows(self) -> Sequence[Any]:
        with self.database.read() as connection:
            return connection.execute(select(rows_of).order_by(rows_of.c.number)).all()

    def _all(self) -> list[str]:
        """Every row of every table, as text."""
        with self.database.read() as connection:
            return list(connection.connection.driver_connection.iterdump())  # type: ignore[union-attr]  # sqlite3's own connection


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=25, stateful_step_count=30, deadline=None, phases=[Phase.generate])
