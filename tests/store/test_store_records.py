"""Events that count once, what may be passed on, how answers were judged, and signs of life."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.session import Counted, Gap
from bot.store import records
from bot.store.database import Database
from bot.store.records import Kept, SeenError
from bot.store.tables import audit

SEFTON = "sefton"
NOVEMBER, DECEMBER = (datetime(2026, month, 5, tzinfo=UTC).timestamp() for month in (11, 12))


def test_an_event_is_taken_once(database: Database) -> None:
    """The second time it is refused, and nothing of that transaction stays."""
    with database.write() as connection:
        assert not records.seen(connection, "slack", "e1")
        records.take(connection, "slack", "e1", 1.0)
        records.take(connection, "teams", "e1", 2.0)
    with pytest.raises(SeenError), database.write() as connection:
        records.take(connection, "web", "e1", 2.0)
        records.take(connection, "slack", "e1", 2.0)
    with database.read() as connection:
        assert records.seen(connection, "slack", "e1") and records.seen(connection, "teams", "e1") and not records.seen(connection, "web", "e1")


def test_of_many_deliveries_at_once_one_is_taken(address: str) -> None:
    """Whichever process is first."""

    def deliver(_: int) -> bool:
        own = Database(address)
        try:
            with own.write() as connection:
                records.take(connection, "slack", "e1", 1.0)
        except SeenError:
            return False
        finally:
            own.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(deliver, range(6))) == 1


def test_what_was_undone_was_not_taken(database: Database) -> None:
    """An event whose transaction failed is delivered again and counts."""
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        records.take(connection, "slack", "e1", 1.0)
        raise ZeroDivisionError
    with database.read() as connection:
        assert not records.seen(connection, "slack", "e1")


def test_a_question_is_passed_on_with_its_month_and_struck_off(database: Database) -> None:
    """Newest first; no day, no hour, no person."""
    with database.write() as connection:
        records.passed_on(connection, SEFTON, Gap("May I use Mastodon?", "platforms-used"), NOVEMBER)
        records.passed_on(connection, SEFTON, Gap("And Bluesky?", None, "it was about X"), DECEMBER)
        newest, oldest = records.gaps(connection, SEFTON)
        assert newest == Kept(Gap("And Bluesky?", None, "it was about X"), "2026-12", newest.id)
        assert (oldest.month, oldest.gap.topic) == ("2026-11", "platforms-used")
        assert not records.struck(connection, "rutland", newest.id)
        assert records.struck(connection, SEFTON, newest.id) and not records.struck(connection, SEFTON, newest.id)
        assert records.gaps(connection, SEFTON) == [oldest]


def test_judgements_add_up_by_month_topic_and_verdict(database: Database) -> None:
    """Right and wrong, and nothing else."""
    with database.write() as connection:
        for topic, helpful, at in (("tone", True, NOVEMBER), ("tone", False, NOVEMBER), ("tone", False, DECEMBER), (None, False, DECEMBER)):
            records.counted(connection, SEFTON, Counted(topic, "allowed", helpful), at)
        assert list(records.judgements(connection, SEFTON)) == [
            ("2026-12", "", "allowed", 0, 1), ("2026-12", "tone", "allowed", 0, 1), ("2026-11", "tone", "allowed", 1, 1),
        ]  # fmt: skip


def test_no_judgement_is_lost_when_many_judge_at_once(address: str) -> None:
    """Each counts."""

    def judge(helpful: int) -> None:
        own = Database(address)
        for _ in range(10):
            with own.write() as connection:
                records.counted(connection, SEFTON, Counted("tone", "allowed", bool(helpful)), NOVEMBER)
        own.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(judge, [0, 1, 0, 1]))
    shared = Database(address)
    with shared.read() as connection:
        assert list(records.judgements(connection, SEFTON)) == [("2026-11", "tone", "allowed", 20, 20)]
    shared.close()


def test_the_audit_holds_that_something_was_done_and_not_what(database: Database) -> None:
    """An act, a time and a random reference."""
    with database.write() as connection:
        records.audited(connection, SEFTON, "words", "r1", 5.0)
        (row,) = connection.execute(select(audit)).all()
    assert (row.organisation, row.act, row.reference, row.at) == (SEFTON, "words", "r1", 5.0)


def test_the_last_sign_of_life_is_remembered(database: Database) -> None:
    """One for each name."""
    with database.write() as connection:
        assert records.last_beat(connection, "courier") is None
        records.beaten(connection, "courier", 5.0)
        records.beaten(connection, "courier", 7.0)
        records.beaten(connection, "other", 9.0)
        assert records.last_beat(connection, "courier") == 7.0
