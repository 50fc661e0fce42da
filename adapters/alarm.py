"""Tells a named person that Askwell needs them: by mail or in Slack, never with a word of what anybody wrote."""

import asyncio
import contextlib
import logging
import smtplib
import ssl
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate

from bot import cells, words
from bot.settings import Settings, SettingsError
from bot.store import outbox
from bot.store.database import Database, DatabaseUnusableError
from bot.store.outbox import Row

LOOK = 60.0  # seconds between looks, when nothing was given up meanwhile
STUCK = 15 * 60.0  # seconds that a message may wait
GONE = 5 * 60.0  # seconds that the database may be out of reach
AGAIN = 15 * 60.0  # seconds until somebody is told of the same kind of trouble again
TIMEOUT = 20.0  # seconds for the mail server
TLS_PORT = 465
LOOPBACK = ("127.0.0.1", "::1", "localhost")
log = logging.getLogger("askwell.alarm")
Tell = Callable[[str], Awaitable[None]]
Post = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What somebody is to be told; `keys` are the messages that were given up."""

    kind: str
    text: str
    keys: tuple[str, ...] = ()


class Alarm:
    """Looks at the outbox, and tells. What was given up is remembered in the database until somebody has been told.

    Keys of messages are neither told nor logged: that of a ping would tell that there is a report.
    """

    def __init__(self, database: Database, tell: Tell | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._database, self._tell, self._clock = database, tell, clock
        self._wake = asyncio.Event()
        self._told: dict[str, float] = {}
        self._answered = clock()
        self.failing = False

    async def __call__(self, row: Row, why: str) -> None:
        """The courier gave up on a message."""
        log.error("message %d on %s was given up: %s", row.number, row.channel, why)
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), LOOK)
            self._wake.clear()

    async def look(self) -> None:
        """Tell of what there is to tell, once."""
        found = await asyncio.to_thread(self._found)
        self.failing = self.failing and bool(found)
        for trouble in found:
            last = self._told.get(trouble.kind)
            if last is None or self._clock() - last >= AGAIN:
                await self._tell_of(trouble)

    async def _tell_of(self, trouble: _Trouble) -> None:
        if self._tell is None:
            log.error("%s Nobody is told: set ASKWELL_ALARM_TO.", trouble.text)
        else:
            try:
                await self._tell(f"{trouble.text}\n\n{words.ALARM_HOW}")
            except Exception as error:
                self.failing = True
                log.error("the alarm could not be sent: %s", type(error).__name__)
                return
            self.failing = False
            if trouble.keys:
                await asyncio.to_thread(self._remember, trouble.keys)
        self._told[trouble.kind] = self._clock()

    def _remember(self, keys: tuple[str, ...]) -> None:
        with self._database.write() as connection:
            outbox.told(connection, keys)

    def _found(self) -> list[_Trouble]:
        try:
            with self._database.read() as connection:
                keys = outbox.untold(connection)
                count = outbox.count(connection, self._database.now(connection))
        except DatabaseUnusableError as error:
            log.error("alarm: %s", error)
            silent = self._clock() - self._answered
            return [_Trouble("database", words.ALARM_DATABASE.format(minutes=int(silent // 60)))] if silent >= GONE else []
        self._answered = self._clock()
        found = []
        if keys:
            found.append(_Trouble("given up", words.ALARM_GIVEN_UP.format(count=len(keys)), tuple(keys)))
        if count.oldest >= STUCK:
            found.append(_Trouble("waiting", words.ALARM_WAITING.format(minutes=int(count.oldest // 60))))
        return found


def teller(settings: Settings, post: Post | None) -> Tell | None:
    """The way to the person of ASKWELL_ALARM_TO; None where nobody is named. Raises SettingsError where it cannot work.

    `post` sends a text to a Slack user; None where Slack is not configured.
    """
    kind, _, to = settings.alarm_to.partition(":")
    if not settings.alarm_to:
        return None
    if kind == "slack" and to:
        if post is None:
            raise SettingsError("ASKWELL_ALARM_TO names somebody in Slack, but Slack is not configured: set ASKWELL_SLACK_BOT_TOKEN.")
        return lambda text: post(to, text)
    if kind == "mailto" and to:
        if not settings.smtp_host:
            raise SettingsError("ASKWELL_ALARM_TO names an e-mail address, but there is no mail server: set ASKWELL_SMTP_HOST.")
        with contextlib.suppress(cells.CellError):
            to = cells.email(to)
            return lambda text: asyncio.to_thread(mail, settings, to, text)
    raise SettingsError("ASKWELL_ALARM_TO must begin with mailto: or slack:, for example mailto:name@example.org.")


def slack(settings: Settings) -> Post | None:
    """The way to people in Slack; None where it is not configured."""
    if not settings.slack:
        return None
    from adapters.slack.sdk import Web

    async def post(user: str, text: str) -> None:
        web = Web(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        try:
            await web.call("chat.postMessage", {"channel": user, "text": text})
        finally:
            await web.close()

    return post


def mail(settings: Settings, to: str, text: str) -> None:
    """Send one mail. Raises OSError or smtplib.SMTPException."""
    message = EmailMessage()
    message["Subject"] = words.ALARM_SUBJECT
    message["From"] = settings.smtp_from or settings.smtp_user or to
    message["To"], message["Date"] = to, formatdate()
    message.set_content(text)
    with server(settings) as connected:
        connected.send_message(message)


@contextlib.contextmanager
def server(settings: Settings) -> Iterator[smtplib.SMTP]:
    """The mail server, signed in; nothing goes to another machine without TLS. Raises OSError or smtplib.SMTPException."""
    secure = ssl.create_default_context()
    if settings.smtp_port == TLS_PORT:
        connected: smtplib.SMTP = smtplib.SMTP_SSL(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=secure)
    else:
        connected = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
    with connected:
        connected.ehlo()
        if settings.smtp_port != TLS_PORT and (connected.has_extn("starttls") or settings.smtp_host not in LOOPBACK):
            connected.starttls(context=secure)
        if settings.smtp_user:
            connected.login(settings.smtp_user, settings.smtp_password.get_secret_value())
        yield connected
