"""What the tests share: the real knowledge, and the engine opened once for each worker."""

from datetime import date

import pytest

from bot.guide import Askwell, open_askwell
from bot.knowledge import Knowledge
from bot.load import load

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The five policies as they are encoded."""
    return load()


@pytest.fixture(scope="session")
def askwell() -> Askwell:
    """The engine with its real model."""
    return open_askwell(today=lambda: TODAY)
