"""The database: SQLite in one file by default, PostgreSQL by address where several replicas run at once."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY = 10_000  # milliseconds that SQLite waits for another process's writing
Clock = Callable[[], float]


class DatabaseUnusableError(Exception):
    """The database cannot be reached, is not migrated, or is full; the message says what to mend."""


class Database:
    """Connections with the settings that lose nothing. `clock` replaces the database's own in tests."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._clock = clock
        self.engine = self._engine()
        self._writer = self.engine.execution_options(askwell_writes=True)
        # SQLite has one writer: waiting here is fair and wakes at once, its own waiting polls. In memory there is one connection.
        self._writing = threading.RLock() if self.sqlite else nullcontext()
        self._reading = self._writing if self.memory else nullcontext()

    @property
    def memory(self) -> bool:
        """Whether it is gone with the process."""
        return self.sqlite and not self.url.database

    def _engine(self) -> Engine:
        if self.memory:
            engine = create_engine(self.url, poolclass=StaticPool, connect_args={"check_same_thread": False})
        elif self.sqlite:
            engine = create_engine(self.url, connect_args={"check_same_thread": False}, pool_size=8, max_overflow=16)
        else:
            return create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=16)
        event.listen(engine, "connect", _lasting)
        event.listen(engine, "begin", _begun)
        return engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; committed at its end, or nothing of it happened."""
        with self._writing, _explained(self.url.render_as_string()), self._writer.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        with self._reading, _explained(self.url.render_as_string()), self.engine.connect() as connection, connection.begin():
            yield connection

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 by the database's clock, so that replicas agree on what is due."""
        if self._clock is not None:
            return self._clock()
        if self.sqlite:
            return time.time()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    def migrated(self) -> bool:
        """Whether every migration has run."""
        with self.read() as connection:
            return MigrationContext.configure(connection).get_current_revision() == _head()

    def empty(self) -> bool:
        """Whether no migration has ever run."""
        with self.read() as connection:
            return MigrationContext.configure(connection).get_current_revision() is None

    def migrate(self) -> None:
        """Bring the tables up to date."""
        config = _config()
        with self.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def ready(self) -> None:
        """A new embedded database is made ready; raises DatabaseUnusableError where `askwell migrate` has to be run first."""
        if self.sqlite and self.empty():
            self.migrate()
        if not self.migrated():
            raise DatabaseUnusableError("The database is of another version of Askwell. Back it up, then run `askwell migrate`.")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _lasting(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, not the driver
    for pragma in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {BUSY}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("askwell_writes") else "BEGIN")


@contextmanager
def _explained(where: str) -> Iterator[None]:
    """Turns what the driver says into a sentence that says what to mend; passwords are never shown."""
    try:
        yield
    except OperationalError as error:
        raise DatabaseUnusableError(f"{_remedy(str(error.orig))} (database {where}: {error.orig})") from None
    except DatabaseError as error:
        if "malformed" in str(error.orig) or "not a database" in str(error.orig):
            raise DatabaseUnusableError(f"The database file is damaged. Restore the last backup with `askwell restore`. ({where})") from None
        raise


def _remedy(said: str) -> str:
    if "full" in said or "No space" in said:
        return "The disk is full: make room; nothing that was acknowledged is lost."
    if "no such table" in said or "does not exist" in said:
        return "The database has not been migrated: run `askwell migrate`."
    if "locked" in said:
        return "Another process keeps the database locked: only one process may write to SQLite; use PostgreSQL for several."
    return "The database cannot be reached: check ASKWELL_DATABASE and that the server runs."


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()
