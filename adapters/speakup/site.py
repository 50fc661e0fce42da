"""What all pages of the confidential form share: the desk, the templates, one size for all pages, and what is said when something goes wrong."""

import hashlib
import logging
import secrets
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response

from adapters.speakup import questions
from adapters.speakup.danger import Phrases
from adapters.speakup.draft import Draft, Seal, TooOldError
from adapters.speakup.form import Form, RefusedError, read
from adapters.speakup.once import Once
from adapters.speakup.pace import Pace
from adapters.speakup.sentences import REFUSALS
from adapters.web import show
from bot import words
from bot.knowledge import Knowledge, Organisation
from bot.speakup.box import FullError
from bot.speakup.desk import BusyError, DatabaseUnusableError, Reader, SpeakUp

HERE = Path(__file__).parent
SIZE = 128 * 1024  # bytes: every page has this size, however much somebody wrote, so that nobody on the line can tell which it is
EXIT = "https://www.bbc.co.uk/weather"  # where GOV.UK's pages for people in danger lead, too
AGAIN = ("busy", "down")  # what passes: the same form can be sent once more
TYPED = (*(q.name for part in questions.PARTS.values() for q in part.questions), "words", "others")  # what somebody may have written on a page
log = logging.getLogger("askwell.speakup")


@dataclass(frozen=True, slots=True)
class Box:
    """Somebody who can be ticked. `token` stands for them on the page, where their address does not."""

    email: str
    name: str
    role: str
    token: str


@dataclass(frozen=True)
class Site:
    """The confidential form of one installation. `run_by`: who runs the server, in words; `phrases`: what speaks of danger."""

    desk: SpeakUp
    knowledge: Callable[[], Knowledge]
    run_by: str
    phrases: Phrases
    today: Callable[[], date] = date.today
    seal: Seal = field(default_factory=Seal)
    filed: Once[str] = field(default_factory=Once)
    added: Once[bool] = field(default_factory=Once)
    pace: Pace = field(default_factory=Pace)
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    environment: jinja2.Environment = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "environment", _environment())

    @property
    def organisations(self) -> Mapping[str, Organisation]:
        """All that are served, by id."""
        return self.knowledge().organisations

    def place(self, draft: Draft) -> str:
        """What the organisation is called; raises RefusedError where there is none."""
        found = self.organisations.get(draft.organisation)
        if found is None:
            raise RefusedError("form")
        return found.name

    def boxes(self, people: Iterable[Reader]) -> list[Box]:
        """People as they are shown to be ticked."""
        return [Box(p.id, p.name, p.role, self.token(p.id)) for p in people]

    def token(self, email: str) -> str:
        """What stands for somebody on a page, for as long as this process lives."""
        return hashlib.blake2b(email.encode(), key=self.key, digest_size=8).hexdigest()

    def ticked(self, organisation: str, form: Form) -> tuple[str, ...]:
        """Whom somebody ticked."""
        tokens = set(form.every("person"))
        return tuple(p.id for p in self.desk.people(organisation) if self.token(p.id) in tokens)

    def page(self, name: str, status: int = 200, draft: Draft | None = None, **context: object) -> Response:
        """A template as a page, filled up to its size."""
        made = {
            "words": words,
            "exit": EXIT,
            "draft": draft or Draft(),
            "state": self.seal.seal(draft) if draft else "",
            "note": "",
            "urgent": (),
            **context,
        }
        return HTMLResponse(padded(self.environment.get_template(name).render(**made)), status)

    def refuse(self, reason: str, form: Form | None = None) -> Response:
        """The page that says what went wrong, what to do, and what had been typed, so that it is not lost."""
        status, heading, line = REFUSALS[reason]
        typed = "\n\n".join(t for name in TYPED if form and (t := form.one(name, questions.MOST)))
        again = [(name, value) for name, values in form.fields.items() for value in values] if form and reason in AGAIN else []
        return self.page("refused.html", status, heading=heading, line=line, typed="" if again else typed, again=again)


Handler = Callable[[Site, Form], Response]


async def answer(site: Site, handler: Handler, request: Request) -> Response:
    """Read the form and run the handler where it may wait. Of a fault only its place is logged."""
    form = Form()
    try:
        form = await read(request)
        return await run_in_threadpool(handler, site, form)
    except RefusedError as refused:
        return site.refuse(refused.reason, form)
    except Exception as error:
        reason = next((name for kind, name in EXPECTED.items() if isinstance(error, kind)), "broken")
        if reason in ("broken", "down"):
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("speak-up: %s at %s:%s", type(error).__name__, Path(place.filename).name, place.lineno)
        return await run_in_threadpool(site.refuse, reason, form)


EXPECTED: Mapping[type[Exception], str] = {
    TooOldError: "old", BusyError: "busy", FullError: "full", DatabaseUnusableError: "down", ClientDisconnect: "form",
}  # fmt: skip


def padded(html: str) -> bytes:
    """The page with as many blanks at its end as it takes."""
    raw = html.encode()
    return raw + b" " * (-len(raw) % SIZE)


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(HERE / "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    environment.filters.update(linked=show.linked, day=show.day, tel=show.tel)
    for name in environment.list_templates():  # all at once: a file that is changed meanwhile fits no program that runs
        environment.get_template(name)
    return environment
