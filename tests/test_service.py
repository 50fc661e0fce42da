"""The service on both databases: one transaction an event, two replicas at once, and nothing sensitive where others read along."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator

import pytest
from letters import LETTERS, PAGE, Post, coming, everything, home, joined, letters, replica, session
from sqlalchemy import Connection, event, select, update
from sqlalchemy.exc import OperationalError

from bot.courier import Courier
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.messages import Act, Edited, Judged, PassOn, Press, Reply, Words
from bot.people import Asker
from bot.service import MOST_TRIES, BusyError, Handled, Service
from bot.store import records, tables
from bot.store.conversations import Exchange
from bot.store.database import Database, DatabaseUnusableError
from bot.store.outbox import Row
from bot.vault import fleeting

QUESTION = "Can I accept a friend request from a volunteer on my own Facebook?"
DANGER = "He says he is going to kill himself tonight"
DISTRESS = "I can't cope any more"
WRONGDOING = "I want to blow the whistle on Mrs Bellweather"
ME = Asker("derbyshire", "staff")


@pytest.fixture
def service(askwell: Askwell, database: Database) -> Service:
    """The service on a database of its own."""
    return joined(Service(askwell, database))


@pytest.fixture
def known(service: Service) -> Service:
    """A service that knows Ann and Bob, who work for different organisations."""
    service.introduce(LETTERS, "ann", ME)
    service.introduce(PAGE, "ann", ME)
    service.introduce(LETTERS, "bob", Asker("sefton", "staff"))
    return service


@pytest.fixture
def other(known: Service, address: str) -> Iterator[Service]:
    """Another replica on the same database."""
    database = replica(address, known.database.vault)
    yield joined(Service(known.askwell, database))
    database.close()


def answered(handled: Handled) -> Reply:
    """The reply, which must be there."""
    assert handled.reply is not None and not handled.seen
    return handled.reply


def sent(service: Service) -> list[tuple[str, str]]:
    """(conversation, text) of every letter, in order."""
    with service.database.read() as connection:
        return [(where, json.loads(body)["text"]) for where, body in letters(connection)]


def at_once(*calls: Callable[[], Handled]) -> list[Handled]:
    """Run calls at the same moment, each in a thread; raises what any of them raised."""
    start, found, raised = threading.Barrier(len(calls)), list[Handled](), list[Exception]()

    def run(call: Callable[[], Handled]) -> None:
        start.wait()
        try:
            found.append(call())
        except Exception as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]
    return found


# One transaction


class Cut:
    """Breaks the connection of a database at one statement of a writing transaction, counted from 0, or at its commit."""

    def __init__(self, database: Database, at: int | None) -> None:
        self.engine, self.at, self.count = database.engine, at, 0
        self.writes = "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE"

    def statement(self, _connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        """Called before each statement."""
        if statement.lstrip().startswith(self.writes):
            if self.count == self.at:
                raise OperationalError(statement, {}, Exception("cut"))
            self.count += 1

    def __enter__(self) -> "Cut":
        event.listen(self.engine, "before_cursor_execute", self.statement)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "before_cursor_execute", self.statement)


def moved(service: Service, number: int) -> Handled:
    """The fullest of all events: in a channel somebody says who they are, and what waited is answered in private."""
    where = f"channel-{number}"
    service.handle(coming(f"a{number}", Words(DISTRESS), f"cat{number}", where))
    service.handle(coming(f"b{number}", Words("Healthwatch Derbyshire"), f"cat{number}", where))
    return service.handle(coming(f"c{number}", Words("Staff"), f"cat{number}", where))


def test_a_failure_at_any_statement_leaves_nothing_behind(service: Service) -> None:
    """Event, account, conversations, transcript, audit and outbox are written together or not at all; then it can come again."""
    with Cut(service.database, None) as whole:
        moved(service, 0)
    before_last = whole.count
    with Cut(service.database, None) as last:
        assert answered(service.handle(coming("x", Words(DISTRESS), "cat0", "channel-0"))).sensitive
    assert last.count >= 6
    for at in range(before_last - last.count, before_last):
        number = at + 1
        with Cut(service.database, at), pytest.raises(DatabaseUnusableError):
            moved(service, number)
        with service.database.read() as connection:
            written = records.seen(connection, LETTERS, f"c{number}")
        assert not written
        kept = everything(service.database)
        assert answered(service.handle(coming(f"c{number}", Words("Staff"), f"cat{number}", f"channel-{number}"))).sensitive
        assert everything(service.database) != kept


def test_a_failing_commit_leaves_nothing_behind(known: Service) -> None:
    """Nothing is acknowledged that is not on the disk."""
    before = everything(known.database)

    def fail(_: Connection) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    event.listen(known.database._writer, "commit", fail)
    with pytest.raises(DatabaseUnusableError):
        known.handle(coming("e1", Words(QUESTION)))
    event.remove(known.database._writer, "commit", fail)
    assert everything(known.database) == before
    assert answered(known.handle(coming("e1", Words(QUESTION)))).answers


# Events


def test_an_event_that_comes_again_is_not_answered_again(known: Service) -> None:
    """However often it is delivered."""
    first = known.handle(coming("e1", Words(QUESTION)))
    before = everything(known.database)
    assert answered(first).answers
    for _ in range(3):
        assert known.handle(coming("e1", Words(QUESTION))) == Handled(None, 0, seen=True)
    assert everything(known.database) == before and len(sent(known)) == 1


def test_an_event_that_comes_to_two_replicas_at_once_is_answered_by_one(known: Service, other: Service) -> None:
    """The platform may deliver again before the first was acknowledged."""
    for i in range(6):
        call = coming(f"e{i}", Words(QUESTION))
        found = at_once(lambda call=call: known.handle(call), lambda call=call: other.handle(call))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert sorted(h.seen for h in found) == [False, True]
    assert len(sent(known)) == 6 and session(known).number == 6


def test_two_quick_messages_on_two_replicas_are_both_taken(known: Service, other: Service) -> None:
    """No update is lost: each is a turn, and each is answered once."""
    for i in range(6):
        one, two = coming(f"a{i}", Words(f"{QUESTION} {i}", f"a{i}")), coming(f"b{i}", Words("hello", f"b{i}"))
        found = at_once(lambda one=one: known.handle(one), lambda two=two: other.handle(two))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert {h.number for h in found} == {2 * i + 1, 2 * i + 2}
    now = session(known)
    assert now.number == 12 and {source for source, _ in now.heard} == {f"{x}{i}" for x in "ab" for i in range(6)}
    assert len(sent(other)) == 12


def test_a_double_press_on_two_replicas_counts_once(known: Service, other: Service) -> None:
    """The second is told that it came too late."""
    for i in range(4):
        number = known.handle(coming(f"q{i}", Words("hi"), f"new{i}")).number
        press = Press(number, "organisation", "sefton")
        one, two = coming(f"a{i}", press, f"new{i}"), coming(f"b{i}", press, f"new{i}")
        found = at_once(lambda one=one: known.handle(one), lambda two=two: other.handle(two))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert sorted(answered(h).late for h in found) == [False, True]
        press = Press(max(h.number for h in found), "role", "staff")
        one, two = coming(f"c{i}", press, f"new{i}"), coming(f"d{i}", press, f"new{i}")
        found = at_once(lambda one=one: known.handle(one), lambda two=two: other.handle(two))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert sorted(answered(h).late for h in found) == [False, True]
        assert known.asker(LETTERS, f"new{i}") == Asker("sefton", "staff")


def test_somebody_who_says_who_they_are_in_two_places_at_once_is_known_once(known: Service, other: Service) -> None:
    """Neither event is lost."""
    for i in range(4):
        for where in ("x", "y"):
            known.handle(coming(f"{where}{i}", Words("hi"), f"new{i}", f"{where}{i}"))
            known.handle(coming(f"{where}o{i}", Words("Healthwatch Derbyshire"), f"new{i}", f"{where}{i}"))
        one, two = (coming(f"{w}r{i}", Words("Volunteer"), f"new{i}", f"{w}{i}") for w in ("x", "y"))
        found = at_once(lambda one=one: known.handle(one), lambda two=two: other.handle(two))  # type: ignore[misc]  # mypy cannot infer a lambda with defaults
        assert not any(h.seen for h in found)
        assert known.asker(LETTERS, f"new{i}") == Asker("derbyshire", "volunteer")


def test_two_replicas_that_introduce_somebody_at_once_both_go_on(known: Service, other: Service) -> None:
    """As when two events of a new person arrive together."""
    for i in range(6):

        def introduce(service: Service, account: str = f"new{i}") -> Handled:
            service.introduce(LETTERS, account, ME)
            return Handled(None, 0)

        at_once(lambda: introduce(known), lambda: introduce(other))
        assert known.asker(LETTERS, f"new{i}") == ME


class Faster:
    """Somebody else who goes on with the conversation each time that it has been read, so many times."""

    def __init__(self, database: Database, replica: Database, times: int) -> None:
        self.engine, self.replica, self.left = database.engine, replica, times

    def read(self, _connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        """Called after each statement."""
        if "FROM conversation" in statement and self.left:
            self.left -= 1
            with self.replica.write() as connection:
                connection.execute(update(tables.conversation).values(version=tables.conversation.c.version + 1))

    def __enter__(self) -> "Faster":
        event.listen(self.engine, "after_cursor_execute", self.read)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self.engine, "after_cursor_execute", self.read)


def test_a_conversation_that_goes_on_elsewhere_is_read_again_and_at_last_given_back(known: Service, other: Service) -> None:
    """The platform is then not told that the event was taken, and delivers it again."""
    known.handle(coming("e1", Words("hello")))
    with Faster(known.database, other.database, MOST_TRIES - 1):
        assert answered(known.handle(coming("e2", Words(QUESTION)))).answers
    with Faster(known.database, other.database, MOST_TRIES), pytest.raises(BusyError):
        known.handle(coming("e3", Words(QUESTION)))
    assert answered(known.handle(coming("e3", Words(QUESTION)))).answers


# Out


def test_letters_stand_in_the_order_of_the_turns(known: Service) -> None:
    """And each says which turn it answers."""
    for i in range(5):
        known.handle(coming(f"e{i}", Words(QUESTION if i % 2 else "hello")))
    with known.database.read() as connection:
        bodies = [json.loads(body) for _, body in letters(connection)]
    assert [b["number"] for b in bodies] == [1, 2, 3, 4, 5]
    assert [b["text"].startswith("Ask me what") for b in bodies] == [True, False, True, False, True]


def test_a_running_courier_sends_what_was_committed_without_another_look(known: Service) -> None:
    """Order and turns are as without it; a nudge is no reply."""
    post = Post()

    async def story() -> None:
        known.courier = courier = Courier(known.database, {LETTERS: post}, nobody)
        task = asyncio.create_task(courier.run())
        while courier.offers(LETTERS) is None:
            await asyncio.sleep(0.01)
        for i, text in enumerate((QUESTION, "hello", DANGER)):
            await asyncio.to_thread(known.handle, coming(f"e{i}", Words(text), conversation="thread"))
        async with asyncio.timeout(10):
            while len(post.taken) < 4:
                await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())
    first = [text.split()[0] for text in post.taken]
    assert [word for word in first if word != "If"] == ["No.", "Ask", "look"] and "If" in first  # that one goes to the private conversation
    assert {r["status"] for r in everything(known.database)["outbox"]} == {"sent"} and post.looked == []


async def nobody(_row: Row, _why: str) -> None:
    """Whoever is told that a letter was given up: none is."""
    raise AssertionError


def test_nothing_leads_from_the_audit_to_a_conversation(known: Service) -> None:
    """What was done is recorded, and not by whom."""
    known.handle(coming("e1", Words(QUESTION)))
    known.handle(coming("e2", PassOn(1, agreed=True)))
    with known.database.read() as connection:
        audited = {r.reference for r in connection.execute(select(tables.audit))}
        keys = {r.key for r in connection.execute(select(tables.outbox))}
    assert len(audited) == 2 and keys and not any(k.startswith(a) for a in audited for k in keys)


# Where others read along


def test_a_sensitive_question_in_a_channel_goes_on_at_home(known: Service) -> None:
    """The thread gets a nudge that says nothing, and keeps nothing."""
    known.handle(coming("e1", Words(QUESTION, "m1"), conversation="thread"))
    reply = answered(known.handle(coming("e2", Words(DANGER, "m2"), conversation="thread")))
    assert reply.sensitive and reply.answers[0].flow == Flow.SAFEGUARDING
    assert [where for where, _ in sent(known)] == ["thread", home("ann"), "thread"]
    nudge = sent(known)[2][1]
    assert nudge == "look at your letters" and "999" in sent(known)[1][1]
    thread = session(known, conversation="thread")
    assert DANGER not in repr(thread) and QUESTION not in repr(thread) and thread.last is None and thread.state is None
    assert session(known).state and DANGER in repr(session(known))
    assert known.exchange(LETTERS, "ann", home("ann"), session(known).number) is not None
    assert known.exchanges(LETTERS, "ann", "thread") == []


def test_at_home_it_joins_what_there_was(known: Service) -> None:
    """Turns count on, so that no button of before answers the new question."""
    for i in range(3):
        known.handle(coming(f"h{i}", Words("hello", f"h{i}")))
    handled = known.handle(coming("e1", Words(DANGER, "m1"), conversation="thread"))
    assert handled.number == 4 == session(known).number
    assert [s for s, _ in session(known).heard] == ["h0", "h1", "h2", "m1"]


def test_the_next_message_in_the_channel_begins_anew(known: Service) -> None:
    """Nothing of the matter is taken up there."""
    known.handle(coming("e1", Words(DANGER, "m1"), conversation="thread"))
    reply = answered(known.handle(coming("e2", Words(QUESTION, "m2"), conversation="thread")))
    assert not reply.sensitive and sent(known)[-1][0] == "thread"


def test_a_message_of_the_channel_that_is_edited_or_deleted_is_found_at_home(known: Service) -> None:
    """Where its answer is."""
    known.handle(coming("e1", Words(DANGER, "m1"), conversation="thread"))
    known.handle(coming("e2", Edited("m1", f"{DANGER}, at home"), conversation="thread"))
    assert f"{DANGER}, at home" in repr(session(known)) and sent(known)[-1][0] == home("ann")
    number = session(known).number
    known.handle(coming("e3", Edited("m1"), conversation="thread"))
    assert DANGER not in repr(session(known)) and known.exchange(LETTERS, "ann", home("ann"), number) is None


# Who is who


def test_another_organisations_conversation_is_not_there(known: Service) -> None:
    """Whoever knows its name sees nothing of it, and cannot go on with it."""
    known.handle(coming("e1", Words(DANGER, "m1")))
    where = home("ann")
    assert known.exchange(LETTERS, "ann", where, 1) is not None
    assert known.exchange(LETTERS, "bob", where, 1) is None and known.exchanges(LETTERS, "bob", where) == []
    assert known.exchange(LETTERS, "stranger", where, 1) is None
    assert session(known, "bob", where).number == 0
    handled = known.handle(coming("e2", Judged(1, helpful=True), "bob", where))
    assert answered(handled).late
    known.forget(LETTERS, "bob", where)
    assert session(known).number == 1


def test_what_somebody_says_of_themselves_never_makes_them_a_member(known: Service) -> None:
    """It changes wording, never authority."""
    known.handle(coming("e1", Words("I am the chief executive"), "eve"))
    known.handle(coming("e2", Words("Healthwatch Derbyshire"), "eve"))
    known.handle(coming("e3", Words("4"), "eve"))
    who = known.asker(LETTERS, "eve")
    assert who == Asker("derbyshire", "director") and not who.member and who.email is None


def test_turns_count_on_when_somebody_is_introduced_again(known: Service) -> None:
    """A turn that is kept is never overwritten by another."""
    known.handle(coming("e1", Words(DANGER)))
    known.handle(coming("e2", Words(DANGER)))
    with known.database.write() as connection:
        connection.execute(tables.account.delete().where(tables.account.c.id == "ann"))
    for i, text in enumerate((DISTRESS, "Healthwatch Derbyshire", "Staff")):
        handled = known.handle(coming(f"f{i}", Words(text)))  # turn 3 of what nobody knew yet, and of what there was
    assert handled.number == 3 and [e.number for e in known.exchanges(LETTERS, "ann", home("ann"))] == [1, 2, 3]


# What is kept


def test_a_page_keeps_each_turn_once_and_a_word_of_thanks_is_none(known: Service) -> None:
    """What was said, and the answer; of wrongdoing not what was said."""
    agreed = PassOn(1, agreed=True)
    acts: list[Act] = [Words(QUESTION), Judged(1, helpful=False, reason="This is about Instagram"), agreed, agreed, Words(WRONGDOING)]
    for i, act in enumerate(acts):
        known.handle(coming(f"e{i}", act, channel=PAGE))
    turns = known.exchanges(PAGE, "ann", home("ann"))
    assert [(t.number, t.said) for t in turns] == [(1, QUESTION), (2, "")]
    assert turns[0].reply and turns[0].reply.answers and sent(known) == []


def test_what_no_database_can_hold_is_left_out(known: Service) -> None:
    """NUL and halves of characters: the rest is read, kept, judged and passed on."""
    strange = "\x00Can I accept a friend request from a volunteer? \ud83d\x00"
    acts: list[Act] = [Words(strange, "m1"), Judged(1, helpful=False, reason=strange), PassOn(1, agreed=True), Edited("m1", strange + "!")]
    for i, act in enumerate(acts):
        known.handle(coming(f"e{i}", act, channel=PAGE))
    with known.database.read() as connection:
        (gap,) = records.gaps(connection, "derbyshire")
    assert "friend request" in gap.gap.question and "\x00" not in gap.gap.question + gap.gap.reason


def test_an_ended_conversation_leaves_nothing(known: Service) -> None:
    """Neither session nor turns nor letters that were still to be sent."""
    known.handle(coming("e1", Words(DANGER)))
    known.forget(LETTERS, "ann", home("ann"))
    assert set(everything(known.database)) == {"event", "audit", "account"}
    assert session(known).number == 0


def test_what_somebody_wrote_cannot_be_read_in_the_database(known: Service, address: str) -> None:
    """Sessions and turns are sealed; with another key there is only a fresh start, and no error."""
    known.handle(coming("e1", Words(DANGER, "m1")))
    kept = everything(known.database)
    assert kept["conversation"] and kept["transcript"] and "kill" not in repr(kept)
    stranger = joined(Service(known.askwell, replica(address, fleeting())))
    assert session(stranger).number == 0 and stranger.exchange(LETTERS, "ann", home("ann"), 1) == Exchange(1, "", None)
    assert answered(stranger.handle(coming("e2", Words(QUESTION)))).answers
    stranger.database.close()
