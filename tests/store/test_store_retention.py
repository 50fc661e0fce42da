"""What is kept goes when its time is over, to the day, and nothing else goes."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, Table, func, insert, select

from bot.people import Asker
from bot.session import Counted, Gap, Session
from bot.store import conversations, directory, invites, outbox, records, retention, visits
from bot.store.conversations import Exchange, Kept
from bot.store.database import Database
from bot.store.invites import Invite
from bot.store.retention import DAY, HOUR
from bot.store.tables import account, audit, conversation, event, gap, invite, judgement, metadata, transcript, visit
from bot.store.tables import outbox as box
from bot.store.visits import Visit
from bot.vault import fleeting

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC).timestamp()
VAULT = fleeting()
Write = Callable[[Connection, float], object]


def talk(connection: Connection, at: float) -> None:
    """A conversation with one turn."""
    conversations.save(connection, VAULT, "sefton", f"c{at}", Kept(Session(), 0), Session(1), at)
    conversations.write_down(connection, VAULT, "sefton", f"c{at}", Exchange(1, "said", None))


def send(connection: Connection, at: float, end: Callable[..., None] = outbox.sent) -> None:
    """A message that is settled."""
    outbox.put(connection, "sefton", "c", "slack", f"k{at}", "body", at)
    (row,) = outbox.claim(connection, ("slack",), "me", at, 60.0, 1)
    end(connection, row, "me")


def visited(connection: Connection, at: float) -> None:
    """A visit that lasted until then, with its account."""
    token = visits.start(connection, Visit("sefton", "staff", None, at))
    directory.introduce(connection, "web", visits.hashed(token), Asker("sefton", "staff"), at)


# table, what writes a row at a time, and for how long such a row stays
KEPT: list[tuple[Table, Write, float]] = [
    (conversation, talk, 24 * HOUR),
    (transcript, talk, 24 * HOUR),
    (event, lambda c, at: records.take(c, "slack", f"e{at}", at), 7 * DAY),
    (box, send, 7 * DAY),
    (box, lambda c, at: send(c, at, outbox.dead), 7 * DAY),
    (audit, lambda c, at: records.audited(c, "sefton", "words", "r", at), 366 * DAY),
    (visit, visited, 7 * DAY),
    (account, visited, 0.0),
    (invite, lambda c, at: invites.create(c, Invite("sefton", f"{at}@example.org", "staff"), at, 0), 7 * DAY),
]


def count(connection: Connection, table: Table) -> int:
    """How many rows there are."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize(("table", "write", "seconds"), KEPT, ids=[f"{t.name}-{i}" for i, (t, _, _) in enumerate(KEPT)])
def test_a_row_goes_when_its_time_is_over_and_not_before(database: Database, table: Table, write: Write, seconds: float) -> None:
    """One minute decides."""
    with database.write() as connection:
        write(connection, NOW - seconds + 60)
        retention.purge(connection, NOW)
        assert count(connection, table) == 1
        write(connection, NOW - seconds - 60)
        retention.purge(connection, NOW)
        assert count(connection, table) == 1


def test_gaps_and_judgements_stay_for_twelve_months(database: Database) -> None:
    """The month in which they were given counts, as no day is kept."""
    with database.write() as connection:
        for year, month in ((2025, 10), (2025, 11), (2026, 11)):
            at = datetime(year, month, 28, tzinfo=UTC).timestamp()
            records.passed_on(connection, "sefton", Gap("why?", None), at)
            records.counted(connection, "sefton", Counted("tone", "allowed", helpful=True), at)
        retention.purge(connection, NOW)
        for table in (gap, judgement):
            assert sorted(connection.execute(select(table.c.month)).scalars()) == ["2025-11", "2026-11"]


def test_what_waits_to_be_sent_stays_however_old(database: Database) -> None:
    """Nothing that was acknowledged is lost."""
    with database.write() as connection:
        outbox.put(connection, "sefton", "c", "slack", "k", "body", 0.0)
        retention.purge(connection, NOW)
        assert count(connection, box) == 1


def test_people_their_accounts_and_living_visits_stay(database: Database) -> None:
    """They have no date on which they end by themselves."""
    with database.write() as connection:
        directory.introduce(connection, "slack", "U1", Asker("sefton", "staff"), 0.0)
        visited(connection, NOW + 60)
        retention.purge(connection, NOW)
        assert count(connection, account) == 2 and count(connection, visit) == 1


def test_purging_says_how_much_went(database: Database) -> None:
    """By table, for the log."""
    with database.write() as connection:
        talk(connection, 0.0)
        connection.execute(insert(event).values(channel="slack", id="e", at=0.0))
        gone = retention.purge(connection, NOW)
    assert {name: n for name, n in gone.items() if n} == {"conversation": 1, "event": 1}
    assert set(gone) <= set(metadata.tables)
