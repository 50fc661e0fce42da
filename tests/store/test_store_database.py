"""The database itself: made from nothing, up to date or not, and what is wrong with it said in a sentence."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from bot.store import records
from bot.store.database import Database, DatabaseUnusableError, head, known
from bot.store.tables import event as events
from bot.store.tables import metadata

GUARDED = "postgresql://askwell:very-secret@127.0.0.1:1/askwell"  # where nobody listens


def trouble(address: str, use: Callable[[Database], object] = Database.ready) -> str:
    """The sentence that somebody reads, who starts Askwell on this database."""
    with pytest.raises(DatabaseUnusableError) as caught, closing(Database(address)) as database:
        use(database)
    return str(caught.value)


def take(database: Database, count: int = 1) -> None:
    """Write something."""
    with database.write() as connection:
        for i in range(count):
            records.take(connection, "slack", f"e{i}" * 40, 1.0)


def set_revision(address: str, revision: str) -> None:
    """Let the database say that it is of another version."""
    database = Database(address)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
    database.close()


def test_the_migrations_make_exactly_the_tables(database: Database) -> None:
    """What the code expects and what the migrations make is the same, on both databases."""
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_database_is_made_from_nothing(empty: Callable[[], str]) -> None:
    """And migrating once more changes nothing."""
    database = Database(empty())
    assert database.revision() is None and not database.migrated()
    database.migrate()
    database.migrate()
    assert database.revision() == head() and database.migrated()
    database.ready()
    take(database)
    database.close()


def test_a_new_embedded_database_makes_itself_ready_and_a_server_waits_for_the_command(empty: Callable[[], str], kind: str) -> None:
    """Nobody needs a command to try Askwell; nobody changes a server's tables by starting a replica."""
    database = Database(empty())
    if kind == "sqlite":
        database.ready()
        assert database.migrated()
    else:
        with pytest.raises(DatabaseUnusableError, match="run `askwell migrate`"):
            database.ready()
        assert database.revision() is None
    database.close()


def test_a_database_without_tables_says_that_it_is_not_migrated(empty: Callable[[], str]) -> None:
    """Whoever uses it anyway reads what to run."""
    assert "has not been migrated: run `askwell migrate`" in trouble(empty(), take)


def test_a_database_of_a_newer_version_is_left_alone(address: str) -> None:
    """An older Askwell does not write into it."""
    set_revision(address, "9999")
    assert "newer Askwell" in trouble(address)
    assert not known("9999")


def test_a_transaction_happens_whole_or_not_at_all(database: Database) -> None:
    """What went before the mishap is undone."""
    with pytest.raises(IntegrityError), database.write() as connection:
        records.take(connection, "slack", "e1", 1.0)
        connection.execute(events.insert().values(channel="slack", id="e1", at=1.0))
    with database.read() as connection:
        assert connection.execute(select(events)).all() == []


def test_a_snapshot_sees_nothing_of_what_is_written_meanwhile(address: str) -> None:
    """A backup is of one moment."""
    database = Database(address)
    with database.snapshot() as connection:
        assert connection.execute(select(events)).all() == []
        other = Database(address)
        take(other)
        other.close()
        assert connection.execute(select(events)).all() == []
    with database.read() as connection:
        assert len(connection.execute(select(events)).all()) == 1
    database.close()


def test_time_is_the_databases_and_a_test_may_give_its_own(database: Database) -> None:
    """Seconds since 1970, forward."""
    with database.read() as connection:
        first, second = database.now(connection), database.now(connection)
        assert first <= second and first > 1_700_000_000
    own = Database("sqlite://", clock=lambda: 5.0)
    with own.read() as connection:
        assert own.now(connection) == 5.0
    own.close()


def test_a_memory_database_is_one_whichever_thread_asks() -> None:
    """The terminal's conversation is there as long as the process."""
    database = Database("sqlite://")
    database.ready()
    take(database)
    with database.read() as connection:
        assert len(connection.execute(select(events)).all()) == 1
    database.close()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("nonsense", "is not an address: write it like postgresql://"), ("mysql://root@localhost/askwell", "SQLite or PostgreSQL"),
        (GUARDED, "cannot be reached: check ASKWELL_DATABASE"), ("postgresql://nobody@nowhere.invalid/askwell", "cannot be reached"),
    ],
)  # fmt: skip
def test_an_address_that_leads_nowhere_is_explained(address: str, says: str) -> None:
    """In one sentence, without the password, and without a traceback's words."""
    said = trouble(address)
    assert says in said and "very-secret" not in said and "Traceback" not in said and "\n" not in said


