"""The life of a case, as a state machine: acknowledgements, lapses, hand-overs and clock jumps in any order."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from bot import cases
from bot.cases import Action, Case, NotAllowedError, Ping, Status, Step, Tell, may
from bot.knowledge import Flow
from bot.routing import Route, Rung

EVERYBODY = [f"{c}@x.uk" for c in "abcdefg"]
SOME = st.lists(st.sampled_from(EVERYBODY), min_size=1, max_size=3, unique=True)


class Life(RuleBasedStateMachine):
    """One case and everybody who might do something with it."""

    people = Bundle("people")

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000_000.0
        self.case: Case
        self.pinged: list[Ping] = []
        self.told: list[Tell] = []

    @initialize(
        rungs=st.lists(st.tuples(SOME, st.integers(1, 600)), min_size=1, max_size=4),
        implicated=st.frozensets(st.sampled_from(EVERYBODY)),
        flow=st.sampled_from([Flow.SAFEGUARDING, Flow.MEDIA]),
        pace=st.one_of(st.none(), st.just(10.0)),
        kept_from=st.frozensets(st.sampled_from(EVERYBODY), max_size=2),
    )  # fmt: skip
    def file(self, rungs: list[tuple[list[str], int]], implicated: frozenset[str], flow: Flow, pace: float | None, kept_from: frozenset[str]) -> None:
        """Filed with a route on which no implicated person stands, as `routing` makes it."""
        clean = [Rung(tuple(p for p in people if p not in implicated), minutes, "duty") for people, minutes in rungs]
        route = Route(tuple(r for r in clean if r.people) or (Rung(("h@x.uk",), 60, "duty"),))
        kept_from -= route.people
        self.done(cases.filed(Case("AAAA-1111", "warrington", flow, route, implicated, pace=pace, kept_from=kept_from), self.now))

    def done(self, step: Step) -> None:
        """Take in what an event did."""
        if hasattr(self, "case") and self.case.status == Status.TAKEN and step.case.status == Status.TAKEN:
            assert not [e for e in step.effects if isinstance(e, Ping)], "a ping after it was taken"
        self.case = step.case
        self.pinged += [e for e in step.effects if isinstance(e, Ping)]
        self.told += [e for e in step.effects if isinstance(e, Tell)]

    @rule(seconds=st.floats(-3600, 40 * 24 * 3600))
    def time_passes(self, seconds: float) -> None:
        """Clocks also jump, and back."""
        self.now += seconds
        self.done(cases.due(self.case, self.now))

    @rule(who=st.sampled_from([*EVERYBODY, "h@x.uk"]), action=st.sampled_from(sorted(Action)), to=st.sampled_from(EVERYBODY))
    def somebody_does_something(self, who: str, action: Action, to: str) -> None:
        """Whoever may not is refused, and nothing changes."""
        before = self.case
        try:
            match action:
                case Action.TAKE:
                    self.done(cases.take(self.case, who, self.now))
                case Action.HAND_OVER:
                    self.done(cases.hand_over(self.case, who, to, self.now))
                case Action.NOTE:
                    self.done(cases.note(self.case, who, self.now))
                case Action.WAIT:
                    self.done(cases.wait(self.case, who, self.now + 3600, self.now))
                case Action.CLOSE:
                    self.done(cases.close(self.case, who))
                case Action.READ:
                    return
        except NotAllowedError:
            assert self.case == before
            assert not may(before, who, action) or to in before.implicated | before.kept_from | {who}
        else:
            assert may(before, who, action)

    @invariant()
    def an_open_case_has_a_time_and_a_taken_one_has_somebody(self) -> None:
        """Nothing is ever left lying."""
        if hasattr(self, "case"):
            assert (self.case.due is None) == (self.case.status == Status.CLOSED)
            assert (self.case.handler is not None) >= (self.case.status == Status.TAKEN)

    @invariant()
    def nobody_implicated_is_asked_or_may_do_anything(self) -> None:
        """Not by the chain, not by a hand-over, not by a lapse."""
        if hasattr(self, "case"):
            assert not {p for ping in self.pinged for p in ping.people} & (self.case.implicated | self.case.kept_from)
            assert len({ping.key for ping in self.pinged}) == len(self.pinged), "two asks have the same key"
            assert not any(may(self.case, who, action) for who in self.case.implicated for action in Action)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)


def test_taking_a_case_stops_the_chain() -> None:
    """The next level is asked when nobody takes it, and not any more once somebody has."""
    route = Route((Rung(("a@x.uk",), 10, "lead"), Rung(("b@x.uk",), 10, "deputy")))
    first = cases.filed(Case("AAAA-1111", "warrington", Flow.SAFEGUARDING, route, frozenset()), 0.0)
    assert cases.due(first.case, 599.0).effects == ()
    second = cases.due(first.case, 600.0)
    assert second.effects == (Ping(("b@x.uk",), "AAAA-1111-2"),)
    taken = cases.take(second.case, "a@x.uk", 700.0)
    assert taken.effects == (Tell.TAKEN,) and cases.due(taken.case, 5_000.0).effects == ()


def test_when_the_chain_ends_the_reporter_is_told_once_and_everybody_is_asked_again() -> None:
    """Nobody took it: it is never silently dropped."""
    route = Route((Rung(("a@x.uk",), 10, "lead"),))
    step = cases.filed(Case("AAAA-1111", "warrington", Flow.SAFEGUARDING, route, frozenset()), 0.0)
    step = cases.due(step.case, 600.0)
    assert step.effects[0] == Tell.EXHAUSTED and isinstance(step.effects[1], Ping)
    again = cases.due(step.case, step.case.due or 0.0)
    assert [type(e) for e in again.effects] == [Ping]


def test_a_case_that_was_taken_and_left_is_asked_again() -> None:
    """An acknowledgement without progress lapses."""
    route = Route((Rung(("a@x.uk",), 10, "lead"), Rung(("b@x.uk",), 10, "deputy")))
    taken = cases.take(cases.filed(Case("AAAA-1111", "warrington", Flow.SAFEGUARDING, route, frozenset()), 0.0).case, "a@x.uk", 60.0)
    lapsed = cases.due(taken.case, taken.case.due or 0.0)
    assert lapsed.case.status == Status.OPEN and lapsed.effects == (Ping(("b@x.uk", "a@x.uk"), "AAAA-1111-3"),)


def test_nothing_is_handed_to_somebody_implicated() -> None:
    """Also not by mistake."""
    route = Route((Rung(("a@x.uk",), 10, "lead"),))
    taken = cases.take(cases.filed(Case("AAAA-1111", "warrington", Flow.SAFEGUARDING, route, frozenset({"b@x.uk"})), 0.0).case, "a@x.uk", 60.0)
    with pytest.raises(NotAllowedError):
        cases.hand_over(taken.case, "a@x.uk", "b@x.uk", 61.0)
