"""Who may do what with a case: everybody, with everything, in every state; and what those who may not see it can tell."""

import itertools
from collections.abc import Callable

import pytest
import reporting
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reporting import ANSWERS, BOSS, DEPUTY, LAST, LEAD, ME, ORG, OTHER, PEOPLE, TEAM, World
from sqlalchemy import select, text

from adapters.metrics import Metrics
from bot.cases import Action
from bot.guide import Askwell
from bot.people import Person
from bot.store import chain, directory, subject_access
from bot.store.cases import NoCaseError
from bot.store.tables import case_audit, outbox

FAR = Person("sefton", "far@y.uk", "Far Away", "manager", duties=("safeguarding-lead", "manager", "fallback"))
EVERYBODY = (ME, BOSS, OTHER, LEAD, DEPUTY, TEAM, LAST, FAR.email, "nobody@nowhere.uk", "")
ASKED = {LEAD, DEPUTY}  # in the cases below: the third level has not been asked yet, and one of the first is named
STATES = ("open", "taken", "closed")
DOES: dict[Action, dict[str, object]] = {
    Action.TAKE: {}, Action.NOTE: {"text": "rang"}, Action.WAIT: {"until": reporting.START + 9}, Action.CLOSE: {"text": "done"},
    Action.HAND_OVER: {"to": OTHER},
}  # fmt: skip


@pytest.fixture
def world(made: Callable[..., World]) -> World:
    """Two organisations."""
    return made([*PEOPLE, FAR])


def audited(world: World, organisation: str = ORG) -> list[tuple[str, str, str]]:
    """(act, reference, who) of the audit."""
    with world.database.read() as connection:
        rows = connection.execute(select(case_audit).where(case_audit.c.organisation == organisation).order_by(case_audit.c.number))
        return [(r.act, r.reference, r.who) for r in rows]


def in_state(world: World, state: str) -> str:
    """A case in which the team is named, the lead and the deputy were asked, and the lead has it where somebody has."""
    reference = world.files({"implicated": TEAM})
    world.later(3_601)
    if state != "open":
        world.board.acted(ORG, reference, LEAD, {"action": "take"})
    if state == "closed":
        world.board.acted(ORG, reference, LEAD, {"action": "close"})
    return reference


def allowed(state: str, who: str, action: Action) -> bool:
    """Who may: whoever was asked may read, and take while nobody has it; whoever has it may do the rest."""
    if action == Action.READ:
        return who in ASKED
    return who in ASKED if action == Action.TAKE and state == "open" else who == LEAD and state == "taken" and action != Action.TAKE


@pytest.mark.parametrize("state", STATES)
def test_everybody_tries_everything_and_whoever_may_not_is_refused_and_audited(world: World, state: str) -> None:
    """Each refused try says only that there is no such case, changes nothing, and stands in the audit under its own organisation."""
    reference = in_state(world, state)
    for who, action, organisation in itertools.product(EVERYBODY, Action, (ORG, "sefton")):
        before, rows = world.board.opened(ORG, reference, LEAD).held, len(world.rows())
        may = organisation == ORG and allowed(state, who, action)
        if may and action != Action.READ:
            continue  # what is allowed is done in test_reports; here it would change the state
        try:
            if action == Action.READ:
                world.board.opened(organisation, reference, who)
            else:
                world.board.acted(organisation, reference, who, {"action": action.value, **DOES[action]})
        except NoCaseError:
            assert not may, (state, who, action, organisation)
            assert audited(world, organisation)[-1] == ("refused", reference, who)
        else:
            assert may, (state, who, action, organisation)
        after = world.board.opened(ORG, reference, LEAD).held
        assert after == before and len(world.rows()) == rows
    with world.database.read() as connection:
        assert [chain.broken(connection, world.database.vault, o) for o in (ORG, "sefton")] == [None, None]


@pytest.mark.parametrize(
    "what", [{}, {"action": "delete"}, {"action": "wait"}, {"action": "wait", "until": "nan"}, {"action": "wait", "until": "inf"},
             {"action": "wait", "until": "soon"}, {"action": "hand-over"}, {"action": ["take"]}, {"action": "read"}],
)  # fmt: skip
def test_a_forged_press_of_whoever_has_it_is_refused(world: World, what: dict[str, object]) -> None:
    """Nothing changes, above all not the time at which something happens next."""
    reference = in_state(world, "taken")
    before = world.board.opened(ORG, reference, LEAD).held
    with pytest.raises(NoCaseError):
        world.board.acted(ORG, reference, LEAD, what)
    after = world.board.opened(ORG, reference, LEAD).held
    assert after == before and after.case.due is not None and audited(world)[-2] == ("refused", reference, LEAD)


def test_a_press_that_is_repeated_does_it_once(world: World) -> None:
    """The second try comes too late."""
    reference = in_state(world, "open")
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    for who in (LEAD, DEPUTY):
        with pytest.raises(NoCaseError):
            world.board.acted(ORG, reference, who, {"action": "take"})
    assert world.board.opened(ORG, reference, LEAD).held.case.handler == LEAD


