"""The courier on both databases: in order, again after trouble, and never twice without having looked."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from letters import FAILS, HANGS, LETTERS, LOST, Post, replica
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError

from bot import courier
from bot.courier import LEASE, MOST_ATTEMPTS, Courier, LaterError, RefusedError, UnheardError
from bot.store import outbox, records, tables
from bot.store.database import Database
from bot.store.outbox import Lease, Row


class Clock:
    """The database's clock, which the test moves on."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


class Alarms:
    """Whoever is told. With `broken` they cannot be reached."""

    def __init__(self, *, broken: bool = False) -> None:
        self.told: list[tuple[str, str]] = []
        self.broken = broken

    async def __call__(self, row: Row, why: str) -> None:
        """Be told of one message."""
        self.told.append((row.key, why))
        if self.broken:
            raise OSError("no mail server")


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def database(address: str, clock: Clock) -> Iterator[Database]:
    """A database with that clock."""
    made = Database(address, clock)
    yield made
    made.close()


def put(database: Database, *texts: str, conversation: str = "home") -> None:
    """Letters to send, their text being their key."""
    with database.write() as connection:
        for text in texts:
            outbox.put(connection, "derbyshire", conversation, LETTERS, text, json.dumps({"text": text}), database.now(connection))


def one(database: Database, post: Post, alarms: Alarms | None = None) -> Courier:
    """A courier with this sender."""
    return Courier(database, {LETTERS: post}, alarms or Alarms())


def run(*work: Awaitable[object]) -> None:
    """Run to the end, all at the same time."""

    async def together() -> None:
        await asyncio.gather(*work)

    asyncio.run(together())


def rows(database: Database) -> dict[str, dict[str, Any]]:
    """The rows of the outbox by key."""
    with database.read() as connection:
        return {r["key"]: dict(r) for r in connection.execute(select(tables.outbox)).mappings()}


