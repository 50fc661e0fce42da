"""Conversations while they last, sealed: the session, and what was said on channels that do not keep it themselves."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.messages import Reply
from bot.session import Session
from bot.store import shapes
from bot.store.tables import conversation, transcript
from bot.vault import SealBrokenError, Vault

SAVED = 6 * 86_400.0  # seconds that a conversation with a report that is kept for later lasts longer than others
MOST_KEPT = 200  # turns of one conversation that are kept to be shown again


class ConflictError(Exception):
    """Somebody else went on with this conversation meanwhile; load it again and repeat."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A session with the version under which it was loaded; 0: it is not stored yet."""

    session: Session
    version: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn as it is shown again: what was said, and the reply."""

    number: int
    said: str
    reply: Reply | None


_MINE = (conversation.c.organisation == bindparam("of"), conversation.c.id == bindparam("key"))
_LOAD = select(conversation.c.session, conversation.c.version).where(*_MINE)
_SWAP = update(conversation).where(*_MINE, conversation.c.version == bindparam("was")).values(
    session=bindparam("session"), version=bindparam("version"), touched=bindparam("touched"),
)  # fmt: skip
_BEGIN = insert(conversation)


def load(connection: Connection, vault: Vault, organisation: str, key: str) -> Kept:
    """The conversation; a new one where there is none, or where the key that sealed it is gone."""
    row = connection.execute(_LOAD, {"of": organisation, "key": key}).one_or_none()
    if row is None:
        return Kept(Session(), 0)
    try:
        return Kept(shapes.session(vault.open(row.session, organisation, key, "session")), row.version)
    except SealBrokenError:
        return Kept(Session(), row.version)


def save(connection: Connection, vault: Vault, organisation: str, key: str, kept: Kept, session: Session, now: float) -> None:
    """Compare and swap on the version; raises ConflictError when it has moved on: then nothing else can be written."""
    sealed = vault.seal(shapes.session_json(session), organisation, key, "session")
    values = {"session": sealed, "version": kept.version + 1, "touched": now + (SAVED if session.saved else 0.0)}
    if kept.version:
        if connection.execute(_SWAP, {"of": organisation, "key": key, "was": kept.version, **values}).rowcount != 1:
            raise ConflictError(key)
        return
    try:
        connection.execute(_BEGIN, {"organisation": organisation, "id": key, **values})
    except IntegrityError:
        raise ConflictError(key) from None


def forget(connection: Connection, organisation: str, key: str) -> None:
    """Everything of a conversation; its transcript goes with it."""
    connection.execute(delete(conversation).where(conversation.c.organisation == organisation, conversation.c.id == key))


def leave(connection: Connection, organisation: str, key: str, kept: Kept) -> None:
    """A conversation that goes on under another organisation; raises ConflictError when it has moved on."""
    mine = (conversation.c.organisation == organisation, conversation.c.id == key, conversation.c.version == kept.version)
    if kept.version and connection.execute(delete(conversation).where(*mine)).rowcount != 1:
        raise ConflictError(key)


def forget_like(connection: Connection, pattern: str) -> None:
    """All conversations of which the id is like this (`%`: anything), whatever organisation they were about."""
    connection.execute(delete(conversation).where(conversation.c.id.like(pattern)))


def write_down(connection: Connection, vault: Vault, organisation: str, key: str, one: Exchange) -> None:
    """Keep one turn, to be shown again; the oldest go."""
    said = vault.seal(one.said.encode(), organisation, key, "said", str(one.number))
    reply = vault.seal(shapes.reply_json(one.reply), organisation, key, "reply", str(one.number)) if one.reply else None
    connection.execute(insert(transcript).values(organisation=organisation, conversation=key, number=one.number, said=said, reply=reply))
    old = (transcript.c.organisation == organisation, transcript.c.conversation == key, transcript.c.number <= one.number - MOST_KEPT)
    connection.execute(delete(transcript).where(*old))


def unwrite(connection: Connection, organisation: str, key: str, number: int) -> None:
    """Keep a turn no longer."""
    mine = (transcript.c.organisation == organisation, transcript.c.conversation == key, transcript.c.number == number)
    connection.execute(delete(transcript).where(*mine))


def exchanges(connection: Connection, vault: Vault, organisation: str, key: str) -> list[Exchange]:
    """What was said so far, in order."""
    mine = (transcript.c.organisation == organisation, transcript.c.conversation == key)
    rows = connection.execute(select(transcript).where(*mine).order_by(transcript.c.number))
    return [_exchange(vault, r) for r in rows]


def exchange(connection: Connection, vault: Vault, organisation: str, key: str, number: int) -> Exchange | None:
    """One turn; None where it is not kept (any more)."""
    mine = (transcript.c.organisation == organisation, transcript.c.conversation == key, transcript.c.number == number)
    row = connection.execute(select(transcript).where(*mine)).one_or_none()
    return _exchange(vault, row) if row else None


def _exchange(vault: Vault, row: Row[Any]) -> Exchange:
    place = (row.organisation, row.conversation)
    try:
        said = vault.open(row.said, *place, "said", str(row.number)).decode()
        reply = shapes.reply(vault.open(row.reply, *place, "reply", str(row.number))) if row.reply else None
    except SealBrokenError:
        return Exchange(row.number, "", None)
    return Exchange(row.number, said, reply)
