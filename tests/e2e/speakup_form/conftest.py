"""A confidential form that really listens, for browsers."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page
from speakup.stand import RUN_BY, Stand, stand

from adapters.speakup.serve import config
from bot.knowledge import Knowledge, frozen
from bot.settings import Settings
from e2e.conftest import WAIT

Visit = Callable[..., Page]


class listening:  # noqa: N801 - reads as what it does: with listening(…) as address
    """A server that runs while the block does."""

    def __init__(self, made: Stand) -> None:
        settings = Settings.model_validate({"speakup_port": 0, "speakup_run_by": RUN_BY})
        self.server = uvicorn.Server(config(made.site, settings))
        self.thread = threading.Thread(target=self.server.run, daemon=True)

    def __enter__(self) -> str:
        """Its address."""
        self.thread.start()
        until = time.monotonic() + 10
        while not self.server.started:
            assert time.monotonic() < until, "the server does not start"
            time.sleep(0.01)
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        """It ends."""
        self.server.should_exit = True
        self.thread.join()


@pytest.fixture
def form(tmp_path: Path, knowledge: Knowledge) -> Stand:
    """One organisation's form."""
    only = replace(knowledge, organisations=frozen({"derbyshire": knowledge.organisations["derbyshire"]}))
    return stand(tmp_path, only)


@pytest.fixture
def served_at(form: Stand) -> Iterator[str]:
    """Where it is served."""
    with listening(form) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, served_at: str) -> Iterator[Visit]:
    """Opens the form in a browser of its own. No script may fail, and nothing be stopped by our own policy; `expected` may be complained of."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(width: int = 320, height: int = 640, expected: str = "none is", **options: object) -> Page:
        context = browser.new_context(base_url=served_at, viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type] # passed through
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") and expected not in m.text else None)
        page.goto("/")
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []
