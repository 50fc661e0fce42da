"""The confidential form in a real browser at 320 px: with and without JavaScript, with the keyboard alone, and as axe-core sees it."""

import pytest
from playwright.sync_api import Page, expect
from speakup.stand import CHAIR, ORG, PHRASE, WHAT, Stand

from e2e.serving import NewPage
from e2e.test_web_report import fits

QUESTION = "Who has the key to the cupboard?"


def press(page: Page, name: str) -> None:
    """Press a button, and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).last.click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_first_page_to_taking_it_back(visit: NewPage, form: Stand, scripts: bool) -> None:
    """Report, receipt, question, answer, more, and back again; every page fits 320 px, and axe-core finds nothing."""
    page = visit(java_script_enabled=scripts)
    look(page, scripts, "1-start")
    press(page, "Start a report")
    page.get_by_label("Cleo Chief").check()
    look(page, scripts, "2-about")
    press(page, "Next")
    expect(page.locator(".readers")).not_to_contain_text("Clem")
    look(page, scripts, "3-readers")
    press(page, "Yes, ")
    look(page, scripts, "4-what")
    page.get_by_label("What has happened").fill(WHAT)
    page.get_by_label("When?").fill("Fridays & Mondays <b>")
    press(page, "Next")
    look(page, scripts, "5-more")
    press(page, "Next")
    look(page, scripts, "6-name")
    page.get_by_label("Without my name").check()
    press(page, "Next")
    expect(page.get_by_text("Fridays & Mondays <b>")).to_be_visible()
    look(page, scripts, "7-summary")
    press(page, "Send")
    receipt = page.locator("#receipt").inner_text()
    look(page, scripts, "8-sent")
    page.get_by_role("link", name="I have written it down").click()
    (case, *_) = form.reading.inbox(ORG, CHAIR, PHRASE)
    form.reading.reply(ORG, CHAIR, PHRASE, case.reference, QUESTION, question=True)
    press(page, "I have a receipt")
    look(page, scripts, "9-receipt")
    page.get_by_label("Your receipt").fill(receipt.replace(" ", ""))
    press(page, "Open")
    expect(page.get_by_text(QUESTION)).to_be_visible()
    look(page, scripts, "10-thread")
    page.get_by_label("Your answer").fill("The chief has it.")
    press(page, "Send this answer")
    page.get_by_label("What do you want to add?").fill("It happened again.")
    press(page, "Send")
    expect(page.get_by_text("You added something.")).to_be_visible()
    look(page, scripts, "11-added")
    press(page, "Take my report back")
    look(page, scripts, "12-withdraw")
    press(page, "Yes, take it back")
    expect(page.get_by_text("taken back")).to_be_visible()
    press(page, "I have a receipt")
    page.get_by_label("Your receipt").fill(receipt)
    press(page, "Open")
    expect(page.get_by_text("opens nothing")).to_be_visible()


def look(page: Page, scripts: bool, name: str) -> None:
    """It fits; axe-core needs JavaScript, and finds the same pages without."""
    if scripts:
        fits(page, f"speakup-{name}")
    else:
        assert page.locator("h1").count() == 1