@pytest.mark.parametrize("guess", ["AAAA-1111", "", "x" * 5_000, "'; drop table case", "7QK4-XM29\0", "Ünïcode", "\n\n"])
def test_guessing_a_reference_finds_nothing_and_is_audited(world: World, guess: str) -> None:
    """Also by somebody who has cases of their own."""
    in_state(world, "open")
    with pytest.raises(NoCaseError):
        world.board.opened(ORG, guess, LEAD)
    act, tried, who = audited(world)[-1]
    assert (act, who) == ("refused", LEAD) and len(tried) <= 16 and tried.isprintable()


def test_somebody_elses_reference_is_as_if_there_were_none(world: World) -> None:
    """Whoever was asked in one case may not look into another."""
    mine, other = world.files(), world.files({"implicated": LEAD})
    assert [h.case.reference for h in world.board.waiting_for(ORG, LEAD)] == [mine]
    with pytest.raises(NoCaseError) as refused:
        world.board.opened(ORG, other, LEAD)
    with pytest.raises(NoCaseError) as missing:
        world.board.opened(ORG, "AAAA-2222", LEAD)
    assert type(refused.value) is type(missing.value) and str(missing.value).replace("AAAA-2222", other) == str(refused.value)


def test_a_reference_is_worth_nothing_in_another_organisation(world: World) -> None:
    """Also where somebody holds the same duty there."""
    reference = in_state(world, "open")
    for organisation in (ORG, "sefton"):
        with pytest.raises(NoCaseError):
            world.board.opened(organisation, reference, FAR.email)
    assert world.board.waiting_for("sefton", FAR.email) == []


@pytest.mark.parametrize(
    "spoil", ["UPDATE case_audit SET who = 'x' WHERE number = 3", "UPDATE case_audit SET at = at + 1 WHERE number = 3",
              "DELETE FROM case_audit WHERE number = 3",
              "UPDATE case_audit SET act = 'read', reference = 'AAAA-1111' WHERE number = 3", "DELETE FROM case_audit WHERE number = 1",
              "UPDATE case_audit SET number = CASE number WHEN 3 THEN 104 WHEN 4 THEN 3 ELSE number END WHERE number IN (3, 4)"],
)  # fmt: skip
def test_a_line_of_the_audit_that_was_changed_removed_or_swapped_is_found(world: World, spoil: str) -> None:
    """Each line's seal holds the one before."""
    reference = world.files()
    for _ in range(5):
        world.board.opened(ORG, reference, LEAD)
    with world.database.read() as connection:
        assert chain.broken(connection, world.database.vault, ORG) is None
    with world.database.write() as connection:
        connection.execute(text(spoil))
    with world.database.read() as connection:
        assert chain.broken(connection, world.database.vault, ORG) in (1, 3)


def test_a_cut_end_shows_against_the_head_that_was_logged(world: World) -> None:
    """The chain itself cannot tell; number and hash can."""
    reference = world.files()
    world.board.opened(ORG, reference, LEAD)
    with world.database.write() as connection:
        before = chain.head(connection, ORG)
        connection.execute(text("DELETE FROM case_audit WHERE number = 2"))
        assert chain.broken(connection, world.database.vault, ORG) is None and chain.head(connection, ORG) != before


# --- the world without the case


def seen(world: World, who: str) -> tuple[object, ...]:
    """Everything that somebody, and whoever asks the administrator's commands about them, can be shown."""
    board = world.board
    with world.database.read() as connection:
        told = [
            (r.channel, r.conversation, r.status, r.body)
            for r in connection.execute(select(outbox))
            if who in r.conversation or who in (r.body or "")
        ]
        listed = (directory.find(connection, who), directory.managed_by(connection, ORG, who), directory.accounts(connection, who))
        about = subject_access.about(connection, who)
    figures = Metrics(world.database).text()
    return [h.case.reference for h in board.waiting_for(ORG, who)], told, listed, about, figures


def settled(world: World) -> World:
    """What waits is sent."""
    with world.database.write() as connection:
        connection.execute(text("UPDATE outbox SET status = 'sent', body = NULL, conversation = ''"))
    return world


@pytest.mark.whole
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chart=reporting.charts(), colleague=st.sampled_from(["yes", "no"]), hours=st.integers(0, 6))
def test_an_implicated_person_and_the_reporters_manager_see_the_same_as_in_a_world_without_the_case(
    askwell: Askwell, chart: tuple[list[Person], frozenset[str]], colleague: str, hours: int
) -> None:
    """Lists, what is sent to them, what is kept of them, and the figures: byte for byte. A manager who is asked by the policy's route aside."""
    people, implicated = chart
    real, other = (reporting.world(askwell, "sqlite://", people) for _ in range(2))
    answers = {**ANSWERS, "colleague": colleague, "implicated": "\n".join(implicated)}
    for one in (real, other):
        one.fills(answers)
    real.steers("send")
    other.steers("cancel")
    for one in (real, other):
        for _ in range(hours):
            one.later(3_601)
    asked = set(real.pinged())
    assert not asked & implicated
    references = real.references()
    manager = people[0].manager
    hidden = implicated | ({manager} if manager and manager not in asked else set())
    unsent = {who: (seen(real, who)[1], seen(other, who)[1]) for who in hidden}
    assert all(mine == theirs for mine, theirs in unsent.values())
    settled(real)
    settled(other)
    for who in hidden:
        assert repr(seen(real, who)) == repr(seen(other, who))
        for reference in references:
            with pytest.raises(NoCaseError):
                real.board.opened(ORG, reference, who)
