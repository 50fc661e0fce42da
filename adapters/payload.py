"""Reading what a chat platform sends, and keeping what we send short. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any


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
