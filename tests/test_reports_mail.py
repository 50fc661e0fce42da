"""Pings by mail, through a real mail server: who gets one, what stands in it, and what happens where an address does not exist."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from mail_server import HOST, Mailbox, certificate
from pydantic import SecretStr
from reporting import ANSWERS, DEPUTY, LEAD, ORG, START, TEAM, World, world
from sqlalchemy import select

from adapters import email
from adapters.app import application
from adapters.web.part import part as web
from bot.courier import Courier
from bot.guide import Askwell
from bot.settings import Settings
from bot.store.outbox import Row
from bot.store.tables import case_audit

MARK = "Zebrafinch"
Go = Callable[[World, Courier], Awaitable[None]]


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server whose certificate this process trusts."""
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with Mailbox(path) as box:
        yield box


def play(askwell: Askwell, folder: Path, box: Mailbox, go: Go) -> list[str]:
    """Run one test with page and mail in one application; whatever was given up."""
    settings = Settings.model_validate({
        "smtp_host": HOST, "smtp_port": box.port, "smtp_user": box.user, "smtp_password": SecretStr(box.password),
        "smtp_from": "askwell@example.org", "public_url": "https://askwell.example.org", "host": "0.0.0.0",  # noqa: S104 - as others reach it
    })  # fmt: skip
    given_up: list[str] = []

    async def alarm(_row: Row, why: str) -> None:
        given_up.append(why)

    async def run() -> None:
        made = world(askwell, f"sqlite:///{folder / 'askwell.db'}")
        app, courier = application(made.service, [web(made.service, settings), email.part(settings)], alarm)
        async with app.router.lifespan_context(app):
            await go(made, courier)

    asyncio.run(run())
    return given_up


async def until(done: Callable[[], bool]) -> None:
    """Wait for something to happen."""
    async with asyncio.timeout(20):
        while not done():
            await asyncio.sleep(0.02)


def test_a_ping_arrives_by_mail_with_a_time_and_a_reference_and_nothing_else(askwell: Askwell, tmp_path: Path, mailbox: Mailbox) -> None:
    """Over TLS, to the person whose turn it is; then, as nobody takes it, to the next."""

    async def go(made: World, courier: Courier) -> None:
        reference = await asyncio.to_thread(made.files, {"seen": f"{MARK} bruises", "who": f"{MARK} Jamie"})
        courier.wake()
        await until(lambda: len(mailbox.mails) == 1)
        (mail,) = mailbox.mails
        assert (mail["To"], mail["Subject"]) == (LEAD, f"Askwell: something needs you by 11:30 · ref {reference}")
        assert mail.get_content().strip() == "Open it here and sign in: https://askwell.example.org/board"
        assert MARK not in mail.as_string() and "afeguard" not in mail.as_string() and mailbox.secure == [True]
        await asyncio.to_thread(made.later, 61 * 60)
        courier.wake()
        await until(lambda: len(mailbox.mails) == 2)
        assert mailbox.mails[1]["To"] == DEPUTY and mailbox.mails[1]["Message-ID"] != mail["Message-ID"]

    assert play(askwell, tmp_path, mailbox, go) == []


def test_where_the_mail_server_knows_no_such_address_the_next_person_is_asked_at_once(askwell: Askwell, tmp_path: Path, mailbox: Mailbox) -> None:
    """Nobody waits out the hour for somebody who is not there; whoever runs the server is told, and the audit says who was not reached."""
    mailbox.refuses = True

    async def go(made: World, courier: Courier) -> None:
        reference = await asyncio.to_thread(made.files, ANSWERS)
        courier.wake()

        def reached() -> list[str]:
            with made.database.read() as connection:
                rows = select(case_audit.c.who).where(case_audit.c.reference == reference, case_audit.c.act == "unheard")
                return list(connection.execute(rows).scalars())

        await until(lambda: len(reached()) >= 3)
        assert reached()[:3] == [LEAD, DEPUTY, TEAM] and made.clock == [START]
        assert len(made.board.waiting_for(ORG, TEAM)) == 1

    assert play(askwell, tmp_path, mailbox, go)
