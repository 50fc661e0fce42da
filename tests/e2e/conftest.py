"""A browser and a server for the tests that need both. Chromium has to be there: a test that needs it fails without, it is never skipped."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from starlette.applications import Starlette

from adapters.web.part import part
from bot.guide import Askwell
from bot.service import Service
from bot.settings import Settings
from bot.store.database import Database
from e2e.serving import NewPage, listening, visiting

TODAY = date(2026, 11, 21)
MISSING = "Chromium was not found. Install it (Debian: apt-get install chromium), or set ASKWELL_CHROMIUM to the browser's program."
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


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


def serving(service: Service, settings: Settings) -> AbstractContextManager[str]:
    """A page that is served while the block runs."""
    made = part(service, settings)
    assert made.channel
    service.join(made.channel)
    app = Starlette(routes=list(made.routes), exception_handlers=dict(made.lost))
    return listening(uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none"))


@pytest.fixture
def new_page(browser: Browser, address: str) -> Iterator[NewPage]:
    """Opens the page, as `visiting` does."""
    with visiting(browser, address, "status of 4", 1280, 900) as opened:
        yield opened


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
