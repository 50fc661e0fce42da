"""Reading what a chat platform sends, and keeping what we send short."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request


def deep(found: object, *names: str) -> Any:  # noqa: ANN401 - JSON holds anything
    """A value deep in what a platform sent; None where something on the way is missing or of another kind."""
    for name in names:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def once(*parts: object) -> str:
    """An id for what a platform gives none: the same press, delivered again, has the same."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:40]


def cut(text: str, most: int) -> str:
    """At most so many characters; what was cut off shows."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


async def whole(request: Request, most: int) -> bytes | None:
    """The raw body of a request; None where it is longer than so many bytes."""
    pieces = b""
    async for piece in request.stream():
        pieces += piece
        if len(pieces) > most:
            return None
    return pieces


def parsed(text: str | bytes) -> Mapping[str, Any]:
    """A JSON object; an empty one where it cannot be read, or is another thing."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
