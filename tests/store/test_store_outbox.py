"""The outbox: in order in each conversation, never twice under one lease, and doubtful after a crash."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, select, update
from sqlalchemy.exc import IntegrityError

from bot.store import outbox
from bot.store.database import Database
from bot.store.outbox import Row
from bot.store.tables import outbox as table

End = Callable[[Connection, Row, str], None]
ME, OTHER = "me", "other"
SLACK = ("slack",)


def put(database: Database, *keys: tuple[str, str], channel: str = "slack", now: float = 0.0) -> None:
    """Messages as (conversation, key)."""
    with database.write() as connection:
        for conversation, key in keys:
            outbox.put(connection, "sefton", conversation, channel, key, f"body of {key}", now)


def claim(database: Database, lease: str = ME, now: float = 1.0, most: int = 10, channels: tuple[str, ...] = SLACK) -> list[Row]:
    """What can be sent at this moment."""
    with database.write() as connection:
        return outbox.claim(connection, channels, lease, now, 60.0, most)


def keys(rows: list[Row]) -> list[str]:
    """The keys of rows."""
    return [r.key for r in rows]


def test_the_first_of_each_conversation_is_taken_and_the_next_when_it_has_arrived(database: Database) -> None:
    """Order is kept in a conversation, and conversations do not wait for each other."""
    put(database, ("a", "a1"), ("a", "a2"), ("b", "b1"))
    first = claim(database)
    assert keys(first) == ["a1", "b1"] and first[0].body == "body of a1" and not first[0].doubtful
    assert claim(database) == []
    with database.write() as connection:
        outbox.sent(connection, first[0], ME)
    assert keys(claim(database)) == ["a2"]


def test_a_message_that_waits_holds_up_its_own_conversation_only(database: Database) -> None:
    """After "later" the next of the same conversation still waits."""
    put(database, ("a", "a1"), ("a", "a2"), ("b", "b1"))
    a1, b1 = claim(database)
    with database.write() as connection:
        outbox.later(connection, a1, ME, 100.0, doubtful=False)
        outbox.sent(connection, b1, ME)
    assert claim(database, now=50.0) == []
    again = claim(database, now=100.0)
    assert keys(again) == ["a1"] and again[0].attempts == 2 and not again[0].doubtful


def test_a_message_that_was_given_up_holds_up_nothing(database: Database) -> None:
    """Whatever comes after it goes on."""
    put(database, ("a", "a1"), ("a", "a2"))
    with database.write() as connection:
        (row,) = outbox.claim(connection, SLACK, ME, 1.0, 60.0, 1)
        outbox.dead(connection, row, ME)
    assert keys(claim(database)) == ["a2"]


def test_after_a_crash_the_message_is_in_doubt(database: Database) -> None:
    """A lease that ran out may have sent it."""
    put(database, ("a", "a1"))
    assert not claim(database, ME, now=1.0)[0].doubtful
    assert claim(database, OTHER, now=60.0) == []
    (again,) = claim(database, OTHER, now=61.0)
    assert again.doubtful


def test_whoever_lost_the_lease_says_nothing_more(database: Database) -> None:
    """A slow process must not settle what another has taken over."""
    put(database, ("a", "a1"))
    (mine,) = claim(database, ME, now=1.0)
    (taken,) = claim(database, OTHER, now=61.0)
    with database.write() as connection:
        outbox.sent(connection, mine, ME)
        outbox.dead(connection, mine, ME)
        assert outbox.count(connection, 61.0) == outbox.Count(1, 0, 61.0)
        outbox.sent(connection, taken, OTHER)
        assert outbox.count(connection, 61.0) == outbox.Count(0, 0, 0.0)


def test_only_channels_that_have_a_sender_are_taken(database: Database) -> None:
    """A message for Teams waits until Teams is configured."""
    put(database, ("a", "a1"), channel="teams")
    assert claim(database) == []
    assert keys(claim(database, channels=("slack", "teams"))) == ["a1"]


def test_not_more_are_taken_than_are_wanted(database: Database) -> None:
    """The oldest first."""
    put(database, *((f"c{i}", f"k{i}") for i in range(5)))
    assert keys(claim(database, most=2)) == ["k0", "k1"]


@pytest.mark.parametrize("end", [outbox.sent, outbox.dead])
def test_what_is_settled_keeps_neither_its_words_nor_its_conversation(database: Database, end: End) -> None:
    """Nothing leads from a message that went out to the person."""
    put(database, ("a", "a1"))
    (row,) = claim(database)
    with database.write() as connection:
        end(connection, row, ME)
        left = connection.execute(select(table)).one()
    assert left.body is None and left.conversation == "" and left.lease is None


def test_a_key_is_there_once(database: Database) -> None:
    """The same message cannot be put twice."""
    put(database, ("a", "a1"))
    with pytest.raises(IntegrityError):
        put(database, ("b", "a1"))


def test_many_couriers_at_once_take_each_message_once_and_in_order(address: str) -> None:
    """Eight of them, each with its own connections as in a process of its own."""
    shared = Database(address)
    put(shared, *((f"c{i % 7}", f"k{i:03}") for i in range(140)))
    taken: list[tuple[str, str]] = []
    lock = threading.Lock()

    def courier(name: str) -> None:
        own = Database(address)
        idle = 0
        while idle < 20:
            with own.write() as connection:
                rows = outbox.claim(connection, SLACK, name, 1.0, 60.0, 3)
            idle = 0 if rows else idle + 1
            for row in rows:
                with lock:
                    taken.append((row.conversation, row.key))
                with own.write() as connection:
                    outbox.sent(connection, row, name)
        own.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(courier, (f"courier {i}" for i in range(8))))
    assert max(Counter(key for _, key in taken).values()) == 1 and len(taken) == 140
    for conversation in {c for c, _ in taken}:
        order = [key for c, key in taken if c == conversation]
        assert order == sorted(order)
    shared.close()


def test_what_another_has_locked_is_skipped_and_not_waited_for(address: str) -> None:
    """On PostgreSQL a claim that is not committed yet holds up nobody; on SQLite there is one writer at a time."""
    one, other = Database(address), Database(address)
    put(one, ("a", "a1"), ("b", "b1"))
    if one.sqlite:
        assert keys(claim(one, most=1)) == ["a1"] and keys(claim(other, OTHER)) == ["b1"]
    else:
        with one.write() as connection:
            assert keys(outbox.claim(connection, SLACK, ME, 1.0, 60.0, 1)) == ["a1"]
            assert keys(claim(other, OTHER)) == ["b1"]
    one.close()
    other.close()


def test_counting_tells_what_waits_and_what_was_given_up(database: Database) -> None:
    """The oldest is counted from when it was due."""
    put(database, ("a", "a1"), now=10.0)
    put(database, ("b", "b1"), ("c", "c1"), now=20.0)
    with database.write() as connection:
        (row,) = outbox.claim(connection, SLACK, ME, 30.0, 60.0, 1)
        outbox.dead(connection, row, ME)
        assert outbox.count(connection, 50.0) == outbox.Count(2, 1, 30.0)


def test_what_was_given_up_is_told_of_once(database: Database) -> None:
    """It stays in the list until somebody has been told, and is still counted after that."""
    put(database, ("a", "a1"), ("b", "b1"))
    rows = claim(database)
    with database.write() as connection:
        for row in rows:
            outbox.dead(connection, row, ME)
        assert outbox.untold(connection) == ["a1", "b1"]
        outbox.told(connection, ["a1"])
        assert outbox.untold(connection) == ["b1"]
        assert outbox.count(connection, 2.0).dead == 2


def test_a_conversation_that_ends_takes_along_what_was_to_be_sent_in_it(database: Database) -> None:
    """And nobody else's."""
    put(database, ("a", "a1"), ("b", "b1"))
    with database.write() as connection:
        outbox.forget(connection, "sefton", "a")
        outbox.forget(connection, "rutland", "b")
    assert keys(claim(database)) == ["b1"]


def test_after_a_restore_everything_is_in_doubt(database: Database) -> None:
    """It may have been sent since the backup was made."""
    put(database, ("a", "a1"), ("b", "b1"))
    with database.write() as connection:
        connection.execute(update(table).where(table.c.key == "a1").values(lease=OTHER, leased_until=1e9))
        outbox.doubt(connection)
    assert [r.doubtful for r in claim(database)] == [True, True]
