"""A short run of `make chaos`: servers are killed while people talk, and nothing is lost. The long runs are not among the tests."""

import json
import time
from pathlib import Path

import pytest

from bot import reports as bot_reports
from bot.board import Board
from bot.knowledge import Flow
from bot.people import Person
from bot.report import Filing, Running
from bot.store import directory
from bot.store.cases import Reporter
from chaos import asked, asking, reports
from chaos.people import keys
from chaos.run import run
from chaos.slack import Posted


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_server_loses_nothing_and_repeats_nothing_unmarked(kind: str) -> None:
    """Everything acknowledged is answered, every answer is one of a committed turn, each is counted once."""
    verdict = run(kind, conversations=5, every=5, lease=2.0, seed=4, steps=3)
    assert verdict.violations == ()
    assert verdict.kills >= 1 and verdict.turns >= 15 and verdict.events >= verdict.turns


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_are_killed_lose_no_ping_and_ask_nobody_once_somebody_has_it(kind: str) -> None:
    """On PostgreSQL one of two processes never returns, and the server itself crashes; what is sent twice has the same key."""
    found = reports.run(kind, reports_=8, kills=2, seed=3)
    assert found.violations == ()
    assert (found.reports, found.kills) == (8, 2) and (found.crashes > 0) == (kind == "postgresql")
    assert found.pings >= 8 and found.taken > 0


def test_a_lost_ping_and_one_that_came_too_late_would_be_seen(tmp_path: Path) -> None:
    """What is committed and never sent; what goes out after somebody has taken it; what nobody asked for."""
    made = asking.service(tmp_path, f"sqlite:///{tmp_path / 'askwell.db'}")
    made.database.migrate()
    with made.database.write() as connection:
        directory.replaced(connection, reports.ORG, [Person(reports.ORG, p, p, "staff") for p in reports.LEVELS])
        filing = Filing(Running(Flow.SAFEGUARDING, ""), reports.ROUTE, frozenset())
        reference = bot_reports.file(connection, made.database.vault, made.post(1.0), reports.ORG, Reporter("x", "a", "c", {}), filing, 1.0)
    assert asked.judge(made, reports.LEVELS, tmp_path, 0, 0).violations == ("1 pings were not sent", "1 pings were lost")
    key = made.post(0.0).key(f"{reference}-1", reports.LEVELS[0], "email", "0")
    Board(made).acted(reports.ORG, reference, reports.LEVELS[0], {"action": "take"})
    lines = [json.dumps({"key": one, "at": time.time() + 60}) for one in (key, "strange")]
    (tmp_path / "sent-a.jsonl").write_text("\n".join(lines) + "\n")
    found = asked.judge(made, reports.LEVELS, tmp_path, 0, 0).violations
    assert found == ("1 people were asked after somebody had taken it", "1 pings have strange keys")
    made.database.close()


def test_a_repetition_would_be_seen() -> None:
    """The same message twice counts twice; another one counts by itself."""
    assert keys([Posted("a", {}), Posted("b", {}), Posted("a", {})]) == {"a": 2, "b": 1}
