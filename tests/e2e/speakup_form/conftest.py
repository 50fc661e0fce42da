"""A confidential form that really listens, for browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from speakup.stand import RUN_BY, Stand, stand

from adapters.speakup.serve import config
from bot.knowledge import Knowledge
from bot.settings import Settings
from e2e.serving import NewPage, listening, visiting


@pytest.fixture
def form(tmp_path: Path, knowledge: Knowledge) -> Stand:
    """One organisation's form."""
    return stand(tmp_path, knowledge.only("derbyshire"))


@pytest.fixture
def served_at(form: Stand) -> Iterator[str]:
    """Where it is served."""
    with listening(config(form.site, Settings.model_validate({"speakup_port": 0, "speakup_run_by": RUN_BY}))) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, served_at: str) -> Iterator[NewPage]:
    """Opens the form on a small phone, as `visiting` does."""
    with visiting(browser, served_at, "none is", 320, 640) as opened:

        def make(**options: object) -> Page:
            page = opened(**options)
            page.goto("/")
            return page

        yield make
