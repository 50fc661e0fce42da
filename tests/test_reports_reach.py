"""What proofs of reporting brought to light: keys, word to the reporter, people who leave, and several processes at the same moment."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from reporting import BOSS, DEPUTY, LAST, LEAD, ME, ORG, OTHER, PEOPLE, TEAM, Kept, World
from sqlalchemy import select, text
from test_behalf import writes

from bot import words
from bot.cases import LAPSE, Status
from bot.knowledge import Flow
from bot.messages import Outgoing, Steered
from bot.post import pinged, whom
from bot.store import chain, conversations, directory, outbox
from bot.store.cases import NoCaseError
from bot.store.chain import Done
from bot.store.database import Database
from bot.store.tables import case_audit

HOUR = 3_600.0


class Sent(Kept):
    """The terminal's channel as one that sends, as Slack and Teams do."""

    keeps = False

    def payloads(self, outgoing: Outgoing) -> Sequence[dict[str, Any]]:
        """Its words."""
        return [{"text": "\n".join(outgoing.reply.lines)}]


@pytest.fixture
def world(made: Callable[..., World]) -> Iterator[World]:
    """An organisation whose reporter is on a channel that sends."""
    found = made()
    found.service.join(Sent())
    yield found


def does(world: World, reference: str, who: str, action: str, **more: str) -> None:
    """One press."""
    world.board.acted(ORG, reference, who, {"action": action, **more})


def told(world: World, line: str) -> int:
    """How often the outbox tells somebody this."""
    return sum(line in (r.body or "") for r in world.rows())


def test_a_case_is_taken_again_and_again_and_the_reporter_is_told_each_time(world: World) -> None:
    """Handed over, taken, left lying, taken: no message to the reporter stands in the way of the next."""
    reference = world.files()
    does(world, reference, LEAD, "take")
    does(world, reference, LEAD, "hand-over", to=OTHER)
    does(world, reference, OTHER, "take")
    for _ in range(3):
        world.later(LAPSE[Flow.SAFEGUARDING] + 1)
        does(world, reference, LEAD, "take")
    assert told(world, words.PICKED_UP) == 5
    keys = [r.key for r in world.rows()]
    assert len(keys) == len(set(keys)) and not any(reference in key for key in keys)


def test_a_case_goes_there_and_back_within_the_same_second(world: World) -> None:
    """Each time somebody is asked it is another message."""
    reference = world.files()
    does(world, reference, LEAD, "take")
    for _ in range(3):
        does(world, reference, LEAD, "hand-over", to=OTHER)
        assert world.pinged()[-1] == OTHER
        does(world, reference, OTHER, "take")
        does(world, reference, OTHER, "hand-over", to=LEAD)
        does(world, reference, LEAD, "take")
    assert world.board.opened(ORG, reference, LEAD).held.case.handler == LEAD


def test_who_takes_it_spares_those_who_have_not_been_asked_yet(world: World) -> None:
    """A ping that still waits to be sent is not sent; one that was sent stays."""
    reference = world.files()
    world.later(HOUR + 1)
    assert world.pinged() == [LEAD, DEPUTY]
    with world.database.write() as connection:
        (row,) = [r for r in outbox.claim(connection, ("email",), "me", world.clock[0], 60.0, 9) if LEAD in r.conversation]
        outbox.sent(connection, row, "me")
    does(world, reference, LEAD, "take")
    assert [r.status for r in world.rows() if r.channel == "email"] == ["sent", "dropped"]
    assert not [r for r in world.rows() if r.status == "due" and r.channel == "email"]


def test_in_danger_whoever_gets_it_handed_has_ten_minutes_too(world: World) -> None:
    """Not the hour of the chain."""
    reference = world.files({"danger": "yes"})
    does(world, reference, LEAD, "take")
    does(world, reference, LEAD, "hand-over", to=OTHER)
    assert world.later(601) == 1 and world.pinged()[-1] == DEPUTY


@pytest.mark.parametrize("to", [ME, BOSS])
def test_nothing_is_handed_to_the_reporter_or_their_manager(world: World, to: str) -> None:
    """Also by somebody who cannot know who reported; the try is written down."""
    reference = world.files()
    does(world, reference, LEAD, "take")
    with pytest.raises(NoCaseError):
        does(world, reference, LEAD, "hand-over", to=to)
    assert world.board.waiting_for(ORG, to) == [] and to not in world.pinged()
    with world.database.read() as connection:
        assert chain.doers(connection, ORG, reference, "refused") == {LEAD}


