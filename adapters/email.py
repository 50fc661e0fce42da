"""Mail: the way out for pings. Nobody talks to Askwell by mail."""

import asyncio
import smtplib
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

from adapters.alarm import server
from adapters.app import Part
from adapters.parts import board_page
from bot import words
from bot.courier import RefusedError
from bot.messages import Outgoing
from bot.post import MAIL
from bot.settings import Settings

REFUSED = 500  # from this answer of a mail server on, trying again is no use


class Mail:
    """The channel: it only pings. `board`: where cases are read, for the link; empty: no link."""

    name, keeps = MAIL, False

    def __init__(self, board: str = "") -> None:
        self._board = board

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """Nothing: no conversation is held by mail."""
        return ()

    def ping(self, account: str, text: str, organisation: str, reference: str) -> Sequence[Mapping[str, Any]]:
        """One mail: the text as its subject, and where to look."""
        where = words.PING_WHERE.format(where=self._board) if self._board else words.PING_OPEN
        return ({"to": account, "subject": text, "text": where},)


class MailSender:
    """Sends by the configured mail server. The Message-ID is the key, so that a mail program shows a double once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Send one mail."""
        message = EmailMessage()
        message["Subject"], message["To"] = payload["subject"], payload["to"]
        message["From"], message["Date"] = self._settings.smtp_from or self._settings.smtp_user, formatdate()
        message["Message-ID"] = f"<{key}@askwell.invalid>"
        message.set_content(payload["text"])
        await asyncio.to_thread(self._send, message)

    def _send(self, message: EmailMessage) -> None:
        try:
            with server(self._settings) as connected:
                connected.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= REFUSED for code, _ in error.recipients.values()):
                raise RefusedError("the mail server knows no such address") from None
            raise

    async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
        """Mail cannot be looked for: it is sent again, with the same Message-ID."""
        return False


def part(settings: Settings) -> Part:
    """Mail as a part of the application."""
    return Part(Mail(board_page(settings.public_url)), MailSender(settings))
