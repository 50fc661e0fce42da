"""The conversation on the page, as somebody without JavaScript has it."""

import json
import logging
from pathlib import Path

import pytest
from web_stand import Browser, Stand, stand

from bot import render, words
from bot.guide import Askwell
from bot.knowledge import Verdict
from bot.messages import Reply
from bot.store import records

CASES = Path(__file__).parents[1] / "cases" / "small.jsonl"
FRIENDS = "Can I be Facebook friends with one of our volunteers?"
MARKUP = '<script>alert("x")</script> & <b>can I post</b> {{ 7*7 }}'


@pytest.fixture
def page(askwell: Askwell) -> Stand:
    """The page."""
    return stand(askwell)


@pytest.fixture
def browser(page: Stand) -> Browser:
    """Somebody of Healthwatch Derbyshire's staff, about to ask."""
    made = page.browser()
    made.begin()
    return made


def test_whoever_is_new_says_who_they_are_and_is_welcomed(page: Stand) -> None:
    """Organisation and role are picked once; then the question is awaited."""
    browser = page.browser()
    picker = browser.open("/")
    assert words.WHICH_ORGANISATION in picker.text and "Rutland First CIC" in picker.text
    chat = browser.begin("sefton", "volunteer")
    assert "Healthwatch Sefton" in chat.text and "you ask as: volunteer" in chat.text and "Asking never reports you" in chat.text
    assert words.WHICH_ORGANISATION not in browser.open("/").text


@pytest.mark.parametrize(("organisation", "role"), [("atlantis", "staff"), ("sefton", "king"), ("", "")])
def test_an_unknown_organisation_or_role_is_asked_for_again(page: Stand, organisation: str, role: str) -> None:
    """Nothing is begun, and the page says what to choose."""
    again = page.browser().begin(organisation, role)
    assert "Please choose your organisation" in again.text and page.rows()["visit"] == 0


def test_a_question_is_clarified_by_a_button_and_answered_with_the_policys_words(browser: Browser) -> None:
    """Question back, one press, then verdict, quote, and the way to the passage."""
    asked = browser.say("Can I accept a friend request?")
    assert "Who is the other person?" in asked.text
    answered = browser.press("A volunteer – Who is the other person?")
    assert "2.4 HWD staff will not add any current volunteer(s)" in answered.text
    assert "/policy/derbyshire#2.4" in answered.links
    assert 'class="verdict is-not_allowed"' in answered.html
    assert "2.4" in browser.open("/policy/derbyshire").ids


def test_what_was_pressed_stands_in_the_conversation(browser: Browser) -> None:
    """Whoever reads the log again sees what they chose."""
    browser.say("Can I accept a friend request?")
    browser.press("A volunteer")
    said = browser.open("/").part('id="turn-2"').split('class="reply"')[0]
    assert "A volunteer" in said


def test_buttons_say_question_and_choice(browser: Browser) -> None:
    """The accessible name of each choice begins with its visible words and holds what is asked."""
    form = browser.say("Can I accept a friend request?").form("/press")
    assert len(form.buttons) > 3
    assert all(label.endswith("– Who is the other person?") for label, _, _ in form.buttons)


def cases() -> list[tuple[str, str, str]]:
    """Questions with organisation and role."""
    lines = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    return [(c["org"], c.get("role", "staff"), c["say"]) for c in lines if isinstance(c.get("say"), str)][:40]


def test_a_page_says_all_that_its_reply_says(page: Stand, askwell: Askwell) -> None:
    """Every sentence, quote, person, number and choice of forty answers stands on the page, in whole words."""
    seen: set[Verdict] = set()
    for organisation, role, question in cases():
        browser = page.browser()
        browser.begin(organisation, role)
        shown = browser.say(question)
        _, reply = askwell.say(askwell.begin(organisation, role), question)
        for sentence in sentences(reply):
            assert " ".join(sentence.split()) in shown.text, (question, sentence)
        seen |= {a.verdict for a in reply.answers}
    assert len(cases()) == 40 and len(seen) >= 5


def sentences(reply: Reply) -> list[str]:
    """What a reply says, apart from how a channel joins it."""
    found = [*reply.before, *reply.lines, *reply.notices, *(label for asked in reply.choices for _, label in asked.options)]
    for one in reply.answers:
        found += [
            *one.urgent,
            one.headline,
            *one.say,
            *(q.text for q in render.shown_quotes(one)[0]),
            *one.also,
            *one.closing,
            one.taken,
            *one.changes,
        ]
        found += [part for c in one.contacts for part in (c.role, c.name or "", c.email or "")]
        found += [part for s in one.signposts for part in (s.name, s.says, s.phone or "")] + [n.says for n in one.law] + [one.receipt or ""]
    return found


