"""Slack over HTTP: one address for events, presses and commands, each with its signature verified over the raw body."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.payload import parsed, whole
from adapters.slack.desk import COMMAND, EVENT, INTERACTION, Desk
from adapters.slack.sdk import Signatures

PATH = "/slack/events"
MOST_BYTES = 1_000_000  # of one request; Slack's own are far below
_FORM = "application/x-www-form-urlencoded"

Body = Mapping[str, Any]


class Endpoint:
    """The address that Slack calls."""

    def __init__(self, desk: Desk, signatures: Signatures) -> None:
        self._desk, self._signatures = desk, signatures

    def routes(self) -> list[Route]:
        """What to add to the application."""
        return [Route(PATH, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """200 once everything is committed; 401 unless Slack signed it just now; 503 where Slack shall deliver it again."""
        raw = await whole(request, MOST_BYTES)
        if raw is None:
            return Response(status_code=413)
        if request.query_params.get("ssl_check") == "1" or raw.startswith(b"ssl_check=1"):
            return Response()  # Slack looks whether the certificate holds; it sends nothing else with it
        if request.method != "POST" or not self._signatures.holds(raw, request.headers):
            return Response(status_code=401)
        kind, body = opened(raw, request.headers.get("content-type", ""))
        if body.get("type") == "url_verification":
            return JSONResponse({"challenge": body.get("challenge")})
        status, said = await self._desk.take(kind, body)
        return JSONResponse(said, status_code=status) if said else Response(status_code=status)


def opened(raw: bytes, content_type: str) -> tuple[str, Body]:
    """Which kind of request it is, and what it says; an empty one where it cannot be read."""
    text = raw.decode("utf-8", errors="replace")
    if not content_type.startswith(_FORM):
        return EVENT, parsed(text)
    form = dict(parse_qsl(text, keep_blank_values=True))
    return (INTERACTION, parsed(form["payload"])) if "payload" in form else (COMMAND, form)
