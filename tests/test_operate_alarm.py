"""Alarms: a named person is told, by real mail or in Slack, once, without a word of anybody; and what fails is tried again."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from mail_server import HOST, Mailbox, certificate
from pydantic import SecretStr

from adapters import alarm as alarms
from adapters.alarm import Alarm, teller
from bot import words
from bot.courier import Courier, RefusedError
from bot.settings import Settings, SettingsError
from bot.store import outbox
from bot.store.database import Database

BODY = "a patient rang at night"
TO = "kim@example.org"


class Told:
    """Whoever is told; `failing`: nobody can be reached."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.failing = False

    async def __call__(self, text: str) -> None:
        """Hear it."""
        if self.failing:
            raise OSError("no way")
        self.texts.append(text)


class Clock:
    """Time that a test moves on."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def told() -> Told:
    """Nobody has been told of anything yet."""
    return Told()


@pytest.fixture
def clock() -> Clock:
    """It stands still."""
    return Clock()


def put(database: Database, key: str, now: float) -> None:
    """A message that is to be sent."""
    with database.write() as connection:
        outbox.put(connection, "sefton", f"home of {key}", "slack", key, BODY, now)


def give_up(database: Database, *keys: str) -> None:
    """Messages that were given up."""
    for key in keys:
        put(database, key, 0.0)
        with database.write() as connection:
            (row,) = outbox.claim(connection, ("slack",), "me", 1.0, 60.0, 1)
            outbox.dead(connection, row, "me")


def look(alarm: Alarm) -> None:
    """Look once."""
    asyncio.run(alarm.look())


def test_what_was_given_up_is_told_once_and_without_words(database: Database, told: Told, clock: Clock) -> None:
    """How many, and what to do; no reference, as that of a ping would tell that there is a report."""
    alarm = Alarm(database, told, clock)
    look(alarm)
    assert told.texts == []
    give_up(database, "7QK4-XM29-1", "k2")
    look(alarm)
    look(alarm)
    (text,) = told.texts
    assert words.ALARM_GIVEN_UP.format(count=2) in text and words.ALARM_HOW in text
    assert BODY not in text and "7QK4" not in text and "home of" not in text


def test_it_is_remembered_over_a_restart_until_somebody_was_told(database: Database, told: Told, clock: Clock) -> None:
    """A crash between giving up and telling loses no alarm."""
    give_up(database, "k1")
    look(Alarm(database, told, clock))
    look(Alarm(database, told, clock))
    assert len(told.texts) == 1
    give_up(database, "k2")
    look(Alarm(database, told, clock))
    assert len(told.texts) == 2


def test_a_flood_is_one_alarm_each_quarter_of_an_hour(database: Database, told: Told, clock: Clock) -> None:
    """Nobody gets a hundred mails."""
    alarm = Alarm(database, told, clock)
    for i in range(10):
        give_up(database, f"k{i}")
        look(alarm)
        clock.now += 60
    assert len(told.texts) == 1
    clock.now += alarms.AGAIN
    look(alarm)
    assert len(told.texts) == 2 and words.ALARM_GIVEN_UP.format(count=9) in told.texts[1]


def test_messages_that_wait_too_long_are_told(address: str, told: Told, clock: Clock) -> None:
    """For as long as it lasts, each quarter of an hour."""
    database = Database(address, clock=lambda: 10_000.0)
    put(database, "fresh", 10_000.0 - alarms.STUCK + 1)
    alarm = Alarm(database, told, clock)
    look(alarm)
    assert told.texts == []
    put(database, "old", 10_000.0 - alarms.STUCK - 60)
    for _ in range(3):
        look(alarm)
        clock.now += alarms.AGAIN / 2
    assert len(told.texts) == 2 and words.ALARM_WAITING.format(minutes=16) in told.texts[0]
    database.close()


def test_a_database_that_stays_away_is_told_without_it(told: Told, clock: Clock) -> None:
    """After five minutes, not at the first hiccup."""
    alarm = Alarm(Database("postgresql://askwell@127.0.0.1:1/askwell"), told, clock)
    look(alarm)
    clock.now += alarms.GONE - 1
    look(alarm)
    assert told.texts == []
    clock.now += 61
    look(alarm)
    assert words.ALARM_DATABASE.format(minutes=6) in told.texts[0]


def test_an_alarm_that_fails_is_tried_again_and_shows(database: Database, told: Told, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """In the log and on /readyz, until it got through or the trouble is over."""
    alarm = Alarm(database, told, clock)
    give_up(database, "k1")
    told.failing = True
    with caplog.at_level(logging.ERROR, "askwell.alarm"):
        look(alarm)
    assert alarm.failing and "the alarm could not be sent: OSError" in caplog.text
    told.failing = False
    look(alarm)
    assert not alarm.failing and len(told.texts) == 1


def test_trouble_that_is_over_fails_no_more(address: str, told: Told, clock: Clock) -> None:
    """An old failure to tell of it does not keep the service unready."""
    database = Database(address, clock=lambda: 10_000.0)
    put(database, "old", 0.0)
    alarm = Alarm(database, told, clock)
    told.failing = True
    look(alarm)
    assert alarm.failing
    with database.write() as connection:
        (row,) = outbox.claim(connection, ("slack",), "me", 10_000.0, 60.0, 1)
        outbox.sent(connection, row, "me")
    look(alarm)
    assert not alarm.failing
    database.close()


def test_where_nobody_is_named_it_is_in_the_log(database: Database, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    """And told once somebody is."""
    give_up(database, "k1")
    alarm = Alarm(database, None, clock)
    with caplog.at_level(logging.ERROR, "askwell.alarm"):
        look(alarm)
        look(alarm)
    assert caplog.text.count("set ASKWELL_ALARM_TO") == 1 and not alarm.failing
    later = Told()
    look(Alarm(database, later, clock))
    assert len(later.texts) == 1


def test_the_courier_wakes_it(database: Database, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a message that is refused to the person, without waiting for the next look."""
    monkeypatch.setattr(alarms, "LOOK", 3600.0)
    alarm = Alarm(database, told)

    class Refusing:
        async def send(self, key: str, payload: object) -> None:
            raise RefusedError("channel_not_found")

        async def arrived(self, key: str, payload: object) -> bool:
            return False

    async def live() -> None:
        watching = asyncio.create_task(alarm.run())
        await asyncio.sleep(0.1)
        with database.write() as connection:
            outbox.put(connection, "sefton", "c", "slack", "k1", "{}", 0.0)
        await Courier(database, {"slack": Refusing()}, alarm).drain()
        for _ in range(200):
            if told.texts:
                break
            await asyncio.sleep(0.05)
        watching.cancel()

    asyncio.run(live())
    assert len(told.texts) == 1


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mailbox:
    """A mail server whose certificate this process trusts; not started yet."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return Mailbox(path)


@pytest.fixture
def running(mailbox: Mailbox) -> Iterator[Mailbox]:
    """The same, started."""
    with mailbox:
        yield mailbox


def by_mail(box: Mailbox, **more: object) -> Settings:
    """Settings for this mail server."""
    values = {"alarm_to": f"mailto:{TO}", "smtp_host": HOST, "smtp_port": box.port, "smtp_user": box.user, "smtp_password": SecretStr(box.password)}
    return Settings(_env_file=None, **{**values, "smtp_from": "askwell@example.org", **more})  # type: ignore[arg-type]  # pydantic reads them


def send(settings: Settings, text: str = "Look, please.") -> None:
    """Tell the person of these settings."""
    tell = teller(settings, None)
    assert tell is not None

    async def live() -> None:
        await tell(text)

    asyncio.run(live())


def test_a_mail_arrives_over_tls(running: Mailbox) -> None:
    """To the person, from Askwell, with the text and nothing else."""
    send(by_mail(running))
    (mail,) = running.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (TO, "askwell@example.org", words.ALARM_SUBJECT) and mail["Date"]
    assert mail.get_content().strip() == "Look, please."
    assert running.secure == [True]


def test_a_mail_server_that_wants_tls_from_the_start_gets_it(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """As port 465 does."""
    mailbox.wrapped = True
    with mailbox:
        monkeypatch.setattr(alarms, "TLS_PORT", mailbox.port)
        send(by_mail(mailbox))
    assert mailbox.secure == [True]


def test_without_tls_mail_goes_to_this_machine_only(mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A local mail server may have none; any other must."""
    mailbox.starttls = False
    with mailbox:
        send(by_mail(mailbox))
        assert mailbox.secure == [False]
        monkeypatch.setattr(alarms, "LOOPBACK", ())
        with pytest.raises(Exception, match="STARTTLS"):
            send(by_mail(mailbox))
    assert len(mailbox.mails) == 1


