"""The way to a report, page by page, without JavaScript."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.speakup import sentences
from bot.knowledge import Knowledge
from bot.people import Person
from bot.speakup.office import Recovery, Setup
from bot.speakup.report import Naming
from bot.speakup.sealing import made as made_key
from bot.speakup.sealing import public
from speakup.stand import ADMIN, CHAIR, CLERK, ORG, PEOPLE, PHRASE, TODAY, TRUSTEE, WHAT, Browser, Page, Stand, receipt_of, stand, to_summary


@pytest.fixture
def made(tmp_path: Path, knowledge: Knowledge) -> Stand:
    """The form with three readers: the chair, a trustee, and a clerk who works for the chief."""
    return stand(tmp_path, knowledge)


@pytest.fixture
def browser(made: Stand) -> Browser:
    """Somebody who has said where it is, and is asked whom it is about."""
    found = made.browser()
    found.open()
    found.press("Start a report", ticks=("Healthwatch Derbyshire",))
    return found


def shown(page: Page) -> str:
    """Who could read it, as the page says."""
    return page.text.split("nobody else:")[1].split("Is there anyone else")[0]


def test_nothing_is_kept_before_send(made: Stand, browser: Browser) -> None:
    """Not when the readers are agreed to, nor on any page after; the file has not changed by a byte."""
    path = made.desk.office.box.path
    before = path.read_bytes()
    to_summary(browser)
    assert path.read_bytes() == before and made.kept() == 0
    receipt_of(browser.press("Send"))
    assert path.read_bytes() != before and made.kept() == 1


def test_a_report_about_the_chief_reaches_only_those_who_do_not_work_for_them(made: Stand, browser: Browser) -> None:
    """Everybody who could open it is named before the first word; the chief's clerk is not among them."""
    page = browser.press("Next", ticks=("Cleo Chief",))
    assert "Charlie Chair" in shown(page) and "Tara Trustee" in shown(page) and "Cle" not in shown(page)
    to_summary(browser)
    assert len(receipt_of(browser.press("Send")).split()) == 5
    (case,) = made.reading.inbox(ORG, CHAIR, PHRASE)
    assert case.lines[0].message.report and case.lines[0].message.report.what == WHAT
    assert made.reading.inbox(ORG, CLERK, PHRASE) == ()


def test_anyone_else_who_must_not_see_it_is_taken_out_and_the_rest_shown_again(made: Stand, browser: Browser) -> None:
    """A new tick beside Yes is no yes to what was shown before: the readers are worked out anew first."""
    browser.press("Next", ticks=("Cleo Chief",))
    page = browser.press("Yes, ", ticks=("Charlie Chair",))
    assert sentences.AGAIN in page.text and "Tara Trustee" in shown(page) and "Charlie" not in shown(page)
    page = browser.press("Yes, this person")
    assert "What happened?" in page.text and made.kept() == 0


def test_with_nobody_left_only_the_ways_outside_are_shown(made: Stand, browser: Browser) -> None:
    """For each role, and without a promise to volunteers and directors; nothing more is asked."""
    page = browser.press("Next", ticks=("Cleo Chief", "Charlie Chair", "Tara Trustee"))
    assert sentences.NOBODY["named"] in page.text and "Protect" in page.text and "0800 028 0285" in page.text  # type: ignore[index] # a str, too
    volunteers = page.text.split("If you volunteer here")[1]
    assert "volunteers are generally outside it" in volunteers and "can protect a worker" not in volunteers
    assert "textarea" not in page.html and made.kept() == 0


def test_whoever_runs_the_server_can_be_what_it_is_about(made: Stand, browser: Browser) -> None:
    """As a box of its own, and as a person of the staff list: then nothing may be typed here at all."""
    said = sentences.NOBODY["server"]  # type: ignore[index] # a str, too
    assert said in browser.press("Next", server="yes").text
    browser.press("Back")
    assert said in browser.press("Next", ticks=("Addie Admin",)).text and made.kept() == 0


def test_a_server_that_is_run_by_somebody_who_works_for_the_accused_is_said_so(browser: Browser) -> None:
    """Before the first word."""
    assert sentences.PRESSED in browser.press("Next", ticks=("Cleo Chief",)).text
    browser.press("Back")
    assert sentences.PRESSED not in browser.press("Next", ticks=("Toni Temp",)).text


def test_a_typed_name_counts_as_a_tick_where_it_can_be_somebody(made: Stand, browser: Browser) -> None:
    """Rather one too many than the accused as a reader; it is said, and can be taken back."""
    page = browser.press("Next", others="charlie\nmy uncle")
    assert "Charlie Chair" in page.text.split("nobody else:")[0] and "Charlie" not in shown(page)
    page = browser.press("Back")
    assert any(field == ("others", "charlie\nmy uncle") for form in page.forms for field in form.fields)
    kept = [f for f in page.forms[1].fields if f[0] != "person"]
    assert "Charlie Chair" in shown(browser.send([*kept, ("go", "readers")]))


