"""The readers' page on the board: closed until the passphrase is typed, and to everybody else a page that does not exist."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from report_stand import Reports
from reporting import START
from web_stand import SERVED, THERE, Browser, stand

from adapters.web import speakup
from bot import load, plans
from bot.guide import Askwell
from bot.people import Person
from bot.settings import Settings
from bot.speakup import opening
from bot.speakup.box import Box
from bot.speakup.desk import Report, SpeakUp
from bot.speakup.reading import Reading
from bot.store import directory
from speakup.engine_stand import CHEAP

pytestmark = pytest.mark.whole

ORG, ON = "warrington", "https://speak.example.org"
CHAIR, VICE, BOSS, ME = "chair@x.uk", "vice@x.uk", "boss@x.uk", "me@x.uk"
PEOPLE = (
    Person(ORG, CHAIR, "Cher Chair", "director", duties=("speak-up",)), Person(ORG, VICE, "Vic Vice", "director", duties=("speak-up",)),
    Person(ORG, BOSS, "The Boss", "manager", CHAIR, duties=("speak-up",)), Person(ORG, ME, "Me Myself", "staff", BOSS),
)  # fmt: skip
STEP = speakup.STEP
PHRASE, OTHER = "a quiet passphrase of mine", "quite another passphrase"
SAID = "MARKED the boss <b>takes</b> the money"


class Here:
    """A served page with readers on it, and the form's own counter beside it."""

    def __init__(self, askwell: Askwell, folder: Path) -> None:
        self.recovery, code = opening.recovery_pair()
        made = {**SERVED, "data": folder, "speakup_url": ON, "speakup_recovery_key": code, "speakup_recovery_holder": "Jo Fox, solicitor"}
        self.clock = [START]
        Box(folder / "speak-up.db", opening.key(folder / "keys" / opening.KEY_FILE), 1024 * 1024)  # smaller than usual, so that tests run
        page = stand(askwell, lambda: self.clock[0], plans.load(load.ROOT, askwell.knowledge), **made)
        self.reports = Reports(page, self.clock)
        with page.database.write() as connection:
            directory.replaced(connection, ORG, PEOPLE)
        office = replace(opening.opened(Settings.model_validate(made), askwell.knowledge, page.database), cost=CHEAP)
        self.desk, self.reading = SpeakUp(office), Reading(office)

    def browser(self, email: str) -> Browser:
        """Somebody at the readers' page."""
        browser = self.reports.browser(email)
        browser.open("/speak-up")
        return browser

    def reader(self, email: str) -> Browser:
        """Somebody who has made their key."""
        self.reading.make_key(ORG, email, PHRASE, "email")
        return self.browser(email)

    def file(self, *implicated: str) -> str:
        """A report, and its receipt."""
        without = frozenset(implicated)
        return self.desk.file(ORG, Report(SAID), without, self.desk.readers(ORG, without).ids)

    def rows(self) -> dict[str, int]:
        """How many rows each table of the main database has."""
        return self.reports.page.rows()


