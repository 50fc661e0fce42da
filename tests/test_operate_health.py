"""/healthz, /readyz, /metrics, the heartbeat and the purge, over HTTP and on both databases; and logs without words."""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import httpx
import letters
import pytest
from sqlalchemy import select, text
from starlette.applications import Starlette

from adapters import operate as operating
from adapters.alarm import Alarm
from adapters.app import application
from adapters.metrics import Measured
from adapters.operate import Operate, operate
from bot import logs
from bot.guide import Askwell
from bot.load import ROOT
from bot.messages import Judged, PassOn, Words
from bot.people import Asker
from bot.settings import Settings
from bot.store import outbox, records
from bot.store.database import Database, DatabaseUnusableError
from bot.store.tables import event
from bot.understand.reading import Understanding

MARKED = "Zebedee Quixworthy rang the ward about the aubergine photographs"


@pytest.fixture
def service(askwell: Askwell, database: Database) -> Measured:
    """A service that is measured, with two channels."""
    made = Measured(askwell, database)
    letters.joined(made)
    return made


def beat(database: Database, ago: float = 0.0) -> None:
    """The courier's sign of life."""
    with database.write() as connection:
        records.beaten(connection, "courier", database.now(connection) - ago)


def get(service: Measured, path: str, alarm: Alarm | None = None) -> httpx.Response:
    """Ask one of the addresses."""
    routes = Operate(service, alarm or Alarm(service.database, None)).part().routes

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://here") as client:
            return await client.get(path)

    return asyncio.run(ask())


def failing(service: Measured, alarm: Alarm | None = None) -> set[str]:
    """The parts that /readyz names, with the status that belongs to it."""
    response = get(service, "/readyz", alarm)
    said = response.json()
    assert (response.status_code == 200) is said["ready"] is all(p == "ok" for p in said["parts"].values())
    assert response.status_code in (200, 503) and response.headers["cache-control"] == "no-store"
    return {name for name, how in said["parts"].items() if how != "ok"}


def test_a_process_that_runs_says_so(service: Measured) -> None:
    """Whatever else is wrong."""
    assert (get(service, "/healthz").status_code, get(service, "/healthz").text) == (200, "ok")


def test_ready_when_everything_is(service: Measured) -> None:
    """Database, migrations, courier, encoder, alarm."""
    beat(service.database)
    assert get(service, "/readyz").json() == {
        "ready": True, "parts": dict.fromkeys(Operate.PARTS, "ok")
    }  # fmt: skip


@pytest.mark.parametrize("ago", [None, 31.0, -3600.0])
def test_not_ready_without_a_courier(service: Measured, ago: float | None) -> None:
    """It never ran, stopped half a minute ago, or the clock went back."""
    if ago is not None:
        beat(service.database, ago)
    assert failing(service) == {"courier"}


def test_not_ready_when_the_database_is_of_another_version(service: Measured) -> None:
    """It has to be migrated first."""
    beat(service.database)
    with service.database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    assert failing(service) == {"migrations", "courier", "reports"}


def test_not_ready_without_a_database_and_no_secret_is_told(askwell: Askwell) -> None:
    """Neither its address nor what its driver says."""
    service = Measured(askwell, Database("postgresql://askwell:very-secret@127.0.0.1:1/askwell"))
    assert failing(service) == {"database", "migrations", "courier", "reports"}
    said = get(service, "/readyz").text
    assert "very-secret" not in said and "127.0.0.1" not in said
    assert "askwell_database_up 0.0" in get(service, "/metrics").text


def test_not_ready_without_the_encoder(service: Measured, askwell: Askwell) -> None:
    """Lexical answers permit nothing; that is no service."""
    beat(service.database)
    bare = Askwell(askwell.encoded, Understanding(askwell.knowledge, ROOT, None), askwell.today)
    lexical = Measured(bare, service.database)
    assert failing(lexical) == {"encoder"}


def test_not_ready_when_nobody_can_be_alarmed(service: Measured) -> None:
    """Trouble that nobody hears of."""
    beat(service.database)

    async def broken(_text: str) -> None:
        raise OSError

    alarm = Alarm(service.database, broken)
    _given_up(service.database)
    asyncio.run(alarm.look())
    assert failing(service, alarm) == {"alarm"}


