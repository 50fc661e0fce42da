"""The database: SQLite in one file by default, PostgreSQL by address where several replicas run at once."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, StaticPool, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from bot.store.trouble import DatabaseUnusableError, explained
from bot.vault import Vault, fleeting

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY = 10_000  # milliseconds that SQLite waits for another process's writing
Clock = Callable[[], float]
_NEWER = "The database was made by a newer Askwell: install that version, or restore a backup of this one's."
__all__ = ["Database", "DatabaseUnusableError"]


class Database:
    """Connections with the settings that lose nothing, and the vault for what is sealed in it.

    Without a vault what is sealed can be read by this process only. `clock` replaces the database's own in tests.
    Raises DatabaseUnusableError for an address that cannot be read, and where the folder of the embedded database cannot be made.
    """

    def __init__(self, url: str, clock: Clock | None = None, vault: Vault | None = None) -> None:
        self.url = _address(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self._clock = clock
        self.vault = vault or fleeting()
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
            engine = create_engine(self.url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True)
        elif self.sqlite:
            _folder(Path(self.url.database or ""))
            engine = create_engine(self.url, connect_args={"check_same_thread": False}, pool_size=8, max_overflow=16, hide_parameters=True)
        else:
            return create_engine(self.url, pool_pre_ping=True, pool_size=8, max_overflow=16, hide_parameters=True)
        event.listen(engine, "connect", _lasting)
        event.listen(engine, "begin", _begun)
        return engine

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write; committed at its end, or nothing of it happened."""
        with self._writing, explained(self.url.render_as_string()), self._writer.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One transaction that only reads."""
        with self._reading, explained(self.url.render_as_string()), self.engine.connect() as connection, connection.begin():
            yield connection

    def now(self, connection: Connection) -> float:
        """Seconds since 1970 by the database's clock, so that replicas agree on what is due."""
        if self._clock is not None:
            return self._clock()
        if self.sqlite:
            return time.time()
        return float(connection.execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One transaction that sees all tables as they are at its beginning, while others go on writing."""
        reader = self.engine if self.sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        with self._reading, explained(self.url.render_as_string()), reader.connect() as connection, connection.begin():
            yield connection

    def revision(self) -> str | None:
        """The last migration that has run; None where none ever has."""
        with self.read() as connection:
            return MigrationContext.configure(connection).get_current_revision()

    def migrated(self) -> bool:
        """Whether every migration has run."""
        return self.revision() == head()

    def migrate(self) -> None:
        """Bring the tables up to date. Raises DatabaseUnusableError where a newer Askwell has been at work."""
        revision = self.revision()
        if revision is not None and not known(revision):
            raise DatabaseUnusableError(_NEWER)
        with self.write() as connection:
            upgrade(connection)

    def ready(self) -> None:
        """A new embedded database is made ready; raises DatabaseUnusableError where something has to be done first, and says what."""
        revision = self.revision()
        if revision is None and self.sqlite:
            self.migrate()
        elif revision is None:
            raise DatabaseUnusableError("The database is new and has no tables yet: run `askwell migrate`.")
        elif not known(revision):
            raise DatabaseUnusableError(_NEWER)
        elif revision != head():
            raise DatabaseUnusableError("The database was made by an older Askwell: save it with `askwell backup`, then run `askwell migrate`.")

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError:
        raise DatabaseUnusableError("ASKWELL_DATABASE is not an address: write it like postgresql://name:password@host/askwell.") from None
    backend = address.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise DatabaseUnusableError(f"ASKWELL_DATABASE names {backend}: Askwell keeps its data in SQLite or PostgreSQL.")
    return address.set(drivername="postgresql+psycopg") if backend == "postgresql" else address


def _folder(path: Path) -> None:
    """The embedded database's folder and file, where they are new readable by nobody else; what SQLite puts beside it follows the file."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
    except OSError as error:
        raise DatabaseUnusableError(f"The folder {path.parent} cannot be used ({error.strerror}): set ASKWELL_DATA to one that can.") from None


def _lasting(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, not the driver
    for pragma in ("journal_mode = WAL", "synchronous = FULL", f"busy_timeout = {BUSY}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("askwell_writes") else "BEGIN")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run migrations up to this one, in the transaction of this connection."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@cache
def head() -> str | None:
    """The newest migration."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known(revision: str) -> bool:
    """Whether this is a migration of this version of Askwell."""
    return revision in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