def test_the_summary_shows_everything_and_each_part_can_be_changed(made: Stand, browser: Browser) -> None:
    """What was typed is shown as it was, never as markup, and a change comes straight back to the summary."""
    page = to_summary(browser, what="<b>bold</b> & 'quoted'\nsecond line", when="yesterday")
    assert "<b>bold</b> & 'quoted' second line" in page.text and "yesterday" in page.text and "<b>" not in page.html
    browser.press("Change – What happened?")
    page = browser.press("Next", what="only this")
    assert "Read it once more" in page.text and "only this" in page.text and "bold" not in page.text


def test_a_report_without_words_is_not_taken(made: Stand, browser: Browser) -> None:
    """The page says what is missing, and keeps the rest."""
    browser.press("Next", ticks=("Cleo Chief",))
    browser.press("Yes, ")
    page = browser.press("Next", what=" \n ", when="in May")
    assert sentences.NO_WORDS in page.text and 'value="in May"' in page.html


@pytest.mark.parametrize(
    ("ticks", "signed", "says"),
    [
        ((), "", sentences.NO_CHOICE), (("Without my name.",), "Sam", sentences.NAME_LEFT),
        (("With my name, in confidence.",), "", sentences.NAME_MISSING),
    ],
)  # fmt: skip
def test_the_name_must_fit_the_choice(made: Stand, browser: Browser, ticks: Sequence[str], signed: str, says: str) -> None:
    """Nobody gives a name away by mistake."""
    browser.press("Next", ticks=("Cleo Chief",))
    browser.press("Yes, ")
    browser.press("Next", what=WHAT)
    browser.press("Next")
    assert says in browser.press("Next", ticks=ticks, signed=signed).text


def test_a_name_and_a_way_to_be_reached_go_to_the_readers_only(made: Stand, browser: Browser) -> None:
    """As they were given."""
    browser.press("Next", ticks=("Cleo Chief",))
    browser.press("Yes, ")
    browser.press("Next", what=WHAT, where="the office")
    browser.press("Next", wish="Stop it")
    browser.press("Next", ticks=("With my name, in confidence.",), signed="Sam", reach="07700 900123")
    browser.press("Send")
    report = made.reading.inbox(ORG, TRUSTEE, PHRASE)[0].lines[0].message.report
    assert report and (report.naming, report.where, report.wish) == (Naming.CONFIDENTIAL, "the office", "Stop it")
    assert (report.name, report.reach) == ("Sam", "07700 900123")


def test_send_counts_once_however_often_it_is_pressed(made: Stand, browser: Browser) -> None:
    """The second press shows the same receipt, so that nobody loses it."""
    page = to_summary(browser)
    again = [*page.forms[1].fields, ("go", "send")]
    assert receipt_of(browser.send(again)) == receipt_of(browser.send(again)) and made.kept() == 1


def test_a_reader_who_was_not_shown_never_gets_it(tmp_path: Path, knowledge: Knowledge) -> None:
    """Somebody becomes a reader while the report is written: it is not sent, and the readers are shown anew."""
    people: list[Person] = [p for p in PEOPLE if p.email != TRUSTEE]
    made = stand(tmp_path, knowledge, people, readers=(CHAIR,))
    browser = made.browser()
    to_summary(browser)
    people.extend(p for p in PEOPLE if p.email == TRUSTEE)
    made.reading.make_key(ORG, TRUSTEE, PHRASE)
    page = browser.press("Send")
    assert sentences.CHANGED in page.text and "Tara Trustee" in shown(page) and made.kept() == 0
    browser.press("Yes, these people")
    assert receipt_of(browser.press("Send")) and made.kept() == 1


