"""Invite links: a page with one button, so that programs that look at links in mail do not use them up, and the use itself."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from adapters.web import visitors
from adapters.web.site import Fields, RefusedError, Site, see
from bot.people import Asker
from bot.store import directory, invites
from bot.store.invites import Invite


def offered(site: Site, request: Request, _fields: Fields) -> Response:
    """The button. Whether the link still works is not looked up before it is pressed."""
    return site.page("invite.html", path=request.url.path, days=visitors.INVITED_DAYS)


def used(site: Site, request: Request, _fields: Fields) -> Response:
    """Use it, once, and begin a visit as the person it was made for."""
    before = visitors.current(site, request)
    database = site.service.database
    with database.write() as connection:
        now = database.now(connection)
        found = invites.use(connection, request.path_params["invitation"], now)
        token = visitors.begun(connection, _person(connection, found), found.email, now, visitors.INVITED) if found else ""
    if not found:
        raise RefusedError("invite")
    if before:
        visitors.leave(site, before)
    return visitors.carrying(site, see("/?began"), token, visitors.INVITED)


def _person(connection: Connection, found: Invite) -> Asker:
    """Whoever looks after Askwell made the link for this address, so the directory may say who it is."""
    listed = directory.by_email(connection, found.email)
    member = listed is not None and listed[0] == found.organisation
    return Asker(found.organisation, found.role, member=member, email=found.email)
