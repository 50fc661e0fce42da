"""Cases that belong together: who links them, who sees it, and that a link never shows a case, or that there is one, to anybody else."""

import pytest
from reporting import DEPUTY, LEAD, ME, ORG, OTHER, PEOPLE, TEAM, World, made
from sqlalchemy import select

from bot.reports import Opened
from bot.store import chain
from bot.store.cases import NoCaseError
from bot.store.records import SeenError
from bot.store.tables import case_audit

__all__ = ["made"]
EVENTS = iter(range(1_000_000))


def link(world: World, one: str, other: str, who: str = LEAD, *, loose: bool = False) -> None:
    """Link two cases, or take that back."""
    world.board.linked(ORG, one, who, other, ("test", f"link-{next(EVENTS)}"), loose=loose)


def taken(world: World, **answers: str) -> str:
    """A case that the lead has taken."""
    reference = world.files(answers)
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    return reference


def read(world: World, reference: str, who: str = LEAD) -> Opened:
    """The case as this person reads it."""
    return world.board.opened(ORG, reference, who)


def linked(world: World, reference: str, who: str = LEAD) -> list[str]:
    """The cases that they see as linked."""
    return [one.case.reference for one in read(world, reference, who).linked]


@pytest.fixture
def world(made: object) -> World:
    """Everybody."""
    found: World = made(PEOPLE)  # type: ignore[operator]  # the fixture's own callable
    return found


def test_a_link_is_written_down_in_both_cases_and_can_be_taken_back(world: World) -> None:
    """It moves nobody's turn in the other one."""
    one, other = taken(world), world.files()
    before = read(world, other).held
    link(world, one, other)
    assert linked(world, one) == [other] and linked(world, other) == [one]
    assert [(e.kind, e.text, e.by) for e in read(world, one).entries] == [("link", other, LEAD)]
    after = read(world, other).held
    assert (after.version, after.case) == (before.version, before.case)
    link(world, one, other)
    assert len(read(world, one).entries) == 1, "the same link is there once"
    link(world, one, other, loose=True)
    assert linked(world, one) == linked(world, other) == []
    assert [e.kind for e in read(world, other).entries] == ["link", "unlink"]


def test_only_whoever_has_the_one_and_may_read_the_other_can_link_them(world: World) -> None:
    """Anybody else, a case that does not exist and a case with itself are refused in the same way, and each try is audited."""
    one, other = taken(world), world.files(answers={"implicated": "Lou Lead"})
    tries = [
        (one, other, LEAD),
        (other, one, LEAD),
        (one, other, DEPUTY),
        (one, other, ME),
        (one, other, OTHER),
        (one, "7QK4-XM29", LEAD),
        (one, one, LEAD),
    ]
    for first, second, who in tries:
        with pytest.raises(NoCaseError):
            link(world, first, second, who)
    assert read(world, one).entries == []
    with world.database.read() as connection:
        refused = connection.execute(select(case_audit.c.who).where(case_audit.c.act == "refused")).scalars().all()
        assert len(refused) == len(tries) and chain.broken(connection, world.database.vault, ORG) is None


def test_a_link_shows_nothing_to_whoever_may_read_only_one_of_the_cases(world: World) -> None:
    """What the deputy reads, lists and can act on is the same as if the cases had never been linked."""
    one, other = taken(world), taken(world, implicated="Dee Deputy")
    world.board.acted(ORG, one, LEAD, {"action": "hand-over", "to": DEPUTY})
    world.board.acted(ORG, one, DEPUTY, {"action": "take"})
    world.board.acted(ORG, one, DEPUTY, {"action": "hand-over", "to": LEAD})
    world.board.acted(ORG, one, LEAD, {"action": "take"})
    before, listed = read(world, one, DEPUTY), [h.case.reference for h in world.board.waiting_for(ORG, DEPUTY)]
    link(world, one, other)
    after = read(world, one, DEPUTY)
    assert (after.entries, after.linked, after.content) == (before.entries, (), before.content)
    assert [h.case.reference for h in world.board.waiting_for(ORG, DEPUTY)] == listed
    assert [o.held.case.reference for o in world.board.chronology(ORG, one, DEPUTY)] == [one]
    with pytest.raises(NoCaseError):
        read(world, other, DEPUTY)
    assert linked(world, one) == [other]


def test_linking_gives_nobody_a_case_that_they_did_not_have(world: World) -> None:
    """Whoever gets one of them by hand-over gets that one."""
    one, other = taken(world), taken(world)
    link(world, one, other)
    world.board.acted(ORG, one, LEAD, {"action": "hand-over", "to": TEAM})
    assert linked(world, one, TEAM) == [] and [e.kind for e in read(world, one, TEAM).entries] == ["hand-over"]
    with pytest.raises(NoCaseError):
        read(world, other, TEAM)


def test_a_chronology_goes_over_links_as_far_as_somebody_may_read_and_each_view_is_audited(world: World) -> None:
    """From the first to the third over the second; where the second is none of theirs, the third is not found over it."""
    first, second, third = taken(world), taken(world, implicated="Dee Deputy"), taken(world)
    link(world, first, second)
    link(world, second, third)
    for reference in (first, third):
        world.board.acted(ORG, reference, LEAD, {"action": "hand-over", "to": DEPUTY})
    found = world.board.chronology(ORG, first, LEAD)
    assert [o.held.case.reference for o in found] == [first, second, third]
    assert [o.held.case.reference for o in world.board.chronology(ORG, first, DEPUTY)] == [first]
    with world.database.read() as connection:
        rows = connection.execute(select(case_audit).where(case_audit.c.act == "read")).all()
    assert [(r.reference, r.who) for r in rows] == [(first, LEAD), (second, LEAD), (third, LEAD), (first, DEPUTY)]


def test_the_same_press_links_once(world: World) -> None:
    """However often it is delivered."""
    one, other = taken(world), world.files()
    world.board.linked(ORG, one, LEAD, other, ("test", "the-same"))
    with pytest.raises(SeenError):
        world.board.linked(ORG, one, LEAD, other, ("test", "the-same"), loose=True)
    assert linked(world, one) == [other]
