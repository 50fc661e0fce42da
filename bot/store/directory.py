"""Who is who: the imported directory, and the accounts that people have on Slack, Teams or the page."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from bot.people import Asker, Person
from bot.store.tables import account, invite, person, visit


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows of somebody were deleted."""

    people: int
    accounts: int
    invitations: int


def replaced(connection: Connection, organisation: str, people: Iterable[Person]) -> None:
    """The organisation's directory, as a whole; whoever is no longer in it loses what membership gave."""
    rows = [_values(p) for p in people]
    gone = select(person.c.email).where(person.c.organisation == organisation, person.c.email.not_in([r["email"] for r in rows]))
    emails = tuple(connection.execute(gone).scalars())
    connection.execute(delete(account).where(account.c.organisation == organisation, account.c.email.in_(emails)))
    connection.execute(delete(person).where(person.c.organisation == organisation))
    if rows:
        connection.execute(insert(person), rows)


def _values(one: Person) -> dict[str, object]:
    return {
        "organisation": one.organisation, "email": one.email, "name": one.name, "role": one.role, "manager": one.manager,
        "joined": one.joined.isoformat() if one.joined else None, "channels": " ".join(one.channels), "cover": one.cover,
        "leave": json.dumps([[a.isoformat(), b.isoformat()] for a, b in one.leave]), "duties": " ".join(one.duties),
    }  # fmt: skip


def people(connection: Connection, organisation: str) -> list[Person]:
    """The organisation's directory, by name."""
    rows = connection.execute(select(person).where(person.c.organisation == organisation).order_by(person.c.name, person.c.email))
    return [_person(r) for r in rows]


def _person(row: Row[Any]) -> Person:
    leave = tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in json.loads(row.leave))
    joined = date.fromisoformat(row.joined) if row.joined else None
    return Person(
        row.organisation, row.email, row.name, row.role, row.manager, joined, tuple(row.channels.split()), row.cover, leave, tuple(row.duties.split())
    )


def find(connection: Connection, email: str) -> list[Person]:
    """Everybody with this address: one for each organisation that holds it."""
    return [_person(r) for r in connection.execute(select(person).where(person.c.email == email).order_by(person.c.organisation))]


def managed_by(connection: Connection, organisation: str, email: str) -> list[str]:
    """The names of those whose manager this is."""
    mine = (person.c.organisation == organisation, person.c.manager == email)
    return list(connection.execute(select(person.c.name).where(*mine).order_by(person.c.name)).scalars())


def accounts(connection: Connection, email: str) -> list[str]:
    """The channels on which somebody has been met as the person with this address."""
    return list(connection.execute(select(account.c.channel).where(account.c.email == email).order_by(account.c.channel).distinct()).scalars())


def erase(connection: Connection, email: str) -> Erased:
    """Somebody who leaves: their rows in every directory, their accounts on every channel, their invitations and visits."""
    connection.execute(update(person).where(person.c.manager == email).values(manager=None))
    people = connection.execute(delete(person).where(person.c.email == email)).rowcount
    accounts = connection.execute(delete(account).where(account.c.email == email)).rowcount
    visitors = select(visit.c.token).where(visit.c.email == email)
    accounts += connection.execute(delete(account).where(account.c.id.in_(visitors))).rowcount
    connection.execute(delete(visit).where(visit.c.email == email))
    return Erased(people, accounts, connection.execute(delete(invite).where(invite.c.email == email)).rowcount)


def by_email(connection: Connection, email: str) -> tuple[str, str] | None:
    """Organisation and role of a confirmed address; None where no directory, or more than one, holds it."""
    rows = connection.execute(select(person.c.organisation, person.c.role).where(person.c.email == email.strip().lower())).all()
    return (rows[0].organisation, rows[0].role) if len(rows) == 1 else None


_ACCOUNT = select(account).where(account.c.channel == bindparam("channel"), account.c.id == bindparam("id"))
_PERSON = select(person.c.role, person.c.manager).where(person.c.organisation == bindparam("of"), person.c.email == bindparam("email"))
_NAME = select(person.c.name).where(person.c.organisation == bindparam("of"), person.c.email == bindparam("email"))


def asker(connection: Connection, channel: str, key: str) -> Asker | None:
    """Who an account is; None where nobody has said yet. A member's role is that of the directory today."""
    row = connection.execute(_ACCOUNT, {"channel": channel, "id": key}).one_or_none()
    if row is None:
        return None
    if row.email is None:
        return Asker(row.organisation, row.role)
    found = connection.execute(_PERSON, {"of": row.organisation, "email": row.email}).one_or_none()
    if found is None:
        return None
    manager = connection.execute(_NAME, {"of": row.organisation, "email": found.manager}).scalar_one_or_none() if found.manager else None
    return Asker(row.organisation, found.role, member=True, email=row.email, manager=manager)


def introduce(connection: Connection, channel: str, key: str, who: Asker, now: float) -> None:
    """Remember who an account is: as the directory knows them, or as they said themselves."""
    forget(connection, channel, key)
    values = {"organisation": who.organisation, "role": who.role, "email": who.email if who.member else None, "at": now}
    connection.execute(insert(account).values(channel=channel, id=key, **values))


def accounts_of(connection: Connection, organisation: str, email: str) -> list[tuple[str, str]]:
    """(channel, account) of everything that somebody confirmed is known under."""
    mine = (account.c.organisation == organisation, account.c.email == email)
    return [(r.channel, r.id) for r in connection.execute(select(account.c.channel, account.c.id).where(*mine).order_by(account.c.channel))]


def forget_like(connection: Connection, channel: str, pattern: str) -> None:
    """All accounts of which the id is like this (`%`: anything)."""
    connection.execute(delete(account).where(account.c.channel == channel, account.c.id.like(pattern)))


def forget(connection: Connection, channel: str, key: str) -> None:
    """An account that left, or whose person wants to be somebody else."""
    connection.execute(delete(account).where(account.c.channel == channel, account.c.id == key))
