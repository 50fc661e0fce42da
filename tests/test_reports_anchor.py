"""The audit's seal, mailed each day to somebody else: a cut end shows, and the mail tells nothing."""

import asyncio
import logging
import re
from pathlib import Path

import pytest
import reporting
from mail_server import HOST, Mailbox, certificate
from pydantic import SecretStr
from reporting import LEAD, ORG, World
from sqlalchemy import text
from typer.testing import CliRunner

from adapters.email import MailSender
from adapters.remind import Reminders
from adapters.terminal.cli import app
from bot import words
from bot.courier import Courier
from bot.guide import Askwell
from bot.people import Person
from bot.settings import Settings
from bot.store import directory

KIM = "kim@elsewhere.example"
DAY = 86_400.0


@pytest.fixture
def world(configured: World) -> World:
    """Where `askwell` finds it by its settings."""
    return configured


def mails(world: World) -> list[str]:
    """The bodies of what goes to whoever keeps the seals."""
    return [str(r.body) for r in world.rows() if r.conversation == "audit"]


def anchored(world: World, times: int = 1) -> str:
    """So many processes mail the seals; the last mail."""
    for _ in range(times):
        Reminders(world.service, lambda: None, KIM).anchor()
    return mails(world)[-1]


def number(mail: str) -> str:
    """What is typed after `askwell cases seals`."""
    found = re.search(r"cases seals (\d+)", mail)
    assert found
    return found[1]


def printed(mail: str) -> str:
    """What the command prints for the number in the mail."""
    done = CliRunner().invoke(app, ["cases", "seals", number(mail)])
    assert done.exit_code == 0, done.output
    return done.stdout


def same(mail: str) -> bool:
    """Whether every seal of the mail is what the command prints."""
    return all(line in mail for line in printed(mail).splitlines())


def test_a_seal_goes_out_each_day_once_however_many_processes_there_are(world: World) -> None:
    """With a line for each organisation."""
    mail = anchored(world, times=3)
    assert len(mails(world)) == 1 and KIM in mail and all(f"{o}: " in mail for o in world.service.askwell.knowledge.organisations)
    world.clock[0] += DAY
    anchored(world)
    assert len(mails(world)) == 2


def test_a_cut_end_shows_against_the_mail(world: World) -> None:
    """What is added later changes nothing; what is cut does."""
    reference = world.files()
    world.board.opened(ORG, reference, LEAD)
    world.clock[0] += 3_600
    mail = anchored(world)
    assert same(mail)
    world.clock[0] += 3_600
    world.board.opened(ORG, reference, LEAD)
    assert same(mail) and len(printed(mail).splitlines()) == 5
    with world.database.write() as connection:
        connection.execute(text("DELETE FROM case_audit WHERE number >= 2"))
    assert not same(mail)


def test_the_mail_does_not_tell_whether_there_is_a_report(askwell: Askwell, world: World) -> None:
    """Each day every seal is another one, with reports and without, and they are all alike."""
    other = reporting.world(askwell, "sqlite://")
    world.files()
    found = []
    for one in (world, other):
        first = anchored(one)
        one.clock[0] += DAY
        second = anchored(one)
        seals = [re.findall(r"(\w+): ([0-9a-f]{32})", mail) for mail in (first, second)]
        assert not {s for _, s in seals[0]} & {s for _, s in seals[1]}
        found.append(re.sub(r"[0-9a-f]{32}", "", first))
    assert found[0] == found[1]
    other.database.close()


def test_each_night_a_duty_that_reaches_nobody_is_in_the_log_without_a_name(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """And the night after it was mended it is not."""
    organisation = list(reporting.PEOPLE)
    others = [Person(ORG, f"{d}@x.uk", d, "staff", duties=(d,)) for d in ("communications-team", "human-resources")]
    for people, expected in ((reporting.without(organisation, LEAD), 1), ([*organisation, *others], 0)):
        with world.database.write() as connection:
            directory.replaced(connection, ORG, people)
        caplog.clear()
        with caplog.at_level(logging.WARNING, "askwell.reports"):
            Reminders(world.service, lambda: None).night()
        lines = [r.message for r in caplog.records if "'safeguarding-lead'" in r.message and r.levelno == logging.WARNING]
        assert len(lines) == expected and "@" not in caplog.text
        assert bool([r for r in caplog.records if r.levelno == logging.WARNING]) == bool(expected)


def test_without_a_mail_server_it_is_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """And without an address nothing is sent."""
    Reminders(world.service, lambda: None).anchor()
    del world.service.channels["email"]
    with caplog.at_level(logging.ERROR, "askwell.reports"):
        Reminders(world.service, lambda: None, KIM).anchor()
    assert "set ASKWELL_SMTP_HOST" in caplog.text and mails(world) == []


def test_the_mail_arrives_and_its_words_are_plain(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a real mail server, with TLS."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    anchored(world)
    with Mailbox(path) as box:
        settings = Settings(smtp_host=HOST, smtp_port=box.port, smtp_user=box.user, smtp_password=SecretStr(box.password), smtp_from="a@example.org")

        async def alarm(_row: object, why: str) -> None:
            raise AssertionError(why)

        asyncio.run(Courier(world.database, {"email": MailSender(settings)}, alarm).drain())
        (mail,) = box.mails
    assert mail["To"] == KIM and mail["Subject"] == words.AUDIT_SUBJECT and "whether or not there are reports" in mail.get_content()
