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
from e2e.conftest import ask, serving
from e2e.serving import NewPage
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


def come_in(page: Page, database: Database, there: str, email: str, organisation: str = "warrington") -> None:
    """Use an invite link."""
    with database.write() as connection:
        token = invites.create(connection, Invite(organisation, email, "staff"), START, 7)
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
    lead.get_by_text(words.CASE_ACTS["decision"]).first.click()
    lead.get_by_label(words.CASE_WHY).fill("We refer it to the council today.")
    lead.get_by_role("button", name=words.CASE_ACTS["decision"]).click()
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


def test_a_report_that_was_kept_is_gone_on_with_by_the_keyboard(new_page: NewPage, database: Database, there: str) -> None:
    """The button stands where the person looks, right after keeping it and after another question."""
    page = new_page(*NARROW)
    come_in(page, database, there, ME)
    ask(page, SAYS)
    keys(page, "Start a report")
    step(page, 1)
    keys(page, "No –")
    step(page, 2)
    keys(page, words.SAVE_IT, exact=True)
    page.get_by_text(words.REPORT_SAVED).wait_for()
    fits(page, "kept")
    keys(page, words.RESUME_IT)
    step(page, 2)
    keys(page, words.SAVE_IT, exact=True)
    page.get_by_role("button", name=words.RESUME_IT).wait_for()
    ask(page, "Can I share our post on my own page?")
    fits(page, "kept-asked")
    keys(page, words.RESUME_IT)
    step(page, 2)


def test_a_caller_is_written_down_and_cases_are_linked_at_320_pixels(new_page: NewPage, database: Database, there: str) -> None:
    """The lead writes two calls down, links them, reads them as one story, and waits for the police."""
    lead = new_page(*NARROW)
    come_in(lead, database, there, LEAD)
    for caller in ("Mrs Caller, 01632 960 001", "Mr Neighbour, 01632 960 002"):
        lead.goto(f"{there}/board")
        fits(lead, "board-behalf")
        lead.get_by_role("button", name=words.BEHALF_IT["safeguarding"]).click()
        step(lead, 1)
        fits(lead, "behalf-1")
        lead.get_by_role("button", name="No –").click()
        for number, text in ((2, SEEN), (3, caller)):
            step(lead, number)
            lead.locator(".step textarea").fill(text)
            fits(lead, f"behalf-{number}")
            lead.get_by_role("button", name="Next", exact=True).click()
        for number, press in ((4, "A child or young person"), (5, words.SKIP_IT), (6, words.SKIP_IT), (7, "Yes –"), (8, words.SKIP_IT), (9, "No –")):
            step(lead, number)
            lead.get_by_role("button", name=press).last.click()
        lead.get_by_role("button", name=words.SEND, exact=True).wait_for()
        fits(lead, "behalf-review")
        lead.get_by_role("button", name=words.SEND, exact=True).click()
        lead.get_by_text(words.BEHALF_SENT).last.wait_for()
        fits(lead, "behalf-sent")
    lead.get_by_role("link", name="Board").click()
    lead.get_by_role("link", name="Somebody may be at risk").first.click()
    lead.get_by_text(words.CASE_ACTS["link"]).first.click()
    lead.get_by_label(words.CASE_WHICH).first.select_option(index=1)
    lead.get_by_role("button", name=words.CASE_ACTS["link"]).click()
    lead.get_by_role("heading", name=words.CASE_LINKED).wait_for()
    lead.get_by_text(words.CASE_ACTS["wait"]).first.click()
    lead.get_by_label(words.CASE_ON).select_option("police")
    lead.get_by_label(words.CASE_UNTIL).fill("2026-11-25")
    lead.get_by_role("button", name=words.CASE_ACTS["wait"]).click()
    lead.get_by_text("Waiting for: The police").wait_for()
    for summary in lead.locator(".doing summary").all():
        summary.click()
    fits(lead, "linked")
    lead.get_by_role("link", name="All of them as one chronology").click()
    expect(lead.get_by_text("2 cases that belong together")).to_be_visible()
    fits(lead, "chronology")


def test_a_link_in_mail_or_slack_arrives_signed_in(new_page: NewPage, database: Database, there: str) -> None:
    """A strict cookie stays at home on the way from another site; a page of ours fetches it, once."""
    page = new_page(*NARROW)
    come_in(page, database, there, LEAD)
    page.goto(there.replace("127.0.0.1", "localhost") + "/policy")  # to the browser another site
    came: list[str] = []
    page.on("response", lambda r: came.append(r.url) if r.url.endswith("/board") else None)
    page.evaluate(f"location.href = '{there}/board'")
    page.get_by_role("heading", name="What waits for you").wait_for()
    assert len(came) == 2
    stranger = new_page(*NARROW)
    stranger.goto(there.replace("127.0.0.1", "localhost") + "/policy")
    stranger.evaluate(f"location.href = '{there}/board'")
    stranger.get_by_text("Ask whoever looks after Askwell").wait_for()


def test_an_address_that_does_not_exist_fits_and_leads_on(new_page: NewPage, there: str) -> None:
    """One of our own pages."""
    page = new_page(*NARROW)
    page.goto(f"{there}/nowhere")
    expect(page.get_by_role("link", name="Go to Askwell")).to_be_visible()
    fits(page, "nowhere")
