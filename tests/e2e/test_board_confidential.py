"""The readers' page in a browser at 320 px, by keyboard, light and dark: axe-core finds nothing, nothing is cut off."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from reporting import START
from speakup.engine_stand import CHEAP

from bot import load, plans
from bot.guide import Askwell
from bot.people import Person
from bot.service import Service
from bot.settings import Settings
from bot.speakup import opening
from bot.speakup.box import Box
from bot.speakup.desk import Naming, Report, SpeakUp
from bot.speakup.reading import Reading
from bot.store import directory
from bot.store.database import Database
from e2e.conftest import serving
from e2e.serving import WAIT, NewPage
from e2e.test_web_report import come_in, fits, keys

ORG, CHAIR, VICE, CHIEF = "warrington", "chair@x.uk", "vice@x.uk", "chief@x.uk"
PEOPLE = (
    Person(ORG, CHAIR, "Cher Chair", "director", duties=("speak-up",)), Person(ORG, VICE, "Vic Vice", "director", duties=("speak-up",)),
    Person(ORG, CHIEF, "Chi Chief", "manager", CHAIR),
)  # fmt: skip
PHRASE = "a quiet passphrase of mine"
SAID = "The chief executive pays his brother's firm for work that nobody did."
REPORT = Report(
    SAID, "Since May", "In the main office", "The chief executive", "I saw the invoices", "No", "An audit", Naming.CONFIDENTIAL, "Pat", "Text me"
)


@pytest.fixture
def database() -> Database:
    """Two readers, and whom a report is about."""
    made = Database("sqlite://", clock=lambda: START)
    made.ready()
    with made.write() as connection:
        directory.replaced(connection, ORG, PEOPLE)
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The form is offered, and a solicitor keeps the recovery key."""
    Box(tmp_path / "speak-up.db", opening.key(tmp_path / "keys" / opening.KEY_FILE), 1024 * 1024)  # smaller than usual, so that tests run
    return Settings.model_validate({
        "data": tmp_path, "public_url": "https://askwell.example.org", "speakup_url": "https://speak.example.org",
        "speakup_recovery_key": opening.recovery_pair()[1], "speakup_recovery_holder": "Jo Fox, solicitor",
    })  # fmt: skip


@pytest.fixture
def desk(askwell: Askwell, settings: Settings, database: Database) -> SpeakUp:
    """The form's counter, on the same file."""
    return SpeakUp(replace(opening.opened(settings, askwell.knowledge, database), cost=CHEAP))


@pytest.fixture
def there(askwell: Askwell, settings: Settings, database: Database) -> Iterator[str]:
    """Where the page is served."""
    with serving(Service(askwell, database, plans.load(load.ROOT, askwell.knowledge)), settings) as found:
        yield found


def looked(page: Page, name: str) -> None:
    """It fits; with everything folded out, too."""
    fits(page, name)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    if os.environ.get("ASKWELL_PICTURES"):
        fits(page, f"{name}-open")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_makes_a_key_reads_and_replies(new_page: NewPage, database: Database, there: str, desk: SpeakUp, scheme: str) -> None:
    """By the keyboard alone, on a small phone."""
    Reading(desk.office).make_key(ORG, VICE, PHRASE)
    page = new_page(width=320, height=640, color_scheme=scheme)
    come_in(page, database, there, CHAIR)
    page.goto(f"{there}/board")
    page.get_by_role("link", name="Confidential reports").click()
    looked(page, f"confidential-1-key-{scheme}")
    page.get_by_label("Choose a passphrase").fill(PHRASE)
    page.get_by_label("The same once more").fill(PHRASE)
    keys(page, "Make my key")
    expect(page.get_by_text("Your key is made.")).to_be_visible(timeout=WAIT)
    receipt = desk.file(ORG, REPORT, frozenset({CHIEF}), desk.readers(ORG, frozenset({CHIEF})).ids)
    looked(page, f"confidential-2-closed-{scheme}")
    page.get_by_label("Your passphrase", exact=True).first.fill(PHRASE)
    keys(page, "Open", exact=True)
    expect(page.get_by_text(SAID)).to_be_visible(timeout=WAIT)
    looked(page, f"confidential-3-report-{scheme}")
    page.get_by_label("What you want to tell them").fill("Thank you. We have read it.")
    page.locator("form", has=page.get_by_label("What you want to tell them")).get_by_label("Your passphrase").fill(PHRASE)
    page.get_by_role("button", name="Write to them").click()
    expect(page.get_by_text("It is sent.")).to_be_visible(timeout=WAIT)
    looked(page, f"confidential-4-replied-{scheme}")
    seen = desk.open(receipt)
    assert seen and seen.lines[-1].message.text == "Thank you. We have read it." and seen.read
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_text(SAID)).to_have_count(0)
