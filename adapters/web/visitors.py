"""Who is at which browser: a random token in a cookie, its hash in the database, and who that is."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from adapters.web.site import Fields, Handler, RefusedError, Site
from bot.people import Asker
from bot.store import directory, visits
from bot.store.visits import DAY, Visit

CHANNEL = "web"
INVITED_DAYS = 90
CHOSEN, INVITED, SIGNED_IN = 30 * DAY, INVITED_DAYS * DAY, 0.5 * DAY  # how long a visit lasts, by how it began


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a visit that lasts. `key` is the hash of their token; without `asker` they have yet to say where they belong."""

    key: str
    asker: Asker | None
    visit: Visit

    @property
    def conversation(self) -> str:
        """The one conversation of a visit, which is also its home: nobody else reads along."""
        return f"{CHANNEL}:{self.key}"


def current(site: Site, request: Request) -> Visitor | None:
    """Who sends this request; None for strangers and where the visit is over."""
    token = request.cookies.get(cookie(site))
    if not token:
        return None
    key, database = visits.hashed(token), site.service.database
    with database.read() as connection:
        asker = directory.asker(connection, CHANNEL, key)
        visit = visits.find(connection, asker.organisation if asker else "", key, database.now(connection))
    return Visitor(key, asker, visit) if visit else None


def known(page: Callable[[Site, Visitor, Request, Fields], Response]) -> Handler:
    """A page for whoever is known here. To others it is the way in, the same whatever address was asked for, and back to that address."""

    def run(site: Site, request: Request, fields: Fields) -> Response:
        visitor = current(site, request)
        if visitor:
            return page(site, visitor, request, fields)
        if site.access.here:
            raise RefusedError("page")
        return site.page("door.html", note="", days=INVITED_DAYS, to=request.url.path)

    return run


def event(visitor: Visitor, request: Request, fields: Fields) -> str:
    """One event for each form that was given out, however often it is sent; nobody else's form can be the same. Raises RefusedError without one."""
    if not fields.get("token"):
        raise RefusedError("form")
    return hashlib.sha256("\n".join((visitor.key, request.url.path, fields["token"])).encode()).hexdigest()


def cookie(site: Site) -> str:
    """The cookie's name."""
    return site.access.cookie


def arrive(site: Site, response: Response, who: Asker | None, email: str | None, seconds: float) -> Response:
    """Begin a visit, and give its token to the browser. Without `who` they are signed in, and asked where they belong."""
    database = site.service.database
    with database.write() as connection:
        token = begun(connection, who, email, database.now(connection), seconds)
    return carrying(site, response, token, seconds)


def begun(connection: Connection, who: Asker | None, email: str | None, now: float, seconds: float) -> str:
    """A visit and who it is by; returns its token."""
    organisation, role = (who.organisation, who.role) if who else ("", "")
    token = visits.start(connection, Visit(organisation, role, email, now + seconds))
    if who:
        directory.introduce(connection, CHANNEL, visits.hashed(token), who, now)
    return token


def carrying(site: Site, response: Response, token: str, seconds: float) -> Response:
    """The response with the cookie."""
    response.set_cookie(
        cookie(site), token, max_age=int(seconds), path="/", secure=site.access.secure, httponly=True, samesite="strict"
    )  # fmt: skip
    return response


def leave(site: Site, visitor: Visitor) -> None:
    """End a visit and its conversation: nothing of either stays."""
    site.service.forget(CHANNEL, visitor.key, visitor.conversation)
    with site.service.database.write() as connection:
        visits.end(connection, visitor.visit.organisation, visitor.key)
        directory.forget(connection, CHANNEL, visitor.key)
