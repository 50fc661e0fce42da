"""A report in Microsoft's own client: filled in and sent in a dialog; the lead is pinged in a client of their own, and takes it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot import words
from bot.cases import Status
from bot.guide import Askwell
from bot.people import Person
from bot.service import Service
from bot.store import cases, directory
from e2e.teams.client import Client, labels
from e2e.teams.house import guarded, in_thread
from e2e.teams.playground import User, playground

ANN, LOU = User(1, "Ann Author", "ann@x.uk"), User(2, "Lou Lead", "lou@x.uk")
ORGANISATION = "warrington"
PEOPLE = [
    Person(ORGANISATION, ANN.email, ANN.name, "staff", "boss@x.uk", cover="always"),
    Person(ORGANISATION, "boss@x.uk", "Bob Boss", "staff", cover="always"),
    Person(ORGANISATION, LOU.email, LOU.name, "staff", cover="always", duties=("safeguarding-lead",)),
]
TYPED, WORRY = "hello", "a lad in the youth group showed me bruises and said his dad did it"
SEEN, NAME = "<b>both arms</b>, **blue**; zebrafinch", "Jamie zebrafinch"
PING = "Askwell: something needs you by"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is opened, and closed again in the right order."""
    with ExitStack() as made:
        yield made


def client(stack: ExitStack, browser: Browser, folder: Path, endpoint: str, user: User) -> Client:
    """Somebody at a client of their own."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    stack.callback(page.close)
    return Client(page, stack.enter_context(playground(folder, endpoint, user)), f"report-{user.number}")


def filled(ann: Client) -> None:
    """Every step of the report, in the dialog."""
    for number, press, typed in (
        (1, "No", ""), (2, words.NEXT_STEP, SEEN), (3, "A child or young person under 18", ""), (4, words.NEXT_STEP, NAME), (5, words.SKIP_IT, ""),
        (6, "No", ""), (7, words.SKIP_IT, ""), (8, "No", ""),
    ):  # fmt: skip
        expect(ann.dialog).to_contain_text(f"step {number} of 8")
        ann.seen(f"step-{number}")
        if typed:
            ann.dialog.get_by_role("textbox").fill(typed)
        ann.press(press)


def test_a_report_is_filed_in_a_dialog_and_its_ping_is_taken_in_microsofts_client(
    stack: ExitStack, askwell: Askwell, browser: Browser, tmp_path: Path
) -> None:
    """Nothing of it stands in a chat, nobody is asked before Send, and the ping says that it was taken, in place."""
    endpoint, service = stack.enter_context(in_thread(lambda: guarded(askwell, tmp_path)))
    with service.database.write() as connection:
        directory.replaced(connection, ORGANISATION, PEOPLE)
    ann, lou = (client(stack, browser, tmp_path, endpoint, one) for one in (ANN, LOU))
    for one in (ann, lou):
        expect(one.card(1)).to_contain_text("Asking never reports you")
    ann.say(TYPED)
    ann.card(2)
    ann.ask_about(TYPED)
    ann.dialog.get_by_label(words.ASK_FIELD).fill(WORRY)
    ann.seen("about")
    ann.press(words.ASK_SEND)
    expect(ann.dialog).to_contain_text("From the policy")
    ann.seen("answer")
    ann.press("Start a report")
    filled(ann)
    expect(ann.dialog).to_contain_text(words.REVIEW)
    expect(ann.dialog).to_contain_text(SEEN)
    ann.seen("review")
    lou.card(1)
    ann.press(words.SEND)
    expect(ann.dialog).to_contain_text(words.REPORT_SENT.split("{", maxsplit=1)[0])
    ann.seen("sent")
    taken(lou, service)
    expect(ann.card(3)).to_contain_text(words.PICKED_UP)
    for one in (ann, lou):
        expect(one.page.get_by_text("zebrafinch")).to_have_count(0)


def taken(lou: Client, service: Service) -> None:
    """The ping comes by itself, and its card says in place that the case is theirs."""
    ping = lou.card(2)
    expect(ping).to_contain_text(PING)
    assert labels(ping) == [words.CASE_OPEN, words.CASE_TAKE]
    lou.seen("pinged")
    ping.get_by_role("button", name=words.CASE_TAKE).click()
    expect(ping).to_contain_text(words.CASE_YOURS)
    assert labels(ping) == [words.CASE_OPEN]
    lou.seen("taken")
    with service.database.read() as connection:
        (held,) = cases.seen_by(connection, service.database.vault, ORGANISATION, LOU.email)
    assert (held.case.status, held.case.handler) == (Status.TAKEN, LOU.email)
