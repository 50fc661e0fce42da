"""What somebody with a receipt can do, without JavaScript."""

from pathlib import Path

import pytest

from adapters.speakup import sentences
from bot.knowledge import Knowledge
from bot.speakup.receipts import SECRET, make
from bot.speakup.report import Kind
from speakup.stand import CHAIR, ORG, PHRASE, TRUSTEE, WHAT, Browser, Page, Stand, receipt_of, stand, to_summary


@pytest.fixture
def made(tmp_path: Path, knowledge: Knowledge) -> Stand:
    """The form, with a report in it."""
    return stand(tmp_path, knowledge)


@pytest.fixture
def receipt(made: Stand) -> str:
    """The receipt of a report that was sent."""
    browser = made.browser()
    to_summary(browser)
    return receipt_of(browser.press("Send"))


def come(made: Stand, receipt: str) -> tuple[Browser, Page]:
    """Somebody with this receipt."""
    browser = made.browser()
    browser.open()
    browser.press("I have a receipt")
    return browser, browser.press("Open", receipt=receipt)


@pytest.mark.parametrize("typed", ["{}", " {} ", "no blanks", "with-dashes"])
def test_a_receipt_opens_its_report_however_it_is_typed(made: Stand, receipt: str, typed: str) -> None:
    """And shows nothing of what was written, so that whoever finds the receipt does not read it."""
    written = {"no blanks": receipt.replace(" ", ""), "with-dashes": receipt.replace(" ", "-")}.get(typed, typed.format(receipt))
    _, page = come(made, written)
    assert "You sent your report." in page.text and "Nobody has opened it yet." in page.text
    assert "Charlie Chair" in page.text and WHAT not in page.html


def test_a_question_is_read_and_answered_and_more_is_added(made: Stand, receipt: str) -> None:
    """Each goes to the readers, with the question that it answers."""
    (case,) = made.reading.inbox(ORG, CHAIR, PHRASE)
    made.reading.reply(ORG, CHAIR, PHRASE, case.reference, "Who <else> knows?", question=True)
    made.reading.reply(ORG, CHAIR, PHRASE, case.reference, "Thank you.")
    browser, page = come(made, receipt)
    assert "Somebody has opened it." in page.text and "Who <else> knows?" in page.text and "Thank you." in page.text
    page = browser.press("Send this answer", words="The caretaker.")
    assert sentences.ADDED in page.text and "Send this answer" not in page.text
    page = browser.press("Send", words="And again today.")
    assert "You added something." in page.text and "caretaker" not in page.text
    found = [(line.message.kind, line.message.text, line.message.to) for line in made.reading.inbox(ORG, CHAIR, PHRASE)[0].lines[1:]]
    assert (Kind.ANSWER, "The caretaker.", 1) in found and (Kind.ADDED, "And again today.", None) in found


def test_the_reporter_hears_when_somebody_else_is_let_in(made: Stand, tmp_path: Path, knowledge: Knowledge) -> None:
    """By name, as it was not so when they agreed to the readers."""
    (tmp_path / "other").mkdir()
    later = stand(tmp_path / "other", knowledge, readers=(CHAIR,))
    browser = later.browser()
    to_summary(browser)
    receipt = receipt_of(browser.press("Send"))
    later.reading.make_key(ORG, TRUSTEE, PHRASE)
    (case,) = later.reading.inbox(ORG, CHAIR, PHRASE)
    later.reading.add_recipient(ORG, CHAIR, PHRASE, case.reference, TRUSTEE)
    assert "They let somebody else read it, too Tara Trustee" in come(later, receipt)[1].text


def test_words_that_are_sent_twice_count_once(made: Stand, receipt: str) -> None:
    """A double press, or a reload."""
    browser, page = come(made, receipt)
    fields = [f for form in page.forms for f in form.fields if f[0] != "words"]
    for _ in range(2):
        browser.send([*fields, ("words", "Once."), ("go", "add")])
    assert len(made.reading.inbox(ORG, CHAIR, PHRASE)[0].lines) == 2


def test_nothing_is_sent_without_words(made: Stand, receipt: str) -> None:
    """It is said so."""
    browser, _ = come(made, receipt)
    assert sentences.EMPTY in browser.press("Send", words=" ").text


def test_a_report_is_taken_back_only_after_a_second_yes(made: Stand, receipt: str) -> None:
    """Then the receipt opens nothing any more."""
    browser, _ = come(made, receipt)
    browser.press("Take my report back")
    assert "You sent your report." in browser.press("No, leave it").text and made.kept() == 1
    browser.press("Take my report back")
    assert sentences.TAKEN_BACK in browser.press("Yes, take it back").text and made.kept() == 0
    assert sentences.NO_REPORT in come(made, receipt)[1].text


def test_a_deleted_report_says_so_and_takes_no_more_words(made: Stand, receipt: str) -> None:
    """The words that could not be sent are not lost."""
    browser, _ = come(made, receipt)
    (case,) = made.reading.inbox(ORG, CHAIR, PHRASE)
    made.reading.delete(ORG, CHAIR, PHRASE, case.reference)
    page = browser.press("Send", words="Still here?")
    assert sentences.ENDED_WORDS in page.text and "Still here?" in page.html
    assert sentences.ENDED in come(made, receipt)[1].text


@pytest.mark.parametrize("wrong", ["", "1234", "0" * 20, "١٢٣٤", "' OR 1=1 --", "9" * 40])
def test_a_wrong_receipt_gets_one_page_whatever_is_wrong_with_it(made: Stand, receipt: str, wrong: str) -> None:
    """The same bytes for a slip of the pen and for a report that was never there."""
    never = made.browser()
    never.open()
    never.press("I have a receipt")
    fresh = never.press("Open", receipt=make(made.desk.office.key))
    _, page = come(made, wrong)
    assert page.html == fresh.html and sentences.NO_REPORT in page.text


def test_a_receipt_with_a_changed_digit_opens_nothing(made: Stand, receipt: str) -> None:
    """Whichever digit it is."""
    digits = receipt.replace(" ", "")
    for at in (0, SECRET - 1, len(digits) - 1):
        other = digits[:at] + str((int(digits[at]) + 1) % 10) + digits[at + 1 :]
        assert sentences.NO_REPORT in come(made, other)[1].text
