"""Who is asked about a case: for all charts, chains and implicated people."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.people import Person
from bot.routing import FALLBACK, LINE_MANAGER, Chart, Level, route, unreached

NAMES = [f"{c}@x.uk" for c in "abcdefgh"]
DUTIES = ["safeguarding-lead", "communications-team", "chair", FALLBACK]


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Up to eight people with duties, deputies and managers, also in circles."""
    people = []
    for email in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        duties = draw(st.lists(st.sampled_from([*DUTIES, *(f"deputy:{d}" for d in DUTIES)]), max_size=3))
        manager = draw(st.one_of(st.none(), st.sampled_from(NAMES)))
        people.append(Person("warrington", email, email[0], "staff", manager, date(2020, 1, 1), duties=tuple(duties)))
    return Chart.of(people)


SOME_DUTIES = st.lists(st.sampled_from([*DUTIES, LINE_MANAGER]), min_size=1, max_size=2).map(tuple)
LEVELS = st.lists(st.builds(Level, SOME_DUTIES, st.integers(1, 240)), min_size=1, max_size=4)
SOME = st.frozensets(st.sampled_from(NAMES))


@given(charts(), LEVELS, st.one_of(st.none(), st.sampled_from(NAMES)), SOME)
def test_no_implicated_person_and_no_reporter_is_ever_asked(
    chart: Chart, chain: list[Level], reporter: str | None, implicated: frozenset[str],
) -> None:  # fmt: skip
    """Whatever duty they hold, whomever they deputise for, whoever they manage."""
    found = route(chain, chart, reporter, implicated)
    assert not found.people & (implicated | {reporter})


@given(charts(), LEVELS, st.one_of(st.none(), st.sampled_from(NAMES)), SOME)
def test_everybody_asked_is_in_the_directory_and_asked_once(
    chart: Chart, chain: list[Level], reporter: str | None, implicated: frozenset[str],
) -> None:  # fmt: skip
    """No address comes from anywhere else, and nobody stands on two rungs."""
    people = [p for rung in route(chain, chart, reporter, implicated).rungs for p in rung.people]
    assert len(people) == len(set(people)) and set(people) <= set(chart.people)
    assert all(rung.people for rung in route(chain, chart, reporter, implicated).rungs)


@given(charts(), LEVELS, SOME, st.sampled_from(NAMES))
def test_naming_somebody_changes_nothing_for_the_others(chart: Chart, chain: list[Level], implicated: frozenset[str], one: str) -> None:
    """But for line managers, whose place goes up the line, the others stay on their rungs in their order."""
    plain = [Level(tuple(d for d in level.duties if d != LINE_MANAGER), level.minutes) for level in chain]
    before, after = route(plain, chart, None, implicated), route(plain, chart, None, implicated | {one})
    assert [p for r in after.rungs for p in r.people] == [p for r in before.rungs for p in r.people if p != one]


def test_a_conflicted_manager_is_passed_over_up_the_line() -> None:
    """The manager's manager is asked instead."""
    boss, top = Person("o", "boss@x.uk", "Boss", "staff", "top@x.uk"), Person("o", "top@x.uk", "Top", "staff")
    chart = Chart.of([Person("o", "me@x.uk", "Me", "staff", "boss@x.uk"), boss, top])
    chain = [Level((LINE_MANAGER,), 60)]
    assert route(chain, chart, "me@x.uk", frozenset()).rungs[0].people == ("boss@x.uk",)
    assert route(chain, chart, "me@x.uk", frozenset({"boss@x.uk"})).rungs[0].people == ("top@x.uk",)
    assert route(chain, chart, "me@x.uk", frozenset({"boss@x.uk", "top@x.uk"})).rungs == ()


def test_duties_that_nobody_holds_are_named() -> None:
    """The nightly check says which rung of which chain resolves to nobody."""
    chart = Chart.of([Person("o", "a@x.uk", "A", "staff", duties=("chair",))])
    assert unreached([Level(("safeguarding-lead",), 60), Level(("chair", LINE_MANAGER), 60)], chart) == ("safeguarding-lead", FALLBACK)
