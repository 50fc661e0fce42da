"""The confidential form as an application: one address for everything, so that no history or log tells one step from another."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters import web
from adapters.speakup import steps, visit
from adapters.speakup.draft import Draft
from adapters.speakup.form import Form, RefusedError
from adapters.speakup.guard import Guard
from adapters.speakup.questions import PARTS
from adapters.speakup.site import HERE, Site, answer

KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
FILES = (Path(web.__file__).parent / "static" / "page.css", HERE / "static" / "speakup.css", HERE / "static" / "speakup.js")
Took = Callable[[Site, Draft, Form], Response]

TAKES: Mapping[str, Took] = {
    "about": steps.took_about,
    "readers": steps.took_readers,
    "summary": steps.took_summary,
    "outside": lambda site, draft, form: steps.onward(site, draft, form.one("go")),
    "thread": visit.acted,
    "withdraw": visit.withdrawn,
    **{name: partial(steps.took_part, name=name) for name in PARTS},
}


def posted(site: Site, form: Form) -> Response:
    """A form came from the page that it names; the two that begin carry no draft."""
    at, go = form.one("at"), form.one("go")
    if at == "start":
        return visit.asked(site) if go == "receipt" else steps.begun(site, form)
    if at == "receipt":
        return visit.opened(site, form)
    if at not in TAKES:
        raise RefusedError("form")
    return TAKES[at](site, site.seal.open(form.sealed("state")), form)


def application(site: Site) -> Starlette:
    """The whole of it."""

    async def page(request: Request) -> Response:
        return await answer(site, posted if request.method == "POST" else lambda s, _form: steps.start(s), request)

    async def missing(request: Request, _error: Exception) -> Response:
        return site.refuse("page")

    files = [Route(f"/static/{path.name}", _file(path)) for path in FILES]
    plain = [Route("/robots.txt", _text(b"User-agent: *\nDisallow: /\n")), Route("/favicon.ico", _text(b""))]
    handlers = {404: missing, 405: missing}
    return Starlette(routes=[Route("/", page, methods=["GET", "POST"]), *files, *plain], middleware=[Middleware(Guard)], exception_handlers=handlers)


def _file(path: Path) -> Callable[[Request], Response]:
    body, kind = path.read_bytes(), KINDS[path.suffix]
    return lambda _request: Response(body, media_type=kind)


def _text(body: bytes) -> Callable[[Request], Response]:
    return lambda _request: Response(body, media_type="text/plain; charset=utf-8")
