"""Microsoft's own client, in a browser: ask, clarify by button, read the quote, say whether it was right; cards change in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot import words
from bot.guide import Askwell
from bot.people import Person
from bot.store import directory
from e2e.teams.client import COMPLAINS, Client, labels
from e2e.teams.house import guarded, in_thread, trying
from e2e.teams.playground import User, playground

ANN = User(1, "Ann Author", "ann@x.uk")
QUESTION, ASKS, YES = "Can I post photos from our event?", "Have they agreed?", "Yes, everyone has agreed"
PASSAGE = "“Individuals should not be referenced online without their express consent.”"
OFFICE, OWN = "Office", "Personal Chat"
WORRY = "a lad in the youth group showed me bruises and said his dad did it"
MANY, WHO = "Can I accept a friend request?", "A volunteer"


@pytest.fixture(params=[trying, guarded], ids=["on this machine", "with Microsoft's signature"])
def ann(request: pytest.FixtureRequest, askwell: Askwell, browser: Browser, tmp_path: Path) -> Iterator[Client]:
    """Ann, to whom Askwell has just been given."""
    with in_thread(lambda: request.param(askwell, tmp_path)) as (endpoint, _), playground(tmp_path, endpoint, ANN) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        yield Client(page, address, "trying" if request.param is trying else "signed")
        page.close()


def arrived(ann: Client, organisation: str) -> None:
    """She is asked who she is, each card keeps what she chose, and one short welcome follows."""
    for number, asks, chosen in ((1, words.WHICH_ORGANISATION, organisation), (2, words.WHICH_ROLE, "Staff")):
        card = ann.card(number)
        expect(card).to_contain_text(asks)
        card.get_by_role("button", name=chosen, exact=True).click()
        expect(card).to_contain_text(words.CHOSEN.format(label=chosen))
        assert labels(card) == []
    expect(ann.card(3)).to_contain_text("Asking never reports you")


def test_ask_clarify_by_button_read_the_quote_and_judge_in_microsofts_client(ann: Client) -> None:
    """The question's card keeps what was chosen, and no button; the answer holds verdict, quote and section; its thanks stand in place."""
    arrived(ann, "Healthwatch Sefton")
    ann.say(QUESTION)
    question = ann.card(4)
    expect(question).to_contain_text(ASKS)
    ann.seen("question")
    question.get_by_role("button", name=YES, exact=True).click()
    answer = ann.card(5)
    expect(question).to_contain_text(words.CHOSEN.format(label=YES))
    assert labels(question) == []
    expect(answer.get_by_role("heading", name="Yes, if…")).to_be_visible()
    expect(answer).to_contain_text(PASSAGE)
    section = answer.get_by_role("link", name="Limits of use: Confidentiality, consent and copyright")
    expect(section).to_be_visible()
    expect(ann.page.get_by_text("From your policy:").last).to_be_visible()
    ann.seen("answer")
    answer.get_by_role("button", name=words.RIGHT, exact=True).click()
    expect(answer).to_contain_text(words.THANKS)
    assert labels(answer) == []
    expect(answer).to_contain_text(PASSAGE)
    ann.seen("judged")
    ann.card(5)


def test_many_choices_are_a_list_and_a_wrong_answer_takes_its_reason_in_place(ann: Client) -> None:
    """Nothing chosen does nothing; then the answer comes, and what was wrong with it is typed on its own card."""
    arrived(ann, "Healthwatch Derbyshire")
    ann.say(MANY)
    question = ann.card(4)
    question.get_by_role("button", name=words.PICK_IT).click()
    expect(ann.page.get_by_text(words.PICK_FIRST)).to_be_visible()
    question.get_by_role("combobox").click()
    ann.page.get_by_role("option", name=WHO, exact=True).click()
    ann.seen("chosen")
    question.get_by_role("button", name=words.PICK_IT).click()
    answer = ann.card(5)
    expect(answer.get_by_role("heading", name="No.")).to_be_visible()
    expect(question).to_contain_text(words.CHOSEN.format(label=WHO))
    answer.get_by_role("button", name=words.WRONG, exact=True).click()
    reason = answer.get_by_label(words.WHAT_WAS_WRONG)
    reason.fill("The **wrong** part <b>of</b> it")
    ann.seen("reason")
    answer.get_by_role("button", name=words.SEND, exact=True).click()
    expect(answer).to_contain_text(words.CHOSEN.format(label=words.WRONG))
    expect(ann.card(6)).to_contain_text(words.SORRY_WRONG)
    ann.seen("sorry")


def test_what_microsofts_client_complains_of_is_seen(ann: Client) -> None:
    """A gate that lets everything through is none: an action that is not ours opens no dialog, and the client says so."""
    arrived(ann, "Healthwatch Sefton")
    ann.say("hello")
    ann.card(4)
    ann.seen("hello")
    ann.ask_about("hello", action="other")
    expect(ann.page.get_by_text(COMPLAINS[0]).first).to_be_visible()
    with pytest.raises(AssertionError):
        ann.seen("other")


def test_in_a_group_it_answers_who_names_it_and_keeps_what_is_sensitive_for_their_own_chat(
    askwell: Askwell, browser: Browser, tmp_path: Path
) -> None:
    """The card that was pressed changes for everybody there; a worry is answered where nobody reads along, with a nudge to look."""
    with in_thread(lambda: guarded(askwell, tmp_path)) as (endpoint, service):
        with service.database.write() as connection:
            directory.replaced(connection, "sefton", [Person("sefton", ANN.email, ANN.name, "staff")])
        with playground(tmp_path, endpoint, ANN) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            in_group(Client(page, address, "group"))
            page.close()


def in_group(ann: Client) -> None:
    """She is known by her address, so nobody asks her who she is; she asks in a group, and then types a worry there."""
    expect(ann.card(1)).to_contain_text("Asking never reports you")
    ann.go(OFFICE)
    ann.say(f" {QUESTION}", mention="Askwell")
    question = ann.card(1)
    question.get_by_role("button", name=YES, exact=True).click()
    expect(ann.card(2)).to_contain_text(PASSAGE)
    expect(question).to_contain_text(words.CHOSEN.format(label=YES))
    assert labels(question) == []
    ann.seen("answer")
    ann.say(f" {WORRY}", mention="Askwell")
    expect(ann.page.get_by_text(words.NUDGE.partition(", ")[2]).first).to_be_visible()
    ann.card(2)
    ann.seen("worry")
    ann.go(OWN)
    expect(ann.card(2)).to_contain_text(words.ANSWER_READY)
    ann.seen("own")