def test_where_the_policy_names_the_line_manager_it_can_be_handed_to_them(world: World) -> None:
    """What is about a colleague goes to them first."""
    reference = world.files({"colleague": "yes"})
    assert world.pinged() == [BOSS]
    world.later(HOUR + 1)
    (second,) = set(world.pinged()) - {BOSS}
    does(world, reference, second, "take")
    does(world, reference, second, "hand-over", to=BOSS)
    assert world.board.opened(ORG, reference, BOSS).held.case.status == Status.OPEN


@pytest.mark.parametrize(("left", "asked"), [((LEAD,), DEPUTY), ((LEAD, DEPUTY), TEAM), ((LEAD, DEPUTY, TEAM), LAST)])
def test_nobody_waits_for_somebody_who_has_left(world: World, left: tuple[str, ...], asked: str) -> None:
    """The next are asked at once, and nothing more goes to whoever is no longer in the directory."""
    reference = world.files({"colleague": "no"})
    does(world, reference, LEAD, "take")
    with world.database.write() as connection:
        for who in left:
            directory.erase(connection, who)
    assert world.later(LAPSE[Flow.SAFEGUARDING] + 1) == 1
    assert world.pinged() == [LEAD, asked, *((LEAD,) if LEAD not in left else ())]


def test_a_ping_that_was_swallowed_counts_only_for_whoever_was_asked_last(world: World) -> None:
    """Whoever it was handed to is not to be disturbed: the next are asked at once. Later rests of others change nothing."""
    reference = world.files()
    does(world, reference, LEAD, "take")
    does(world, reference, LEAD, "hand-over", to=OTHER)
    with world.database.read() as connection:
        waiting = {r.conversation: r for r in connection.execute(text("SELECT * FROM outbox")).all()}
    row = outbox.Row(1, ORG, pinged(reference, LEAD), "slack", "k", "{}", 1, doubtful=False)
    world.board.unheard(row)
    assert whom(next(c for c in waiting if c.startswith("ping:"))) == (reference, OTHER) and DEPUTY not in world.pinged()
    world.board.unheard(outbox.Row(2, ORG, pinged(reference, OTHER), "slack", "k", "{}", 1, doubtful=False))
    assert world.pinged()[-1] == DEPUTY


def test_the_reporter_who_is_typing_holds_up_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their conversation goes on elsewhere at the moment in which they are told: it is done again, and they are told once."""
    world.service.join(Kept())
    reference = world.files()
    real = conversations.load
    left = [2]

    def late(*values: Any) -> conversations.Kept:  # noqa: ANN401 - passed on as it is
        kept = real(*values)
        if left[0]:
            left[0] -= 1
            return conversations.Kept(kept.session, kept.version + 1)
        return kept

    with monkeypatch.context() as patch:
        patch.setattr(conversations, "load", late)
        does(world, reference, LEAD, "take")
    assert left == [0] and world.told().count(words.PICKED_UP) == 1
    assert world.says(Steered(world.number(), "resume")).lines


def test_several_processes_add_to_the_audit_at_the_same_moment(database: Database) -> None:
    """None fails, and the chain is whole."""
    failed: list[Exception] = []

    def write(name: str) -> None:
        try:
            for number in range(15):
                with database.write() as connection:
                    chain.append(connection, database.vault, ORG, Done("read", f"AAAA-{number:04}", name), database.now(connection))
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(f"p{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert failed == [] and chain.broken(connection, database.vault, ORG) is None
        assert len(connection.execute(select(case_audit)).all()) == 60


@pytest.mark.parametrize("to", [OTHER, BOSS])
def test_what_was_told_is_not_handed_to_whoever_told_it_nor_to_their_manager(made: Callable[..., World], to: str) -> None:
    """Somebody else wrote it down; it is the teller's report all the same."""
    people = [replace(p, manager=BOSS) if p.email == OTHER else p for p in PEOPLE]
    world = made(people)
    writes(world, "lead", teller="Otto Other")
    (reference,) = world.references()
    with pytest.raises(NoCaseError):
        does(world, reference, LEAD, "hand-over", to=to)
    does(world, reference, LEAD, "hand-over", to=TEAM)
    assert world.pinged() == [TEAM]
