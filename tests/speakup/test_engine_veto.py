"""Who may read a report of wrongdoing: for all charts, all implicated people, whoever runs the server."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_routing import NAMES, SOME

from bot.people import Person
from bot.routing import Chart
from bot.speakup.desk import SpeakUp
from bot.speakup.office import Recovery, Setup
from bot.speakup.records import Key
from bot.speakup.sealing import made, public
from bot.speakup.slow import wrap
from bot.speakup.veto import DUTY, Nobody, out, readers, under
from speakup.engine_stand import CHEAP, IT, PHRASE, RECOVERY, World, world

MANY = st.sampled_from([*NAMES, "gone@x.uk"])


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Up to eight people, of whom many may read; managers also in circles, of oneself, and of people who have left."""
    people = []
    for email in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        manager = draw(st.one_of(st.none(), MANY))
        people.append(Person("o", email, email[0], "staff", manager, duties=(DUTY,) if draw(st.booleans()) else ()))
    return Chart.of(people)


def presses(chart: Chart, boss: str, one: str) -> bool:
    """Whether somebody stands above somebody, by walking up from below."""
    seen: set[str] = set()
    here = chart.people.get(one)
    while here and here.manager and here.manager not in seen:
        seen.add(here.manager)
        here = chart.people.get(here.manager)
    return boss in seen


@given(charts(), SOME, SOME)
def test_no_reader_is_implicated_can_be_pressed_or_runs_the_server(chart: Chart, implicated: frozenset[str], admins: frozenset[str]) -> None:
    """However long the line between them is, and whatever duty they hold."""
    for one in readers(chart, implicated, admins).people:
        assert one.email not in implicated | admins
        assert not any(presses(chart, boss, one.email) for boss in implicated)


@given(charts(), SOME, SOME)
def test_every_holder_without_a_reason_against_them_may_read(chart: Chart, implicated: frozenset[str], admins: frozenset[str]) -> None:
    """The veto takes out nobody else, unless it is about whoever runs the server."""
    found = {p.email for p in readers(chart, implicated, admins).people}
    free = {e for e in chart.holders(DUTY) if e not in implicated | admins and not any(presses(chart, b, e) for b in implicated)}
    assert found == (set() if implicated & admins else free)


@given(charts(), SOME, SOME, st.sampled_from(NAMES))
def test_naming_one_more_person_never_lets_anybody_in(chart: Chart, implicated: frozenset[str], admins: frozenset[str], one: str) -> None:
    """So that 'anyone else who must not see this?' can only make it safer."""
    before, after = readers(chart, implicated, admins).people, readers(chart, implicated | {one}, admins).people
    assert set(after) <= set(before)


@given(charts(), SOME, SOME)
def test_there_is_a_reason_exactly_where_nobody_is_left(chart: Chart, implicated: frozenset[str], admins: frozenset[str]) -> None:
    """The pages must be able to say why only the ways outside are left."""
    found = readers(chart, implicated, admins)
    assert (found.nobody is None) is bool(found.people)
    assert (found.nobody == Nobody.SERVER) is bool(implicated & admins)


@given(charts(), SOME, SOME)
def test_whoever_runs_the_server_and_answers_to_an_implicated_person_is_told_of(
    chart: Chart, implicated: frozenset[str], admins: frozenset[str],
) -> None:  # fmt: skip
    """The server could be made to read along; the reporter must know before the first word."""
    told = readers(chart, implicated, admins).pressed
    if not implicated & admins:
        assert told is any(presses(chart, boss, a) for boss in implicated for a in admins & set(chart.people))


@given(charts(), SOME)
def test_everybody_under_somebody_is_found_once_whatever_the_circles(chart: Chart, above: frozenset[str]) -> None:
    """It ends, and it finds nobody who is not under one of them."""
    assert under(chart, above) == {e for e in chart.people if any(presses(chart, boss, e) for boss in above)}


def test_the_person_whose_chief_executive_is_the_problem_can_be_heard_by_the_chair() -> None:
    """Everybody below the chief executive is out, the chair is not."""
    lead = Person("o", "lead@x.uk", "Lou", "staff", "chief@x.uk", duties=(DUTY,))
    chief = Person("o", "chief@x.uk", "Chi", "manager", "chair@x.uk", duties=(DUTY,))
    chair = Person("o", "chair@x.uk", "Cher", "director", duties=(DUTY,))
    chart = Chart.of([lead, chief, chair])
    assert [p.name for p in readers(chart, frozenset(), frozenset()).people] == ["Cher", "Chi", "Lou"]
    assert [p.name for p in readers(chart, frozenset({"chief@x.uk"}), frozenset()).people] == ["Cher"]
    assert readers(chart, frozenset({"chair@x.uk"}), frozenset()).nobody == Nobody.NAMED
    assert out(chart, frozenset({"chief@x.uk"}), frozenset({"it@x.uk"})) == {"chief@x.uk", "lead@x.uk", "it@x.uk"}
    assert readers(Chart.of([chief]), frozenset(), frozenset({"chief@x.uk"})).nobody == Nobody.UNSET


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An installation in which everybody has a key, and the staff list is whatever a test makes it."""
    made_ = world(tmp_path_factory.mktemp("veto"), keyed=())
    keys = tuple(Key("o", e, public(made()), wrap(made(), PHRASE[IT], CHEAP), "2026-11-20") for e in sorted(NAMES)[::2])
    with made_.office.box.change() as going:
        going.kept = replace(going.kept, keys=keys)
    return made_


@given(charts(), SOME, SOME, st.sampled_from([*NAMES, "Jo Fox, solicitor"]))
def test_on_all_charts_whoever_is_shown_is_exactly_whoever_has_a_key_and_passes(
    here: World, chart: Chart, implicated: frozenset[str], admins: frozenset[str], holder: str,
) -> None:  # fmt: skip
    """The recovery key's holder, too, has to pass; and a report is sealed to these and to nobody else."""
    here.people = list(chart.people.values())
    setup = Setup(admins, Recovery(public(RECOVERY), holder))
    desk = SpeakUp(replace(here.office, setup=setup))
    found = desk.readers("o", implicated)
    passed = {p.email for p in readers(chart, implicated, admins).people}
    assert {r.id for r in found.people if not r.recovery} == passed & set(sorted(NAMES)[::2])
    assert not found.ids & out(chart, implicated, admins)
    assert any(r.recovery for r in found.people) is (bool(found.people) and holder not in out(chart, implicated, admins))
    assert (found.nobody is None) is bool(found.people)
