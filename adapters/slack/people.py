"""Who somebody in Slack is to the organisation: a full member with a confirmed address, or nobody that we know."""

from collections.abc import Mapping
from typing import Any

from adapters.payload import deep

_NO_MEMBER = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")


def confirmed(user: Mapping[str, Any]) -> str | None:
    """The confirmed address of a full member; None for guests, people of other workspaces, bots and whoever has left."""
    if any(user.get(k) for k in _NO_MEMBER) or not user.get("is_email_confirmed"):
        return None
    email = deep(user, "profile", "email")
    return email if isinstance(email, str) and "@" in email else None
