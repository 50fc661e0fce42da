"""What the confidential form writes while somebody uses it, as the kernel sees it: neither who they are nor what they say."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.knowledge import Knowledge
from speakup.process import Process, running, strace
from speakup.stand import CHAIR, ORG, PHRASE, receipt_of, to_summary

pytestmark = pytest.mark.whole

CALLER = "127.77.66.55"
PACKED = r"\177MB7"  # the same as the kernel has it, and as strace prints that
AGENT, REFERRER, FORWARDED, COOKIE, ASKED = "Zebra-Browser-7319", "referring-page-7319", "203.0.113.73", "crumb-7319", "query-7319"
WHO = (CALLER, PACKED, AGENT, REFERRER, FORWARDED, COOKIE, ASKED)
SAID = ("violet teapot", "ginger cupboard", "marigold ledger", "umber question")
FILE = re.compile(r"^\d+ +\w+\(\d+<(?P<path>/[^>]*)>")
OPENED = re.compile(r'^\d+ +(?:open|openat|creat)\((?:AT_FDCWD(?:</[^>]*>)?, )?"(?P<path>[^"]*)", (?P<flags>[^,)]*)')


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Iterator[tuple[Process, str, dict[str, bytes], dict[str, bytes]]]:
    """The form after somebody who says a lot about themselves filed, read and answered; with the trace, and files before and after."""
    folder = tmp_path_factory.mktemp("traced")
    tracer = strace(folder)
    if not tracer:
        pytest.skip("strace is not installed (Debian: apt-get install strace), so nobody can see what is written; .ci/run installs it")
    with running(folder, knowledge, tracer) as process:
        before = process.files()
        browser = process.browser(
            CALLER, User_Agent=AGENT, Referer=f"https://{REFERRER}.example/", X_Forwarded_For=FORWARDED, Forwarded=f"for={FORWARDED}",
            X_Real_IP=FORWARDED, Cookie=f"id={COOKIE}",
        )  # fmt: skip
        browser.open(f"/?from={ASKED}")
        to_summary(browser, what=SAID[0], where=SAID[1])
        receipt = receipt_of(browser.press("Send"))
        (case,) = process.reading.inbox(ORG, CHAIR, PHRASE)
        process.reading.reply(ORG, CHAIR, PHRASE, case.reference, SAID[3], question=True)
        browser.open()
        browser.press("I have a receipt")
        assert SAID[3] in browser.press("Open", receipt=receipt).text
        browser.press("Send this answer", words=SAID[2])
        browser.open("/no-such-page")
        browser.open("/static/page.css")
        after = process.files()
    yield process, process.trace.read_text(encoding="utf-8", errors="replace"), before, after


def test_the_trace_sees_what_is_written(used: tuple[Process, str, dict[str, bytes], dict[str, bytes]]) -> None:
    """The answers to the browser and the pages of the database are in it, or the tests below would look at nothing."""
    _, trace, _, _ = used
    assert SAID[0] in trace, "the summary was sent to the browser"
    assert any("speak-up.db" in f["path"] for line in trace.splitlines() if (f := FILE.match(line)))


def test_neither_address_nor_browser_nor_referrer_is_written_anywhere(used: tuple[Process, str, dict[str, bytes], dict[str, bytes]]) -> None:
    """Not to a file, not to a log, not to another process, and not back to whoever asked."""
    _, trace, _, after = used
    assert [line[:200] for line in trace.splitlines() for known in WHO if known in line] == []
    assert [name for name, raw in after.items() for known in (*WHO, SAID[0]) if name != "trace" and known.encode() in raw] == []


def test_words_go_to_no_file(used: tuple[Process, str, dict[str, bytes], dict[str, bytes]]) -> None:
    """What was said goes back to the browser, and otherwise only sealed."""
    _, trace, _, _ = used
    written = [line for line in trace.splitlines() if FILE.match(line)]
    assert written and [line[:200] for line in written for said in SAID if said in line] == []


def test_only_the_confidential_database_is_written(used: tuple[Process, str, dict[str, bytes], dict[str, bytes]]) -> None:
    """No other file is opened for writing once it runs; the main database, keys and settings stay as they are, byte by byte."""
    process, trace, before, after = used
    lines = trace.splitlines()
    ready = next(i for i, line in enumerate(lines) if "The confidential form is at" in line)
    opened = [f["path"] for line in lines[ready:] if (f := OPENED.match(line)) and re.search("O_WRONLY|O_RDWR|O_CREAT", f["flags"])]
    assert {Path(p).name for p in opened} <= {"speak-up.db", "speak-up.db-journal", "askwell.db", "askwell.db-wal", "askwell.db-shm", "null"}
    assert {n: b for n, b in before.items() if n not in ("trace", "askwell.db-shm")} == {
        n: b for n, b in after.items() if n not in ("trace", "askwell.db-shm")
    }
    assert not any(b"/" in raw and b"GET" in raw for name, raw in after.items() if name == "log"), process.folder
