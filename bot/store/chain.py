"""The audit of cases: a chain in which each entry's hash holds the one before, so that nothing can be taken out or changed unseen.

A cut tail would pass: the head is therefore written to the log each night, and a seal of it sent to a named person, to be compared.
"""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from bot.store.tables import case_audit
from bot.vault import Vault

SEAL = 32  # characters of a seal
LOCK = 0x41535743  # ours among PostgreSQL's advisory locks


@dataclass(frozen=True, slots=True)
class Done:
    """Who did what with which case. No words of anybody."""

    act: str
    reference: str
    who: str


def append(connection: Connection, vault: Vault, organisation: str, done: Done, now: float) -> None:
    """Add an entry, within a transaction that writes. One writer at a time and organisation; where they met all the same, the key makes one fail."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(select(func.pg_advisory_xact_lock(LOCK, func.hashtext(organisation))))
    mine = case_audit.c.organisation == organisation
    last = connection.execute(select(case_audit).where(mine).order_by(case_audit.c.number.desc()).limit(1).with_for_update()).one_or_none()
    number, before = (last.number + 1, last.hash) if last else (1, b"")
    digest = _hash(vault, organisation, number, now, done, before)
    values = {"number": number, "at": now, "act": done.act, "reference": done.reference, "who": done.who, "hash": digest}
    connection.execute(insert(case_audit).values(organisation=organisation, **values))


def broken(connection: Connection, vault: Vault, organisation: str) -> int | None:
    """The first entry that does not fit; None when the chain is whole."""
    before = b""
    rows = connection.execute(select(case_audit).where(case_audit.c.organisation == organisation).order_by(case_audit.c.number))
    for i, row in enumerate(rows, 1):
        expected = _hash(vault, organisation, row.number, row.at, Done(row.act, row.reference, row.who), before)
        if row.number != i or not hmac.compare_digest(expected, row.hash):
            return i
        before = row.hash
    return None


def doers(connection: Connection, organisation: str, reference: str, act: str) -> frozenset[str]:
    """Everybody of whom this is written down about a case."""
    mine = (case_audit.c.organisation == organisation, case_audit.c.reference == reference, case_audit.c.act == act)
    return frozenset(connection.execute(select(case_audit.c.who).where(*mine)).scalars())


def head(connection: Connection, organisation: str) -> tuple[int, str]:
    """Number and hash of the last entry, to be anchored elsewhere."""
    number = connection.execute(select(func.max(case_audit.c.number)).where(case_audit.c.organisation == organisation)).scalar() or 0
    mine = (case_audit.c.organisation == organisation, case_audit.c.number == number)
    return number, (connection.execute(select(case_audit.c.hash).where(*mine)).scalar() or b"").hex()


def seal(connection: Connection, organisation: str, at: float) -> str:
    """The last entry up to a time as a fingerprint, to be kept elsewhere. Each time it is another, so it does not tell whether anything was added."""
    mine = (case_audit.c.organisation == organisation, case_audit.c.at <= at)
    last = connection.execute(select(case_audit).where(*mine).order_by(case_audit.c.number.desc()).limit(1)).one_or_none()
    number, digest = (last.number, last.hash) if last else (0, b"")
    return hashlib.sha256("\0".join((organisation, repr(at), str(number))).encode() + digest).hexdigest()[:SEAL]


def _hash(vault: Vault, organisation: str, number: int, at: float, done: Done, before: bytes) -> bytes:
    parts = (organisation, str(number), repr(at), done.act, done.reference, done.who)
    return hmac.new(vault.oldest, before + "\0".join(parts).encode(), hashlib.sha256).digest()
