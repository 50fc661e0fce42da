"""A browser and a server for the tests that need both. Chromium has to be there: a test that needs it fails without, it is never skipped."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright
from starlette.applications import Starlette

from adapters.web.part import part
from bot.guide import Askwell
from bot.service import Service
from bot.settings import Settings
from bot.store.database import Database

TODAY = date(2026, 11, 21)
MISSING = "Chromium was not found. Install it (Debian: apt-get install chromium), or set ASKWELL_CHROMIUM to the browser's program."
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WAIT = 30_000  # milliseconds until something must have appeared
NewPage = Callable[..., Page]


def chromium() -> str:
    """The browser's program; fails with what to do where there is none."""
    found = os.environ.get("ASKWELL_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found or not shutil.which(found):
        pytest.fail(MISSING, pytrace=False)
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for all tests."""
    made = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def service(askwell: Askwell) -> Service:
    """A service in memory."""
    database = Database("sqlite://")
    database.ready()
    return Service(askwell, database)


@pytest.fixture(scope="session")
def address(service: Service) -> Iterator[str]:
    """Where the page is served: a real server on a free port of this machine."""
    with serving(service, Settings(_env_file=None)) as found:
        yield found


class serving:  # noqa: N801 - reads as what it does: with serving(…) as address
    """A server that runs while the block does."""

    def __init__(self, service: Service, settings: Settings) -> None:
        made = part(service, settings)
        assert made.channel
        service.join(made.channel)
        app = Starlette(routes=list(made.routes), exception_handlers=dict(made.lost))
        config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none")
        self.server = uvicorn.Server(config)
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
def new_page(browser: Browser, address: str) -> Iterator[NewPage]:
    """Opens pages in a browser of their own. No script may fail, and nothing be stopped by our own policy; `expected` may be complained of."""
    contexts: list[BrowserContext] = []
    wrong: list[str] = []

    def make(width: int = 1280, height: int = 900, expected: str = "status of 4", **options: object) -> Page:
        context = browser.new_context(base_url=address, viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type] # passed through
        context.set_default_timeout(WAIT)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") and expected not in m.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


def begin(page: Page, organisation: str = "Healthwatch Derbyshire", role: str = "Staff") -> None:
    """Say who is asking."""
    page.goto("/")
    page.get_by_label(organisation).check()
    page.get_by_label(role, exact=True).check()
    page.get_by_role("button", name="Start").click()
    page.locator("#question").wait_for()


def ask(page: Page, text: str) -> None:
    """Ask, and wait for the answer."""
    turns = page.locator("article.turn").count()
    page.locator("#question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("article.turn").nth(turns).wait_for()
