"""A short run of `make chaos`: servers are killed while people talk, and nothing is lost. The long runs are not among the tests."""

import pytest

from chaos import reports
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


def test_a_repetition_would_be_seen() -> None:
    """The same message twice counts twice; another one counts by itself."""
    assert keys([Posted("a", {}), Posted("b", {}), Posted("a", {})]) == {"a": 2, "b": 1}
