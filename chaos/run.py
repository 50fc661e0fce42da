"""One run: people talk, servers are killed, and at the end everything is looked up."""

import asyncio
import contextlib
import random
import tempfile
from pathlib import Path
from typing import Any

from bot import vault
from bot.people import Asker
from bot.store import directory
from bot.store.database import Database
from chaos.databases import database_url, due
from chaos.people import Person
from chaos.servers import Servers
from chaos.slack import TEAM, Faults, Slack
from chaos.verdict import Verdict, judge

AT_ONCE = 8  # people who talk at the same time
LATEST = 0.1  # seconds after an answer
STRANGERS = 5  # of so many one has to say first who they are
FAULTS = Faults(later=0.02, broken=0.02, lost=0.02)


def run(kind: str, conversations: int, every: int, lease: float, seed: int, steps: int = 4) -> Verdict:
    """So many conversations, a kill about every so many answers. SQLite has one process, PostgreSQL two."""
    with tempfile.TemporaryDirectory(prefix="askwell-chaos-") as place:
        folder = Path(place)
        folder.chmod(0o755)  # the database server runs as another user
        with database_url(kind, folder) as url:
            return asyncio.run(_run(folder, url, 1 if kind == "sqlite" else 2, conversations, every, lease, seed, steps))


async def _run(folder: Path, url: str, count: int, conversations: int, every: int, lease: float, seed: int, steps: int) -> Verdict:
    chance = random.Random(seed)  # noqa: S311 - a run can be repeated
    people = [Person(f"U{number:05}", random.Random(seed * 100_000 + number)) for number in range(conversations)]  # noqa: S311 - the same
    database = Database(url, vault=vault.kept(folder / "keys"))
    database.migrate()
    _introduce(database, people)
    stage = Slack(chance, FAULTS)
    await stage.start()
    servers = Servers(folder, url, stage.url, count, lease, chance)
    await servers.start()
    killing = asyncio.create_task(_killing(servers, stage, every))
    room = asyncio.Semaphore(AT_ONCE)

    async def talk(person: Person) -> None:
        async with room:
            await person.talk(servers, stage, steps)

    try:
        await _until_done(asyncio.gather(*map(talk, people)), killing)
        await _settled(database, 2 * lease + 10)
        verdict = judge(database, stage, servers, people)
    finally:
        killing.cancel()
        await servers.stop()
        await stage.stop()
        database.close()
    return verdict


def _introduce(database: Database, people: list[Person]) -> None:
    """Most are known already."""
    with database.write() as connection:
        for number, person in enumerate(people):
            if number % STRANGERS:
                directory.introduce(connection, "slack", f"{TEAM}:{person.user}", Asker("sefton", "staff"), 0.0)


async def _until_done(talking: asyncio.Future[list[None]], killing: asyncio.Task[None]) -> None:
    """Until everybody has talked. Raises what the killing raised: a server that does not start any more."""
    both: set[asyncio.Future[Any]] = {talking, killing}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    if killing.done():
        talking.cancel()
        await killing
    await talking
    killing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await killing


async def _killing(servers: Servers, stage: Slack, every: int) -> None:
    """Shortly after a random number of answers, so that it hits them in the middle of others, on machines of any speed."""
    while True:
        until = stage.count + servers.chance.randint(1, 2 * every)
        while stage.count < until:
            await asyncio.sleep(0.005)
        await asyncio.sleep(servers.chance.uniform(0, LATEST))
        restarting = asyncio.create_task(servers.kill())
        try:
            await asyncio.shield(restarting)
        except asyncio.CancelledError:
            await restarting  # nothing is stopped while it is being started
            raise


async def _settled(database: Database, seconds: float) -> None:
    """Wait until nothing is left to be sent, but not for ever."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(due, database):
                await asyncio.sleep(0.1)