@pytest.fixture
def here(askwell: Askwell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """The page, with nobody's key yet. Its steps of time are short, so that tests run."""
    monkeypatch.setattr(speakup, "STEP", 0.01)
    return Here(askwell, tmp_path / "data")


def opened(browser: Browser, phrase: str = PHRASE) -> str:
    """What stands on the page once the passphrase is typed."""
    browser.open("/speak-up")
    return browser.press("Open", passphrase=phrase).text


def test_a_reader_makes_a_key_opens_a_report_and_writes_back(here: Here) -> None:
    """What was reported is shown as words and never as markup; the reply reaches the receipt."""
    browser = here.browser(CHAIR)
    assert "Your key is made" in browser.press("Make my key", new=PHRASE, again=PHRASE, channel="email").text
    receipt = here.file(BOSS)
    assert SAID in opened(browser) and "<b>takes" not in browser.page.html
    page = browser.press("Write to them", passphrase=PHRASE, text="MARKED we have it")
    assert "It is sent" in page.text and "Cher Chair wrote" in page.text
    browser.press("Ask them something", passphrase=PHRASE, text="MARKED since when?")
    seen = here.desk.open(receipt)
    assert seen and [line.message.text for line in seen.lines] == ["", "MARKED we have it", "MARKED since when?"]
    assert here.desk.answer(receipt, seen.questions[0].number, "MARKED for years")
    assert "To “MARKED since when?”MARKED for years" in opened(browser)


def test_pressing_twice_writes_once(here: Here) -> None:
    """A reload of the answer sends the form again."""
    browser = here.reader(CHAIR)
    receipt = here.file()
    opened(browser)
    form = next(f for f in browser.page.forms if any(b[2] == "reply" for b in f.buttons))
    for _ in range(2):
        browser.send("/speak-up", {**form.fields, "action": "reply", "passphrase": PHRASE, "text": "once"})
    seen = here.desk.open(receipt)
    assert seen and len(seen.lines) == 2


def test_to_everybody_else_the_page_does_not_exist(here: Here) -> None:
    """Staff get the same answer as to an address that was never there, and strangers the way in."""
    staff = here.browser(ME)
    status, text = staff.status, staff.page.text
    staff.open("/no-such-page")
    assert (status, text) == (staff.status, staff.page.text) == (404, staff.page.text)
    staff.send("/speak-up", {"action": "make", "new": PHRASE, "again": PHRASE, "channel": ""})
    assert staff.status == 404
    stranger = here.reports.page.browser(THERE)
    assert "invite link" in stranger.open("/speak-up").text


def test_without_an_address_for_the_form_there_is_no_page(askwell: Askwell, tmp_path: Path) -> None:
    """Nothing is made then, no file and no key."""
    page = stand(askwell, None, plans.load(load.ROOT, askwell.knowledge), **SERVED, data=tmp_path)
    assert not [r for r in page.app.routes if getattr(r, "path", "") == "/speak-up"] and list(tmp_path.iterdir()) == []


def test_until_the_passphrase_is_typed_a_report_changes_nothing(here: Here) -> None:
    """Not a letter of any page of the reader's, but for the one-time marks that every page has; nor its length."""
    browser = here.reader(CHAIR)
    before = [browser.open(path).text for path in ("/speak-up", "/board", "/")]
    length, rows = len(browser.open("/speak-up").html), here.rows()
    here.file(BOSS)
    assert [browser.open(path).text for path in ("/speak-up", "/board", "/")] == before
    assert len(browser.open("/speak-up").html) == length and here.rows() == rows


def test_pages_have_one_size_with_and_without_a_report(here: Here) -> None:
    """Whoever counts the bytes on the wire learns nothing from opening either."""
    browser = here.reader(CHAIR)
    opened(browser)
    empty = len(browser.page.html.encode())
    here.file()
    opened(browser)
    assert len(browser.page.html.encode()) == empty == 128 * 1024


def test_the_page_never_answers_faster_than_a_step(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader who was taken out would otherwise measure how much there is to look through, with and without a passphrase."""
    browser = here.reader(BOSS)
    monkeypatch.setattr(speakup, "STEP", STEP)
    for work in (lambda: browser.open("/speak-up"), lambda: opened(browser), lambda: opened(browser, OTHER)):
        began = time.monotonic()
        work()
        assert time.monotonic() - began >= STEP


def test_a_wrong_passphrase_says_so_and_opens_nothing(here: Here) -> None:
    """With a report and without one in the same words."""
    browser = here.reader(CHAIR)
    before = opened(browser, OTHER)
    here.file()
    assert opened(browser, OTHER) == before and "did not open it" in before and "MARKED" not in before


def test_a_reader_who_was_taken_out_finds_nothing(here: Here) -> None:
    """As if there were no report."""
    boss = here.reader(BOSS)
    here.reader(CHAIR)
    before = opened(boss)
    here.file(BOSS)
    assert opened(boss) == before and "There is no report that you can open" in before


def test_passphrases_that_differ_or_are_short_make_no_key(here: Here) -> None:
    """The page says which it was."""
    browser = here.browser(CHAIR)
    assert "not the same" in browser.press("Make my key", new=PHRASE, again=OTHER, channel="").text
    assert "at least 16" in browser.press("Make my key", new="short", again="short", channel="").text
    assert "Make your key first" in browser.page.text


def test_a_changed_passphrase_opens_and_the_old_one_does_not(here: Here) -> None:
    """So does another way of being told, with the passphrase as it is."""
    browser = here.reader(CHAIR)
    here.file()
    form = next(f for f in browser.page.forms if any(b[2] == "change" for b in f.buttons) and "channel" in f.fields)
    browser.send(form.action, {**form.fields, "action": "change", "passphrase": PHRASE, "new": OTHER, "again": OTHER})
    assert "It is changed" in browser.page.text and "did not open it" in opened(browser) and SAID in opened(browser, OTHER)
    browser.send(form.action, {"action": "change", "channel": "", "passphrase": OTHER})
    assert "It is changed" in browser.page.text and SAID in opened(browser, OTHER)


def test_a_lost_passphrase_is_mended_at_the_page_with_the_recovery_key(here: Here) -> None:
    """A key that is none, or another one, changes nothing."""
    browser = here.reader(CHAIR)
    here.file()
    browser.open("/speak-up")
    other, _ = opening.recovery_pair()
    for wrong in ("", "no key", other):
        page = browser.press("Make a new key", recovery=wrong, new=OTHER, again=OTHER)
        assert "did not open it" in page.text
    page = browser.press("Make a new key", recovery=here.recovery.lower().replace("-", " "), new=OTHER, again=OTHER)
    assert "You have a new key" in page.text and SAID in opened(browser, OTHER)


def test_another_reader_is_let_in_and_the_reporter_sees_it(here: Here) -> None:
    """Only those are offered who may, and a forged press for others is refused."""
    chair = here.reader(CHAIR)
    receipt = here.file(BOSS)
    vice = here.reader(VICE)
    here.reader(BOSS)
    assert "no report" in opened(vice)
    opened(chair)
    forged = next(f for f in chair.page.forms if any(b[2] == "admit" for b in f.buttons))
    assert BOSS not in chair.page.html
    assert "did not go through" in chair.send("/speak-up", {**forged.fields, "action": "admit", "to": BOSS, "passphrase": PHRASE}).text
    opened(chair)
    assert "They can read it now, too" in chair.press("Let somebody else read it", passphrase=PHRASE, to=VICE).text
    seen = here.desk.open(receipt)
    assert SAID in opened(vice) and seen and "Vic Vice, Director, trustee or board member" in seen.readers


def test_a_held_report_is_not_deleted_and_a_deleted_one_is_gone_for_all(here: Here) -> None:
    """Legal hold has no button to delete, and a forged press does nothing."""
    browser = here.reader(CHAIR)
    here.file()
    opened(browser)
    held = browser.press("Keep it for a court", passphrase=PHRASE)
    assert "whatever its time says" in held.text and "Delete it" not in held.text
    form = next(f for f in held.forms if any(b[2] == "release" for b in f.buttons))
    assert "did not go through" in browser.send("/speak-up", {**form.fields, "action": "delete", "passphrase": PHRASE}).text
    opened(browser)
    browser.press("Keep it no longer", passphrase=PHRASE)
    assert "A reader deleted its words" in browser.press("Delete it", passphrase=PHRASE).text and SAID not in opened(browser)


@pytest.mark.parametrize("fields", [{}, {"action": "no"}, {"action": "make", "channel": "pigeon"}, {"action": "reply", "passphrase": PHRASE}])
def test_forms_that_nobody_was_given_do_nothing(here: Here, fields: dict[str, str]) -> None:
    """They are refused with a sentence."""
    browser = here.reader(CHAIR)
    here.file()
    kept = here.desk.office.box.read().reports
    browser.send("/speak-up", fields)
    assert browser.status in (200, 400) and here.desk.office.box.read().reports[0].entries == kept[0].entries
