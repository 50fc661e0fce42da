"""Cases: what was reported, sealed under a key of its own, and how it stands.

Nothing here shows a case, or counts it, to anybody who may not see it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.cases import Action, Case, Status, may
from bot.knowledge import Flow
from bot.store.tables import case, entry
from bot.vault import SIZE, Vault

_LETTERS = "ABCDEFGHJKMNPQRTUVWXYZ2346789"  # nothing that is misread
_CONTENT: TypeAdapter[dict[str, str]] = TypeAdapter(dict[str, str])


class NoCaseError(LookupError):
    """There is no such case, or it may not be seen: the same for both."""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Where the person is told how it goes on: their own conversation, and nothing else of them."""

    channel: str
    account: str
    conversation: str
    place: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that was added: a note, a decision, a referral, a link, a view. `by` is a directory address."""

    kind: str
    text: str = field(repr=False)
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Held:
    """A case as it is stored. `version` is for compare-and-swap."""

    case: Case
    reporter: Reporter
    version: int
    day: str
    hold: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """How a case stands, without a word of what it is: days as 2026-11-30."""

    reference: str
    status: Status
    day: str
    ended: str | None
    hold: bool


@dataclass(frozen=True, slots=True)
class _Body:
    case: Case
    reporter: Reporter


_BODY: TypeAdapter[_Body] = TypeAdapter(_Body)
_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


class MovedError(Exception):
    """Somebody else did something with this case meanwhile: load it again."""


def reference() -> str:
    """A random reference, such as 7QK4-XM29: it tells nothing, and guessing one gives nothing."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def file(connection: Connection, vault: Vault, one: Case, reporter: Reporter, content: Mapping[str, str], now: float) -> None:
    """Store a new case with its content."""
    raw = secrets.token_bytes(SIZE)
    place = (one.organisation, one.reference)
    values = {
        "organisation": one.organisation, "reference": one.reference, "version": 1, "status": one.status.value, "due": one.due, "hold": False,
        "day": _day(now), "key": vault.seal(raw, *place, "key"),
        "body": _own(raw).seal(_BODY.dump_json(_Body(one, reporter)), *place, "body"),
        "content": _own(raw).seal(_CONTENT.dump_json(dict(content)), *place, "content"),
    }  # fmt: skip
    connection.execute(insert(case).values(**values))


def _own(raw: bytes) -> Vault:
    """The vault of one case's key."""
    return Vault({b"case": raw}, b"case")


def load(connection: Connection, vault: Vault, organisation: str, ref: str) -> Held:
    """A case without its content; raises NoCaseError. Whoever shows it to somebody asks `seen_by` instead."""
    return _held(vault, _row(connection, organisation, ref))


def _row(connection: Connection, organisation: str, ref: str) -> Row[Any]:
    if "\0" in ref:  # PostgreSQL takes no such text, not even to look for it
        raise NoCaseError(ref)
    row = connection.execute(select(case).where(case.c.organisation == organisation, case.c.reference == ref)).one_or_none()
    if row is None:
        raise NoCaseError(ref)
    return row


def _key(vault: Vault, row: Row[Any]) -> Vault:
    return _own(vault.open(row.key, row.organisation, row.reference, "key"))


def _held(vault: Vault, row: Row[Any]) -> Held:
    body = _BODY.validate_json(_key(vault, row).open(row.body, row.organisation, row.reference, "body"))
    return Held(body.case, body.reporter, row.version, row.day, row.hold)


def save(connection: Connection, vault: Vault, held: Held, after: Case, now: float) -> None:
    """Compare and swap; raises MovedError when somebody else was quicker."""
    row = _row(connection, after.organisation, after.reference)
    sealed = _key(vault, row).seal(_BODY.dump_json(_Body(after, held.reporter)), after.organisation, after.reference, "body")
    ended = now if after.status == Status.CLOSED else None
    mine = (case.c.organisation == after.organisation, case.c.reference == after.reference, case.c.version == held.version)
    values = {"version": held.version + 1, "status": after.status.value, "due": after.due, "body": sealed, "ended": ended}
    if connection.execute(update(case).where(*mine).values(**values)).rowcount != 1:
        raise MovedError(after.reference)


def seen_by(connection: Connection, vault: Vault, organisation: str, who: str) -> list[Held]:
    """The cases that this person may read, open ones first, in no order that tells of others."""
    rows = connection.execute(select(case).where(case.c.organisation == organisation)).all()
    held = [h for h in (_held(vault, r) for r in rows) if may(h.case, who, Action.READ)]
    return sorted(held, key=lambda h: (h.case.status == Status.CLOSED, h.day, h.case.reference))


def one_for(connection: Connection, vault: Vault, organisation: str, ref: str, who: str, action: Action) -> Held:
    """A case for somebody who may do this; raises NoCaseError otherwise, whether it exists or not."""
    held = load(connection, vault, organisation, ref)
    if not may(held.case, who, action):
        raise NoCaseError(ref)
    return held


