"""Invitations to the page: a link that works once, for somebody without Slack, Teams or sign-on. Of its token only the hash is kept."""

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, Row, insert, select, update

from bot.store.tables import invite
from bot.store.visits import hashed

DAY = 86_400.0  # seconds


@dataclass(frozen=True, slots=True)
class Invite:
    """Whom somebody invited, and as what. The address was written by whoever invited them, and confirms nothing by itself."""

    organisation: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An invitation and how it stands: open, used, revoked or expired."""

    invite: Invite
    expires: float
    standing: str


def create(connection: Connection, who: Invite, now: float, days: float) -> str:
    """Invite somebody; returns the token, which is not kept. Older open invitations of theirs are revoked."""
    revoke(connection, who.organisation, who.email, now)
    token = secrets.token_urlsafe(32)
    values = {"organisation": who.organisation, "email": who.email, "role": who.role, "expires": now + days * DAY}
    connection.execute(insert(invite).values(token=hashed(token), **values))
    return token


def use(connection: Connection, token: str, now: float) -> Invite | None:
    """Take an invitation, once; None where it is unknown, used, revoked or expired. Of two uses at the same moment one gets it."""
    free = (invite.c.token == hashed(token), invite.c.used.is_(None), invite.c.revoked.is_(None), invite.c.expires > now)
    taken = update(invite).where(*free).values(used=now).returning(invite.c.organisation, invite.c.email, invite.c.role)
    row = connection.execute(taken).one_or_none()
    return Invite(row.organisation, row.email, row.role) if row else None


def revoke(connection: Connection, organisation: str, email: str, now: float) -> int:
    """Take back the open invitations of an address; how many there were."""
    mine = (
        invite.c.organisation == organisation,
        invite.c.email == email,
        invite.c.used.is_(None),
        invite.c.revoked.is_(None),
        invite.c.expires > now,
    )
    return connection.execute(update(invite).where(*mine).values(revoked=now)).rowcount


def listed(connection: Connection, organisation: str, now: float) -> list[Listed]:
    """The invitations of an organisation, the last to expire first."""
    rows = connection.execute(select(invite).where(invite.c.organisation == organisation).order_by(invite.c.expires.desc(), invite.c.email))
    return [Listed(Invite(r.organisation, r.email, r.role), r.expires, _standing(r, now)) for r in rows]


def _standing(row: Row[tuple[object, ...]], now: float) -> str:
    if row.used is not None:
        return "used"
    if row.revoked is not None:
        return "revoked"
    return "open" if row.expires > now else "expired"
