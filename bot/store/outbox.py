"""What is to be sent: written with the turn that made it, sent by whoever holds its lease, in order in each conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, or_, select, true, update

from bot.store.tables import outbox

REPORTS = "r-"  # before the key of whatever a report sends: figures leave it out
DUE, SENT, DEAD, TOLD = "due", "sent", "dead", "told"  # told: given up, and whoever is responsible has been told
DROPPED = "dropped"  # nobody needs it any more


@dataclass(frozen=True, slots=True)
class Row:
    """One message to send. `doubtful`: an earlier try may have arrived, so its key is looked for before it is sent again."""

    number: int
    organisation: str
    conversation: str
    channel: str
    key: str
    body: str
    attempts: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Lease:
    """Who sends a message, and for how many seconds nobody else may."""

    by: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Count:
    """How the outbox stands: messages due, messages given up, and seconds that the oldest due one has waited."""

    due: int
    dead: int
    oldest: float


_PUT = insert(outbox).returning(outbox.c.number)
_WAITING = select(outbox.c.number).where(
    outbox.c.organisation == bindparam("of"), outbox.c.conversation == bindparam("conversation"), outbox.c.channel == bindparam("channel"),
    outbox.c.status == DUE,
).limit(1)  # fmt: skip
_earlier = outbox.alias("earlier")
_held_up = exists().where(
    _earlier.c.organisation == outbox.c.organisation, _earlier.c.conversation == outbox.c.conversation,
    _earlier.c.channel == outbox.c.channel,  # somebody who is asked on two channels is reached by the one that works
    _earlier.c.status == DUE, _earlier.c.number < outbox.c.number,
)  # fmt: skip
_FREE = (
    select(outbox.c.number)
    .where(outbox.c.status == DUE, outbox.c.due <= bindparam("now"), outbox.c.leased_until <= bindparam("now"))
    .where(outbox.c.channel.in_(bindparam("channels", expanding=True)), ~_held_up)
    .order_by(outbox.c.number)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.number.in_(bindparam("chosen", expanding=True)))
    # A lease that was left by a crash leaves its message in doubt: it may have been sent.
    .values(doubtful=or_(outbox.c.doubtful, outbox.c.lease.is_not(None)), attempts=outbox.c.attempts + 1)
    .values(lease=bindparam("by"), leased_until=bindparam("until"))
    .returning(outbox)
)
# Only who holds the lease may say what became of a message. Where it is over, its words go, and in whose conversation they stood.
_mine = update(outbox).where(outbox.c.number == bindparam("row"), outbox.c.lease == bindparam("by"))
_OVER = _mine.values(lease=None, body=None, conversation="", status=bindparam("status"))
_LATER = _mine.values(lease=None, leased_until=0.0, due=bindparam("due"), doubtful=bindparam("doubtful"))


def put(connection: Connection, organisation: str, conversation: str, channel: str, key: str, body: str, now: float) -> int:
    """Add a message; returns its number, by which it is claimed."""
    values = {"organisation": organisation, "conversation": conversation, "channel": channel, "key": key, "body": body, "status": DUE}
    fresh = {"attempts": 0, "due": now, "leased_until": 0.0, "lease": None, "doubtful": False}
    return int(connection.execute(_PUT, {**values, **fresh}).scalar_one())


def hand(
    connection: Connection, organisation: str, conversation: str, channel: str, key: str, body: str, now: float, lease: Lease,
) -> Row | None:  # fmt: skip
    """Add a message and take it at once, to be sent as soon as this is committed; None where another one has to go first."""
    if connection.execute(_WAITING, {"of": organisation, "conversation": conversation, "channel": channel}).first():
        put(connection, organisation, conversation, channel, key, body, now)
        return None
    values = {"organisation": organisation, "conversation": conversation, "channel": channel, "key": key, "body": body, "status": DUE}
    taken = {"attempts": 1, "due": now, "leased_until": now + lease.seconds, "lease": lease.by, "doubtful": False}
    number = int(connection.execute(_PUT, {**values, **taken}).scalar_one())
    return Row(number, organisation, conversation, channel, key, body, 1, doubtful=False)


def claim(connection: Connection, channels: tuple[str, ...], lease: str, now: float, seconds: float, most: int) -> list[Row]:
    """Take what is due on these channels under a lease, the first of each conversation only. Other processes skip what is taken."""
    chosen = connection.execute(_FREE, {"now": now, "channels": channels, "most": most}).scalars().all()
    if not chosen:
        return []
    rows = connection.execute(_CLAIM, {"chosen": chosen, "by": lease, "until": now + seconds}).all()
    found = (Row(r.number, r.organisation, r.conversation, r.channel, r.key, r.body, r.attempts, r.doubtful) for r in rows)
    return sorted(found, key=lambda r: r.number)


def sent(connection: Connection, row: Row, lease: str) -> None:
    """It arrived."""
    connection.execute(_OVER, {"row": row.number, "by": lease, "status": SENT})


def later(connection: Connection, row: Row, lease: str, due: float, *, doubtful: bool) -> None:
    """Try again from `due` on."""
    connection.execute(_LATER, {"row": row.number, "by": lease, "due": due, "doubtful": row.doubtful or doubtful})


def dead(connection: Connection, row: Row, lease: str) -> None:
    """Given up; it no longer holds up its conversation."""
    connection.execute(_OVER, {"row": row.number, "by": lease, "status": DEAD})


def forget(connection: Connection, organisation: str, conversation: str) -> None:
    """What is still to be sent in a conversation that has ended."""
    mine = (outbox.c.organisation == organisation, outbox.c.conversation == conversation)
    connection.execute(delete(outbox).where(*mine))


def withdraw(connection: Connection, organisation: str, conversations: str) -> None:
    """What is still to be sent in conversations like this (`%`: anything) is not sent any more; what is on its way arrives.

    The rows stay: a number that is used again could be taken for the message that somebody is just sending.
    """
    mine = (outbox.c.organisation == organisation, outbox.c.conversation.like(conversations), outbox.c.status == DUE)
    connection.execute(update(outbox).where(*mine).values(status=DROPPED, lease=None, body=None, conversation=""))


def free(connection: Connection) -> None:
    """No other process is left: what was being sent is in doubt, and free to be taken."""
    mine = (outbox.c.status == DUE, outbox.c.lease.is_not(None))
    connection.execute(update(outbox).where(*mine).values(doubtful=True, lease=None, leased_until=0.0))


def doubt(connection: Connection) -> None:
    """After a backup was taken back: what was to be sent then may have been sent since, so it is looked for first."""
    connection.execute(update(outbox).where(outbox.c.status == DUE).values(doubtful=True, lease=None, leased_until=0.0))


def count(connection: Connection, now: float, *, reports: bool = True) -> Count:
    """How the outbox stands; without `reports` as if there were none, so that no figure tells of one."""
    mine = true() if reports else outbox.c.key.not_like(f"{REPORTS}%")
    due = connection.execute(select(func.count(), func.min(outbox.c.due)).where(outbox.c.status == DUE, mine)).one()
    given_up = connection.execute(select(func.count()).where(outbox.c.status.in_((DEAD, TOLD)), mine)).scalar_one()
    return Count(due[0], given_up, max(0.0, now - due[1]) if due[1] is not None else 0.0)


def untold(connection: Connection) -> list[str]:
    """The keys of messages that were given up and that nobody has been told of."""
    return list(connection.execute(select(outbox.c.key).where(outbox.c.status == DEAD).order_by(outbox.c.number)).scalars())


def told(connection: Connection, keys: Sequence[str]) -> None:
    """Whoever is responsible has been told of these."""
    connection.execute(update(outbox).where(outbox.c.status == DEAD, outbox.c.key.in_(keys)).values(status=TOLD))
