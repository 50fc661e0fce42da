"""What is to be sent: written with the turn that made it, sent by whoever holds its lease, in order in each conversation."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, or_, select, update

from bot.store.tables import outbox

DUE, SENT, DEAD = "due", "sent", "dead"


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
class Count:
    """How the outbox stands: messages due, messages given up, and seconds that the oldest due one has waited."""

    due: int
    dead: int
    oldest: float


def put(connection: Connection, organisation: str, conversation: str, channel: str, key: str, body: str, now: float) -> int:
    """Add a message; returns its number, by which it is claimed."""
    values = {"organisation": organisation, "conversation": conversation, "channel": channel, "key": key, "body": body, "status": DUE}
    row = insert(outbox).values(**values, attempts=0, due=now, leased_until=0.0, lease=None, doubtful=False).returning(outbox.c.number)
    return int(connection.execute(row).scalar_one())


def claim(connection: Connection, channels: tuple[str, ...], lease: str, now: float, seconds: float, most: int) -> list[Row]:
    """Take what is due on these channels under a lease, the first of each conversation only. Other processes skip what is taken."""
    earlier = outbox.alias("earlier")
    before = exists().where(
        earlier.c.organisation == outbox.c.organisation, earlier.c.conversation == outbox.c.conversation,
        earlier.c.status == DUE, earlier.c.number < outbox.c.number,
    )  # fmt: skip
    ready = and_(outbox.c.status == DUE, outbox.c.due <= now, outbox.c.leased_until <= now, outbox.c.channel.in_(channels), ~before)
    return _taken(connection, ready, lease, now + seconds, most)


def _taken(connection: Connection, ready: ColumnElement[bool], lease: str, until: float, most: int) -> list[Row]:
    free = select(outbox.c.number).where(ready).order_by(outbox.c.number).limit(most).with_for_update(skip_locked=True)
    chosen = tuple(connection.execute(free).scalars())
    if not chosen:
        return []
    # A lease that was left by a crash leaves its message in doubt: it may have been sent.
    left = or_(outbox.c.doubtful, outbox.c.lease.is_not(None))
    changed = update(outbox).where(outbox.c.number.in_(chosen)).values(lease=lease, leased_until=until, doubtful=left, attempts=outbox.c.attempts + 1)
    rows = connection.execute(changed.returning(outbox)).all()
    found = (Row(r.number, r.organisation, r.conversation, r.channel, r.key, r.body, r.attempts, r.doubtful) for r in rows)
    return sorted(found, key=lambda r: r.number)


def sent(connection: Connection, row: Row, lease: str) -> None:
    """It arrived; its words are no longer needed, nor in whose conversation they stood."""
    _settle(connection, row, lease, status=SENT, body=None, conversation="")


def later(connection: Connection, row: Row, lease: str, due: float, *, doubtful: bool) -> None:
    """Try again from `due` on."""
    _settle(connection, row, lease, due=due, leased_until=0.0, doubtful=row.doubtful or doubtful)


def dead(connection: Connection, row: Row, lease: str) -> None:
    """Given up; it no longer holds up its conversation, and its words go."""
    _settle(connection, row, lease, status=DEAD, body=None, conversation="")


def _settle(connection: Connection, row: Row, lease: str, **values: object) -> None:
    """Only who holds the lease may say what became of it."""
    mine = (outbox.c.number == row.number, outbox.c.lease == lease)
    connection.execute(update(outbox).where(*mine).values(lease=None, **values))


def forget(connection: Connection, organisation: str, conversation: str) -> None:
    """What is still to be sent in a conversation that has ended."""
    mine = (outbox.c.organisation == organisation, outbox.c.conversation == conversation)
    connection.execute(delete(outbox).where(*mine))


def count(connection: Connection, now: float) -> Count:
    """How the outbox stands."""
    due = connection.execute(select(func.count(), func.min(outbox.c.due)).where(outbox.c.status == DUE)).one()
    given_up = connection.execute(select(func.count()).where(outbox.c.status == DEAD)).scalar_one()
    return Count(due[0], given_up, max(0.0, now - due[1]) if due[1] is not None else 0.0)
