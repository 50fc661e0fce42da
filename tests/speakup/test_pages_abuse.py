"""People who mean harm: broken and huge requests, callers who only hold the line, thousands of guesses. Others are served meanwhile."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from e2e.serving import listening

from adapters.speakup import sentences
from adapters.speakup.serve import config
from adapters.speakup.wire import MOST, Wire
from bot.knowledge import Knowledge
from bot.settings import Settings
from speakup.process import Process, running
from speakup.stand import RUN_BY, receipt_of, stand, to_summary

pytestmark = pytest.mark.whole

GUESSES = 10_000
AT_ONCE = 8
GROWTH = 150 * 1024  # KiB that it may take more under attack, of which a hash alone takes 64 MiB
PATIENCE = 10.0  # seconds for which an honest visitor may have to wait for a page, on a busy machine
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
RAW = (
    b"", b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200, b"GET / HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20_000 + b"\r\n", POST + b"Content-Length: -1\r\n\r\n",
    POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", POST + b"Content-Length: 99999999999999999999\r\n\r\nabc",
    POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n", b"\x00" * 50_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[Process]:
    """The form as it really runs, with hashes that cost what they do."""
    with running(tmp_path_factory.mktemp("abused"), knowledge) as found:
        yield found


def served(process: Process) -> float:
    """How long an honest visitor waits for the first page, in seconds."""
    start = time.monotonic()
    assert "Speak up" in process.browser().open().text
    return time.monotonic() - start


def call(port: int, raw: bytes, wait: float = 5.0, *, ends: bool = True) -> bytes:
    """What comes back for these bytes before the line is closed; nothing where it is cut. `ends`: the caller says that no more will come."""
    with socket.create_connection(("127.0.0.1", port), wait) as line:
        got = b""
        try:
            line.sendall(raw)
            if ends:
                line.shutdown(socket.SHUT_WR)
            while more := line.recv(65536):
                got += more
        except (ConnectionError, TimeoutError):
            pass
        return got


@pytest.mark.parametrize("raw", RAW, ids=range(len(RAW)))
def test_what_is_no_request_is_refused_and_others_are_served(process: Process, raw: bytes) -> None:
    """With an answer that says no, or a closed line; never with a fault of ours."""
    got = call(process.port, raw)
    assert not got or got.startswith((b"HTTP/1.1 200", b"HTTP/1.1 4")), got[:100]
    assert served(process) < PATIENCE


def test_a_body_that_never_ends_is_cut(process: Process) -> None:
    """In pieces, without saying how long it is: it is neither kept in memory nor read to its end."""
    before, sent = process.memory(), 0
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", process.port), 10) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while sent < 100 * 1024 * 1024:
                line.sendall(piece)
                sent += len(piece)
        except (ConnectionError, TimeoutError):
            pass
    assert sent < 50 * 1024 * 1024 and process.memory() - before < 20 * 1024
    assert served(process) < PATIENCE


def test_callers_who_only_hold_the_line_keep_nobody_out(process: Process) -> None:
    """More of them than there are lines: the oldest gives way, memory stays bounded, and visitors are served all the time."""
    before, held = process.memory(), []
    try:
        for number in range(3 * MOST):
            line = socket.create_connection(("127.0.0.1", process.port), 5)
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: " if number % 2 else b"G")
            held.append(line)
        waits = [served(process) for _ in range(5)]
    finally:
        for line in held:
            line.close()
    assert max(waits) < PATIENCE and process.memory() - before < 20 * 1024


def test_ten_thousand_guesses_are_refused_and_the_receipt_still_opens(process: Process) -> None:
    """Guesses come from everywhere at once; meanwhile somebody reads with their receipt, somebody else files, and memory stays bounded."""
    browser = process.browser()
    to_summary(browser)
    receipt = receipt_of(browser.press("Send"))
    before, most = process.memory(), 0
    done = threading.Event()
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        guessing = [pool.submit(guesses, process.port, range(n, GUESSES, AT_ONCE)) for n in range(AT_ONCE)]
        honest = pool.submit(visits, process, receipt, done)
        while not all(g.done() for g in guessing):
            most = max(most, process.memory())
            time.sleep(0.1)
        done.set()
        assert sum(g.result() for g in guessing) == GUESSES
        waits = honest.result()
    assert len(waits) >= 2 and max(waits) < PATIENCE
    assert most - before < GROWTH


def guesses(port: int, numbers: range) -> int:
    """Guess so many receipts; how many were refused."""
    refused = 0
    for number in numbers:
        body = urlencode({"at": "receipt", "go": "thread", "receipt": f"{number * 7919 * 10**11 % 10**20:020d}"}).encode()
        head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        got = call(port, head + body, 60, ends=False)
        refused += sentences.NO_REPORT.encode() in got or got.startswith(b"HTTP/1.1 503")
    return refused


def visits(process: Process, receipt: str, done: threading.Event) -> list[float]:
    """How long somebody with a receipt waits for each page until the guessing ends, and at least twice."""
    waits: list[float] = []
    while not done.is_set() or len(waits) < 2:
        start = time.monotonic()
        browser = process.browser()
        browser.open()
        browser.press("I have a receipt")
        page = browser.press("Open", receipt=receipt)
        assert "You sent your report." in page.text, page.text[:300]
        waits.append((time.monotonic() - start) / 3)
    return waits


def test_a_line_is_closed_when_its_time_is_over(tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also for somebody who sends a byte now and then, and for somebody who never reads the answer."""
    monkeypatch.setattr(Wire, "life", 1.0)
    with listening(config(stand(tmp_path, knowledge).site, Settings.model_validate({"speakup_port": 0, "speakup_run_by": RUN_BY}))) as address:
        port = int(address.rpartition(":")[2])
        assert closed_after(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n") < 5
        assert closed_after(port, b"GET / HTTP/1.1\r\nX-A: ") < 5


def closed_after(port: int, begin: bytes) -> float:
    """Seconds until the line is cut for a caller who dribbles."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), 5) as line:
        line.sendall(begin)
        try:
            while time.monotonic() - start < 10:
                time.sleep(0.1)
                line.sendall(b"a")
        except ConnectionError:
            pass
    return time.monotonic() - start


def test_nothing_of_all_this_is_in_the_log(process: Process) -> None:
    """Where it is was said when it started, and nothing since: not even that somebody was here."""
    assert (process.folder / "log").read_text().splitlines() == [f"The confidential form is at {process.address}/. Stop it with Ctrl-C."]
