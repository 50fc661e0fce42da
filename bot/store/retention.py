"""What is kept goes when its time is over. docs/data-inventory.yaml says the same times in words, and a test holds the two together."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from bot.store import records
from bot.store.outbox import DUE
from bot.store.tables import account, audit, conversation, event, gap, invite, judgement, outbox, visit

HOUR, DAY = 3_600.0, 86_400.0  # seconds
IDLE = DAY
WEEK = 7 * DAY
YEAR = 366 * DAY
PAGE = "web"  # the channel whose accounts are visits


def purge(connection: Connection, now: float) -> Mapping[str, int]:
    """Delete what is over; how many rows of each table went."""
    return {table.name: connection.execute(delete(table).where(over)).rowcount for table, over in _over(now)}


def _over(now: float) -> tuple[tuple[Table, ColumnElement[bool]], ...]:
    """What is over in each table. A conversation takes its transcript along."""
    month = records.month(now - YEAR)
    visits = select(visit.c.token).where(visit.c.expires >= now)
    return (
        (conversation, conversation.c.touched < now - IDLE),
        (event, event.c.at < now - WEEK),
        (outbox, and_(outbox.c.status != DUE, outbox.c.due < now - WEEK)),
        (gap, gap.c.month < month),
        (judgement, judgement.c.month < month),
        (audit, audit.c.at < now - YEAR),
        (account, and_(account.c.channel == PAGE, account.c.id.not_in(visits))),
        (visit, visit.c.expires < now - WEEK),
        (invite, invite.c.expires < now - WEEK),
    )
