"""What is answered where there is no page: one of ours, with the same headers as every other, instead of a bare line."""

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from adapters.app import Lost
from adapters.web.guard import HEADERS
from adapters.web.site import Site

REASONS = {404: "page", 405: "method", 500: "broken"}


def lost(site: Site) -> Mapping[int, Lost]:
    """Answers by status, for the application: unknown addresses, ways of asking that no page takes, and faults of ours."""
    return {status: _answer(site, reason) for status, reason in REASONS.items()}


def _answer(site: Site, reason: str) -> Lost:
    async def answer(request: Request, error: Exception) -> Response:
        response = site.refuse(request, reason)
        allowed = error.headers if isinstance(error, HTTPException) and error.headers else {}
        response.headers.update({**HEADERS, "Cache-Control": "no-store", **allowed})
        return response

    return answer
