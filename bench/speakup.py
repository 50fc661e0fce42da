"""The confidential form as it really runs: how long pages take, what guessing costs whom, and how much memory an attack takes."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from rich.console import Console
from rich.table import Table

from bench.figures import quantile
from bot.knowledge import Knowledge
from bot.load import load
from bot.people import Person
from bot.settings import Settings
from bot.speakup.desk import Report, SpeakUp
from bot.speakup.opening import opened
from bot.speakup.reading import Reading
from bot.speakup.veto import DUTY
from bot.store import directory
from bot.store.database import Database
from chaos.servers import free_port

ORG, CHAIR = "derbyshire", "chair@example.org"
PEOPLE = (Person(ORG, CHAIR, "Charlie Chair", "director", duties=(DUTY,)), Person(ORG, "chief@example.org", "Cleo Chief", "manager", CHAIR))
COMMAND = [sys.executable, "-c", "from adapters.terminal.cli import main; main()", "speak-up"]
VISITS, GUESSES, AT_ONCE, HELD = 50, 2_000, 8, 600


@dataclass(frozen=True, slots=True)
class Form:
    """A running form, and the receipt of a report in it."""

    port: int
    process: int
    receipt: str


def run(console: Console) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="askwell-bench-") as place, _form(Path(place), load()) as form:
        table = Table(title="The confidential form: one process, real hashes")
        for column in ("", "p50, ms", "p99, ms"):
            table.add_column(column, justify="right" if column else "left")
        for name, request in _requests(form).items():
            _row(table, name, [_asked(form.port, request) for _ in range(VISITS)])
        calm = _memory(form)
        start = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE + 1) as pool:
            guessing = [pool.submit(_guesses, form.port, range(n, GUESSES, AT_ONCE)) for n in range(AT_ONCE)]
            waits, most = [], calm
            while not all(g.done() for g in guessing):
                waits.append(_asked(form.port, _requests(form)["a receipt that opens its report"]))
                most = max(most, _memory(form))
        _row(table, f"the same while {AT_ONCE} guess", waits)
        rate = GUESSES / (time.perf_counter() - start)
        with _held(form.port):
            _row(
                table,
                f"the first page while {HELD} only hold the line",
                [_asked(form.port, _requests(form)["the first page"]) for _ in range(VISITS)],
            )
            most_held = _memory(form)
    console.print(table)
    console.print(
        f"{GUESSES:,} guesses refused, {rate:.0f} a second. Memory: {calm} MiB calm, {most} MiB under guesses, {most_held} MiB with lines held."
    )


def _row(table: Table, name: str, seconds: list[float]) -> None:
    table.add_row(name, f"{1000 * quantile(seconds, 0.5):.0f}", f"{1000 * quantile(seconds, 0.99):.0f}")


@contextmanager
def _form(folder: Path, knowledge: Knowledge) -> Iterator[Form]:
    port = free_port()
    settings = Settings.model_validate({"data": folder, "organisation": ORG, "speakup_run_by": "the benchmark", "speakup_port": port})
    database = Database(settings.database_url)
    database.ready()
    with database.write() as connection:
        directory.replaced(connection, ORG, PEOPLE)
    office = opened(settings, knowledge, database)
    Reading(office).make_key(ORG, CHAIR, "a passphrase for the benchmark")
    desk = SpeakUp(office)
    receipt = desk.file(ORG, Report("Something is wrong."), frozenset(), desk.readers(ORG).ids)
    own = {
        "ASKWELL_ENV": "", "ASKWELL_DATA": str(folder), "ASKWELL_ORGANISATION": ORG, "ASKWELL_SPEAKUP_RUN_BY": "the benchmark",
        "ASKWELL_SPEAKUP_PORT": str(port),
    }  # fmt: skip
    process = subprocess.Popen(COMMAND, env={**os.environ, **own}, stdout=subprocess.DEVNULL)  # noqa: S603 - ourselves
    try:
        _wait(port, process)
        yield Form(port, process.pid, receipt)
    finally:
        process.terminate()
        process.wait(30)
        database.close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The form does not start: run `askwell speak-up` by itself to see why.")


def _requests(form: Form) -> dict[str, bytes]:
    return {
        "the first page": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "whom it is about": _post({"at": "start", "go": "about"}),
        "a wrong receipt": _post({"at": "receipt", "go": "thread", "receipt": "1" * 20}),
        "a receipt that opens its report": _post({"at": "receipt", "go": "thread", "receipt": form.receipt}),
    }


def _post(fields: dict[str, str]) -> bytes:
    body = urlencode(fields).encode()
    return b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n" % len(body) + body


def _asked(port: int, request: bytes) -> float:
    """Seconds until the whole answer is there."""
    start = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        line.sendall(request)
        got = line.recv(65536)
        while line.recv(65536):
            pass
    if not got.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"The form answered {got[:40]!r}.")
    return time.perf_counter() - start


def _guesses(port: int, numbers: range) -> None:
    for number in numbers:
        _asked(port, _post({"at": "receipt", "go": "thread", "receipt": f"{number * 7919 * 10**11 % 10**20:020d}"}))


@contextmanager
def _held(port: int) -> Iterator[None]:
    lines = []
    try:
        for _ in range(HELD):
            lines.append(socket.create_connection(("127.0.0.1", port), 5))
            lines[-1].sendall(b"POST / HTTP/1.1\r\nX: ")
        yield
    finally:
        for line in lines:
            line.close()


def _memory(form: Form) -> int:
    """What the process holds, in MiB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{form.process}/status").read_text())
    return int(found[1]) // 1024 if found else 0
