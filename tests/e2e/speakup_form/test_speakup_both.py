"""Both sides in a browser: a reader on Askwell's board, and somebody with the confidential form, each on a server of their own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reporting import START
from speakup.stand import CHAIR, ORG, PEOPLE, PHRASE, QUICK, ROOM, RUN_BY, TODAY, WHAT, Stand

from adapters.speakup.app import application
from adapters.speakup.site import Site
from bot import load, plans
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.service import Service
from bot.settings import Settings
from bot.speakup import opening
from bot.speakup.box import Box
from bot.speakup.desk import SpeakUp
from bot.store import directory
from bot.store.database import Database
from bot.understand.reading import lexical
from e2e.conftest import serving
from e2e.serving import NewPage
from e2e.speakup_form.test_speakup_journey import press
from e2e.test_web_report import come_in

QUESTION = "Who has the key to the cupboard?"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """One installation that offers the form."""
    Box(tmp_path / "speak-up.db", opening.key(tmp_path / "keys" / opening.KEY_FILE), ROOM)
    return Settings.model_validate({"data": tmp_path, "public_url": "https://askwell.example.org", "speakup_url": "https://form.example.org"})


@pytest.fixture
def database() -> Database:
    """Its people."""
    made = Database("sqlite://", clock=lambda: START)
    made.ready()
    with made.write() as connection:
        directory.replaced(connection, ORG, PEOPLE)
    return made


@pytest.fixture
def form(settings: Settings, database: Database, knowledge: Knowledge) -> Stand:
    """The form of this installation, as another process would open it."""
    only = knowledge.only(ORG)
    desk = SpeakUp(replace(opening.opened(settings, only, database), cost=QUICK))
    site = Site(desk, lambda: only, RUN_BY, lexical(load.ROOT), lambda: TODAY)
    return Stand(site, application(site), [TODAY])


@pytest.fixture
def board(askwell: Askwell, settings: Settings, database: Database) -> Iterator[str]:
    """Where the readers' page is served."""
    with serving(Service(askwell, database, plans.load(load.ROOT, askwell.knowledge)), settings) as found:
        yield found


def reader(new_page: NewPage, database: Database, board: str) -> Page:
    """The chair, who makes a key."""
    page = new_page(width=320, height=640)
    come_in(page, database, board, CHAIR, ORG)
    page.goto(f"{board}/speak-up")
    page.get_by_label("Choose a passphrase").fill(PHRASE)
    page.get_by_label("The same once more").fill(PHRASE)
    press(page, "Make my key")
    page.get_by_text("Your key is made.").wait_for()
    return page


def opened(page: Page, board: str) -> None:
    """The reader types the passphrase."""
    page.goto(f"{board}/speak-up")
    page.get_by_label("Your passphrase", exact=True).first.fill(PHRASE)
    page.get_by_role("button", name="Open", exact=True).click()


def test_a_report_a_question_and_its_answer_go_from_one_to_the_other(
    new_page: NewPage, database: Database, board: str, visit: NewPage, form: Stand
) -> None:
    """Until the reader has a key the form shows only the ways outside; then what is written in one browser is read in the other."""
    page = visit()
    press(page, "Start a report")
    press(page, "Next")
    expect(page.get_by_role("heading", name="Use a way outside")).to_be_visible()
    chair = reader(new_page, database, board)
    page.goto("/")
    press(page, "Start a report")
    page.get_by_label("Cleo Chief").check()
    press(page, "Next")
    expect(page.locator(".readers")).to_contain_text("Charlie Chair")
    press(page, "Yes, this person")
    page.get_by_label("What has happened").fill(WHAT)
    press(page, "Next")
    press(page, "Next")
    page.get_by_label("Without my name").check()
    press(page, "Next")
    press(page, "Send")
    receipt = page.locator("#receipt").inner_text()
    opened(chair, board)
    expect(chair.get_by_text(WHAT)).to_be_visible()
    chair.get_by_text("Ask them something").first.click()
    asking = chair.locator("form", has=chair.get_by_label("Your question"))
    asking.get_by_label("Your question").fill(QUESTION)
    asking.get_by_label("Your passphrase").fill(PHRASE)
    asking.get_by_role("button", name="Ask them something").click()
    page.goto("/")
    press(page, "I have a receipt")
    page.get_by_label("Your receipt").fill(receipt)
    press(page, "Open")
    expect(page.get_by_text("Somebody has opened it.")).to_be_visible()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    page.get_by_label("Your answer").fill("The caretaker has it.")
    press(page, "Send this answer")
    page.get_by_text("It is sent.").wait_for()
    opened(chair, board)
    expect(chair.get_by_text("The caretaker has it.")).to_be_visible()
    assert form.kept() == 1