def test_emergency_help_comes_before_everything_and_can_be_rung(browser: Browser) -> None:
    """999 is a link that dials, above the verdict; nothing asks whether the answer was right."""
    shown = browser.say("he has taken tablets and says it is goodbye")
    turn = shown.part('id="turn-1"')
    assert turn.index('href="tel:999"') < turn.index('class="say"')
    assert words.NOBODY_TOLD in shown.text
    assert all(form.action != "/judge" for form in shown.forms) and "Receipt" not in shown.text


def test_a_title_gives_nothing_away_over_a_shoulder(browser: Browser) -> None:
    """On a sensitive answer the title names neither topic nor verdict; on an ordinary one the verdict is told."""
    assert "<title>No." in browser.say(FRIENDS).html
    assert "<title>What you can do now" in browser.say("my manager is stealing from the charity").html


def test_what_people_type_is_never_markup(browser: Browser) -> None:
    """Tags stand as they were typed, in the log and in what could be passed on."""
    shown = browser.say(MARKUP)
    assert "<script>alert" not in shown.html and "&lt;script&gt;" in shown.html and "{{ 7*7 }}" in shown.html
    assert MARKUP in shown.text


def test_sending_a_form_twice_counts_once(page: Stand, browser: Browser) -> None:
    """A double click or a reload is the same event, and leads to the same answer."""
    fields = {**browser.page.form("/say").fields, "text": FRIENDS}
    browser.send("/say", fields)
    again = browser.send("/say", fields)
    assert browser.address.endswith("/#turn-1") and 'id="turn-2"' not in again.html
    assert page.rows()["transcript"] == 1


def test_a_late_press_is_told_so_kindly(browser: Browser) -> None:
    """A button of an earlier turn must not answer another question."""
    form = browser.say("Can I accept a friend request?").form("/press")
    browser.say("A journalist has messaged me")
    late = browser.send("/press", {**form.fields, "token": "another", "value": "volunteer"})
    assert words.TOO_LATE in late.text and 'id="turn-3"' not in late.html


def test_nobody_can_press_in_somebody_elses_conversation(page: Stand, browser: Browser) -> None:
    """The same press from another browser reaches only that browser's own conversation."""
    form = browser.say("Can I accept a friend request?").form("/press")
    stranger, other = page.browser(), page.browser()
    other.begin()
    assert words.TOO_LATE in other.send("/press", {**form.fields, "value": "volunteer"}).text
    assert "say again who you are" in stranger.send("/press", {**form.fields, "value": "volunteer"}).text
    assert 'id="turn-2"' not in browser.open("/").html


def test_a_right_answer_is_thanked_for_once(page: Stand, browser: Browser) -> None:
    """The count goes up by one however often it is pressed; the question is not asked again."""
    form = browser.say(FRIENDS).form("/judge")
    thanked = browser.press("Yes, this was right")
    assert words.THANKS in thanked.text and words.WAS_IT_RIGHT not in thanked.text
    browser.send("/judge", {**form.fields, "token": "again", "right": "yes"})
    with page.database.read() as connection:
        assert [(topic, right, wrong) for _, topic, _, right, wrong in records.judgements(connection, "derbyshire")] == [("friend-request", 1, 0)]


def test_a_wrong_answer_is_passed_on_only_with_a_yes(page: Stand, browser: Browser) -> None:
    """After "no" with a reason Askwell asks; the yes sends question and reason, and no name."""
    form = browser.say(FRIENDS).form("/judge")
    offered = browser.send("/judge", {**form.fields, "right": "no", "reason": "It says <Facebook> only"})
    assert words.SORRY_WRONG in offered.text and words.OFFER in offered.text and page.rows()["gap"] == 0
    assert words.OFFER in browser.open("/").text, "the offer waits"
    done = browser.press(words.OFFER_YES)
    assert words.PASSED_ON in done.text and words.OFFER not in done.text
    with page.database.read() as connection:
        (kept,) = records.gaps(connection, "derbyshire")
    assert (kept.gap.question, kept.gap.reason) == (FRIENDS, "It says <Facebook> only")


