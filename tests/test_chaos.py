"""A short run of `make chaos`: servers are killed while people talk, and nothing is lost. The long runs are not among the tests."""

import pytest

from chaos.people import keys
from chaos.run import run
from chaos.slack import Posted


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_server_loses_nothing_and_repeats_nothing_unmarked(kind: str) -> None:
    """Everything acknowledged is answered, every answer is one of a committed turn, each is counted once."""
    verdict = run(kind, conversations=5, every=5, lease=2.0, seed=4, steps=3)
    assert verdict.violations == ()
    assert verdict.kills >= 1 and verdict.turns >= 15 and verdict.events >= verdict.turns


def test_a_repetition_would_be_seen() -> None:
    """The same message twice counts twice; another one counts by itself."""
    assert keys([Posted("a", {}), Posted("b", {}), Posted("a", {})]) == {"a": 2, "b": 1}
