"""Conversations: no update is lost, nothing is readable in the tables, and what is sealed elsewhere is not taken for one's own."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from bot.messages import Reply
from bot.session import Session
from bot.store import conversations
from bot.store.conversations import ConflictError, Exchange, Kept
from bot.store.database import Database
from bot.store.tables import conversation, transcript
from bot.vault import fleeting

SEFTON = "sefton"
VAULT = fleeting()
SAID = "a patient rang me at night"


def save(database: Database, key: str, kept: Kept, session: Session) -> None:
    """Store a session."""
    with database.write() as connection:
        conversations.save(connection, VAULT, SEFTON, key, kept, session, 1.0)


def load(database: Database, key: str, organisation: str = SEFTON) -> Kept:
    """Load one."""
    with database.read() as connection:
        return conversations.load(connection, VAULT, organisation, key)


def test_a_session_comes_back_as_it_was(database: Database) -> None:
    """And the next version stands on it."""
    assert load(database, "c") == Kept(Session(), 0)
    session = Session(3, heard=(("m1", SAID),), waiting=("so what?",))
    save(database, "c", Kept(Session(), 0), session)
    assert load(database, "c") == Kept(session, 1)
    save(database, "c", Kept(session, 1), replace(session, number=4))
    assert load(database, "c") == Kept(replace(session, number=4), 2)


def test_whoever_comes_second_is_told(database: Database) -> None:
    """Neither a new conversation nor a later version is overwritten."""
    save(database, "c", Kept(Session(), 0), Session(1))
    for stale in (Kept(Session(), 0), Kept(Session(), 7)):
        with pytest.raises(ConflictError):
            save(database, "c", stale, Session(9))
    assert load(database, "c").session.number == 1


def test_no_update_is_lost_when_two_go_on_at_once(address: str) -> None:
    """Four processes count to twenty-five each; the conversation counts a hundred."""

    def count_on(_: int) -> None:
        own = Database(address)
        for _ in range(25):
            while True:
                kept = load(own, "c")
                try:
                    save(own, "c", kept, Session(kept.session.number + 1))
                except ConflictError:
                    continue
                break
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_on, range(4)))
    shared = Database(address)
    assert load(shared, "c") == Kept(Session(100), 100)
    shared.close()


@pytest.fixture
def told(database: Database) -> Database:
    """A conversation in which something was said."""
    save(database, "c", Kept(Session(), 0), Session(2, heard=(("m1", SAID),)))
    with database.write() as connection:
        for number in (1, 2):
            conversations.write_down(connection, VAULT, SEFTON, "c", Exchange(number, f"{SAID} {number}", Reply(lines=(SAID,))))
    return database


def test_turns_are_shown_again_in_order(told: Database) -> None:
    """As they were said."""
    with told.read() as connection:
        shown = conversations.exchanges(connection, VAULT, SEFTON, "c")
        assert [(e.number, e.said) for e in shown] == [(1, f"{SAID} 1"), (2, f"{SAID} 2")]
        assert shown[0].reply == Reply(lines=(SAID,))
        assert conversations.exchange(connection, VAULT, SEFTON, "c", 2) == shown[1]
        assert conversations.exchange(connection, VAULT, SEFTON, "c", 3) is None


def test_nothing_that_was_said_can_be_read_in_the_tables(told: Database) -> None:
    """Session, question and reply are sealed."""
    with told.read() as connection:
        rows = [*connection.execute(select(conversation)), *connection.execute(select(transcript))]
    assert len(rows) == 3
    assert not any(SAID.encode() in (v if isinstance(v, bytes) else str(v).encode()) for row in rows for v in row)


def test_without_its_key_a_conversation_begins_anew(told: Database) -> None:
    """It goes on from its version, so that nothing is overwritten by mistake."""
    with told.read() as connection:
        assert conversations.load(connection, fleeting(), SEFTON, "c") == Kept(Session(), 1)
        assert [e.said for e in conversations.exchanges(connection, fleeting(), SEFTON, "c")] == ["", ""]


def test_a_session_that_was_moved_to_another_conversation_is_not_opened(told: Database) -> None:
    """What is sealed is bound to where it belongs."""
    save(told, "d", Kept(Session(), 0), Session(1))
    with told.write() as connection:
        theirs = connection.execute(select(conversation.c.session).where(conversation.c.id == "c")).scalar_one()
        connection.execute(update(conversation).where(conversation.c.id == "d").values(session=theirs))
    assert load(told, "d") == Kept(Session(), 1)


def test_forgetting_takes_the_turns_along(told: Database) -> None:
    """Nothing of the conversation stays."""
    with told.write() as connection:
        conversations.forget(connection, SEFTON, "c")
    with told.read() as connection:
        assert [connection.execute(select(t)).all() for t in (conversation, transcript)] == [[], []]


def test_only_so_many_turns_are_kept(told: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go."""
    monkeypatch.setattr(conversations, "MOST_KEPT", 3)
    with told.write() as connection:
        for number in range(3, 8):
            conversations.write_down(connection, VAULT, SEFTON, "c", Exchange(number, "so", None))
        assert [e.number for e in conversations.exchanges(connection, VAULT, SEFTON, "c")] == [5, 6, 7]


def test_a_session_of_a_version_that_meant_something_else_begins_anew(database: Database) -> None:
    """It does not stop the conversation."""
    save(database, "c", Kept(Session(), 0), Session(5))
    with database.write() as connection:
        other = VAULT.seal(b'{"number": "many"}', SEFTON, "c", "session")
        connection.execute(update(conversation).values(session=other))
    assert load(database, "c") == Kept(Session(), 1)