def _given_up(database: Database) -> None:
    with database.write() as connection:
        outbox.put(connection, "sefton", "c", "slack", "k", "body", 0.0)
        (row,) = outbox.claim(connection, ("slack",), "me", 1.0, 60.0, 1)
        outbox.dead(connection, row, "me")


def test_figures_count_messages_by_channel_and_seconds_by_outcome(service: Measured) -> None:
    """And how the outbox stands."""
    service.introduce(letters.LETTERS, "ann", Asker("sefton", "staff"))
    for incoming in (letters.coming("e1", Words("hello")), letters.coming("e1", Words("hello")), letters.coming("e2", Words("thanks"))):
        service.handle(incoming)
    beat(service.database, 5.0)
    figures = get(service, "/metrics").text
    assert f'askwell_messages_total{{channel="{letters.LETTERS}"}} 3.0' in figures
    assert 'askwell_seconds_count{outcome="answered"} 2.0' in figures and 'askwell_seconds_count{outcome="repeated"} 1.0' in figures
    assert "askwell_database_up 1.0" in figures and "askwell_outbox_due 2.0" in figures and "askwell_outbox_given_up 0.0" in figures
    (age,) = [float(line.split()[1]) for line in figures.splitlines() if line.startswith("askwell_courier_age_seconds ")]
    assert 5.0 <= age < 60.0


