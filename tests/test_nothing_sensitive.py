"""What somebody reports stands nowhere to be read: not in the database's files, logs, messages, figures or receipts; only a handler reads it."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import reporting
from reporting import ANSWERS, BOSS, LEAD, ME, ORG, OTHER, World

from adapters.metrics import Metrics
from adapters.remind import Reminders
from adapters.terminal import chat
from bot import load, logs, plans, vault
from bot.board import Board
from bot.guide import Askwell
from bot.messages import Filled, Press, Steered, Words
from bot.people import Asker
from bot.service import Service
from bot.store.cases import NoCaseError
from bot.store.database import Database

MARKED = {
    "seen": "Zebedeequix bruised both arms",
    "who": "Quillonfarrow",
    "where": "https://marked.example/wombatlane",
    "implicated": "The Boss\nNemopersson",
}
WORDS = ("Zebedeequix", "Quillonfarrow", "wombatlane", "Nemopersson", "bruised both arms")
NOTE = "Vermilionnote rang the council"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as `askwell serve` logs it, at its most talkative."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    logs.configure("debug", stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]


@pytest.fixture
def world(askwell: Askwell, tmp_path: Path) -> Iterator[World]:
    """On a database in a file, under keys of its own."""
    made = reporting.world(askwell, f"sqlite:///{tmp_path / 'db' / 'askwell.db'}", vault=vault.kept(tmp_path / "keys"))
    yield made
    made.database.close()


def found(raw: bytes) -> list[str]:
    """Which marked words stand there, in any of the ways in which text is stored."""
    return [w for w in (*WORDS, NOTE.split(maxsplit=1)[0]) if w.encode() in raw or w.encode("utf-16-le") in raw or w.lower().encode() in raw.lower()]


def files(folder: Path) -> bytes:
    """Database, write-ahead log and all."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_marked_words_of_a_report_are_found_nowhere_and_read_only_by_a_handler(world: World, tmp_path: Path, logged: io.StringIO) -> None:
    """Before sending, while it is open, and after it is closed."""
    reply = world.fills({**ANSWERS, **MARKED})
    shown = repr(reply)
    assert all(w in shown for w in ("Zebedeequix", "Quillonfarrow"))  # the reporter sees it in the summary
    assert found(files(tmp_path / "db")) == []
    world.steers("send")
    (reference,) = world.references()
    for _ in range(3):
        world.later(3_601)
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    world.board.acted(ORG, reference, LEAD, {"action": "note", "text": NOTE})
    Reminders(world.service, lambda: None).night()
    for who in (BOSS, OTHER, ME):
        with pytest.raises(NoCaseError):
            world.board.opened(ORG, reference, who)
    raw = files(tmp_path / "db")
    assert len(raw) > 50_000 and b"lead@x.uk" in raw  # it is the database that was looked through
    assert found(raw) == []
    assert found("".join(str(r.body) + r.key + r.conversation for r in world.rows()).encode()) == []
    assert found(Metrics(world.database).text()) == []
    assert '"log": "askwell.reports"' in logged.getvalue() and found(logged.getvalue().encode()) == []
    turns = world.service.exchanges("terminal", "me", "home-me")
    assert not [a.receipt for t in turns if t.reply for a in t.reply.answers if a.receipt]
    opened = world.board.opened(ORG, reference, LEAD)
    assert opened.content["seen"] == MARKED["seen"] and opened.entries[0].text == NOTE
    assert found(repr(opened.held).encode()) == []


def test_what_was_typed_while_reporting_is_not_shown_again(world: World) -> None:
    """The transcript of a channel that keeps one holds what was asked and not what was typed into the form."""
    world.fills({**ANSWERS, **MARKED})
    world.steers("cancel")
    said = [t.said for t in world.service.exchanges("terminal", "me", "home-me")]
    assert found(" ".join(said).encode()) == []


def test_without_the_key_nobody_can_read_it(world: World, askwell: Askwell, tmp_path: Path) -> None:
    """Whoever has only the database has nothing."""
    reference = world.files(MARKED)
    stranger = reporting.World(*_opened(askwell, f"sqlite:///{tmp_path / 'db' / 'askwell.db'}"))
    with pytest.raises(vault.SealBrokenError):
        stranger.board.opened(ORG, reference, LEAD)
    stranger.database.close()


def _opened(askwell: Askwell, address: str) -> tuple[Service, Board, list[float]]:
    database = Database(address)
    service = Service(askwell, database, plans.load(load.ROOT, askwell.knowledge))
    return service, Board(service), [reporting.START]


def test_the_terminal_logs_nothing_of_a_report(askwell: Askwell, logged: io.StringIO) -> None:
    """As `askwell chat` runs it, where nobody can be asked: the words go no further than the window."""
    talk = chat.Talk(askwell, plans.load(load.ROOT, askwell.knowledge))
    talk.service.introduce("terminal", chat.ME, Asker(ORG, "staff"))
    talk.do(Words(reporting.SAYS))
    talk.do(Press(talk.number, "flow", "safeguarding"))
    talk.do(Press(talk.number, "step:danger", "no"))
    talk.do(Filled(talk.number, "seen", MARKED["seen"]))
    talk.do(Steered(talk.number, "cancel"))
    rows = "".join(talk.service.database.engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]
    assert "terminal" in rows and found(rows.encode()) == [] and found(logged.getvalue().encode()) == []
