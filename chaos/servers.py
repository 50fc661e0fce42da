"""Server processes that can be killed without warning and are started again."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from chaos.slack import SECRET, Request

ROOT = Path(__file__).parents[1]
LONGEST_START = 120.0  # seconds; the machine may be busy
AGAIN = 0.2  # seconds until Slack delivers again what was not acknowledged; it really waits longer
LOOK = 0.05  # seconds between looks whether one runs
PATIENCE = aiohttp.ClientTimeout(total=10)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def begun(line: Sequence[str], up: Path, log: Path) -> subprocess.Popen[bytes]:
    """`python -m` of ours, as soon as it has made the file `up`. Raises RuntimeError with the end of its log where it does not start."""
    up.unlink(missing_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, "-m", *line], cwd=ROOT, stdout=out, stderr=out)  # noqa: S603 - ourselves
    end = time.monotonic() + LONGEST_START
    try:
        while not up.exists():
            if time.monotonic() > end or process.poll() is not None:
                raise RuntimeError(f"the process did not start; its log ends with:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(LOOK)
    except BaseException:
        process.kill()
        process.wait()
        raise
    return process


@dataclass
class Servers:
    """So many processes of one installation, each on a port of its own."""

    folder: Path
    database: str
    slack: str
    count: int
    lease: float
    chance: random.Random
    kills: int = 0
    refused: int = 0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _ports: list[int] = field(default_factory=list)
    _session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Start all, and wait until they answer."""
        self._session = aiohttp.ClientSession(timeout=PATIENCE)
        self._ports = [free_port() for _ in range(self.count)]
        self._processes = [self._started(port) for port in self._ports]
        await asyncio.gather(*map(self._answers, range(self.count)))

    def _started(self, port: int) -> subprocess.Popen[bytes]:
        own = {
            "ASKWELL_ENV": "", "ASKWELL_DATA": str(self.folder), "ASKWELL_DATABASE": self.database, "ASKWELL_SLACK_BOT_TOKEN": "xoxb-chaos",
            "ASKWELL_SLACK_SIGNING_SECRET": SECRET, "ASKWELL_SLACK_API_URL": self.slack,
        }  # fmt: skip
        with (self.folder / f"log-{port}.txt").open("ab") as log:
            arguments = [sys.executable, "-m", "chaos.server", str(self.lease), str(port)]
            return subprocess.Popen(arguments, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log)  # noqa: S603 - ourselves

    async def _answers(self, i: int) -> None:
        """Wait until it answers; raises RuntimeError with the end of its log where it does not start."""
        assert self._session  # noqa: S101 - started
        end = time.monotonic() + LONGEST_START
        while self._processes[i].poll() is None and time.monotonic() < end:
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                async with self._session.get(f"http://127.0.0.1:{self._ports[i]}/healthz"):
                    return
            await asyncio.sleep(LOOK)
        raise RuntimeError(f"the server did not start; its log ends with:\n{self.logged()[-2000:]}")

    async def kill(self) -> None:
        """Kill one of them in the middle of whatever it does, and start it again."""
        i = self.chance.randrange(self.count)
        self._processes[i].send_signal(signal.SIGKILL)
        self._processes[i].wait()
        self.kills += 1
        self._processes[i] = self._started(self._ports[i])
        await self._answers(i)

    async def deliver(self, request: Request) -> None:
        """Until it is acknowledged, to whichever process; again and again, as Slack does, though sooner."""
        while not await self.offered(request):
            self.refused += 1
            await asyncio.sleep(AGAIN)

    async def offered(self, request: Request) -> bool:
        """Once; whether it was acknowledged."""
        assert self._session  # noqa: S101 - started
        url = f"http://127.0.0.1:{self.chance.choice(self._ports)}/slack/events"
        with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
            async with self._session.post(url, data=request.raw, headers=request.headers) as answer:
                return answer.status == 200  # noqa: PLR2004 - acknowledged
        return False

    async def stop(self) -> None:
        """Stop them as a service manager does."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            await asyncio.to_thread(process.wait)
        if self._session:
            await self._session.close()

    def logged(self) -> str:
        """What they wrote."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("log-*.txt")))