@asynccontextmanager
async def running(*couriers: Courier) -> AsyncIterator[None]:
    """Couriers at work, stopped in the end as a server stops them."""
    tasks = [asyncio.create_task(c.run()) for c in couriers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def until(done: Callable[[], bool]) -> None:
    """Wait at most ten seconds for something to hold."""
    async with asyncio.timeout(10):
        while not done():
            await asyncio.sleep(0.005)


def test_letters_of_a_conversation_arrive_in_order_and_their_words_go(database: Database) -> None:
    """Whatever else is sent beside them."""
    post = Post()
    for i in range(40):
        put(database, f"{i % 4}-{i:02}", conversation=f"home-{i % 4}")
    run(one(database, post).drain())
    assert len(post.taken) == 40 and post.looked == []
    for conversation in "0123":
        assert (mine := [t for t in post.taken if t[0] == conversation]) == sorted(mine)
    assert {(r["status"], r["body"], r["conversation"], r["lease"]) for r in rows(database).values()} == {("sent", None, "", None)}


def test_a_platform_that_asks_to_wait_holds_up_only_that_conversation(database: Database, clock: Clock) -> None:
    """The next letter waits behind it; other people's do not."""
    post = Post({"a1": [LaterError(30)]})
    put(database, "a1", "a2", conversation="a")
    put(database, "b1", "b2", conversation="b")
    sending = one(database, post)
    run(sending.drain())
    assert post.taken == ["b1", "b2"]
    clock.now += 29
    run(sending.drain())
    assert post.taken == ["b1", "b2"] and post.tried.count("a1") == 1
    clock.now += 2
    run(sending.drain())
    assert post.taken == ["b1", "b2", "a1", "a2"] and post.looked == []


def test_what_may_have_arrived_is_looked_for_before_it_is_sent_again(database: Database, clock: Clock) -> None:
    """Found: not sent again. Not found: sent again, and marked either way."""
    post = Post({"lost": [LOST], "fails": [FAILS]})
    put(database, "lost", "after lost", conversation="a")
    put(database, "fails", "after fails", conversation="b")
    sending = one(database, post)
    run(sending.drain())
    assert post.taken == ["lost"]
    clock.now += 2
    run(sending.drain())
    assert sorted(post.taken) == ["after fails", "after lost", "fails", "lost"] and sorted(post.looked) == ["fails", "lost"]
    assert {k: r["doubtful"] for k, r in rows(database).items()} == {"lost": True, "after lost": False, "fails": True, "after fails": False}


def test_doubt_stays_until_it_is_settled(database: Database, clock: Clock) -> None:
    """Also where the platform asks to wait in between."""
    post = Post({"a": [LOST]})
    put(database, "a")
    sending = one(database, post)
    run(sending.drain())
    post.unsure = [LaterError(1)]
    for _ in range(2):
        clock.now += 10
        run(sending.drain())
    assert post.looked == ["a", "a"] and post.taken == ["a"] and rows(database)["a"]["status"] == "sent"


@pytest.mark.parametrize("why", ["channel_not_found", ""])
def test_what_is_refused_is_given_up_at_once_and_somebody_is_told(database: Database, why: str) -> None:
    """It does not hold up its conversation, and its words go."""
    post, alarms = Post({"a1": [RefusedError(why)]}), Alarms()
    put(database, "a1", "a2")
    run(one(database, post, alarms).drain())
    assert post.taken == ["a2"] and [key for key, _ in alarms.told] == ["a1"] and all(said for _, said in alarms.told)
    assert rows(database)["a1"]["status"] == "dead" and rows(database)["a1"]["body"] is None


def test_what_fails_for_more_than_an_hour_is_given_up_and_somebody_is_told(database: Database, clock: Clock) -> None:
    """Not before: a platform may be away for a while. Waits grow, to a quarter of an hour."""
    post, alarms = Post({"a": [FAILS] * MOST_ATTEMPTS}), Alarms()
    put(database, "a")
    sending, began = one(database, post, alarms), clock.now
    while not alarms.told:
        run(sending.drain())
        assert len(post.tried) <= MOST_ATTEMPTS
        clock.now = max(clock.now, rows(database)["a"]["due"])
    assert 2_700 < clock.now - began < 6_000
    assert post.taken == [] and rows(database)["a"]["status"] == "dead"
    run(sending.drain())
    assert len(alarms.told) == 1


def test_a_platform_that_asks_for_a_second_again_and_again_loses_nothing(database: Database, clock: Clock) -> None:
    """Half an hour of "later" is no reason to give up."""
    post, alarms = Post({"a": [LaterError(1)] * 10_000}), Alarms()
    put(database, "a")
    sending, began = one(database, post, alarms), clock.now
    while clock.now - began < 1_800:
        run(sending.drain())
        clock.now += 60
    post.left.clear()
    clock.now += 1_200
    run(sending.drain())
    assert post.taken == ["a"] and alarms.told == []


def test_an_alarm_that_fails_stops_nothing(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """The others are sent, and the log says that nobody could be told."""
    post, alarms = Post({"a": [RefusedError("gone")]}), Alarms(broken=True)
    put(database, "a", conversation="a")
    put(database, *"bcd", conversation="b")
    run(one(database, post, alarms).drain())
    assert post.taken == ["b", "c", "d"] and len(alarms.told) == 1 and "the alarm failed" in caplog.text


def test_logs_say_which_letter_and_never_what_is_in_it(database: Database, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """Trouble is logged by the number of the letter."""
    words = "She took the tablets"
    with database.write() as connection:
        outbox.put(connection, "derbyshire", "home", LETTERS, "key-1", json.dumps({"text": words}), clock.now)
    run(one(database, Post({words: [FAILS]}), Alarms()).drain())
    assert "message 1 on letters" in caplog.text and "tablets" not in caplog.text and "key-1" not in caplog.text


# When something breaks


def test_a_database_that_fails_for_a_while_loses_and_repeats_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent meanwhile is written down as soon as it can be."""
    monkeypatch.setattr(courier, "TICK", 0.01)
    post = Post()
    put(database, "a1", "a2", "a3")
    broken = [False]

    def fail(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if broken[0]:
            raise OperationalError(statement, {}, Exception("connection refused"))

    event.listen(database.engine, "before_cursor_execute", fail)

    async def story() -> None:
        send, failed = post.send, [False]

        async def breaking(key: str, payload: Mapping[str, Any]) -> None:
            await send(key, payload)
            if not failed[0]:
                failed[0] = broken[0] = True

        post.send = breaking  # type: ignore[method-assign]  # put in the way of the letters
        async with running(one(database, post)):
            await until(lambda: post.taken == ["a1"])
            await asyncio.sleep(0.1)
            assert post.taken == ["a1"]
            broken[0] = False
            await until(lambda: len(post.taken) == 3)

    asyncio.run(story())
    assert post.taken == ["a1", "a2", "a3"] and post.looked == []
    assert {r["status"] for r in rows(database).values()} == {"sent"}


@pytest.mark.parametrize(("trouble", "again"), [(HANGS, ["a1", "a2"]), (LOST, ["a2"])])
def test_what_a_crashed_process_had_begun_is_taken_up_by_another(
    database: Database, address: str, clock: Clock, trouble: str, again: list[str]
) -> None:
    """Once the lease is over, and in doubt: it may have been sent just before."""
    put(database, "a1", "a2")
    first = Post({"a1": [trouble]})

    async def crash() -> None:
        await one(database, first).tick()
        await until(lambda: first.tried == ["a1"])  # and nothing is written down any more

    asyncio.run(crash())
    second, other = Post(), Database(address, clock)
    second.keys += first.keys
    taking = one(other, second)
    clock.now += LEASE - 1
    run(taking.drain())
    assert second.tried == []
    clock.now += 2
    run(taking.drain())
    assert second.taken == again and second.looked == ["a1"]
    assert rows(database)["a1"]["doubtful"] and rows(database)["a1"]["attempts"] == 2
    other.close()


def test_who_has_lost_the_lease_does_not_say_what_became_of_a_letter(database: Database, address: str, clock: Clock) -> None:
    """A process that slept too long does not take a letter out of the hands of another."""
    put(database, "a")
    other = replica(address, database.vault)
    other._clock = clock

    async def story() -> None:
        slow, quick = Post({"a": [FAILS]}), Post({"a": [HANGS]})
        sleeper, worker = one(database, slow), one(other, quick)
        await sleeper.tick()
        await until(lambda: slow.tried == ["a"])
        clock.now += LEASE + 1
        await worker.tick()
        await until(lambda: quick.tried == ["a"])
        before = rows(database)["a"]
        await sleeper.tick()
        assert rows(database)["a"] == before and before["lease"] is not None

    asyncio.run(story())
    other.close()


def test_two_processes_send_each_letter_once_and_in_order(database: Database, address: str, clock: Clock) -> None:
    """They never take the same one."""
    for i in range(60):
        put(database, f"{i % 5}-{i:02}", conversation=f"home-{i % 5}")
    other, post = Database(address, clock), Post()
    run(one(database, post).drain(), one(other, post).drain())
    while len(post.taken) < 60:  # one may have stopped while the other held the first of a conversation
        run(one(database, post).drain())
    assert sorted(post.taken) == sorted(f"{i % 5}-{i:02}" for i in range(60))
    for conversation in "01234":
        assert (mine := [t for t in post.taken if t[0] == conversation]) == sorted(mine)
    other.close()


def test_a_send_without_an_end_is_cut_and_in_doubt(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long before the lease is over."""
    monkeypatch.setattr(courier, "TIMEOUT", 0.02)
    assert courier.LEASE > 20
    post = Post({"a": [HANGS]})
    put(database, "a")
    sending = one(database, post)
    run(sending.drain())
    assert post.taken == [] and rows(database)["a"]["doubtful"] and rows(database)["a"]["lease"] is None
    clock.now += 2
    run(sending.drain())
    assert post.taken == ["a"] and post.looked == ["a"]


def test_a_server_that_stops_finishes_what_it_has_begun(database: Database) -> None:
    """No letter is left in doubt by an ordinary restart, and none is begun."""
    post, gate = Post(), asyncio.Event()
    put(database, "a1", "a2")

    async def story() -> None:
        send = post.send

        async def slowly(key: str, payload: Mapping[str, Any]) -> None:
            await send(key, payload)
            await gate.wait()

        post.send = slowly  # type: ignore[method-assign]  # put in the way of the letters
        task = asyncio.create_task(one(database, post).run())
        await until(lambda: post.taken == ["a1"])
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done()
        gate.set()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
    assert post.taken == ["a1"]
    assert [(r["status"], r["lease"], r["doubtful"]) for _, r in sorted(rows(database).items())] == [("sent", None, False), ("due", None, False)]


def test_a_server_that_stops_in_the_middle_of_taking_letters_leaves_none_behind(database: Database) -> None:
    """What was taken is sent."""
    post = Post()
    put(database, "a1")

    async def story() -> None:
        task = asyncio.create_task(one(database, post).run())
        await asyncio.sleep(0)  # it has begun its first look
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
    found = rows(database)["a1"]
    assert found["lease"] is None and not found["doubtful"] and (found["status"] == "sent") == (post.taken == ["a1"])


# What was written just now


def handed(database: Database, sending: Courier, *texts: str, conversation: str = "home") -> list[Row | None]:
    """Letters written under the courier's lease, as the service does it."""
    lease = sending.offers(LETTERS)
    assert lease
    with database.write() as connection:
        letters = [(text, json.dumps({"text": text})) for text in texts]
        found = [outbox.hand(connection, "derbyshire", conversation, LETTERS, key, body, database.now(connection), lease) for key, body in letters]
    sending.take([row for row in found if row])
    return found


def test_what_was_just_committed_is_sent_without_another_look(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one of its conversation waits until it is settled, and that of another does not."""
    monkeypatch.setattr(courier, "TICK", 60.0)
    post, gate = Post(), asyncio.Event()

    async def story() -> None:
        sending = one(database, post)
        assert sending.offers(LETTERS) is None  # it does not run yet
        send = post.send

        async def slowly(key: str, payload: Mapping[str, Any]) -> None:
            await send(key, payload)
            await gate.wait()

        post.send = slowly  # type: ignore[method-assign]  # put in the way of the letters
        async with running(sending):
            await until(lambda: sending.offers(LETTERS) is not None)
            assert sending.offers("a channel that nobody sends on") is None
            first, second = handed(database, sending, "a1", "a2", conversation="a")
            assert first and not second
            handed(database, sending, "b1", conversation="b")
            await until(lambda: post.taken == ["a1", "b1"])
            found = rows(database)
            assert found["a1"]["lease"] and found["a1"]["attempts"] == 1 and found["a2"]["lease"] is None
            gate.set()
            await until(lambda: post.taken == ["a1", "b1", "a2"])
        assert sending.offers(LETTERS) is None  # it does not run any more

    asyncio.run(story())
    assert {(r["status"], r["doubtful"], r["attempts"]) for r in rows(database).values()} == {("sent", False, 1)}


def test_where_it_is_busy_letters_wait_their_turn(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more than so many are sent at the same time."""
    monkeypatch.setattr(courier, "AT_ONCE", 1)
    post = Post({"a": [HANGS]})
    monkeypatch.setattr(courier, "TIMEOUT", 0.3)

    async def story() -> None:
        sending = one(database, post)
        async with running(sending):
            await until(lambda: sending.offers(LETTERS) is not None)
            handed(database, sending, "a")
            await until(lambda: post.tried == ["a"])
            assert sending.offers(LETTERS) is None
            await until(lambda: sending.offers(LETTERS) is not None)

    asyncio.run(story())


def test_a_letter_that_was_handed_over_just_before_a_crash_is_in_doubt(database: Database, clock: Clock) -> None:
    """It is committed, and nobody knows whether it was sent: it is looked for, and sent."""
    with database.write() as connection:
        assert outbox.hand(connection, "derbyshire", "home", LETTERS, "a", json.dumps({"text": "a"}), clock.now, Lease("gone", LEASE))
    post = Post()
    run(one(database, post).drain())
    assert post.tried == []
    clock.now += LEASE + 1
    run(one(database, post).drain())
    assert post.looked == ["a"] == post.taken


def test_on_sqlite_a_restart_takes_up_at_once_what_a_crash_left(address: str, kind: str, clock: Clock) -> None:
    """There is no other process whose lease it could be; on PostgreSQL there may be."""
    database = Database(address, clock)
    with database.write() as connection:
        outbox.hand(connection, "derbyshire", "home", LETTERS, "a", json.dumps({"text": "a"}), clock.now, Lease("gone", LEASE))
    post = Post()

    async def story() -> None:
        async with running(one(database, post)):
            await asyncio.sleep(0.3)

    asyncio.run(story())
    assert (post.taken, post.looked) == ((["a"], ["a"]) if kind == "sqlite" else ([], []))
    database.close()


# In the server


def test_what_was_just_written_is_sent_when_the_courier_is_woken(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """It need not wait for the next look."""
    monkeypatch.setattr(courier, "TICK", 60.0)
    post = Post()

    async def story() -> None:
        sending = one(database, post)
        async with running(sending):
            await asyncio.sleep(0.1)
            for text in ("a", "b"):
                put(database, text)
                sending.wake()
                await until(lambda text=text: post.taken[-1:] == [text])  # type: ignore[misc]  # mypy cannot infer a lambda with defaults

    asyncio.run(story())
    assert post.taken == ["a", "b"]


def test_without_being_woken_it_looks_by_itself(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """For what another process wrote and left."""
    monkeypatch.setattr(courier, "TICK", 0.02)
    post = Post()

    async def story() -> None:
        async with running(one(database, post)):
            await asyncio.sleep(0.05)
            put(database, "a")
            await until(lambda: post.taken == ["a"])

    asyncio.run(story())


def test_it_leaves_a_sign_of_life_and_two_processes_can_begin_at_once(database: Database, address: str, clock: Clock) -> None:
    """By which the health page knows that letters are sent."""
    other = Database(address, clock)
    run(one(database, Post()).tick(), one(other, Post()).tick())
    with database.read() as connection:
        assert records.last_beat(connection, "courier") == clock.now
    sending = one(database, Post())
    run(sending.tick())
    clock.now += courier.BEAT
    run(sending.tick())
    with database.read() as connection:
        assert records.last_beat(connection, "courier") == clock.now
    other.close()


def test_what_was_delivered_unheard_is_sent_once_and_told_on(database: Database) -> None:
    """Do-not-disturb is no trouble of the platform's: nothing is repeated, and whoever asks the next person hears of it."""
    put(database, "a", "b")
    heard_of: list[str] = []
    post = Post({"a": [UnheardError()]})
    run(Courier(database, {LETTERS: post}, Alarms(), lambda row: heard_of.append(row.key)).drain())
    assert heard_of == ["a"]
    with database.read() as connection:
        assert outbox.count(connection, database.now(connection)).due == 0
