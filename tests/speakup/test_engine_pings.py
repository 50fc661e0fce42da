"""Readers are told to look: never at night, never what it is about, and nobody else can tell that they were."""

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.app import Part
from adapters.email import Mail
from adapters.nudge import Nudges
from adapters.slack.channel import Slack
from bot import words
from bot.courier import LaterError, UnheardError
from bot.cover import LONDON
from bot.people import Asker
from bot.speakup import pings
from bot.store import cases, directory
from bot.store.database import Database
from bot.store.tables import metadata
from speakup.engine_stand import CHAIR, CHIEF, LEAD, ORG, PHRASE, READERS, VICE, World, world

ASKS = re.compile(r"Askwell: something needs you by 17:00 · ref [A-Z0-9]{4}-[A-Z0-9]{4}")
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=LONDON)
MONDAY = TUESDAY - timedelta(days=1)


class Post:
    """A way out that writes down what goes, or fails as it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, Any]]] = []
        self.fails: Exception | None = None

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """One more."""
        if self.fails:
            raise self.fails
        self.sent.append((key, payload))

    async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
        """Nothing is looked for here."""
        return False


class Office:
    """An installation whose readers are told, by mail and in Slack."""

    def __init__(self, folder: Path) -> None:
        self.world: World = world(folder, keyed=())
        self.world.keyed(CHAIR, VICE)
        self.world.reading.make_key(ORG, LEAD, PHRASE[LEAD], "slack")
        self.database = Database("sqlite://")
        self.database.ready()
        with self.database.write() as connection:
            directory.replaced(connection, ORG, self.world.people)
            directory.introduce(connection, "slack", "T1:U1", Asker(ORG, "staff", member=True, email=LEAD), 0.0)
        self.mail, self.slack = Post(), Post()
        self.at = TUESDAY
        parts = [Part(Mail("https://x.uk/board"), self.mail), Part(Slack(), self.slack)]
        self.nudges = Nudges(self.world.office, self.database, parts, lambda: self.at)

    def at_once(self, at: datetime) -> None:
        """What is sent at this time."""
        self.at = at
        asyncio.run(self.nudges.once())

    def rows(self) -> list[str]:
        """Every row of the main database."""
        with self.database.read() as connection:
            return [repr(row) for t in metadata.sorted_tables for row in connection.execute(select(t))]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two readers who want mail, and one who wants Slack."""
    return Office(tmp_path)


def to(post: Post) -> list[str]:
    """Whom mails went to."""
    return sorted(payload["to"] for _, payload in post.sent)


def test_readers_are_told_on_the_next_working_morning_by_the_channel_they_chose(office: Office) -> None:
    """Whatever time it came; once."""
    office.at_once(TUESDAY)
    assert office.mail.sent == []
    office.world.file()
    office.at_once(TUESDAY + timedelta(hours=1))
    assert office.mail.sent == []  # the day's turn is over: the hour of a ping is never that of a report
    office.at_once(TUESDAY + timedelta(days=1))
    office.at_once(TUESDAY + timedelta(days=1, minutes=5))
    office.at_once(TUESDAY + timedelta(days=2))
    assert to(office.mail) == [CHAIR, VICE] and len(office.slack.sent) == 1
    slack = office.slack.sent[0][1]["arguments"]
    assert ASKS.fullmatch(slack["text"]) and [b["type"] for b in slack["blocks"]] == ["rich_text"] and slack["channel"] == "U1"


def test_a_mail_looks_like_one_about_any_case(office: Office) -> None:
    """With a reference that stands for none, and another one each time: at the mail server nobody sees what it is about."""
    office.world.file()
    office.at_once(TUESDAY)
    subjects = [payload["subject"] for _, payload in office.mail.sent]
    like = Mail("https://x.uk/board").ping(CHAIR, words.PING.format(time="17:00", reference=cases.reference()), ORG, "")[0]
    assert len(set(subjects)) == 2 and all(ASKS.fullmatch(s) for s in (*subjects, like["subject"]))
    assert {frozenset(p) for _, p in office.mail.sent} == {frozenset(like)} and {p["text"] for _, p in office.mail.sent} == {like["text"]}


