"""What the tests share: the real knowledge, and the engine opened once for each worker."""

from datetime import date
from pathlib import Path

import by_hand
import encoded
import pytest

from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.load import ROOT
from bot.understand.reading import understanding

pytest_plugins = ["databases", "reporting"]
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The five policies as they are encoded."""
    return encoded.KNOWLEDGE


@pytest.fixture(scope="session")
def askwell() -> Askwell:
    """The engine with its real model."""
    return Askwell(encoded.KNOWLEDGE, understanding(encoded.KNOWLEDGE, ROOT), lambda: TODAY)


@pytest.fixture(scope="session")
def opened(askwell: Askwell) -> by_hand.Open:
    """A conversation in which a question is open."""
    return by_hand.opened(askwell)


@pytest.fixture(autouse=True)
def _kept_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is kept goes to a place of the test's own, and no configuration of this machine counts."""
    monkeypatch.setenv("ASKWELL_ENV", "")
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
