"""A report and the board in a browser at 320 px, with the keyboard: axe-core finds nothing, nothing scrolls sideways, and Send reaches a handler."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reporting import BOSS, LEAD, ME, PEOPLE, SAYS, START

from bot import load, plans, words
from bot.guide import Askwell
from bot.service import Service
from bot.settings import Settings
from bot.store import directory, invites
from bot.store.database import Database
from bot.store.invites import Invite
from e2e.conftest import NewPage, ask, serving
from e2e.test_web_access import CUT, NARROW, violations

SEEN = "bruises on both arms"


@pytest.fixture
def database() -> Database:
    """Everybody of tests/reporting.py."""
    made = Database("sqlite://", clock=lambda: START)
    made.ready()
    with made.write() as connection:
        directory.replaced(connection, "warrington", PEOPLE)
    return made


@pytest.fixture
def there(askwell: Askwell, database: Database) -> Iterator[str]:
    """Where the page is served."""
    settings = Settings.model_validate({"public_url": "https://askwell.example.org"})
    with serving(Service(askwell, database, plans.load(load.ROOT, askwell.knowledge)), settings) as found:
        yield found


def come_in(page: Page, database: Database, there: str, email: str) -> None:
    """Use an invite link."""
    with database.write() as connection:
        token = invites.create(connection, Invite("warrington", email, "staff"), START, 7)
    page.goto(f"{there}/invite/{token}")
    page.get_by_role("button", name="Open Askwell on this device").click()
    page.locator("#question").wait_for()


def fits(page: Page, name: str) -> None:
    """Nothing scrolls sideways or is cut off, axe-core finds nothing; a picture where somebody wants to look."""
    if folder := os.environ.get("ASKWELL_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")
    assert page.evaluate(CUT) == []
    assert violations(page) == []


def keys(page: Page, name: str, exact: bool = False) -> None:
    """Tab to the button whose name begins so, and press it: by the keyboard alone."""
    button = page.get_by_role("button", name=name, exact=exact).last
    button.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        if button.evaluate("b => b === document.activeElement"):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"Tab does not reach “{name}”")


def step(page: Page, number: int) -> None:
    """Wait for a question of the report."""
    page.get_by_text(f"question {number} of").wait_for()


def fill(page: Page, text: str) -> None:
    """Write into the field of the step, by the keyboard alone."""
    field = page.locator(".step textarea")
    for _ in range(80):
        page.keyboard.press("Tab")
        if field.evaluate("f => f === document.activeElement"):
            page.keyboard.type(text)
            return
    pytest.fail("Tab does not reach the field")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_is_made_with_the_keyboard_and_worked_on_at_320_pixels(new_page: NewPage, database: Database, there: str, scheme: str) -> None:
    """From the answer to Send, and from the board to the sheet; every screen fits and is usable."""
    page = new_page(*NARROW, color_scheme=scheme)
    come_in(page, database, there, ME)
    ask(page, SAYS)
    keys(page, "Start a report")
    step(page, 1)
    fits(page, f"report-1-{scheme}")
    keys(page, "No –")
    step(page, 2)
    fill(page, SEEN)
    fits(page, f"report-2-{scheme}")
    keys(page, "Next", exact=True)
    for number, press in ((3, "A child or young person"), (4, words.SKIP_IT), (5, words.SKIP_IT), (6, "No –")):
        step(page, number)
        keys(page, press)
    step(page, 7)
    page.get_by_label("The Boss").check()
    fits(page, f"report-7-{scheme}")
    keys(page, "Next", exact=True)
    step(page, 8)
    keys(page, "No –")
    page.get_by_role("button", name=words.SEND, exact=True).wait_for()
    expect(page.get_by_text(SEEN)).to_be_visible()
    expect(page.get_by_text("A child or young person under 18")).to_be_visible()
    fits(page, f"review-{scheme}")
    keys(page, words.SEND, exact=True)
    page.get_by_text("Sent. It goes to").wait_for()
    expect(page.get_by_text(SEEN)).to_have_count(0)
    fits(page, f"sent-{scheme}")
    lead, boss = new_page(*NARROW, color_scheme=scheme), new_page(*NARROW)
    come_in(lead, database, there, LEAD)
    lead.get_by_role("link", name="Board").click()
    fits(lead, f"board-{scheme}")
    lead.get_by_role("link", name="Somebody may be at risk").click()
    expect(lead.get_by_text(SEEN)).to_be_visible()
    fits(lead, f"case-{scheme}")
    keys(lead, words.CASE_TAKE)
    lead.get_by_text("You have it.").wait_for()
    lead.get_by_text("Write down a decision").first.click()
    lead.get_by_label("What you decided, and why").fill("We refer it to the council today.")
    lead.get_by_role("button", name="Write down a decision").click()
    expect(lead.get_by_text("We refer it to the council today.")).to_be_visible()
    for summary in lead.locator(".doing summary").all():
        summary.click()
    fits(lead, f"taken-{scheme}")
    lead.get_by_role("link", name="A sheet to print").click()
    fits(lead, f"sheet-{scheme}")
    come_in(boss, database, there, BOSS)
    boss.get_by_role("link", name="Board").click()
    expect(boss.get_by_text("Nothing waits for you.")).to_be_visible()
    fits(boss, f"empty-{scheme}")


def test_a_report_can_be_made_without_javascript(new_page: NewPage, database: Database, there: str) -> None:
    """Forms alone carry it, and one question stands at a time."""
    page = new_page(*NARROW, java_script_enabled=False)
    come_in(page, database, there, ME)
    page.locator("#question").fill(SAYS)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.get_by_role("button", name="Start a report").click()
    step(page, 1)
    page.get_by_role("button", name="No –").click()
    step(page, 2)
    page.locator(".step textarea").fill(SEEN)
    page.get_by_role("button", name="Next", exact=True).click()
    step(page, 3)
    assert page.get_by_text("question ", exact=False).filter(has_text=words.NOTHING_SENT_YET).count() == 1
    page.get_by_role("button", name=words.CANCEL_IT, exact=True).click()
    expect(page.get_by_text(words.REPORT_CANCELLED)).to_be_visible()
    expect(page.get_by_text(SEEN)).to_have_count(0)
