"""The confidential form to test: an organisation with people, readers with keys, the application, and a browser that only reads HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from httpx2 import Client, Response
from starlette.applications import Starlette
from starlette.testclient import TestClient

from adapters.speakup.app import application
from adapters.speakup.site import Site
from bot import load
from bot.knowledge import Knowledge
from bot.people import Person
from bot.speakup.box import Box
from bot.speakup.desk import SpeakUp
from bot.speakup.office import Office, Setup
from bot.speakup.opening import titled
from bot.speakup.reading import Reading
from bot.speakup.slow import Cost
from bot.speakup.veto import DUTY
from bot.understand.reading import lexical

ORG, CHIEF, CHAIR, TRUSTEE, CLERK, ADMIN, TEMP = (
    "derbyshire", "chief@x.uk", "chair@x.uk", "trustee@x.uk", "clerk@x.uk", "admin@x.uk", "temp@x.uk"
)  # fmt: skip
PEOPLE = (
    Person(ORG, CHIEF, "Cleo Chief", "manager", CHAIR), Person(ORG, CHAIR, "Charlie Chair", "director", duties=(DUTY,)),
    Person(ORG, TRUSTEE, "Tara Trustee", "director", duties=(DUTY,)), Person(ORG, CLERK, "Clem Clerk", "staff", CHIEF, duties=(DUTY,)),
    Person(ORG, ADMIN, "Addie Admin", "staff", CHIEF), Person(ORG, TEMP, "Toni Temp", "volunteer", CLERK),
)  # fmt: skip
READERS = (CHAIR, TRUSTEE, CLERK)
PHRASE = "correct horse battery staple"
RUN_BY = "Addie Admin, IT helper of Healthwatch Derbyshire"
TODAY = date(2026, 11, 21)
QUICK = Cost(1, 64)  # hashes that take no time; what the real ones cost is measured elsewhere
ROOM = 2 * 1024 * 1024  # bytes: enough for a test, and quick
WHAT = "The petty cash tin is emptied every Friday."


@dataclass
class Stand:
    """One installation of the form."""

    site: Site
    app: Starlette
    day: list[date]

    @property
    def desk(self) -> SpeakUp:
        """The reporter's side."""
        return self.site.desk

    @property
    def reading(self) -> Reading:
        """The readers' side."""
        return Reading(self.desk.office)

    def browser(self) -> "Browser":
        """Somebody new."""
        return Browser(TestClient(self.app, base_url="http://127.0.0.1:8090", raise_server_exceptions=False))

    def kept(self) -> int:
        """How many reports there are."""
        return len(self.desk.office.box.read().reports)


def stand(
    folder: Path,
    knowledge: Knowledge,
    people: Sequence[Person] = PEOPLE,
    readers: Sequence[str] = READERS,
    cost: Cost = QUICK,
    setup: Setup | None = None,
) -> Stand:
    """The form for these people, of whom `readers` have made their keys."""
    day, key = [TODAY], b"k" * 32
    box = Box(folder / "speak-up.db", key, ROOM)
    configured = setup or Setup(administrators=frozenset({ADMIN}))
    office = Office(box, key, lambda org: [p for p in people if p.organisation == org], titled(knowledge), lambda: day[0], configured, cost)
    for email in readers:
        Reading(office).make_key(ORG, email, PHRASE)
    site = Site(SpeakUp(office), lambda: knowledge, RUN_BY, lexical(load.ROOT), lambda: day[0])
    return Stand(site, application(site), day)


@dataclass
class Found:
    """One form on a page: its fields as they stand, and its buttons by name."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    boxes: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """What stands on a page: its words and its forms, with every box that can be ticked by its words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.forms, self.said = html, [Found()], list[str]()
        self._button: tuple[str, str, str] | None = None
        self._box: tuple[str, str] | None = None
        self._area = ""
        self.feed(html)

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join("".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        given = {name: value or "" for name, value in attrs}
        name, value, form = given.get("name", ""), given.get("value", ""), self.forms[-1]
        if tag == "form":
            assert (given["method"], given["action"]) == ("post", "/")
            self.forms.append(Found())
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            self._box = (name, value)
            if "checked" in given:
                form.fields.append(self._box)
        elif tag == "input":
            form.fields.append((name, value))
        elif tag == "textarea" and name:
            self._area = name
            form.fields.append((name, ""))
        elif tag == "button" and given.get("type") != "button":
            self._button = (given.get("aria-label", ""), name, value)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag in ("button", "textarea"):
            self._button, self._area = None, ""
        elif tag == "label":
            self._box = None

    def handle_data(self, data: str) -> None:
        """Words."""
        self.said.append(data)
        form, words = self.forms[-1], " ".join(data.split())
        if self._area:
            form.fields[-1] = (self._area, form.fields[-1][1] + data.removeprefix("\n"))
        if self._button and words:
            label, name, value = self._button
            form.buttons[label or words] = (name, value)
        if self._box and words:
            form.boxes.setdefault(words, self._box)


class Browser:
    """One person's browser, without JavaScript."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page, self.status = Page(""), 0
        self.response: Response | None = None

    def open(self, path: str = "/") -> Page:
        """Go there."""
        return self._took(self.client.get(path))

    def send(self, fields: Sequence[tuple[str, str]]) -> Page:
        """Send a form's fields."""
        names = dict.fromkeys(name for name, _ in fields)
        return self._took(self.client.post("/", data={n: [v for m, v in fields if m == n] for n in names}))

    def press(self, button: str, ticks: Sequence[str] = (), **fields: str) -> Page:
        """Press the button whose name begins so, with these boxes ticked and these fields filled in."""
        for form in self.page.forms:
            found = next((b for label, b in form.buttons.items() if label.startswith(button)), None)
            if found:
                kept = [(n, v) for n, v in form.fields if n not in fields and (n, v) not in form.boxes.values()] if ticks else [
                    (n, v) for n, v in form.fields if n not in fields
                ]  # fmt: skip
                return self.send([*kept, *((n, v) for n, v in fields.items()), *(form.boxes[t] for t in ticks), found])
        raise LookupError(f"no button “{button}” on the page: {self.page.text[:300]}")

    def _took(self, response: Response) -> Page:
        self.response, self.status = response, response.status_code
        self.page = Page(response.text)
        return self.page


def to_summary(browser: Browser, ticks: Sequence[str] = ("Cleo Chief",), what: str = WHAT, sign: str = "Without my name.", **more: str) -> Page:
    """From the start to the summary."""
    if len(browser.page.forms) < 2 or "Start a report" not in browser.page.forms[1].buttons:
        browser.open()
    several = "Healthwatch Derbyshire" in browser.page.forms[1].boxes
    browser.press("Start a report", ticks=("Healthwatch Derbyshire",) if several else ())
    browser.press("Next", ticks=ticks)
    browser.press("Yes, ")
    browser.press("Next", what=what, **more)
    browser.press("Next")
    return browser.press("Next", ticks=(sign,))


def receipt_of(page: Page) -> str:
    """The receipt on the page that shows it."""
    return page.html.split('id="receipt">')[1].split("<")[0].strip()
