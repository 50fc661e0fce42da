"""The way out for reports: pings to people of the organisation, on every channel of theirs, and word to the reporter."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Connection

from bot import words
from bot.cases import Case
from bot.converse import Session
from bot.cover import LONDON
from bot.messages import Outgoing, Reply
from bot.store import conversations, directory, outbox, shapes
from bot.store.cases import Reporter
from bot.store.conversations import Exchange
from bot.vault import Vault

MAIL = "email"
PINGED = "ping:"  # before an address: the "conversation" in which somebody is pinged


@runtime_checkable
class Pings(Protocol):
    """A channel on which people can be asked to look."""

    def ping(self, account: str, text: str, organisation: str, reference: str) -> Sequence[Mapping[str, Any]]:
        """What to send to this account: the text, and a way to open the case. Nothing else. Pure."""


class PostOffice:
    """Puts what goes out into the outbox, in the transaction that made it."""

    def __init__(self, channels: Mapping[str, Any], vault: Vault, now: float) -> None:
        self._channels, self._vault, self._now = channels, vault, now

    def ping(self, connection: Connection, organisation: str, email: str, case: Case, key: str) -> None:
        """Ask somebody to look, on every channel of theirs, without a word of what it is about. The same key is never sent twice."""
        by = f"{datetime.fromtimestamp(case.due or self._now, UTC).astimezone(LONDON):%H:%M}"
        text = words.PING.format(time=by, reference=case.reference)
        for channel, account in self._ways(connection, organisation, email):
            for i, payload in enumerate(self._channels[channel].ping(account, text, organisation, case.reference)):
                mine = f"{key}-{i}-{_mark(email)}-{channel}"
                outbox.put(connection, organisation, f"{PINGED}{email}", channel, mine, shapes.payload_text(payload), self._now)

    def _ways(self, connection: Connection, organisation: str, email: str) -> list[tuple[str, str]]:
        """Every way to reach somebody: their confirmed accounts, and their address where mail can be sent; only those they want, if they say."""
        wanted = next((p.channels for p in directory.find(connection, email) if p.organisation == organisation), ())
        accounts = directory.accounts_of(connection, organisation, email)
        found = [(c, a) for c, a in [*accounts, (MAIL, email)] if isinstance(self._channels.get(c), Pings)]
        return [way for way in found if way[0] in wanted] or found

    def tell(self, connection: Connection, organisation: str, reporter: Reporter, reply: Reply, key: str) -> None:
        """Say something to the reporter, in their own conversation, also where it was forgotten meanwhile."""
        channel = self._channels.get(reporter.channel)
        if channel is None:  # it is served no longer: that must not hold up the case
            return
        kept = conversations.load(connection, self._vault, organisation, reporter.conversation)
        session: Session = replace(kept.session, number=kept.session.number + 1)
        outgoing = Outgoing(session.number, reply, reporter.place, private=True, organisation=organisation, unasked=True)
        for i, payload in enumerate(channel.payloads(outgoing)):
            outbox.put(connection, organisation, reporter.conversation, reporter.channel, f"{key}-told-{i}", shapes.payload_text(payload), self._now)
        if channel.keeps:
            conversations.save(connection, self._vault, organisation, reporter.conversation, kept, session, self._now)
            conversations.write_down(connection, self._vault, organisation, reporter.conversation, Exchange(session.number, "", reply))


def _mark(email: str) -> str:
    """An address as a few letters, for keys."""
    return hashlib.sha256(email.encode()).hexdigest()[:12]