def test_only_those_who_can_open_it_are_told(office: Office) -> None:
    """Nobody who was taken out, also when the reporter adds something later."""
    receipt = office.world.file(CHIEF, VICE)
    office.at_once(TUESDAY)
    assert to(office.mail) == [CHAIR] and office.slack.sent == []
    office.world.desk.add(receipt, "MARKED more")
    office.at_once(TUESDAY + timedelta(days=1))
    assert to(office.mail) == [CHAIR, CHAIR] and office.slack.sent == []


def test_a_report_that_was_taken_back_before_the_morning_is_not_told_of(office: Office) -> None:
    """There is nothing to look at."""
    office.world.desk.withdraw(office.world.file())
    office.at_once(TUESDAY)
    assert office.mail.sent == [] == office.slack.sent


def test_a_reader_who_wants_no_pings_gets_none(office: Office) -> None:
    """They look by themselves."""
    office.world.reading.change_key(ORG, VICE, PHRASE[VICE], "", "")
    office.world.file()
    office.at_once(TUESDAY)
    assert to(office.mail) == [CHAIR]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))
def test_nobody_is_ever_told_at_night_or_at_the_weekend(tmp_path_factory: pytest.TempPathFactory, at: datetime) -> None:
    """By the clock on the wall in London, summer and winter."""
    here = office_of(tmp_path_factory)
    with here.office.box.change() as going:
        going.kept = replace(going.kept, told="")
    found, wall = pings.due(here.office, at), at.astimezone(LONDON)
    assert bool(found) is (wall.weekday() < 5 and 9 <= wall.hour < 17)


_HERE: list[World] = []


def office_of(factory: pytest.TempPathFactory) -> World:
    """One installation with a report, for all times that are tried."""
    if not _HERE:
        _HERE.append(world(factory.mktemp("pings"), room=512 * 1024))
        _HERE[0].file()
    return _HERE[0]


@pytest.mark.parametrize("trouble", [LaterError(5), ConnectionError("MARKED refused"), ValueError("MARKED")])
def test_a_ping_that_failed_is_tried_again_the_next_working_day_and_shows_nowhere(
    office: Office, trouble: Exception, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """Neither log, outbox nor figures may tell that there was something to send."""
    caplog.set_level(logging.INFO)
    before = office.rows()
    office.world.file()
    office.mail.fails = trouble
    office.at_once(TUESDAY)
    assert office.mail.sent == [] and len(office.slack.sent) == 1
    office.mail.fails = None
    office.at_once(TUESDAY + timedelta(days=1))
    assert to(office.mail) == [CHAIR, VICE] and len(office.slack.sent) == 1
    assert office.rows() == before and [r.getMessage() for r in caplog.records] == []


def test_somebody_who_silenced_slack_has_been_told(office: Office) -> None:
    """It stands there when they come back."""
    office.slack.fails = UnheardError()
    office.world.file()
    office.at_once(TUESDAY)
    assert [w.email for w in office.world.office.box.read().waiting] == []


def test_the_file_is_written_each_working_morning_whether_anybody_waits_or_not(office: Office) -> None:
    """So that a change of it tells nothing."""
    seen = []
    for day in range(2):
        office.at_once(TUESDAY + timedelta(days=day))
        seen.append(office.world.office.box.read().told)
    assert seen == ["2026-11-24", "2026-11-25"] and len(READERS) == 3


def test_on_mondays_every_reader_is_told_with_and_without_a_report(office: Office) -> None:
    """In the same way: to those who can open it, to those who can't, and to all where there is none."""
    sent = []
    for week in range(2):
        office.mail.sent, office.slack.sent = [], []
        office.at_once(MONDAY + timedelta(weeks=week))
        sent.append((to(office.mail), len(office.slack.sent)))
        office.world.file(CHIEF, VICE)
    assert sent[0] == sent[1] == ([CHAIR, VICE], 1)
