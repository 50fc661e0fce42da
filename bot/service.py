"""The shell around a conversation: read, then one transaction for the event, the session, the audit and what is to be sent.

Whoever calls `handle` may tell the platform that the event was taken as soon as it returns: everything is committed.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot import reports
from bot.converse import respond, shown
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.messages import Act, Edited, Filled, Incoming, Judged, Outgoing, Reply, Words
from bot.people import Asker
from bot.plans import Plans
from bot.post import PostOffice
from bot.report import Around, Filing, Running
from bot.session import MOST_HEARD, Counted, Introduced, PassedOn, Result, Session
from bot.store import conversations, directory, outbox, records, shapes
from bot.store.cases import Reporter
from bot.store.conversations import ConflictError, Exchange, Kept
from bot.store.database import Database
from bot.store.outbox import Lease, Row

MOST_TRIES = 8
SAVED = 6 * 24 * 3600.0  # seconds that a report kept for later outlasts other conversations


class BusyError(Exception):
    """A conversation went on elsewhere each time it was tried; the platform delivers the event again."""


class AtOnce(Protocol):
    """Whoever sends what is committed at once (see `Courier`)."""

    def offers(self, channel: str) -> Lease | None:
        """The lease to write a message under; None where it has to wait its turn."""

    def take(self, rows: Sequence[Row]) -> None:
        """It is committed."""

    def wake(self) -> None:
        """Something that waits its turn is committed."""


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


@dataclass(frozen=True, slots=True)
class _Desk:
    """The desk of one event: it looks around only where a report is being made."""

    plans: Plans
    service: "Service"
    asker: Asker

    def around(self, running: Running) -> Around:
        """The people, the chain and who is on duty, for this report."""
        database = self.service.database
        with database.read() as connection:
            now = database.now(connection)
            return reports.counter(connection, self.plans, self.service.askwell.knowledge, self.asker, now).around(running)


class Service:
    """Takes events in, whichever channel they come from. Without `plans` no report can be made."""

    def __init__(self, askwell: Askwell, database: Database, plans: Plans | None = None) -> None:
        self.askwell, self.database, self.plans = askwell, database, plans
        self.channels: dict[str, Channel] = {}
        self.courier: AtOnce | None = None

    def join(self, channel: Channel) -> None:
        """From now on events of this channel are answered."""
        self.channels[channel.name] = channel

    def handle(self, incoming: Incoming) -> Handled:
        """One event. Raises DatabaseUnusableError or BusyError, having done nothing; then it must not be acknowledged."""
        incoming = replace(incoming, act=_storable(incoming.act))
        for _ in range(MOST_TRIES):
            with self.database.read() as connection:
                if records.seen(connection, incoming.channel, incoming.event):
                    return Handled(None, 0, seen=True)
                incoming, before = self._before(connection, incoming)
            desk = _Desk(self.plans, self, before.asker) if self.plans and before.asker else None
            result = respond(self.askwell, before.asker, before.kept.session, incoming.act, desk)
            try:
                with self.database.write() as connection:
                    handled, rows = self._commit(connection, incoming, before, result)
            except (ConflictError, IntegrityError):  # another replica was faster, with this conversation or this account
                continue
            except records.SeenError:
                return Handled(None, 0, seen=True)
            self._hand_over(rows)
            return handled
        raise BusyError(incoming.event)

    def _hand_over(self, rows: Sequence[Row | None]) -> None:
        if self.courier and rows:
            self.courier.take([r for r in rows if r])
            if None in rows:
                self.courier.wake()

    def asker(self, channel: str, account: str) -> Asker | None:
        """Who an account is, so far as we know."""
        with self.database.read() as connection:
            return self._asker(connection, channel, account)

    def introduce(self, channel: str, account: str, who: Asker) -> None:
        """An account whose person is known by other means: matched in the directory, signed in, chosen on the page."""
        for last in (False, True):
            try:
                with self.database.write() as connection:
                    return directory.introduce(connection, channel, account, who, self.database.now(connection))
            except IntegrityError:  # another replica has just introduced them
                if last:
                    raise BusyError(account) from None
        return None

    def known(self, email: str) -> Asker | None:
        """Whom the directory holds under a confirmed address of a full member; None where nobody, or another organisation's."""
        with self.database.read() as connection:
            found = directory.by_email(connection, email)
        here = found is not None and found[0] in self.askwell.knowledge.organisations
        return Asker(*found, member=True, email=email.strip().lower()) if found and here else None

    def handles(self, who: Asker | None) -> bool:
        """Whether they hold a duty in reports, so that they may write down what others told them."""
        with self.database.read() as connection:
            people = directory.find(connection, who.email) if self.plans and who and who.member and who.email else []
        mine = next((p for p in people if who and p.organisation == who.organisation), None)
        return self.plans is not None and reports.handles(self.plans, mine)

    def left(self, channel: str, accounts: str, conversations_of: str) -> None:
        """Accounts that are gone, and their conversations, by pattern (`%`: anything): nothing of either stays."""
        with self.database.write() as connection:
            directory.forget_like(connection, channel, accounts)
            conversations.forget_like(connection, conversations_of)

    def exchange(self, channel: str, account: str, conversation: str, number: int) -> Exchange | None:
        """One turn that was kept, for whoever it belongs to; the caller has verified account and conversation."""
        with self.database.read() as connection:
            organisation = _organisation(self._asker(connection, channel, account))
            return conversations.exchange(connection, self.database.vault, organisation, conversation, number)

    def exchanges(self, channel: str, account: str, conversation: str) -> list[Exchange]:
        """All turns that were kept."""
        with self.database.read() as connection:
            organisation = _organisation(self._asker(connection, channel, account))
            return conversations.exchanges(connection, self.database.vault, organisation, conversation)

    def session(self, channel: str, account: str, conversation: str) -> Session:
        """Where a conversation stands; a fresh session where there is none."""
        with self.database.read() as connection:
            organisation = _organisation(self._asker(connection, channel, account))
            return conversations.load(connection, self.database.vault, organisation, conversation).session

    def forget(self, channel: str, account: str, conversation: str) -> None:
        """End a conversation: nothing of it stays."""
        with self.database.write() as connection:
            organisation = _organisation(self._asker(connection, channel, account))
            conversations.forget(connection, organisation, conversation)
            outbox.forget(connection, organisation, conversation)

    def _asker(self, connection: Connection, channel: str, account: str) -> Asker | None:
        """Who an account is; None also where their organisation is no longer served here, so that they are asked again."""
        who = directory.asker(connection, channel, account)
        return who if who and who.organisation in self.askwell.knowledge.organisations else None

    def _before(self, connection: Connection, incoming: Incoming) -> tuple[Incoming, _Before]:
        """What was there. What was said where others read along and is edited there may have moved to the private conversation."""
        who = self._asker(connection, incoming.channel, incoming.account)
        organisation, vault = _organisation(who), self.database.vault
        kept = conversations.load(connection, vault, organisation, incoming.conversation)
        if isinstance(incoming.act, Edited) and not incoming.private and incoming.act.source not in dict(kept.session.heard):
            home = conversations.load(connection, vault, organisation, incoming.home)
            if incoming.act.source in dict(home.session.heard):
                return replace(incoming, conversation=incoming.home), _Before(who, organisation, home)
        return incoming, _Before(who, organisation, kept)

    def _commit(self, connection: Connection, incoming: Incoming, before: _Before, result: Result) -> tuple[Handled, Sequence[Row | None]]:
        now, vault = self.database.now(connection), self.database.vault
        records.take(connection, incoming.channel, incoming.event, now)
        organisation = self._effects(connection, incoming, before, result, now)
        moved = result.reply is not None and result.reply.sensitive and not incoming.private
        key = incoming.home if moved else incoming.conversation
        same = (organisation, key) == (before.organisation, incoming.conversation)
        kept = before.kept if same else conversations.load(connection, vault, organisation, key)
        session = result.session if same else _joined(kept.session, result.session)
        conversations.save(connection, vault, organisation, key, kept, session, now + (SAVED if session.saved else 0.0))
        if moved:  # the thread keeps nothing of it
            bare = Session(before.kept.session.number + 1)
            conversations.save(connection, vault, before.organisation, incoming.conversation, before.kept, bare, now)
        elif organisation != before.organisation:
            conversations.leave(connection, before.organisation, incoming.conversation, before.kept)
        elif session.last is None and before.kept.session.last is not None:  # what was answered there was deleted
            conversations.unwrite(connection, organisation, key, before.kept.session.number)
        records.audited(connection, organisation, type(incoming.act).__name__.lower(), secrets.token_hex(16), now)
        rows: Sequence[Row | None] = ()
        if result.reply is not None:
            if session.number > kept.session.number:  # a word of thanks is no turn
                said = shown(before.kept.session, incoming.act)
                self._write_down(connection, organisation, key, incoming.channel, Exchange(session.number, said, result.reply))
            rows = self._send(connection, organisation, incoming, session.number, result.reply, now, moved=moved)
        return Handled(result.reply, session.number), rows

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
                case Filing():
                    reporter = Reporter(incoming.channel, incoming.account, incoming.home, incoming.place)
                    reports.file(connection, self.database.vault, self.post(now), organisation, reporter, effect, now)
        return organisation

    def post(self, now: float) -> PostOffice:
        """The way out for what reports have to say."""
        return PostOffice(self.channels, self.database.vault, now)

    def _write_down(self, connection: Connection, organisation: str, key: str, channel: str, turn: Exchange) -> None:
        """Keep the turn where the channel does not show it by itself: on the page, and what opens privately."""
        keeps, reply = self.channels[channel].keeps, turn.reply
        if reply is None or reply.reporting or not (keeps or reply.sensitive):  # a report stands in the session, and nowhere else
            return
        hidden = not keeps or any(a.flow == Flow.WHISTLEBLOWING for a in reply.answers)
        conversations.write_down(connection, self.database.vault, organisation, key, replace(turn, said="") if hidden else turn)

    def _send(
        self, connection: Connection, organisation: str, incoming: Incoming, number: int, reply: Reply, now: float, *, moved: bool,
    ) -> list[Row | None]:  # fmt: skip
        """Writes down what is to be sent; the rows that are sent at once, None for those that wait their turn."""
        private = incoming.private or moved
        here = Outgoing(number, reply, incoming.place, private, organisation=organisation)
        messages = [(incoming.home if private else incoming.conversation, here)]
        if moved:
            messages.append((incoming.conversation, replace(here, reply=Reply(), private=False, nudge=True)))
        payloads = [(key, p) for key, outgoing in messages for p in self.channels[incoming.channel].payloads(outgoing)]
        reference = secrets.token_hex(16)  # not the audit's: nothing may lead from there to a conversation
        lease = self.courier.offers(incoming.channel) if self.courier else None
        rows: list[Row | None] = []
        for i, (key, payload) in enumerate(payloads):
            letter = (organisation, key, incoming.channel, f"{reference}-{i}", shapes.payload_text(payload), now)
            rows.append(outbox.hand(connection, *letter, lease) if lease else None)
            if not lease:
                outbox.put(connection, *letter)
        return rows


def _joined(old: Session, new: Session) -> Session:
    """A conversation that goes on in one that there already was: a report that is open there stays open."""
    running, saved = (new.running, new.saved) if new.running else (old.running, old.saved)
    heard = (*old.heard, *new.heard)[-MOST_HEARD:]
    return replace(new, number=max(new.number, old.number + 1), heard=heard, running=running, saved=saved)


def _storable(act: Act) -> Act:
    """Without what no database can hold: NUL, and halves of characters."""
    match act:
        case Words(text) | Edited(_, text):
            return replace(act, text=_clean(text))
        case Judged():
            return replace(act, reason=_clean(act.reason))
        case Filled():
            return replace(act, value=_clean(act.value))
        case _:
            return act


def _clean(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", errors="replace").decode()


def _organisation(who: Asker | None) -> str:
    return who.organisation if who else ""
