"""`python -m chaos.reports`: reports with short timers on SQLite, while the process that asks people is killed again and again.

What must hold: every ping that was due was sent, nobody is asked after somebody has taken it, and what was sent twice carries the same key.
"""

import argparse
import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import select

from adapters.email import Mail
from adapters.remind import Reminders
from bot import courier, reports, vault
from bot.board import Board
from bot.courier import Courier
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.load import ROOT, load
from bot.people import Person
from bot.report import Filing, Running
from bot.routing import Route, Rung
from bot.service import Service
from bot.store import directory
from bot.store.cases import Reporter
from bot.store.database import Database
from bot.store.outbox import Row
from bot.store.tables import case_audit, outbox
from bot.understand.reading import Understanding

ORG, PACE, LEASE = "warrington", 0.04, 1.0  # minutes for each step, seconds
PEOPLE = tuple(f"p{i}@example.org" for i in range(4))
ROUTE = Route(tuple(Rung((p,), 60, "duty") for p in PEOPLE))
TAKEN = 0.5  # share of cases that somebody takes


class File:
    """A sender that writes down what it sent; half of the time it takes a moment, in which it may be killed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Send one."""
        await asyncio.sleep(random.choice((0.0, 0.05)))  # noqa: S311 - no secret
        with self._path.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps({"key": key, "at": time.time(), "to": payload["to"]}) + "\n")

    async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
        """As with mail: it cannot be looked for."""
        return False


def service(folder: Path) -> Service:
    """The service on this folder; nobody talks to it, so it needs no model."""
    database = Database(f"sqlite:///{folder / 'askwell.db'}", vault=vault.kept(folder / "keys"))
    known = load()
    made = Service(Askwell(known, Understanding(known, ROOT, None)), database)
    made.join(Mail())
    return made


def worker(folder: Path) -> None:
    """Ask and send until killed."""
    courier.LEASE, courier.TIMEOUT = LEASE, LEASE * 0.75
    made = service(folder)

    async def alarm(_row: Row, _why: str) -> None:
        raise AssertionError("nothing is given up here")

    async def both() -> None:
        sending = Courier(made.database, {Mail.name: File(folder / "sent.jsonl")}, alarm)
        await asyncio.gather(sending.run(), Reminders(made, sending.wake).run())

    (folder / "up").touch()
    asyncio.run(both())


def run(folder: Path, count: int, kills: int, chance: random.Random) -> dict[str, int]:
    """So many reports, so many kills; what was found."""
    made = service(folder)
    made.database.migrate()
    with made.database.write() as connection:
        directory.replaced(connection, ORG, [Person(ORG, p, p, "staff") for p in PEOPLE])
    process = _started(folder)
    waiting: list[tuple[float, str]] = []
    taken: dict[str, float] = {}
    filed = killed = 0
    next_kill = time.time() + chance.uniform(0.2, 3.0)
    while killed < kills or filed < count:
        if filed < count:
            filed += 1
            waiting.append((time.time() + chance.uniform(0.1, 8.0), _file(made)))
        if killed < kills and time.time() > next_kill:
            killed += 1
            process.kill()
            process.wait()
            process = _started(folder)
            next_kill = time.time() + chance.uniform(0.2, 3.0)
        waiting = _take(made, waiting, taken, chance)
        time.sleep(0.05)
    time.sleep(4 * 60 * PACE + 4 * LEASE)
    process.kill()
    process.wait()
    return {"reports": filed, "kill -9": kills, "taken": len(taken), **_judged(made, folder, taken)}


def _started(folder: Path) -> subprocess.Popen[bytes]:
    """Start it, and wait until it runs."""
    up = folder / "up"
    up.unlink(missing_ok=True)
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen([sys.executable, "-m", "chaos.reports", "--worker", str(folder)], stdout=log, stderr=log)  # noqa: S603 - ourselves
    for _ in range(600):
        if up.exists():
            return process
        time.sleep(0.1)
    raise TimeoutError("the process did not start within a minute")


def _file(made: Service) -> str:
    with made.database.write() as connection:
        now = made.database.now(connection)
        post = made.post(now)
        filing = Filing(Running(Flow.SAFEGUARDING, "", {"danger": "yes"}), ROUTE, frozenset())
        return reports.file(connection, made.database.vault, post, ORG, Reporter("nowhere", "a", "c", {}), filing, now)


def _take(made: Service, waiting: list[tuple[float, str]], taken: dict[str, float], chance: random.Random) -> list[tuple[float, str]]:
    """Half of those whose moment has come are taken by the first who was asked."""
    for at, reference in waiting:
        if time.time() > at and chance.random() < TAKEN:
            Board(made).acted(ORG, reference, PEOPLE[0], {"action": "take"})
            taken[reference] = time.time()
    return [w for w in waiting if time.time() <= w[0]]


def _judged(made: Service, folder: Path, taken: dict[str, float]) -> dict[str, int]:
    """What was lost, came after it was taken, or came twice."""
    sent = [json.loads(line) for line in (folder / "sent.jsonl").read_text(encoding="utf-8").splitlines()]
    with made.database.read() as connection:
        rows = connection.execute(select(outbox)).all()
        acts = connection.execute(select(case_audit).order_by(case_audit.c.number)).all()
    committed, counted = {r.key for r in rows}, Counter(one["key"] for one in sent)
    asked: set[str] = set()
    after = 0
    for act in acts:
        asked |= {act.reference} if act.act == "take" else set()
        after += act.act == "asked-next" and act.reference in asked
    doubtful = {r.key for r in rows if r.doubtful}
    return {
        "pings": len(committed), "pings lost": len(committed - set(counted)), "asked after it was taken": after,
        "sent twice, with the same key": sum(n > 1 for n in counted.values()),
        "sent twice and not marked": sum(n > 1 and key not in doubtful for key, n in counted.items()),
        "sent and never committed": len(set(counted) - committed),
        "tracebacks": (folder / "log.txt").read_text(errors="replace").count("Traceback"),
    }  # fmt: skip


WRONG = ("pings lost", "asked after it was taken", "sent twice and not marked", "sent and never committed", "tracebacks")


def main() -> int:
    """Run, print, and 1 where something that must hold did not."""
    parser = argparse.ArgumentParser(prog="python -m chaos.reports", description="Kill the process that asks people about reports.")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reports", type=int, default=40)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    if given.worker:
        worker(given.worker)
        return 0
    reports.DANGER = PACE
    with tempfile.TemporaryDirectory(prefix="askwell-chaos-") as place:
        found = run(Path(place), given.reports, given.kills, random.Random(given.seed))  # noqa: S311 - a run can be repeated
    Console(highlight=False).print(f"seed {given.seed}", *(f"{value:6} {name}" for name, value in found.items()), sep="\n")
    return int(any(found[name] for name in WRONG))


if __name__ == "__main__":
    sys.exit(main())
