"""A page to test, and a browser without JavaScript: it reads HTML, fills in forms and presses buttons, and knows nothing else."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from httpx2 import Response
from sqlalchemy import func, inspect, select
from starlette.applications import Starlette
from starlette.testclient import TestClient

from adapters.web.part import part
from bot.guide import Askwell
from bot.plans import Plans
from bot.service import Service
from bot.settings import Settings
from bot.store.database import Clock, Database
from bot.store.tables import metadata

HERE = "http://127.0.0.1:8080"
OURS = {"Sec-Fetch-Site": "same-origin"}
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a server has that is not for its own machine only
SERVED = {"host": EVERYWHERE, "public_url": "https://askwell.example.org"}
THERE = SERVED["public_url"]


@dataclass
class Form:
    """A form: what it would send by itself, and its buttons as (accessible name, field, value)."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class Page(HTMLParser):
    """What stands on a page: its words in order, forms, links and ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.said: list[str] = []
        self._button: dict[str, str] | None = None
        self.feed(html)

    @property
    def text(self) -> str:
        """All words, with single blanks."""
        return " ".join("".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form":
            self.forms.append(Form(given["action"]))
        elif tag == "input" and given.get("type") == "hidden":
            self.forms[-1].fields[given["name"]] = given["value"]
        elif tag == "button":
            self._button = given
            self.forms[-1].buttons.append((given.get("aria-label", ""), given.get("name", ""), given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        """Words."""
        self.said.append(data)
        if self._button is not None and not self.forms[-1].buttons[-1][0]:
            self.forms[-1].buttons[-1] = (data.strip(), *self.forms[-1].buttons[-1][1:])

    def form(self, action: str) -> Form:
        """The last form that goes there; raises LookupError where there is none."""
        found = [f for f in self.forms if f.action == action]
        if not found:
            raise LookupError(f"no form for {action} on the page: {self.text[:200]}")
        return found[-1]

    def part(self, marker: str) -> str:
        """The HTML from a marker on; empty where it is not there."""
        at = self.html.find(marker)
        return self.html[at:] if at >= 0 else ""


class Browser:
    """One person's browser."""

    def __init__(self, app: Starlette, base: str = HERE) -> None:
        self.client = TestClient(app, base_url=base, headers=OURS)
        self.page = Page("")
        self.status = 0
        self.address = ""

    def open(self, path: str) -> Page:
        """Go there."""
        return self._took(self.client.get(path))

    def send(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> Page:
        """Send a form's fields there, and go where that leads."""
        return self._took(self.client.post(path, data=fields, headers=headers))

    def _took(self, response: Response) -> Page:
        self.status, self.address = response.status_code, str(response.url)
        self.page = Page(response.text)
        return self.page

    def begin(self, organisation: str = "derbyshire", role: str = "staff") -> Page:
        """Say who you are."""
        return self.send("/begin", {"organisation": organisation, "role": role})

    def say(self, text: str) -> Page:
        """Type and send."""
        return self.send("/say", {**self.page.form("/say").fields, "text": text})

    def press(self, name: str, **more: str) -> Page:
        """Press the button whose accessible name begins so."""
        for form in self.page.forms:
            for label, its, value in form.buttons:
                if label.startswith(name):
                    return self.send(form.action, {**form.fields, **({its: value} if its else {}), **more})
        raise LookupError(f"no button “{name}” on the page: {self.page.text[:300]}")


@dataclass
class Stand:
    """A service with the page on it."""

    service: Service
    app: Starlette

    @property
    def database(self) -> Database:
        """Where it keeps things."""
        return self.service.database

    def browser(self, base: str = HERE) -> Browser:
        """Somebody new."""
        return Browser(self.app, base)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.database.read() as connection:
            there = inspect(connection).get_table_names()
            return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables if t.name in there}


def stand(askwell: Askwell, clock: Clock | None = None, plans: Plans | None = None, **settings: object) -> Stand:
    """The page with these settings, on a database of its own. Reports are offered where there are `plans`."""
    database = Database("sqlite://", clock)
    database.ready()
    service = Service(askwell, database, plans)
    made = part(service, Settings.model_validate(settings))
    assert made.channel
    service.join(made.channel)
    return Stand(service, Starlette(routes=list(made.routes), exception_handlers=dict(made.lost)))
