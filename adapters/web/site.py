"""What all pages share: the service, who may come in, the templates, and one way to run a handler and to say what went wrong."""

import hashlib
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from adapters.web import show
from adapters.web.access import Access
from adapters.web.sentences import REFUSALS
from bot import words
from bot.knowledge import Knowledge
from bot.service import BusyError, Service
from bot.settings import Settings
from bot.store.database import DatabaseUnusableError

HERE = Path(__file__).parent
STATIC = HERE / "static"
MOST_FIELDS = 100  # each name that is ticked is one
Fields = Mapping[str, str]
Handler = Callable[["Site", Request, Fields], Response]
Endpoint = Callable[[Request], Awaitable[Response]]
log = logging.getLogger("askwell.web")


class RefusedError(Exception):
    """A request that cannot be answered; `reason` names the page that says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Site:
    """One web page for one service."""

    service: Service
    settings: Settings
    access: Access
    environment: jinja2.Environment = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "environment", _environment())

    @property
    def knowledge(self) -> Knowledge:
        """What holds today."""
        return self.service.askwell.knowledge

    def today(self) -> date:
        """The day."""
        return self.service.askwell.today()

    def page(self, name: str, status: int = 200, **context: object) -> Response:
        """A template as a page."""
        common: dict[str, object] = {"words": words, "access": self.access, "knowledge": self.knowledge, "token": secrets.token_urlsafe(16)}
        common["boards"] = self.service.plans is not None
        return HTMLResponse(self.environment.get_template(name).render(**common, **context), status)

    def refuse(self, _request: Request, reason: str) -> Response:
        """The page that says why not, and what to do."""
        status, title, line = REFUSALS[reason]
        return self.page("refused.html", status, title=title, line=line)


def endpoint(site: Site, handler: Handler) -> Endpoint:
    """A handler as Starlette wants it: the form is read here, and the handler runs where it may wait for the database."""

    async def run(request: Request) -> Response:
        if _from_afar(site, request):
            return site.page("again.html", to=_same(request))
        try:
            return await run_in_threadpool(handler, site, request, await _fields(request))
        except RefusedError as refused:
            return site.refuse(request, refused.reason)
        except (DatabaseUnusableError, BusyError) as error:
            log.error("web: %s cannot be answered: %s", request.url.path.split("/")[1] or "home", type(error).__name__)
            return site.refuse(request, "down")
        except Exception as error:  # a fault of ours: people get a page and a way on, the log its place and not its words
            place = traceback.extract_tb(error.__traceback__)[-1]
            log.error("web: %s at %s:%s", type(error).__name__, Path(place.filename).name, place.lineno)
            return site.refuse(request, "broken")

    return run


def _from_afar(site: Site, request: Request) -> bool:
    """Whether somebody followed a link on another site, such as in their mail or Slack: browsers keep our strict cookie back then.

    From a page of ours they come a second time, and with it.
    """
    headers = request.headers
    other = headers.get("sec-fetch-site") in ("cross-site", "same-site") and headers.get("sec-fetch-mode") == "navigate"
    return other and request.method == "GET" and site.access.cookie not in request.cookies


def _same(request: Request) -> str:
    """The same address, as a path on this site and nothing else."""
    query = f"?{request.url.query}" if request.url.query else ""
    return "/" + request.url.path.lstrip("/") + query


async def _fields(request: Request) -> Fields:
    """What a form holds; files are not taken."""
    if request.method != "POST":
        return {}
    try:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            return {name: "\n".join(v for v in form.getlist(name) if isinstance(v, str)) for name in form}
    except HTTPException as error:
        raise RefusedError("long" if error.status_code == 413 else "form") from None  # noqa: PLR2004 - Content Too Large


def see(path: str) -> Response:
    """Go and look there: the answer to every form, so that a reload sends nothing again."""
    return RedirectResponse(path, 303)


def _environment() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(HERE / "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(linked=show.linked, day=show.day, tel=show.tel, bare=show.bare, passages=show.shown, introduced=show.introduced)
    environment.globals.update(_assets())
    return environment


def _assets() -> dict[str, Any]:
    """The address of each file changes with it, so that browsers may keep them."""
    return {f"{p.stem}_{p.suffix[1:]}": f"/static/{p.name}?{hashlib.sha256(p.read_bytes()).hexdigest()[:8]}" for p in STATIC.iterdir()}