def test_what_fails_is_counted_and_still_fails(service: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channel must know that nothing was taken in."""
    service.database.close()

    def unreachable() -> None:
        raise DatabaseUnusableError

    monkeypatch.setattr(service.database, "read", unreachable)
    with pytest.raises(DatabaseUnusableError):
        service.handle(letters.coming("e1", Words("hello")))
    monkeypatch.undo()
    assert 'askwell_seconds_count{outcome="failed"} 1.0' in get(service, "/metrics").text


def test_figures_tell_nothing_of_anybody(service: Measured) -> None:
    """The same names and labels before and after somebody reported danger: nothing by topic or kind."""
    service.introduce(letters.LETTERS, "whoever", Asker("sefton", "staff"))
    service.handle(letters.coming("e1", Words("May I share our post?"), "whoever"))
    before = _names(get(service, "/metrics").text)
    service.handle(letters.coming("e2", Words(f"{MARKED}. A child is being hit right now, my manager covers up fraud."), "whoever"))
    figures = get(service, "/metrics").text
    assert _names(figures) == before
    assert not any(word in figures for word in (*MARKED.split()[:2], "whoever", "safeguarding", "whistleblowing", "danger"))


def _names(figures: str) -> set[str]:
    return {line.split(" ")[0] for line in figures.splitlines() if not line.startswith("#")}


class Recorder(BaseHTTPRequestHandler):
    """Somebody outside who watches the heartbeat."""

    url: str
    status: int
    heard: list[str]

    def do_GET(self) -> None:
        """Remember it."""
        self.heard.append(self.path)
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def watcher() -> Iterator[type[Recorder]]:
    """A real server on loopback."""
    handler: type[Recorder] = type("Watcher", (Recorder,), {"heard": [], "status": 200})
    server = HTTPServer(("127.0.0.1", 0), handler)
    handler.url = f"http://127.0.0.1:{server.server_port}/beat/very-secret"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


async def soon(what: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        await asyncio.sleep(0.02)


def test_the_heart_beats_while_all_is_well_and_stops_when_it_is_not(
    service: Measured,
    watcher: type[Recorder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever watches it outside notices the silence."""
    monkeypatch.setattr(operating, "MINUTE", 0.05)
    heart = Operate(service, Alarm(service.database, None), watcher.url).heartbeat

    async def live() -> None:
        task = asyncio.create_task(heart())
        await asyncio.sleep(0.3)
        assert watcher.heard == []
        beat(service.database)
        await soon(lambda: len(watcher.heard) >= 2)
        assert watcher.heard[:2] == ["/beat/very-secret"] * 2
        beat(service.database, 100.0)
        await asyncio.sleep(0.3)
        count = len(watcher.heard)
        await asyncio.sleep(0.3)
        assert len(watcher.heard) == count
        task.cancel()

    asyncio.run(live())


def test_a_heartbeat_that_does_not_get_through_is_logged_without_its_address(
    service: Measured,
    watcher: type[Recorder],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The address is a secret; and Askwell goes on."""
    monkeypatch.setattr(operating, "MINUTE", 0.05)
    watcher.status = 500
    beat(service.database)

    async def live() -> None:
        task = asyncio.create_task(Operate(service, Alarm(service.database, None), watcher.url).heartbeat())
        await soon(lambda: len(watcher.heard) >= 2)
        assert not task.done()
        task.cancel()

    with caplog.at_level(logging.WARNING, "askwell"):
        asyncio.run(live())
    said = [r.getMessage() for r in caplog.records if r.name == "askwell.operate"]
    assert said and all("HTTPStatusError" in line and "secret" not in line for line in said)


def test_the_application_purges_beats_and_answers(askwell: Askwell, database: Database) -> None:
    """All of it together, as `askwell serve` runs it."""
    service = Measured(askwell, database)
    with database.write() as connection:
        records.take(connection, "slack", "old", 1.0)
    part, alarm = operate(service, Settings(_env_file=None))
    app, _ = application(service, [part], alarm)

    async def live() -> None:
        async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
            for _ in range(200):
                ready = (await client.get("/readyz")).status_code == 200
                with database.read() as connection:
                    gone = not connection.execute(select(event)).all()
                if ready and gone:
                    return
                await asyncio.sleep(0.05)
            pytest.fail("it never got ready, or never purged")

    asyncio.run(live())


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """Everything that is logged, at the chattiest level."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = StringIO()
    logs.configure("debug", stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = before
    root.setLevel(level)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def logged(lines: StringIO) -> list[dict[str, Any]]:
    """The log as its reader reads it: one JSON object a line."""
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_no_log_holds_a_word_of_any_message(service: Measured, lines: StringIO) -> None:
    """Questions, danger, feedback, what is passed on, trouble with the database, and a mishap of our own, at the level debug."""
    service.introduce(letters.LETTERS, "ann", Asker("sefton", "staff"))
    said = (MARKED, f"May I post {MARKED}?", f"{MARKED}: a child is in danger right now", f"I report fraud: {MARKED}")
    for i, words in enumerate(said):
        handled = service.handle(letters.coming(f"e{i}", Words(words)))
        service.handle(letters.coming(f"j{i}", Judged(handled.number, helpful=False, reason=MARKED)))
        service.handle(letters.coming(f"p{i}", PassOn(handled.number, agreed=True)))
    for kind in (ValueError(MARKED), DatabaseUnusableError(MARKED)):
        try:
            raise kind
        except Exception:
            logging.getLogger("askwell.test").exception("something went wrong")
    whole = lines.getvalue()
    assert not [word for word in MARKED.split() if len(word) > 3 and word.lower() in whole.lower()]
    events = [line for line in logged(lines) if line["says"] == "event"]
    assert len(events) == 3 * len(said) and {e["outcome"] for e in events} == {"answered"}
    assert {"at", "level", "log", "says", "channel", "event", "outcome", "ms"} == set(events[0])


def test_what_libraries_say_is_left_out(lines: StringIO) -> None:
    """They log bodies, addresses and values; only where it came from is kept."""
    for name in ("slack_bolt.App", "sqlalchemy.engine", "httpx", "aiohttp.access", "askwellish"):
        logging.getLogger(name).warning("Unhandled request %s", {"text": MARKED})
    logging.getLogger("slack_sdk").debug(MARKED)
    found = logged(lines)
    assert len(found) == 5 and all(line["says"].startswith("something about") for line in found)
    assert "Zebedee" not in lines.getvalue()


def test_of_an_exception_kind_and_places_are_kept(lines: StringIO) -> None:
    """Enough to mend it, and nothing that it worked on."""
    try:
        int(MARKED)
    except ValueError:
        logging.getLogger("askwell").exception("reading %s", MARKED)
    (line,) = logged(lines)
    assert (line["level"], line["says"], line["error"]) == ("error", "reading %s", "ValueError")
    assert line["in"][-1].startswith("test_operate_health:")


@pytest.mark.parametrize(("level", "shown"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_the_level_that_was_set_counts(level: str, shown: int) -> None:
    """For our own messages."""
    stream = StringIO()
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    logs.configure(level, stream)
    log = logging.getLogger("askwell.test")
    for say in (log.debug, log.info, log.warning, log.error):
        say("so")
    root.handlers[:] = before
    logging.captureWarnings(False)
    for name in logs.OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
    assert len(stream.getvalue().splitlines()) == shown
