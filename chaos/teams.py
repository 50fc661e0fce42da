"""Pings by Teams, while the process that sends them is killed again and again, and Teams asks for patience or answers too late.

What must hold: every ping that was committed reached Teams or was taken back, and none twice but those that were in doubt.
"""

import asyncio
import contextlib
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web
from sqlalchemy import select

from adapters.teams.channel import Teams
from adapters.teams.connector import Connector
from adapters.teams.places import CHANNEL
from adapters.teams.sender import TeamsSender
from bot.board import Board
from bot.people import Asker, Person
from bot.service import Service
from bot.store import addresses, directory
from bot.store.cases import NoCaseError
from bot.store.outbox import DROPPED, SENT
from bot.store.tables import outbox
from chaos import asking
from chaos.databases import database_url
from chaos.reports import LEVELS, ORG, filed
from chaos.servers import begun

MARK = "key"  # in an activity's channelData: by it the stage counts; Teams' own messages carry none
LATER, BROKEN, LOST = 0.05, 0.05, 0.05  # shares: patience is asked for, a 502, an answer that gets lost
MOMENTS = (0.0, 0.05, 0.2)  # seconds before and after a message stands in Teams, in each of which its sender may be killed
RUNS = (1.0, 3.0)  # seconds between kills
LOOK = 0.05  # seconds
PATIENCE = 120.0  # seconds for what is left; the machine may be busy


@dataclass(frozen=True)
class Reached:
    """What was found. `violations` are sentences; there should be none."""

    reports: int
    kills: int
    pings: int
    withdrawn: int
    failed: int
    doubtful: int
    repeated: int
    violations: tuple[str, ...]


class Stage:
    """Teams' connector, in a thread of its own. `keys` are of what stands in its chats, in order."""

    def __init__(self, chance: random.Random) -> None:
        self.keys: list[str] = []
        self.failed = 0
        self.url = ""
        self._chance = chance

    async def _post(self, request: web.Request) -> web.Response:
        key = (await request.json())["channelData"][MARK]
        dice = self._chance.random()
        await asyncio.sleep(self._chance.choice(MOMENTS))
        if dice < LATER + BROKEN:
            self.failed += 1
            return web.Response(status=429, headers={"Retry-After": "1"}) if dice < LATER else web.Response(status=502)
        self.keys.append(key)
        await asyncio.sleep(self._chance.choice(MOMENTS))
        if dice < LATER + BROKEN + LOST and request.transport:
            self.failed += 1
            request.transport.abort()
        return web.json_response({"id": str(len(self.keys))}, status=201)

    @contextmanager
    def running(self) -> Iterator[None]:
        """While it listens."""
        loop = asyncio.new_event_loop()
        made = web.Application()
        made.add_routes([web.post("/v3/conversations/{id}/activities", self._post)])
        runner = web.AppRunner(made, access_log=None)

        async def up() -> None:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()

        loop.run_until_complete(up())
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        try:
            yield
        finally:
            asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


def run(kind: str, reports_: int, kills: int, seed: int) -> Reached:
    """So many reports and kills."""
    chance = random.Random(seed)  # noqa: S311 - a run can be repeated
    stage = Stage(chance)
    with asking.hurried(), tempfile.TemporaryDirectory(prefix="askwell-chaos-") as place, stage.running():
        folder = Path(place)
        folder.chmod(0o755)  # the database server runs as another user
        with database_url(kind, folder) as url:
            made = _service(folder, url)
            made.database.migrate()
            _staffed(made, stage.url)
            try:
                references = _played(made, folder, url, chance, reports_, kills)
                _settled(made, references, folder, url)
                return judged(made, stage, len(references), kills)
            finally:
                made.database.close()


def _service(folder: Path, url: str) -> Service:
    made = asking.service(folder, url)
    made.join(Teams())
    return made


def _staffed(made: Service, connector: str) -> None:
    """Everybody who is asked wants to be asked by Teams, and has the app."""
    with made.database.write() as connection:
        directory.replaced(connection, ORG, [Person(ORG, p, p, "staff", channels=(CHANNEL,)) for p in LEVELS])
        for email in LEVELS:
            directory.introduce(connection, CHANNEL, f"t:{email}", Asker(ORG, "staff", member=True, email=email), 0.0)
            addresses.keep(connection, CHANNEL, f"t:{email}", {"service": connector, "conversation": f"a:{email}", "bot": "28:askwell"}, 0.0)


def _played(made: Service, folder: Path, url: str, chance: random.Random, reports_: int, kills: int) -> list[str]:
    """File all, and kill so often."""
    references: list[str] = []
    for left in range(kills, 0, -1):
        with _process(folder, url):
            until = time.monotonic() + chance.uniform(*RUNS)
            while time.monotonic() < until or len(references) < reports_ * (kills - left + 1) // kills:
                if len(references) < reports_ * (kills - left + 1) // kills:
                    references.append(filed(made))
                time.sleep(LOOK)
    return references


@contextmanager
def _process(folder: Path, url: str) -> Iterator[None]:
    """A process that sends, until it is killed in the middle of whatever it does."""
    process = begun(("chaos.teams", str(folder), url), folder / "up", folder / "log.txt")
    try:
        yield
    finally:
        process.kill()
        process.wait()


def _settled(made: Service, references: list[str], folder: Path, url: str) -> None:
    """Somebody takes and closes all, and what is on its way arrives."""
    with _process(folder, url):
        for reference in references:
            for action in ({"action": "take"}, {"action": "close", "text": "done"}):
                with contextlib.suppress(NoCaseError):
                    Board(made).acted(ORG, reference, LEVELS[0], action)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and any(r.status not in (SENT, DROPPED) for r in _rows(made)):
            time.sleep(LOOK)


def _rows(made: Service) -> list[Any]:
    with made.database.read() as connection:
        return list(connection.execute(select(outbox)).all())


def judged(made: Service, stage: Stage, count: int, kills: int) -> Reached:
    """Look at everything that was left."""
    rows, times = _rows(made), Counter(stage.keys)
    known = {r.key: r for r in rows}
    waiting = [r for r in rows if r.status not in (SENT, DROPPED)]
    lost = [r for r in rows if r.status == SENT and r.key not in times]
    strange = [key for key in times if key not in known]
    unmarked = [key for key, n in times.items() if n > 1 and key in known and not known[key].doubtful]
    found = ((waiting, "pings were not sent"), (lost, "pings are said to be sent and never were"), (strange, "pings have strange keys"),
             (unmarked, "pings were sent twice and are not marked"))  # fmt: skip
    wrong = tuple(f"{len(what)} {says}" for what, says in found if what)
    withdrawn, doubtful = sum(r.status == DROPPED for r in rows), sum(r.doubtful for r in rows)
    return Reached(count, kills, len(times), withdrawn, stage.failed, doubtful, sum(n > 1 for n in times.values()), wrong)


class _Keyed(TeamsSender):
    """As it is, only that what it sends can be counted."""

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Send, marked with its key."""
        await super().send(key, {**payload, "activity": {**payload["activity"], "channelData": {MARK: key}}})


def main(folder: Path, url: str) -> None:
    """Ask and send until killed."""
    asking.hurry()
    made = _service(folder, url)
    asking.work(made, CHANNEL, _Keyed(Connector(None, lambda _service: True), made.database), folder / "up")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
