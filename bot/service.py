"""The shell around a conversation: read, then one transaction for the event, the session, the audit and what is to be sent.

Whoever calls `handle` may tell the platform that the event was taken as soon as it returns: everything is committed.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import Connection

from bot.converse import Counted, Introduced, PassedOn, Result, Session, respond, shown
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.messages import Incoming, Outgoing, Reply
from bot.people import Asker
from bot.store import conversations, directory, outbox, records, shapes
from bot.store.conversations import ConflictError, Exchange, Kept
from bot.store.database import Database

MOST_TRIES = 8


class BusyError(Exception):
    """A conversation went on elsewhere each time it was tried; the platform delivers the event again."""


class Channel(Protocol):
    """A place where people talk to Askwell, as the service sees it. `keeps`: its conversations are kept by us, to be shown again."""

    name: str
    keeps: bool

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """What to send, ready for the platform; nothing where the caller of `handle` shows the reply itself. Pure."""


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of an event. `seen`: it was taken in before and nothing was done now."""

    reply: Reply | None
    number: int
    seen: bool = False


@dataclass(frozen=True, slots=True)
class _Before:
    """What was there when an event came: who asks, and the conversation."""

    asker: Asker | None
    organisation: str
    kept: Kept


class Service:
    """Takes events in, whichever channel they come from."""

    def __init__(self, askwell: Askwell, database: Database) -> None:
        self.askwell, self.database = askwell, database
        self.channels: dict[str, Channel] = {}

    def join(self, channel: Channel) -> None:
        """From now on events of this channel are answered."""
        self.channels[channel.name] = channel

    def handle(self, incoming: Incoming) -> Handled:
        """One event. Raises DatabaseUnusableError or BusyError, having done nothing; then it must not be acknowledged."""
        for _ in range(MOST_TRIES):
            with self.database.read() as connection:
                if records.seen(connection, incoming.channel, incoming.event):
                    return Handled(None, 0, seen=True)
                before = self._before(connection, incoming)
            result = respond(self.askwell, before.asker, before.kept.session, incoming.act)
            try:
                with self.database.write() as connection:
                    return self._commit(connection, incoming, before, result)
            except ConflictError:
                continue
            except records.SeenError:
                return Handled(None, 0, seen=True)
        raise BusyError(incoming.event)

    def asker(self, channel: str, account: str) -> Asker | None:
        """Who an account is, so far as we know."""
        with self.database.read() as connection:
            return directory.asker(connection, channel, account)

    def introduce(self, channel: str, account: str, who: Asker) -> None:
        """An account whose person is known by other means: matched in the directory, signed in, chosen on the page."""
        with self.database.write() as connection:
            directory.introduce(connection, channel, account, who, self.database.now(connection))

    def exchange(self, channel: str, account: str, conversation: str, number: int) -> Exchange | None:
        """One turn that was kept, for whoever it belongs to; the caller has verified account and conversation."""
        with self.database.read() as connection:
            organisation = _organisation(directory.asker(connection, channel, account))
            return conversations.exchange(connection, self.database.vault, organisation, conversation, number)

    def exchanges(self, channel: str, account: str, conversation: str) -> list[Exchange]:
        """All turns that were kept."""
        with self.database.read() as connection:
            organisation = _organisation(directory.asker(connection, channel, account))
            return conversations.exchanges(connection, self.database.vault, organisation, conversation)

    def session(self, channel: str, account: str, conversation: str) -> Session:
        """Where a conversation stands; a fresh session where there is none."""
        with self.database.read() as connection:
            organisation = _organisation(directory.asker(connection, channel, account))
            return conversations.load(connection, self.database.vault, organisation, conversation).session

    def forget(self, channel: str, account: str, conversation: str) -> None:
        """End a conversation: nothing of it stays."""
        with self.database.write() as connection:
            organisation = _organisation(directory.asker(connection, channel, account))
            conversations.forget(connection, organisation, conversation)

    def _before(self, connection: Connection, incoming: Incoming) -> _Before:
        who = directory.asker(connection, incoming.channel, incoming.account)
        organisation = _organisation(who)
        return _Before(who, organisation, conversations.load(connection, self.database.vault, organisation, incoming.conversation))

    def _commit(self, connection: Connection, incoming: Incoming, before: _Before, result: Result) -> Handled:
        now, vault = self.database.now(connection), self.database.vault
        records.take(connection, incoming.channel, incoming.event, now)
        organisation = self._effects(connection, incoming, before, result, now)
        moved = result.reply is not None and result.reply.sensitive and not incoming.private
        key = incoming.home if moved else incoming.conversation
        same = (organisation, key) == (before.organisation, incoming.conversation)
        kept = before.kept if same else conversations.load(connection, vault, organisation, key)
        session = replace(result.session, number=max(result.session.number, kept.session.number + 1)) if moved else result.session
        conversations.save(connection, vault, organisation, key, kept, session, now)
        if moved:  # the thread keeps nothing of it
            bare = Session(before.kept.session.number + 1)
            conversations.save(connection, vault, before.organisation, incoming.conversation, before.kept, bare, now)
        elif organisation != before.organisation:
            conversations.forget(connection, before.organisation, incoming.conversation)
        reference = secrets.token_hex(16)
        records.audited(connection, organisation, type(incoming.act).__name__.lower(), reference, now)
        if result.reply is not None:
            if session.number > kept.session.number:  # a word of thanks is no turn
                said = shown(before.kept.session, incoming.act)
                self._write_down(connection, organisation, key, incoming.channel, Exchange(session.number, said, result.reply))
            self._send(connection, organisation, incoming, session.number, result.reply, reference, now, moved=moved)
        return Handled(result.reply, session.number)

    def _effects(self, connection: Connection, incoming: Incoming, before: _Before, result: Result, now: float) -> str:
        """What the turn does besides answering; returns the organisation that the conversation now belongs to."""
        organisation = before.organisation
        for effect in result.effects:
            match effect:
                case Introduced(chosen, role):
                    directory.introduce(connection, incoming.channel, incoming.account, Asker(chosen, role), now)
                    organisation = chosen
                case PassedOn(gap):
                    records.passed_on(connection, organisation, gap, now)
                case Counted():
                    records.counted(connection, organisation, effect, now)
        return organisation

    def _write_down(self, connection: Connection, organisation: str, key: str, channel: str, turn: Exchange) -> None:
        """Keep the turn where the channel does not show it by itself: on the page, and what opens privately."""
        keeps, reply = self.channels[channel].keeps, turn.reply
        if reply is None or not (keeps or reply.sensitive):
            return
        hidden = not keeps or any(a.flow == Flow.WHISTLEBLOWING for a in reply.answers)
        conversations.write_down(connection, self.database.vault, organisation, key, replace(turn, said="") if hidden else turn)

    def _send(
        self, connection: Connection, organisation: str, incoming: Incoming, number: int, reply: Reply, reference: str, now: float, *, moved: bool,
    ) -> None:  # fmt: skip
        private = incoming.private or moved
        messages = [(incoming.home if private else incoming.conversation, Outgoing(number, reply, incoming.place, private))]
        if moved:
            messages.append((incoming.conversation, Outgoing(number, Reply(), incoming.place, private=False, nudge=True)))
        payloads = [(key, p) for key, outgoing in messages for p in self.channels[incoming.channel].payloads(outgoing)]
        for i, (key, payload) in enumerate(payloads):
            outbox.put(connection, organisation, key, incoming.channel, f"{reference}-{i}", shapes.payload_text(payload), now)


def _organisation(who: Asker | None) -> str:
    return who.organisation if who else ""
