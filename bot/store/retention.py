"""What is kept goes when its time is over. docs/data-inventory.yaml says the same times in words, and a test holds the two together."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select

from bot.knowledge import Flow, frozen
from bot.store import cases, chain, records
from bot.store.chain import Done
from bot.store.outbox import DUE
from bot.store.tables import account, audit, conversation, event, gap, invite, judgement, outbox, visit
from bot.vault import Vault

HOUR, DAY = 3_600.0, 86_400.0  # seconds
IDLE = DAY
WEEK = 7 * DAY
YEAR = 366 * DAY
Keeping = Mapping[Flow, int]  # days after they were closed; a kind that is not named is kept
NOTHING_ENDS: Keeping = frozen({})
PAGE = "web"  # the channel whose accounts are visits


def purge(connection: Connection, now: float, keeping: Keeping = NOTHING_ENDS, vault: Vault | None = None) -> Mapping[str, int]:
    """Delete what is over; how many rows of each table went. Reports go only with `vault`, whose keys tell of which kind they are."""
    gone = {table.name: connection.execute(delete(table).where(over)).rowcount for table, over in _over(now)}
    return {**gone, "case": _cases(connection, vault, now, keeping)} if vault and keeping else gone


def _cases(connection: Connection, vault: Vault, now: float, keeping: Keeping) -> int:
    """Closed reports whose time is over; that they were deleted is audited."""
    gone = cases.purge(connection, vault, {flow: now - days * DAY for flow, days in keeping.items()})
    for organisation, reference in gone:
        chain.append(connection, vault, organisation, Done("purged", reference, ""), now)
    return len(gone)


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
