"""A channel of the tests' own: replies become letters in the outbox, and a real little sender keeps what it sent."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, MetaData, select

from bot import render
from bot.messages import Act, Incoming, Outgoing
from bot.service import Service
from bot.session import Session
from bot.store.database import Database
from bot.store.tables import outbox
from bot.vault import Vault

LETTERS, PAGE = "letters", "page"
FAILS, LOST, HANGS = "fails", "lost", "hangs"
Trouble = str | Exception


class Letters:
    """Sends its replies: one letter each, of which a nudge says nothing."""

    name, keeps = LETTERS, False

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """The reply as plain text, with its turn and where it goes."""
        text = "look at your letters" if outgoing.nudge else render.text(outgoing.reply)
        return ({"number": outgoing.number, "text": text, "private": outgoing.private},)

    def ping(self, _account: str, text: str, _organisation: str, reference: str) -> Sequence[Mapping[str, Any]]:
        """A letter that asks somebody to look."""
        return ({"text": text, "reference": reference, "private": True},)


class Page:
    """Shows its replies itself; its conversations are kept, to be shown again."""

    name, keeps = PAGE, True

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """Nothing has to be sent."""
        return ()


class Post:
    """A sender that keeps what it took. `trouble` says for a letter what happens at each try, until it is used up.

    Fails: it did not arrive, and nobody knows. Lost: it arrived, but the answer was lost. Hangs: neither, without an end.
    """

    def __init__(self, trouble: Mapping[str, list[Trouble]] | None = None) -> None:
        self.taken: list[str] = []
        self.keys: list[str] = []
        self.looked: list[str] = []
        self.tried: list[str] = []
        self.unsure: list[Exception] = []
        self.left = {text: list(what) for text, what in (trouble or {}).items()}

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Take a letter, unless there is trouble."""
        text = payload["text"]
        self.tried.append(text)
        trouble = self.left[text].pop(0) if self.left.get(text) else None
        if isinstance(trouble, Exception):
            raise trouble
        if trouble == HANGS:
            await asyncio.Event().wait()
        if trouble == FAILS:
            raise ConnectionResetError
        await asyncio.sleep(0)
        self.taken.append(text)
        self.keys.append(key)
        if trouble == LOST:
            raise ConnectionResetError

    async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
        """Whether it was taken."""
        self.looked.append(payload["text"])
        if self.unsure:
            raise self.unsure.pop()
        return key in self.keys


def joined(service: Service) -> Service:
    """The service with both channels."""
    service.join(Letters())
    service.join(Page())
    return service


def home(account: str) -> str:
    """Somebody's private conversation."""
    return f"home-{account}"


def coming(event: str, act: Act, account: str = "ann", conversation: str | None = None, channel: str = LETTERS) -> Incoming:
    """An event of somebody; without a conversation it is private."""
    return Incoming(event, channel, account, conversation or home(account), home(account), act)


def replica(address: str, vault: Vault) -> Database:
    """Another process's view of the same database: connections of its own, the same keys."""
    return Database(address, vault=vault)


def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows, by column, of all tables that hold any, as they are in the database."""
    there = MetaData()
    with database.read() as connection:
        there.reflect(connection)
        rows = {t.name: sorted((dict(r) for r in connection.execute(select(t)).mappings()), key=repr) for t in there.sorted_tables}
    return {name: found for name, found in rows.items() if found and name != "alembic_version"}


def letters(connection: Connection) -> list[tuple[str, str]]:
    """(conversation, body) of everything in the outbox, in order."""
    return [(r.conversation, r.body) for r in connection.execute(select(outbox).order_by(outbox.c.number))]


def session(service: Service, account: str = "ann", conversation: str | None = None, channel: str = LETTERS) -> Session:
    """Where somebody's conversation stands."""
    return service.session(channel, account, conversation or home(account))
