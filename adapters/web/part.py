"""The web page as a part of the application: its channel and its routes."""

from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.app import Part
from adapters.web import board, invite, read, signin, speakup, talk
from adapters.web.access import access
from adapters.web.guard import MOST_BYTES, Guard
from adapters.web.lost import lost
from adapters.web.site import STATIC, Handler, Site, endpoint
from bot.service import Service
from bot.settings import Settings

PAGES: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/", talk.home),
    ("POST", "/begin", talk.begin),
    ("POST", "/say", talk.say),
    ("POST", "/press", talk.press),
    ("POST", "/judge", talk.judge),
    ("POST", "/pass-on", talk.pass_on),
    ("POST", "/report", talk.report),
    ("POST", "/forget", talk.forget),
    ("POST", "/leave", talk.leave),
    ("GET", "/policy", read.policies),
    ("GET", "/policy/{organisation}", read.policy),
    ("GET", "/compare", read.comparing),
    ("POST", "/compare", read.comparing),
    ("GET", "/privacy", read.privacy),
    ("GET", "/board", board.waiting),
    ("GET", "/board/{reference}", board.case),
    ("POST", "/board/{reference}", board.act),
    ("GET", "/board/{reference}/sheet", board.sheet),
    ("GET", "/board/{reference}/chronology", board.chronology),
    ("GET", "/invite/{invitation}", invite.offered),
    ("POST", "/invite/{invitation}", invite.used),
    *(("GET", f"/{form}", talk.back) for form in ("begin", "say", "press", "judge", "pass-on", "report", "forget", "leave")),
)


def part(service: Service, settings: Settings) -> Part:
    """The page for this service. Raises SettingsError where strangers could walk in, or nobody could sign in."""
    site = Site(service, settings, access(settings))
    guard, limit = Middleware(Guard, access=site.access, refuse=site.refuse), Middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES)
    pages = (*PAGES, *speakup.pages(site))
    routes: list[BaseRoute] = [Route(path, endpoint(site, handler), methods=[m], middleware=[guard, limit]) for m, path, handler in pages]
    # Their addresses change with what is in them.
    lasting = Middleware(Guard, access=site.access, refuse=site.refuse, cache="public, max-age=31536000, immutable")
    files = Mount("/static", StaticFiles(directory=STATIC), middleware=[lasting])
    return Part(channel=talk.Web(), routes=[*routes, *signin.routes(site, guard), files], lost=lost(site))
