"""The way out for reports: pings to people of the organisation, on every channel of theirs, and word to the reporter."""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import Connection

from bot import words
from bot.cases import Case
from bot.cover import LONDON
from bot.messages import Outgoing, Reply
from bot.session import Session
from bot.store import conversations, directory, outbox, shapes
from bot.store.cases import Reporter
from bot.store.conversations import Exchange
from bot.store.outbox import REPORTS
from bot.vault import Vault

MAIL = "email"
KEY = 32  # characters of a key
PINGED = "ping:"  # before a reference and an address: the "conversation" in which somebody is pinged


@runtime_checkable
class Pings(Protocol):
    """A channel on which people can be asked to look."""

    def ping(self, account: str, text: str, organisation: str, reference: str) -> Sequence[Mapping[str, Any]]:
        """What to send to this account: the text, and a way to open the case. Nothing else. Pure."""


@runtime_checkable
class Seeks(Protocol):
    """A channel on which somebody can be found by their address before they were met there."""

    def seek(self, email: str, text: str, organisation: str, reference: str, *, alone: bool) -> Sequence[Mapping[str, Any]]:
        """What to send to whoever has this address there. `alone`: no other way reaches them. Pure."""


class PostOffice:
    """Puts what goes out into the outbox, in the transaction that made it."""

    def __init__(self, channels: Mapping[str, Any], vault: Vault, now: float) -> None:
        self._channels, self._vault, self._now = channels, vault, now

    def ping(self, connection: Connection, organisation: str, email: str, case: Case, key: str) -> None:
        """Ask somebody to look, on every channel of theirs, without a word of what it is about. The same key is never sent twice."""
        by = f"{datetime.fromtimestamp(case.due or self._now, UTC).astimezone(LONDON):%H:%M}"
        text = words.PING.format(time=by, reference=case.reference)
        for channel, payloads in self._letters(connection, organisation, email, text, case.reference):
            for i, payload in enumerate(payloads):
                mine = self.key(key, email, channel, str(i))
                outbox.put(connection, organisation, pinged(case.reference, email), channel, mine, shapes.payload_text(payload), self._now)

    def _letters(
        self, connection: Connection, organisation: str, email: str, text: str, reference: str
    ) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
        """(channel, what to send) on every way to reach somebody who works here; those they want, if they say.

        That is to their confirmed accounts, by mail where it can be sent, and where they can be found by their address.
        """
        here = next((p for p in directory.find(connection, email) if p.organisation == organisation), None)
        if here is None:  # they have left: nothing more goes to them
            return
        accounts = directory.accounts_of(connection, organisation, email)
        met = [(c, a) for c, a in [*accounts, (MAIL, email)] if isinstance(self._channels.get(c), Pings)]
        sought = [(c, "") for c in sorted(self._channels) if isinstance(self._channels[c], Seeks) and c not in dict(met)]
        found = [way for way in (*met, *sought) if way[0] in here.channels] or [*met, *sought]
        alone = not any(account for _, account in found)
        for channel, account in found:
            if account:
                yield channel, self._channels[channel].ping(account, text, organisation, reference)
            else:
                yield channel, self._channels[channel].seek(email, text, organisation, reference, alone=alone)

    def settle(self, connection: Connection, case: Case) -> None:
        """Somebody has it: whoever has not been asked yet need not be."""
        outbox.withdraw(connection, case.organisation, pinged(case.reference, "%"))

    def tell(self, connection: Connection, organisation: str, reporter: Reporter, reply: Reply, key: str) -> None:
        """Say something to the reporter, in their own conversation, also where it was forgotten meanwhile."""
        channel = self._channels.get(reporter.channel)
        if channel is None:  # it is served no longer: that must not hold up the case
            return
        kept = conversations.load(connection, self._vault, organisation, reporter.conversation)
        session: Session = replace(kept.session, number=kept.session.number + 1)
        outgoing = Outgoing(session.number, reply, reporter.place, private=True, organisation=organisation, unasked=True)
        for i, payload in enumerate(channel.payloads(outgoing)):
            mine = self.key(key, "told", str(i))
            outbox.put(connection, organisation, reporter.conversation, reporter.channel, mine, shapes.payload_text(payload), self._now)
        if channel.keeps:
            conversations.save(connection, self._vault, organisation, reporter.conversation, kept, session, self._now)
            conversations.write_down(connection, self._vault, organisation, reporter.conversation, Exchange(session.number, "", reply))

    def key(self, *parts: str) -> str:
        """The same for the same message, and telling nothing of it: keys go along to the platform, and stay when the message is sent."""
        return REPORTS + hmac.new(self._vault.oldest, "\0".join(("outbox", *parts)).encode(), hashlib.sha256).hexdigest()[:KEY]


def pinged(reference: str, email: str) -> str:
    """Where somebody is pinged about a case, as the outbox has it."""
    return f"{PINGED}{reference}:{email}"


def whom(conversation: str) -> tuple[str, str] | None:
    """Reference and address of what was made by `pinged`; None for anything else."""
    reference, _, email = conversation.removeprefix(PINGED).partition(":")
    return (reference, email) if conversation.startswith(PINGED) else None