def content(connection: Connection, vault: Vault, held: Held) -> dict[str, str]:
    """What was reported: answers by step. Empty once it was purged. The caller has asked `one_for` and audits the view."""
    row = _row(connection, held.case.organisation, held.case.reference)
    if row.content is None:
        return {}
    return _CONTENT.validate_json(_key(vault, row).open(row.content, row.organisation, row.reference, "content"))


def add(connection: Connection, vault: Vault, held: Held, one: Entry) -> None:
    """Write something down beside a case; nothing is ever overwritten."""
    row = _row(connection, held.case.organisation, held.case.reference)
    mine = (entry.c.organisation == row.organisation, entry.c.reference == row.reference)
    number = 1 + (connection.execute(select(func.max(entry.c.number)).where(*mine)).scalar() or 0)
    sealed = _key(vault, row).seal(_ENTRY.dump_json(one), row.organisation, row.reference, "entry", str(number))
    connection.execute(insert(entry).values(organisation=row.organisation, reference=row.reference, number=number, body=sealed))


def entries(connection: Connection, vault: Vault, held: Held) -> list[Entry]:
    """The chronology of a case."""
    row = _row(connection, held.case.organisation, held.case.reference)
    mine = (entry.c.organisation == row.organisation, entry.c.reference == row.reference)
    rows = connection.execute(select(entry).where(*mine).order_by(entry.c.number))
    key = _key(vault, row)
    return [_ENTRY.validate_json(key.open(r.body, r.organisation, r.reference, "entry", str(r.number))) for r in rows]


def due(connection: Connection, now: float, most: int) -> list[tuple[str, str]]:
    """(organisation, reference) of cases whose time has come; others skip the ones that are taken here, until this transaction ends."""
    ready = (case.c.status != Status.CLOSED.value, case.c.due <= now)
    names = select(case.c.organisation, case.c.reference).where(*ready).order_by(case.c.due)
    return [(r.organisation, r.reference) for r in connection.execute(names.limit(most).with_for_update(skip_locked=True))]


def put_off(connection: Connection, organisation: str, ref: str, due: float) -> None:
    """Try a case again then, whatever is wrong with it."""
    connection.execute(update(case).where(case.c.organisation == organisation, case.c.reference == ref).values(due=due))


def stranded(connection: Connection) -> int:
    """The watchdog: open cases for which nothing will happen. It must be 0, always."""
    lost = (case.c.status != Status.CLOSED.value, case.c.due.is_(None))
    return int(connection.execute(select(func.count()).select_from(case).where(*lost)).scalar_one())


def held_back(connection: Connection, organisation: str, ref: str, *, hold: bool) -> None:
    """Legal hold: a purge passes it by. Raises NoCaseError."""
    _row(connection, organisation, ref)
    connection.execute(update(case).where(case.c.organisation == organisation, case.c.reference == ref).values(hold=hold))


def listed(connection: Connection, vault: Vault, organisation: str) -> list[Listed]:
    """How the cases of an organisation stand, newest first, for whoever looks after the records; nothing about wrongdoing at work."""
    rows = connection.execute(select(case).where(case.c.organisation == organisation).order_by(case.c.day.desc(), case.c.reference)).all()
    shown = [r for r in rows if _held(vault, r).case.flow != Flow.WHISTLEBLOWING]
    return [Listed(r.reference, Status(r.status), r.day, _day(r.ended) if r.ended is not None else None, bool(r.hold)) for r in shown]


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def purge(connection: Connection, vault: Vault, ended_before: Mapping[Flow, float]) -> list[tuple[str, str]]:
    """Delete cases that ended before then, with their content and entries, by kind; not those under legal hold. Their audit stays.

    Returns (organisation, reference) of what went. A kind that is not named is kept.
    """
    old = (case.c.ended < max(ended_before.values(), default=0.0), case.c.hold.is_(False))
    rows = connection.execute(select(case).where(*old)).all()
    gone = [(r.organisation, r.reference) for r in rows if r.ended < ended_before.get(_held(vault, r).case.flow, 0.0)]
    for organisation, ref in gone:
        connection.execute(delete(case).where(case.c.organisation == organisation, case.c.reference == ref))
    return gone


def rewrap(connection: Connection, vault: Vault) -> int:
    """Seal every case's key with the vault's current master key; the contents are not touched."""
    rows = connection.execute(select(case.c.organisation, case.c.reference, case.c.key)).all()
    for row in rows:
        place = (row.organisation, row.reference)
        wrapped = vault.seal(vault.open(row.key, *place, "key"), *place, "key")
        connection.execute(update(case).where(case.c.organisation == place[0], case.c.reference == place[1]).values(key=wrapped))
    return len(rows)
