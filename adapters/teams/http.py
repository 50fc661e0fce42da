"""Teams over HTTP: one address, where each request is checked before anything of it is used."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.payload import deep, parsed, whole
from adapters.teams.desk import Desk
from adapters.teams.places import tenant_of
from adapters.web.access import Access

PATH = "/api/messages"
MOST_BYTES = 1_000_000  # of one request; Teams' own are far below
BAD, UNKNOWN, REFUSED, LARGE, KIND = 400, 401, 403, 413, 415
HERE = Access(here=True, secure=False, netloc="", sign_in=False)  # by this machine's own names, and through no proxy
log = logging.getLogger("askwell.teams")


class Doorkeeper(Protocol):
    """Whoever checks tokens (see `sdk.Guard`)."""

    async def caller(self, header: str) -> str | None:
        """The service that a request comes from; None for every token that does not hold."""


class Endpoint:
    """The address that Teams calls.

    `guard` None: there are no tokens (the playground on this machine). `tenant`: the only one that is served; empty: any.
    """

    def __init__(self, desk: Desk, guard: Doorkeeper | None, allowed: Callable[[str], bool], tenant: str) -> None:
        self._desk, self._guard, self._allowed, self._tenant = desk, guard, allowed, tenant.lower()

    def routes(self) -> list[Route]:
        """What to add to the application."""
        return [Route(PATH, self.answer, methods=["POST"])]

    async def answer(self, request: Request) -> Response:
        """200 once everything is committed; 401 for every token that does not hold, 400 or 403 for what we do not serve."""
        if not request.headers.get("content-type", "").startswith("application/json"):  # no page of another site can send this unasked
            return Response(status_code=KIND)
        service = ""
        if self._guard is None and not HERE.lets_in(request.headers):
            return Response(status_code=REFUSED)
        if self._guard is not None:
            found = await self._guard.caller(request.headers.get("authorization", ""))
            if found is None:
                return Response(status_code=UNKNOWN)
            service = found
        raw = await whole(request, MOST_BYTES)
        if raw is None:
            return Response(status_code=LARGE)
        activity = parsed(raw)
        if wrong := self._wrong(activity, service):
            return Response(status_code=wrong)
        status, body = await self._desk.take(activity)
        return JSONResponse(body, status_code=status) if body is not None else Response(status_code=status)

    def _wrong(self, activity: Mapping[str, Any], service: str) -> int:
        """The status with which an activity is refused; 0 where it is not."""
        named = activity.get("serviceUrl")
        if not isinstance(named, str) or not named or not isinstance(activity.get("type"), str):
            return BAD
        if self._guard is not None and named.rstrip("/") != service.rstrip("/"):  # the token was made for another address
            return UNKNOWN
        if not self._allowed(named):
            log.warning("teams: a request named an address that is none of Teams'; see ASKWELL_TEAMS_SERVICE_HOSTS")
            return REFUSED
        if deep(activity, "channelId") != "msteams":
            return REFUSED
        if self._tenant and tenant_of(activity) != self._tenant:
            log.warning("teams: a request came from another tenant than ASKWELL_TEAMS_TENANT")
            return REFUSED
        return 0