def test_a_database_that_is_not_there_is_explained(empty: Callable[[], str], kind: str, tmp_path: Path) -> None:
    """A mistyped name on a server; a folder where the file should be."""
    if kind == "postgresql":
        assert "no such database" in trouble(empty().replace("/askwell_", "/nowhere_"))
    else:
        assert "may write to it" in trouble(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """There is a file where the folder should be."""
    (tmp_path / "data").write_text("I am a file")
    assert "set ASKWELL_DATA to one that can" in trouble(f"sqlite:///{tmp_path / 'data' / 'askwell.db'}")
    assert "set ASKWELL_DATA" in trouble(f"sqlite:///{tmp_path / 'data' / 'deeper' / 'askwell.db'}")


def test_a_new_database_is_for_its_owner_only(tmp_path: Path) -> None:
    """The folder, the file, and what SQLite puts beside it."""
    database = Database(f"sqlite:///{tmp_path / 'data' / 'askwell.db'}")
    database.ready()
    take(database)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    files = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "data").iterdir()}
    assert files == dict.fromkeys(("askwell.db", "askwell.db-wal", "askwell.db-shm"), 0o600)
    database.close()


def test_a_damaged_file_is_explained(tmp_path: Path) -> None:
    """Garbage from the start, and garbage in the middle."""
    path = tmp_path / "askwell.db"
    path.write_bytes(b"this is no database at all" * 400)
    assert "damaged" in trouble(f"sqlite:///{path}") and "askwell restore" in trouble(f"sqlite:///{path}")
    path.unlink()
    database = Database(f"sqlite:///{path}")
    database.ready()
    take(database, 200)
    database.close()
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\xff" * (len(raw) - 4096)
    path.write_bytes(raw)
    assert "damaged" in trouble(f"sqlite:///{path}", take)


def test_a_full_disk_is_explained_and_loses_nothing(tmp_path: Path) -> None:
    """What was committed before stays; what did not fit is not there by half."""
    database = Database(f"sqlite:///{tmp_path / 'askwell.db'}")
    database.ready()
    take(database)
    event.listen(database.engine, "connect", _smaller)
    database.engine.dispose()
    with pytest.raises(DatabaseUnusableError, match="The disk is full: make room"), database.write() as connection:
        for i in range(5000):
            records.take(connection, "teams", f"e{i}" * 40, 1.0)
    with database.read() as connection:
        assert [row.channel for row in connection.execute(select(events))] == ["slack"]
    database.close()


def _smaller(connection: sqlite3.Connection, _record: object) -> None:
    """As if the disk ended here."""
    connection.execute("PRAGMA max_page_count = 60")


def test_a_database_that_may_only_be_read_is_explained(tmp_path: Path) -> None:
    """As on a disk that was mounted read-only."""
    path = tmp_path / "askwell.db"
    database = Database(f"sqlite:///{path}")
    database.ready()
    event.listen(database.engine, "connect", lambda connection, _record: connection.execute("PRAGMA query_only = ON"))
    database.engine.dispose()
    with pytest.raises(DatabaseUnusableError, match="cannot be written: check that Askwell's user may write"):
        take(database)
    database.close()


def test_a_database_that_somebody_else_keeps_locked_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After waiting for it."""
    monkeypatch.setattr("bot.store.database.BUSY", 50)
    path = tmp_path / "askwell.db"
    database = Database(f"sqlite:///{path}")
    database.ready()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseUnusableError, match="Another process keeps the database locked"):
        take(database)
    other.close()
    database.close()


def test_what_was_to_be_written_is_in_no_error(database: Database) -> None:
    """A slip in our own code must not carry words of people into a log."""
    with pytest.raises(Exception, match="event") as caught, database.write() as connection:
        connection.execute(text("INSERT INTO event (channel, id, nowhere) VALUES (:a, :b, 1)"), {"a": "a patient rang", "b": "b"})
    assert "patient" not in str(caught.value)