def test_a_no_to_passing_on_keeps_nothing(page: Stand, browser: Browser) -> None:
    """Where the policy is silent the offer comes with the answer; declined, nothing is kept."""
    silent = browser.say("Can I use AI to write our posts?")
    assert words.OFFER in silent.text
    assert words.NOT_PASSED_ON in browser.press(words.OFFER_NO).text
    assert page.rows()["gap"] == 0


def test_a_risk_in_a_reason_is_answered_first(browser: Browser) -> None:
    """What is written about a wrong answer is read like every message."""
    form = browser.say(FRIENDS).form("/judge")
    shown = browser.send("/judge", {**form.fields, "right": "no", "reason": "he says he will kill himself tonight"})
    assert 'href="tel:999"' in shown.part('id="turn-2"')


def test_a_forgotten_conversation_leaves_nothing(page: Stand, browser: Browser) -> None:
    """Its words and turns are gone; the person is still known."""
    browser.say(FRIENDS)
    gone = browser.press("End and forget this conversation")
    assert words.STARTED_AGAIN in gone.text and FRIENDS not in gone.text and "Healthwatch Derbyshire" in gone.text
    rows = page.rows()
    assert (rows["conversation"], rows["transcript"]) == (0, 0)


def test_leaving_forgets_the_person_too(page: Stand, browser: Browser) -> None:
    """Visit, account and conversation go, and the picker stands there again."""
    browser.say(FRIENDS)
    assert words.WHICH_ORGANISATION in browser.press("Change organisation or role").text
    assert {name: n for name, n in page.rows().items() if n and name in ("visit", "account", "conversation", "transcript")} == {}


def test_somebody_else_can_be_chosen_without_leaving_traces(page: Stand, browser: Browser) -> None:
    """Saying anew who one is begins a new visit and forgets the old conversation."""
    browser.say(FRIENDS)
    browser.begin("rutland", "director")
    assert FRIENDS not in browser.open("/").text
    rows = page.rows()
    assert (rows["visit"], rows["account"], rows["conversation"]) == (1, 1, 0)


def test_an_empty_question_is_not_sent(page: Stand, browser: Browser) -> None:
    """The page says what to do instead."""
    shown = browser.say("  \n ")
    assert words.EMPTY in shown.text and page.rows()["transcript"] == 0


@pytest.mark.parametrize("text", ["🙂🙂🙂", "\u202eolleh", "a\x00b can I post photos", "x " * 50_000, "?" * 3000])
def test_odd_input_gets_a_page_like_every_other(browser: Browser, text: str) -> None:
    """Emoji, right-to-left marks, NUL and very long texts are answered, never with an error."""
    shown = browser.say(text)
    assert browser.status == 200 and 'id="turn-1"' in shown.html


def test_wrongdoing_is_answered_and_its_words_are_kept_nowhere(page: Stand, browser: Browser) -> None:
    """The log shows the answer without what set it off."""
    told = "my boss Zebedee is fiddling the books"
    shown = browser.say(told)
    assert words.WHISTLEBLOWING_CARE in shown.text and "Zebedee" not in shown.text


def test_nothing_that_people_write_is_logged(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """Neither an answered question nor one that could not be taken."""
    caplog.set_level(logging.DEBUG)
    browser.say("Can Xanthippe add a volunteer?")
    browser.send("/press", {"value": "Xanthippe"})
    browser.send("/compare", {"q": "Can Xanthippe add a volunteer?"})
    assert browser.status == 200 and "Xanthippe" not in "\n".join(r.getMessage() for r in caplog.records if not r.name.startswith("http"))


def test_a_served_organisation_is_the_only_choice(askwell: Askwell) -> None:
    """With one organisation in the settings only the role is left to choose."""
    picker = stand(askwell, organisation="sefton").browser().open("/")
    assert "Healthwatch Sefton" in picker.text and "Rutland" not in picker.text and "checked" in picker.html


@pytest.mark.parametrize(
    "fields", [{}, {"number": "x", "fact": "who", "value": "volunteer", "token": "t"}, {"number": "1", "fact": "who", "token": "t"}]
)
def test_a_form_with_something_missing_is_refused_in_words(browser: Browser, fields: dict[str, str]) -> None:
    """Nothing is done, and the page says where to go."""
    shown = browser.send("/press", fields)
    assert browser.status == 400 and "Nothing was done" in shown.text and "/" in shown.links
    assert browser.client.get("/press").status_code == 200, "a reload of that page leads home"
