"""How many Slack messages one core answers: signed HTTP in, a posted answer out, beside a bare Bolt echo, and with a full database."""

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.figures import quantile
from bench.fill import filled
from bench.material import ERR, ROOT, shown
from bot import load, vault
from bot.people import Asker
from bot.store import directory
from bot.store.database import Database
from chaos.servers import free_port
from chaos.slack import SECRET, TEAM, Slack, said

IN_FLIGHT, ROUNDS, BLOCK, STORED = 8, 6, 160, 100_000
USERS_EACH = 8  # people of each of those in flight, so that nobody has two messages under way
WARM = 200  # messages before anything is measured: patterns are compiled when they are first used
ACKNOWLEDGED = 200
LONGEST_START = 60.0  # seconds


@dataclass
class Contender:
    """A server process on one core, and how long each of its answers took, in seconds. `heard`: it hears the same again and again."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    heard: bool = False
    times: list[float] = field(default_factory=list)
    spans: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second: the median of the rounds."""
        return quantile([BLOCK / s for s in self.spans], 0.5)


def run(console: Console) -> None:
    """Measure all in turns, and print them beside each other."""
    with tempfile.TemporaryDirectory(prefix="askwell-bench-") as place:
        asyncio.run(_run(console, Path(place)))


async def _run(console: Console, folder: Path) -> None:
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    if len(cores) > 1:
        os.sched_setaffinity(0, set(cores[:-1]))  # those who ask do not take the time of those who answer
    stage = Slack(random.Random(0))  # noqa: S311 - a run can be repeated
    await stage.start()
    messages = _messages()
    ERR.print(f"filling a database with {STORED:,} conversations")
    with contextlib.ExitStack() as stack:
        contenders = [
            stack.enter_context(_started("bare Bolt echo", cores[-1], folder, stage.url, None)),
            stack.enter_context(_started("Askwell", cores[-1], folder / "few", stage.url, 0)),
            stack.enter_context(_started(f"Askwell, {STORED:,} conversations stored", cores[-1], folder / "many", stage.url, STORED)),
            stack.enter_context(_started("Askwell, sentences heard before", cores[-1], folder / "heard", stage.url, 0)),
        ]
        contenders[-1].heard = True
        again = [next(messages) for _ in range(BLOCK)]
        async with aiohttp.ClientSession() as session:
            for one in contenders:
                await _ready(session, one.port)
                await _block(session, stage, one, again if one.heard else [next(messages) for _ in range(WARM)])
                one.times.clear()
                one.spans.clear()
            for _ in shown(range(ROUNDS), "rounds"):
                block = [next(messages) for _ in range(BLOCK)]
                for one in contenders:
                    await _block(session, stage, one, again if one.heard else block)
    await stage.stop()
    console.print(_table(contenders))


def _messages() -> Iterator[str]:
    """What staff ask, in an order that can be repeated; none comes twice, so that nothing is remembered."""
    examples = [e for t in load.load().topics.values() for e in t.examples]
    random.Random(1).shuffle(examples)  # noqa: S311 - a run can be repeated
    return iter(dict.fromkeys(examples))


@contextlib.contextmanager
def _started(name: str, core: int, folder: Path, slack: str, stored: int | None) -> Iterator[Contender]:
    port = free_port()
    pinned = [sys.executable, "-m", "bench.one_core", str(core)]
    own = {}
    if stored is None:
        arguments = [*pinned, "echo", slack, str(port)]
    else:
        folder.mkdir()
        _prepare(folder, stored)
        arguments = [*pinned, "askwell", str(port)]
        own = {
            "ASKWELL_ENV": "", "ASKWELL_DATA": str(folder), "ASKWELL_SLACK_BOT_TOKEN": "xoxb-bench", "ASKWELL_SLACK_SIGNING_SECRET": SECRET,
            "ASKWELL_SLACK_API_URL": slack, "ASKWELL_LOG_LEVEL": "warning",
        }  # fmt: skip
    process = subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, **own}, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
    try:
        yield Contender(name, process, port)
    finally:
        process.terminate()
        process.wait()


def _prepare(folder: Path, stored: int) -> None:
    """A database that knows everybody who will ask, with so many conversations of others."""
    database = Database(f"sqlite:///{folder / 'askwell.db'}", vault=vault.kept(folder / "keys"))
    database.migrate()
    with database.write() as connection:
        for user in _users():
            directory.introduce(connection, "slack", f"{TEAM}:{user}", Asker("sefton", "staff"), 0.0)
        filled(connection, database.vault, stored)
    database.close()


def _users() -> list[str]:
    return [f"U{i:05}" for i in range(IN_FLIGHT * USERS_EACH)]


async def _ready(session: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(LONGEST_START):
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"http://127.0.0.1:{port}/healthz") as answer:
                    if answer.status == ACKNOWLEDGED:
                        return
            await asyncio.sleep(0.05)


async def _block(session: aiohttp.ClientSession, stage: Slack, one: Contender, texts: Sequence[str]) -> None:
    """So many messages, eight of them in flight at any time."""
    waiting, users = iter(texts), _users()

    async def asks(mine: Sequence[str]) -> None:
        for i, text in enumerate(waiting):
            one.times.append(await _asked(session, stage, one.port, mine[i % len(mine)], text))

    started = perf_counter()
    await asyncio.gather(*(asks(users[i::IN_FLIGHT]) for i in range(IN_FLIGHT)))
    one.spans.append(perf_counter() - started)


async def _asked(session: aiohttp.ClientSession, stage: Slack, port: int, user: str, text: str) -> float:
    """Seconds from a message to its posted answer."""
    request, where = said(user, text), f"D{user}"
    before, started = len(stage.posted[where]), perf_counter()
    async with session.post(f"http://127.0.0.1:{port}/slack/events", data=request.raw, headers=request.headers) as answer:
        if answer.status != ACKNOWLEDGED:
            raise RuntimeError(f"a message was not acknowledged ({answer.status})")
    while len(stage.posted[where]) == before:
        stage.woken[where].clear()
        await stage.woken[where].wait()
    return perf_counter() - started


def _table(contenders: Sequence[Contender]) -> Table:
    echo = contenders[0]
    table = Table(title=f"Answered Slack messages on one core, {IN_FLIGHT} in flight: {ROUNDS * BLOCK} each, in turns")
    for column in ("", "a second", "p50, ms", "p99, ms", "Bolt echoes in the same time"):
        table.add_column(column, justify="right" if column else "left")
    for one in contenders:
        milliseconds = [1000 * t for t in one.times]
        table.add_row(
            one.name, f"{one.rate:.0f}", f"{quantile(milliseconds, 0.5):.0f}", f"{quantile(milliseconds, 0.99):.0f}", f"{echo.rate / one.rate:.1f}"
        )
    return table
