"""Reports with short timers, while the processes that ask people about them are killed again and again, and PostgreSQL itself crashes.

What must hold: every ping that was due was sent, nobody is asked once somebody has taken it, and what was sent twice carries the same key.
"""

import contextlib
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot import reports
from bot.board import Board
from bot.knowledge import Flow
from bot.people import Person
from bot.report import Filing, Running
from bot.routing import Route, Rung
from bot.service import Service
from bot.store import directory
from bot.store.cases import NoCaseError, Reporter
from bot.store.database import DatabaseUnusableError
from chaos import asking
from chaos.asked import Asked, judge
from chaos.databases import Served, due, served
from chaos.servers import begun

T = TypeVar("T")
ORG = "warrington"
LEVELS = tuple(f"level{i}@example.org" for i in range(4))
HELPER = "helper@example.org"  # to whom cases are handed
ROUTE = Route(tuple(Rung((p,), 60, "duty") for p in LEVELS))
TAKEN, HANDED, NOTED, CLOSED = 0.6, 0.2, 0.3, 0.3  # shares
RUNS = (0.3, 2.5)  # seconds between kills, from and to
LATER = 20.0  # seconds until somebody who left a case lying looks again
LOOK = 0.05  # seconds
CRASHES = 3  # of PostgreSQL, in one run
_EVENTS = count()


def run(kind: str, reports_: int, kills: int, seed: int) -> Asked:
    """So many reports and kills. SQLite has one process; PostgreSQL two, of which one never returns, and its server crashes."""
    with asking.hurried(), tempfile.TemporaryDirectory(prefix="askwell-chaos-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # the database server runs as another user
        with served(kind, folder) as where:
            made = asking.service(folder, where.url)
            made.database.migrate()
            with made.database.write() as connection:
                directory.replaced(connection, ORG, [Person(ORG, p, p, "staff") for p in (*LEVELS, HELPER)])
            stage = _Stage(made, folder, where, random.Random(seed))  # noqa: S311 - a run can be repeated
            try:
                stage.play(reports_, kills)
                return judge(made, (*LEVELS, HELPER), folder, stage.kills, stage.crashes)
            finally:
                stage.stop()
                made.database.close()


@dataclass
class _Stage:
    """The processes, and the people who file reports and take them."""

    made: Service
    folder: Path
    where: Served
    chance: random.Random
    kills: int = 0
    crashes: int = 0
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _waiting: list[tuple[float, str]] = field(default_factory=list)
    _held: list[tuple[float, str, str]] = field(default_factory=list)
    _filed: list[str] = field(default_factory=list)

    def play(self, reports_: int, kills: int) -> None:
        """File all, kill so often, and then let everybody take what is left."""
        for name in ("a", "b") if self.where.crash else ("a",):
            self._start(name)
        while self.kills < kills or len(self._filed) < reports_:
            until = time.time() + self.chance.uniform(*RUNS)
            while time.time() < until:
                if len(self._filed) < reports_ * (self.kills + 1) / (kills + 1):
                    self._file()
                self._people()
                time.sleep(LOOK)
            self._disturb(kills)
        self._settled()

    def _disturb(self, kills: int) -> None:
        """A kill, sometimes a crash of the database's server."""
        if self.where.crash and self.kills >= (self.crashes + 1) * kills // (CRASHES + 1) and self.crashes < CRASHES:
            self.crashes += 1
            self.where.crash()
        if self.kills < kills:
            half = self.kills == kills // 2
            name = "b" if half and "b" in self._running else self.chance.choice(sorted(self._running))
            self._kill(name)
            if not (half and name == "b"):  # half way through it never returns
                self._start(name)

    def _kill(self, name: str) -> None:
        process = self._running.pop(name)
        process.kill()
        process.wait()
        self.kills += 1

    def _start(self, name: str) -> None:
        """Start it, and wait until it runs."""
        line = ("chaos.asking", str(self.folder), self.where.url, name)
        self._running[name] = begun(line, self.folder / f"up-{name}", self.folder / f"log-{name}.txt")

    def stop(self) -> None:
        """No process stays."""
        for process in self._running.values():
            process.kill()
            process.wait()
        self._running.clear()

    def _file(self) -> None:
        """Somebody sends a report."""
        self._filed.append(_patiently(lambda: filed(self.made)))
        self._waiting.append((time.time() + self.chance.uniform(0.0, 12.0), self._filed[-1]))

    def _people(self) -> None:
        """Whose moment has come takes a case, or leaves it; whoever has one notes, hands over, closes, or forgets it."""
        now = time.time()
        for at, reference in [w for w in self._waiting if w[0] <= now]:
            self._waiting.remove((at, reference))
            if self.chance.random() < TAKEN and self._acts(reference, LEVELS[0], "take"):
                self._held.append((now + self.chance.uniform(0.0, asking.LAPSES), reference, LEVELS[0]))
            else:
                self._waiting.append((now + self.chance.uniform(2.0, LATER), reference))
        for at, reference, who in [h for h in self._held if h[0] <= now]:
            self._held.remove((at, reference, who))
            dice = self.chance.random()
            if dice < HANDED and self._acts(reference, who, "hand-over", to=HELPER):
                self._waiting.append((now + self.chance.uniform(0.0, 4.0), reference))
            elif dice < HANDED + NOTED:
                self._acts(reference, who, "note", text="rang")
            elif dice < HANDED + NOTED + CLOSED:
                self._acts(reference, who, "close", text="done")

    def _acts(self, reference: str, who: str, action: str, **more: str) -> bool:
        """One press, again until it is known to be done; whether it counted."""
        event = ("web", f"e{next(_EVENTS)}")
        try:
            _patiently(lambda: Board(self.made).acted(ORG, reference, who, {"action": action, **more}, event))
        except NoCaseError:  # somebody else has it, or it lapsed
            return False
        return True

    def _settled(self) -> None:
        """Everybody takes and closes what is left, and what is on its way arrives."""
        time.sleep(asking.LAPSES)
        for reference in self._filed:
            for who in (*LEVELS, HELPER):
                self._acts(reference, who, "take")
                self._acts(reference, who, "close", text="done")
        end = time.monotonic() + 10 * asking.LEASE
        while time.monotonic() < end and due(self.made.database):
            time.sleep(LOOK)


def filed(made: Service) -> str:
    """Send a report; its reference."""
    database = made.database
    with database.write() as connection:
        now = database.now(connection)
        filing = Filing(Running(Flow.SAFEGUARDING, "", {"danger": "yes"}), ROUTE, frozenset())
        return reports.file(connection, database.vault, made.post(now), ORG, Reporter("nowhere", "a", "c", {}), filing, now)


def _patiently(step: Callable[[], T]) -> T:
    """Again and again while the database is away. Raises DatabaseUnusableError after a minute."""
    for _ in range(600):
        with contextlib.suppress(DatabaseUnusableError):
            return step()
        time.sleep(0.1)
    return step()
