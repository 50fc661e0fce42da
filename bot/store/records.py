"""Small records: events that were seen, what was audited, what staff could not find, and how answers were judged."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.session import Counted, Gap
from bot.store.tables import audit, beat, event, gap, judgement


class SeenError(Exception):
    """The event was taken in before; nothing must be done twice."""


_SEEN = select(event.c.at).where(event.c.channel == bindparam("channel"), event.c.id == bindparam("id"))
_TAKE, _AUDIT = insert(event), insert(audit)


def seen(connection: Connection, channel: str, key: str) -> bool:
    """Whether this event was taken in before."""
    return connection.execute(_SEEN, {"channel": channel, "id": key}).first() is not None


def take(connection: Connection, channel: str, key: str, now: float) -> None:
    """Take an event in; raises SeenError where it was before, also by another process just now: then nothing else can be written."""
    try:
        connection.execute(_TAKE, {"channel": channel, "id": key, "at": now})
    except IntegrityError:
        raise SeenError(key) from None


def audited(connection: Connection, organisation: str, act: str, reference: str, now: float) -> None:
    """That something was done, and a random reference: no words, no person, no topic."""
    connection.execute(_AUDIT, {"organisation": organisation, "at": now, "act": act, "reference": reference})


def month(now: float) -> str:
    """The month of a time, for records that must not tell the hour."""
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")


@dataclass(frozen=True, slots=True)
class Kept:
    """A question that was passed on with a yes. By its `id` it is struck off once it is dealt with."""

    gap: Gap
    month: str
    id: str


def passed_on(connection: Connection, organisation: str, found: Gap, now: float) -> None:
    """Keep a question that may be passed on: no person, and only the month."""
    values = {"topic": found.topic, "question": found.question, "reason": found.reason, "month": month(now)}
    connection.execute(insert(gap).values(organisation=organisation, id=secrets.token_hex(8), **values))


def gaps(connection: Connection, organisation: str) -> list[Kept]:
    """What was passed on, newest month first."""
    rows = connection.execute(select(gap).where(gap.c.organisation == organisation).order_by(gap.c.month.desc(), gap.c.id))
    return [Kept(Gap(r.question, r.topic, r.reason), r.month, r.id) for r in rows]


def struck(connection: Connection, organisation: str, key: str) -> bool:
    """Strike off a question that is dealt with; whether it was there."""
    return connection.execute(delete(gap).where(gap.c.organisation == organisation, gap.c.id == key)).rowcount == 1


def counted(connection: Connection, organisation: str, one: Counted, now: float) -> None:
    """Add one judgement to its month, topic and verdict."""
    key = {"organisation": organisation, "month": month(now), "topic": one.topic or "", "verdict": one.verdict}
    mine = tuple(judgement.c[name] == value for name, value in key.items())
    more = {"right": judgement.c.right + int(one.helpful), "wrong": judgement.c.wrong + int(not one.helpful)}
    if connection.execute(update(judgement).where(*mine).values(**more)).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(judgement).values(**key, right=int(one.helpful), wrong=int(not one.helpful)))
    except IntegrityError:
        connection.execute(update(judgement).where(*mine).values(**more))


def judgements(connection: Connection, organisation: str) -> Iterable[tuple[str, str, str, int, int]]:
    """(month, topic, verdict, right, wrong)."""
    query = select(judgement).where(judgement.c.organisation == organisation).order_by(judgement.c.month.desc(), judgement.c.topic)
    return [(r.month, r.topic, r.verdict, r.right, r.wrong) for r in connection.execute(query)]


def beaten(connection: Connection, name: str, now: float) -> None:
    """A sign of life."""
    mine = update(beat).where(beat.c.name == name).values(at=now)
    if connection.execute(mine).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(beat).values(name=name, at=now))
    except IntegrityError:  # another process began at the same moment
        connection.execute(mine)


def last_beat(connection: Connection, name: str) -> float | None:
    """When there was the last sign of life."""
    return connection.execute(select(beat.c.at).where(beat.c.name == name)).scalar_one_or_none()
