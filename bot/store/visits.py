"""Visits to the page: who is at which device, known by the hash of a random token that only its browser holds."""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from bot.store.tables import visit

DAY = 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came, and until when the visit lasts. Without an organisation: signed in, but not yet said where they belong."""

    organisation: str
    role: str
    email: str | None
    expires: float


def hashed(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(connection: Connection, who: Visit) -> str:
    """Begin a visit; returns its token, which is not kept."""
    token = secrets.token_urlsafe(32)
    values = {"organisation": who.organisation, "role": who.role, "email": who.email, "expires": who.expires}
    connection.execute(insert(visit).values(token=hashed(token), **values))
    return token


def find(connection: Connection, organisation: str, key: str, now: float) -> Visit | None:
    """The visit with this hashed token, while it lasts."""
    mine = (visit.c.organisation == organisation, visit.c.token == key, visit.c.expires > now)
    row = connection.execute(select(visit).where(*mine)).one_or_none()
    return Visit(row.organisation, row.role, row.email, row.expires) if row else None


def end(connection: Connection, organisation: str, key: str) -> None:
    """A visit that is over."""
    connection.execute(delete(visit).where(visit.c.organisation == organisation, visit.c.token == key))