def test_a_mail_server_that_is_not_who_it_says_gets_nothing(running: Mailbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the mail nor the password."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="certificate verify failed"):
        send(by_mail(running))
    assert running.mails == []


@pytest.mark.parametrize("change", [{"smtp_password": SecretStr("wrong")}, {"smtp_port": 1}])
def test_a_mail_that_does_not_get_through_fails_the_alarm(running: Mailbox, database: Database, change: dict[str, object]) -> None:
    """And the next look tries again, with the password mended."""
    give_up(database, "k1")
    broken = Alarm(database, teller(by_mail(running, **change), None))
    look(broken)
    assert broken.failing and running.mails == []
    look(Alarm(database, teller(by_mail(running), None)))
    assert len(running.mails) == 1


def test_a_slack_alarm_goes_to_the_named_person(database: Database) -> None:
    """Through Slack's own way out."""
    posted: list[tuple[str, str]] = []

    async def post(user: str, text: str) -> None:
        posted.append((user, text))

    give_up(database, "k1")
    look(Alarm(database, teller(Settings(_env_file=None, alarm_to="slack:U0123456789"), post)))
    assert posted[0][0] == "U0123456789" and words.ALARM_GIVEN_UP.format(count=1) in posted[0][1]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"alarm_to": "kim@example.org"}, "must begin with mailto: or slack:"), ({"alarm_to": "mailto:"}, "must begin with mailto:"),
        ({"alarm_to": "mailto:kim"}, "must begin with mailto:"), ({"alarm_to": f"mailto:{TO}", "smtp_host": ""}, "set ASKWELL_SMTP_HOST"),
        ({"alarm_to": "slack:U0123456789"}, "set ASKWELL_SLACK_BOT_TOKEN"),
    ],
)  # fmt: skip
def test_a_way_that_cannot_work_is_refused_at_start(values: dict[str, str], says: str) -> None:
    """One sentence names what to set."""
    settings = Settings(_env_file=None, **{"smtp_host": HOST, **values})  # type: ignore[arg-type]  # pydantic reads them
    with pytest.raises(SettingsError, match=says):
        teller(settings, alarms.slack(settings))


def test_nobody_is_told_where_nobody_is_named() -> None:
    """That is a choice, and the doctor says so."""
    assert teller(Settings(_env_file=None), None) is None
