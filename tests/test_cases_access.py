"""Everybody × organisation × action × state of a case: only who was asked reads, only who has it acts; the rest is refused and written down."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
import reporting
from reporting import BOSS, DEPUTY, LAST, LEAD, ME, ORG, OTHER, PEOPLE, START, TEAM, World
from sqlalchemy import select

from bot import reports
from bot.cases import LAPSE, Action, NotAllowedError
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.people import Person
from bot.store import chain
from bot.store.cases import NoCaseError
from bot.store.records import SeenError
from bot.store.tables import case_audit

pytestmark = pytest.mark.whole

HOUR = 3_601.0
VOLUNTEER, DIRECTOR, STRANGER = "val@x.uk", "dora@x.uk", "nobody@nowhere.uk"
FAR = Person("sefton", "far@y.uk", "Far Away", "manager", duties=("safeguarding-lead", "manager", "fallback"))
MORE = (Person(ORG, VOLUNTEER, "Val Volunteer", "volunteer"), Person(ORG, DIRECTOR, "Dora Director", "director"), FAR)
EVERYBODY = (ME, BOSS, OTHER, LEAD, DEPUTY, TEAM, LAST, VOLUNTEER, DIRECTOR, FAR.email, STRANGER, "", LEAD.upper())
DOES: Mapping[Action, Mapping[str, object]] = {
    Action.TAKE: {}, Action.NOTE: {"text": "rang"}, Action.WAIT: {"until": START + 9, "text": "police"}, Action.CLOSE: {"text": "done"},
    Action.HAND_OVER: {"to": DIRECTOR},
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """How a case came to stand as it does, and what must hold then: who was asked, and who has it. The team is always named."""

    then: tuple[tuple[str, str, str] | float, ...]
    asked: frozenset[str]
    has: str = ""
    over: bool = False


FIRST, BOTH, ALL = frozenset({LEAD}), frozenset({LEAD, DEPUTY}), frozenset({LEAD, DEPUTY, LAST})
TAKES, HANDS = (LEAD, "take", ""), (LEAD, "hand-over", OTHER)
STATES = {
    "just sent": State((), FIRST),
    "the next were asked": State((HOUR,), BOTH),
    "nobody took it": State((HOUR, HOUR, HOUR), ALL),
    "taken": State((HOUR, TAKES), BOTH, has=LEAD),
    "waiting": State((TAKES, (LEAD, "wait", "")), FIRST, has=LEAD),
    "handed over": State((TAKES, HANDS), FIRST | {OTHER}),
    "taken by whom it was handed to": State((TAKES, HANDS, (OTHER, "take", "")), FIRST | {OTHER}, has=OTHER),
    "left lying": State((TAKES, LAPSE[Flow.SAFEGUARDING] + 1), BOTH),
    "closed": State((TAKES, (LEAD, "close", "")), FIRST, has=LEAD, over=True),
}


class UndoError(Exception):
    """It was allowed; nothing of it is kept."""


def stands(askwell: Askwell, state: State) -> tuple[World, str]:
    """A case in this state."""
    world = reporting.world(askwell, "sqlite://", [*PEOPLE, *MORE])
    reference = world.files({"implicated": TEAM})
    for step in state.then:
        if isinstance(step, float):
            world.later(step)
        else:
            who, action, to = step
            world.board.acted(ORG, reference, who, {"action": action, "to": to, "text": "words", "until": world.clock[0] + 60})
    return world, reference


def allowed(state: State, who: str, organisation: str, action: Action) -> bool:
    """What should be allowed, said once more in other words than in the code."""
    if organisation != ORG or who not in state.asked:
        return False
    if action == Action.READ:
        return True
    if action == Action.TAKE:
        return not state.has
    return who == state.has and not state.over


def can(world: World, organisation: str, reference: str, who: str, action: Action) -> bool:
    """Whether it can be done, undone again."""
    try:
        with world.database.write() as connection:
            now, vault = world.database.now(connection), world.database.vault
            if action == Action.READ:
                reports.opened(connection, vault, organisation, reference, who, now)
            else:
                what = {"action": action.value, **DOES[action]}
                reports.done(connection, vault, world.service.post(now), organisation, reference, who, what, now)
            raise UndoError
    except UndoError:
        return True
    except (NoCaseError, NotAllowedError):
        return False


def refused(world: World, organisation: str) -> list[tuple[str, str]]:
    """(reference, who) of every try that was refused."""
    with world.database.read() as connection:
        mine = (case_audit.c.organisation == organisation, case_audit.c.act == "refused")
        return [(r.reference, r.who) for r in connection.execute(select(case_audit).where(*mine).order_by(case_audit.c.number))]


@pytest.mark.parametrize("name", STATES)
def test_everybody_may_do_exactly_what_is_theirs_and_what_is_refused_is_written_down(askwell: Askwell, name: str) -> None:
    """Whatever their role is; whoever holds the same duty elsewhere; strangers; an address in other letters; and nobody at all."""
    state = STATES[name]
    world, reference = stands(askwell, state)
    for who, organisation, action in itertools.product(EVERYBODY, (ORG, "sefton", "nowhere"), Action):
        may = allowed(state, who, organisation, action)
        assert can(world, organisation, reference, who, action) == may, (who, organisation, action)
        if may:
            continue
        before, rows = len(refused(world, organisation)), len(world.rows())
        with pytest.raises(NoCaseError):
            if action == Action.READ:
                world.board.opened(organisation, reference, who)
            else:
                world.board.acted(organisation, reference, who, {"action": action.value, **DOES[action]})
        assert refused(world, organisation)[before:] == [(reference, who)] and len(world.rows()) == rows
    with world.database.read() as connection:
        assert [chain.broken(connection, world.database.vault, o) for o in (ORG, "sefton", "nowhere")] == [None] * 3
    world.database.close()


@pytest.mark.parametrize("name", STATES)
def test_lists_hold_a_case_for_exactly_those_who_may_read_it(askwell: Askwell, name: str) -> None:
    """In their own organisation only."""
    state = STATES[name]
    world, reference = stands(askwell, state)
    for who, organisation in itertools.product(EVERYBODY, (ORG, "sefton")):
        listed = [h.case.reference for h in world.board.waiting_for(organisation, who)]
        assert listed == ([reference] if allowed(state, who, organisation, Action.READ) else [])
    world.database.close()


ACTIONS = ("", "TAKE", "delete", None, ["note"], "hand-over", "wait")
WHOM = (TEAM, ME, BOSS, FAR.email, [DIRECTOR], DIRECTOR.upper())
UNTIL = ("nan", "-inf", None, "9" * 400)
FORGED: tuple[Mapping[str, object], ...] = (
    {}, *({"action": a} for a in ACTIONS), *({"action": "hand-over", "to": w} for w in WHOM), *({"action": "wait", "until": u} for u in UNTIL),
)  # fmt: skip


@pytest.mark.parametrize("what", FORGED, ids=repr)
def test_a_forged_press_of_whoever_has_it_changes_nothing_and_is_written_down(askwell: Askwell, what: Mapping[str, object]) -> None:
    """Above all not who has it, nor when something happens next."""
    world, reference = stands(askwell, STATES["taken"])
    before = world.board.opened(ORG, reference, LEAD).held
    with pytest.raises(NoCaseError):
        world.board.acted(ORG, reference, LEAD, what)
    assert refused(world, ORG) == [(reference, LEAD)]
    assert world.board.opened(ORG, reference, LEAD).held == before
    world.database.close()


def test_a_press_that_is_replayed_counts_once_and_not_for_anybody_else(made: Callable[..., World]) -> None:
    """The same event again is known; a new one of somebody who has nothing to do with it is refused."""
    world = made()
    reference = world.files()
    world.board.acted(ORG, reference, LEAD, {"action": "take"}, ("slack", "press-1"))
    before = world.board.opened(ORG, reference, LEAD).held
    for who in (LEAD, OTHER):
        with pytest.raises(SeenError):
            world.board.acted(ORG, reference, who, {"action": "close"}, ("slack", "press-1"))
    with pytest.raises(NoCaseError):
        world.board.acted(ORG, reference, OTHER, {"action": "take"}, ("slack", "press-2"))
    assert world.board.opened(ORG, reference, LEAD).held == before and refused(world, ORG) == [(reference, OTHER)]


def test_guessed_references_are_all_answered_alike(made: Callable[..., World]) -> None:
    """One that is there, one that is not, one of another organisation, and rubbish: the same error with the same words, each written down."""
    world = made([*PEOPLE, *MORE])
    mine = world.files({"implicated": LEAD})
    guesses = (mine, mine.lower(), mine.replace("-", ""), "AAAA-2222", "", "%", "_" * 9, f"{mine}\0", "x" * 5_000, "' OR 1=1 --")
    said = set()
    for guess in guesses:
        for step in (world.board.opened, lambda o, r, w: world.board.acted(o, r, w, {"action": "take"})):
            with pytest.raises(NoCaseError) as error:
                step(ORG, guess, LEAD)
            said.add(str(error.value).replace(guess, "?") if guess else "?")
    assert said == {"?"} and len(refused(world, ORG)) == 2 * len(guesses)
    assert all(len(reference) <= 16 for reference, _ in refused(world, ORG))