def test_a_page_is_forgotten_after_two_hours(made: Stand, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What had been typed on it is shown once more to be copied, and nothing was sent."""
    to_summary(browser)
    page = browser.press("Change – What happened?")
    import time

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 2 * 3600 + 5)
    page = browser.press("Next", what="many words")
    assert browser.status == 410 and "many words" in page.text and made.kept() == 0


def test_a_page_of_another_process_opens_nothing(made: Stand, browser: Browser, tmp_path: Path, knowledge: Knowledge) -> None:
    """The key lives as long as the process: whoever finds a page later can do nothing with it."""
    page = to_summary(browser)
    (tmp_path / "new").mkdir()
    other = stand(tmp_path / "new", knowledge).browser()
    other.send([*page.forms[1].fields, ("go", "send")])
    assert other.status == 410


def test_where_nobody_has_made_a_key_only_the_ways_outside_are_shown(tmp_path: Path, knowledge: Knowledge) -> None:
    """A report that nobody could open is not taken."""
    browser = stand(tmp_path, knowledge, readers=()).browser()
    browser.open()
    browser.press("Start a report", ticks=("Healthwatch Derbyshire",))
    assert sentences.NOBODY["unset"] in browser.press("Next", ticks=("Cleo Chief",)).text  # type: ignore[index] # a str, too


def test_too_many_letters_are_said_at_once(made: Stand, browser: Browser) -> None:
    """Before Send, with how many; what was typed stays."""
    browser.press("Next", ticks=("Cleo Chief",))
    browser.press("Yes, ")
    page = browser.press("Next", what="€" * 8000, who="€" * 2000)
    assert "Please take out about" in page.text and page.text.count("€" * 8000) == 1
    assert "What you know" in browser.press("Next", what="€" * 4000, who="").text


def test_stop_and_forget_goes_back_to_a_page_without_a_word_of_it(made: Stand, browser: Browser) -> None:
    """From the summary."""
    to_summary(browser)
    page = browser.press("Stop and forget it")
    assert sentences.FORGOTTEN in page.text and WHAT not in page.html and 'name="state"' not in page.html


def test_whoever_runs_the_server_is_named_on_the_first_page(made: Stand) -> None:
    """With what they could do."""
    assert "This server is run by Addie Admin, IT helper of Healthwatch Derbyshire." in made.browser().open().text


def test_where_it_is_must_be_chosen_where_there_are_several(made: Stand) -> None:
    """One of those that are served."""
    browser = made.browser()
    browser.open()
    assert sentences.WHERE in browser.press("Start a report").text
    assert "Protect" in browser.press("Ways outside").text


def test_administrators_are_never_readers(tmp_path: Path, knowledge: Knowledge) -> None:
    """Whatever duty they hold."""
    people = [replace(p, duties=("speak-up",)) if p.email == ADMIN else p for p in PEOPLE]
    browser = stand(tmp_path, knowledge, people, setup=Setup(administrators=frozenset({ADMIN}))).browser()
    browser.open()
    browser.press("Start a report", ticks=("Healthwatch Derbyshire",))
    assert "Addie" not in shown(browser.press("Next", ticks=("Toni Temp",)))


def test_days_are_those_of_the_office(made: Stand, browser: Browser) -> None:
    """The receipt says how long it works."""
    to_summary(browser)
    page = browser.press("Send")
    assert "180 days" in page.text
    made.day[0] = TODAY + timedelta(days=181)
    browser.open()
    browser.press("I have a receipt")
    assert sentences.NO_REPORT in browser.press("Open", receipt=receipt_of(page)).text


def test_whoever_keeps_the_spare_key_is_shown_among_the_readers(tmp_path: Path, knowledge: Knowledge) -> None:
    """With what it is for; and is asked about, too: about them nothing is sealed to that key."""
    setup = Setup(administrators=frozenset({ADMIN}), recovery=Recovery(public(made_key()), "Jo Fox, solicitor"))
    browser = stand(tmp_path, knowledge, setup=setup).browser()
    browser.open()
    browser.press("Start a report", ticks=("Healthwatch Derbyshire",))
    page = browser.press("Next", ticks=("Cleo Chief",))
    assert "Jo Fox solicitor" in shown(page) and sentences.SPARE in shown(page)
    browser.press("Back")
    assert "Jo Fox" not in shown(browser.press("Next", ticks=("Jo Fox",)))


def test_words_of_danger_bring_emergency_help_above_the_next_page(browser: Browser) -> None:
    """And above each that follows, the receipt too; it stands in nobody's way."""
    browser.press("Next", ticks=("Cleo Chief",))
    browser.press("Yes, ")
    assert 'class="urgent"' not in browser.page.html
    page = browser.press("Next", what="He locked us in. He is going to kill her\u200b, he has a knife.")
    assert page.html.index('class="urgent"') < page.html.index("<h1>") and 'href="tel:999"' in page.html.split("<h1>")[0]
    browser.press("Next")
    browser.press("Next", ticks=("Without my name.",))
    assert 'class="urgent"' in browser.press("Send").html


def test_words_of_despair_bring_somebody_to_talk_to(browser: Browser) -> None:
    """Beside the report, which goes on."""
    browser.press("Next", ticks=("Cleo Chief",))
    browser.press("Yes, ")
    assert "116 123" in browser.press("Next", what="I can't go on like this and feel suicidal").text
