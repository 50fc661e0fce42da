"""`askwell speak-up` as it really runs, on data of its own, and under `strace` where somebody wants to see what it writes."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from httpx2 import Client, HTTPTransport

from bot.knowledge import Knowledge
from bot.settings import Settings
from bot.speakup.box import Box
from bot.speakup.opening import KEY_FILE, key, opened
from bot.speakup.reading import Reading
from bot.store import directory
from bot.store.database import Database
from speakup.stand import ADMIN, ORG, PEOPLE, PHRASE, READERS, ROOM, RUN_BY, Browser

TRACED = (
    "write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendmmsg,sendfile,splice,copy_file_range,open,openat,openat2,creat,rename,renameat,renameat2,"
    "link,linkat,symlink,symlinkat,mkdir,mkdirat,mknod,mknodat,setxattr,fsetxattr,execve,execveat"
)  # fmt: skip
ROOT = Path(__file__).parents[2]
MAIN = [sys.executable, "-c", "from adapters.terminal.cli import main; main()", "speak-up"]
WAIT = 120  # seconds until it must answer, on a busy machine and traced


@dataclass
class Process:
    """A running form."""

    port: int
    running: subprocess.Popen[bytes]
    folder: Path
    trace: Path
    reading: Reading

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def browser(self, local: str = "127.0.0.1", **headers: str) -> Browser:
        """Somebody who calls from this address with these headers."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Browser(Client(base_url=self.address, transport=HTTPTransport(local_address=local), headers=named, timeout=WAIT))

    def memory(self) -> int:
        """What it holds in memory, in KiB."""
        status = Path(f"/proc/{self.running.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found
        return int(found[1])

    def files(self) -> dict[str, bytes]:
        """Everything that it could have written, but for the confidential database."""
        return {p.name: p.read_bytes() for p in sorted(self.folder.rglob("*")) if p.is_file() and not p.name.startswith("speak-up.db")}


@contextmanager
def running(folder: Path, knowledge: Knowledge, tracer: Sequence[str] = ()) -> Iterator[Process]:
    """The form on its own port, with the people of `stand` and readers who have made their keys."""
    data = folder / "data"
    settings = Settings.model_validate({"data": data, "speakup_administrators": ADMIN, "speakup_run_by": RUN_BY, "organisation": ORG})
    database = Database(settings.database_url)
    database.ready()
    with database.write() as connection:
        directory.replaced(connection, ORG, PEOPLE)
    Box(data / "speak-up.db", key(settings.key_folder / KEY_FILE), ROOM)  # smaller than usual, so that a traced run ends
    reading = Reading(opened(settings, knowledge, database))
    for email in READERS:
        reading.make_key(ORG, email, PHRASE)
    port, log = free_port(), folder / "log"
    own = {
        "ASKWELL_ENV": "", "ASKWELL_DATA": str(data), "ASKWELL_SPEAKUP_ADMINISTRATORS": ADMIN, "ASKWELL_SPEAKUP_RUN_BY": RUN_BY,
        "ASKWELL_ORGANISATION": ORG, "ASKWELL_SPEAKUP_PORT": str(port), "PYTHONDONTWRITEBYTECODE": "1", "ASKWELL_LOG_LEVEL": "debug",
    }  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen([*tracer, *MAIN], cwd=ROOT, env={**os.environ, **own}, stdout=out, stderr=out, start_new_session=True)  # noqa: S603 - ourselves
        try:
            wait_for(port, process)
            yield Process(port, process, folder, folder / "trace", reading)
        finally:
            os.killpg(process.pid, signal.SIGTERM)  # the tracer, too: alone it would not hear it
            process.wait(WAIT)
            database.close()


def strace(folder: Path) -> list[str]:
    """The tracer; empty where it is not installed."""
    found = shutil.which("strace")
    return [found, "-f", "-y", "-s", "1000000", "-o", str(folder / "trace"), "-e", f"trace={TRACED}"] if found else []


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until it answers."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        assert process.poll() is None, "it has stopped"
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("it does not answer")
