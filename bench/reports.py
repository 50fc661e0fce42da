"""Reports: how many are filed a second, and how long after its time a ping is on its way, with a thousand others waiting. On both databases."""

import asyncio
import contextlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table
from sqlalchemy import select, text

from adapters.email import Mail
from adapters.remind import Reminders
from bench.figures import quantile
from bot import reports, vault
from bot.guide import open_askwell
from bot.knowledge import Flow
from bot.people import Person
from bot.post import whom
from bot.report import Filing, Running
from bot.routing import Route, Rung
from bot.service import Service
from bot.store import cases, directory
from bot.store.cases import Reporter
from bot.store.database import Database
from bot.store.tables import outbox
from chaos.databases import database_url

KINDS = ("sqlite", "postgresql")
ORG, PARKED, DUE = "warrington", 1_000, 200
SPREAD = 20.0  # seconds over which cases become due
ROUTE = Route((Rung(("lead@example.org",), 600, "safeguarding-lead"), Rung(("team@example.org",), 600, "safeguarding-team")))
CONTENT = {"seen": "What somebody saw, in some fifty words. " * 8, "who": "Somebody", "told": "no"}


def run(console: Console) -> None:
    """Print the table."""
    table = Table(title=f"Reports: {PARKED + DUE} filed one after the other; {DUE} of them due within {SPREAD:g} s, {PARKED} others waiting")
    for column in ("", "filed a second", "ping late by p50, s", "p99, s"):
        table.add_column(column, justify="right" if column else "left")
    for kind in KINDS:
        with _service(kind) as service:
            rate = _filed(service)
            late = asyncio.run(_late(service))
        table.add_row(kind, f"{rate:.0f}", f"{quantile(late, 0.5):.2f}", f"{quantile(late, 0.99):.2f}")
    console.print(table)


@contextmanager
def _service(kind: str) -> Iterator[Service]:
    with tempfile.TemporaryDirectory(prefix="askwell-bench-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # the database server runs as another user
        with database_url(kind, folder) as url:
            database = Database(url, vault=vault.kept(folder / "keys"))
            database.migrate()
            with database.write() as connection:
                people = [Person(ORG, e, e, "staff") for rung in ROUTE.rungs for e in rung.people]
                directory.replaced(connection, ORG, people)
            service = Service(open_askwell(), database)
            service.join(Mail())
            yield service
            database.close()


def _filed(service: Service) -> float:
    """Reports a second, each in its own transaction."""
    database = service.database
    filing = Filing(Running(Flow.SAFEGUARDING, "", CONTENT), ROUTE, frozenset())
    started = perf_counter()
    for number in range(PARKED + DUE):
        with database.write() as connection:
            now = database.now(connection)
            reporter = Reporter("terminal", f"a{number}", f"c{number}", {})
            reports.file(connection, database.vault, service.post(now), ORG, reporter, filing, now)
    return (PARKED + DUE) / (perf_counter() - started)


async def _late(service: Service) -> list[float]:
    """Seconds from when each case was due until its next ping was in the outbox."""
    database = service.database
    start = time.time() + 1
    with database.write() as connection:
        names = connection.execute(text('SELECT reference FROM "case" ORDER BY reference LIMIT :n'), {"n": DUE}).scalars().all()
        due = {name: start + SPREAD * i / DUE for i, name in enumerate(names)}
        for name, at in due.items():
            held = cases.load(connection, database.vault, ORG, name)
            cases.save(connection, database.vault, held, replace(held.case, due=at), start)
    reminding = asyncio.create_task(Reminders(service, lambda: None).run())
    await asyncio.sleep(SPREAD + 5)
    reminding.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await reminding
    with database.read() as connection:
        rows = connection.execute(select(outbox.c.conversation, outbox.c.due).where(outbox.c.conversation.like("%:team@example.org"))).all()
    if len(rows) != DUE:
        raise RuntimeError(f"{DUE} pings were due, {len(rows)} were made")
    return [row.due - due[found[0]] for row in rows if (found := whom(row.conversation))]
