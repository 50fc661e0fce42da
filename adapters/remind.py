"""What runs beside the channels so that no report is left lying: the next people are asked when time has run out, and each night it is looked after.

Several processes may do it at once: what one has taken the others skip.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from adapters.app import Part, Wake
from bot import watch, words
from bot.board import Board
from bot.cover import LONDON
from bot.post import MAIL, Pings
from bot.service import Service
from bot.store import outbox, shapes
from bot.store.database import DatabaseUnusableError

TICK = 1.0  # seconds
NIGHT = 3  # o'clock
SETTLED = 60.0  # seconds after which nothing is added any more with an earlier time
log = logging.getLogger("askwell.reports")


class Reminders:
    """The clock of the reports of one process. `wake` tells the courier that something waits; `audit_to` is who keeps the audit's seals."""

    def __init__(self, service: Service, wake: Wake, audit_to: str = "") -> None:
        self._service, self._board, self._wake, self._audit_to = service, Board(service), wake, audit_to

    def part(self) -> Part:
        """As a part of the application."""
        return Part(background=(self.run, self.nights))

    async def run(self) -> None:
        """Each second; a database that fails is tried again at the next."""
        while True:
            if not await asyncio.to_thread(self.once):
                await asyncio.sleep(TICK)

    def once(self) -> int:
        """Ask whoever is next, for every case whose time has come; how many there were."""
        try:
            count = self._board.remind()
        except DatabaseUnusableError as error:
            log.error("reports: %s", error)
            return 0
        if count:
            self._wake()
        return count

    async def nights(self) -> None:
        """At the start and each night."""
        while True:
            await asyncio.to_thread(self.night)
            await asyncio.to_thread(self.anchor)
            await asyncio.sleep(until_night(datetime.now(UTC)))

    def night(self) -> None:
        """Log what keeps reports from reaching somebody, and where each audit stands, so that a cut one is noticed."""
        service = self._service
        try:
            with service.database.read() as connection:
                knowledge, channels = service.askwell.knowledge, pinging(service)
                found = watch.stranded(connection) + watch.broken(connection, service.database.vault, knowledge)
                missing = watch.unreachable(connection, knowledge, service.plans, channels) if service.plans else []
                heads = list(watch.heads(connection, knowledge))
        except DatabaseUnusableError as error:
            log.error("reports: %s", error)
            return
        for line in found:
            log.error("reports: %s", line)
        for line in missing:
            log.warning("reports: %s", line)
        for organisation, number, digest in heads:
            log.info("audit", extra={"organisation": organisation, "number": number, "hash": digest})

    def anchor(self) -> None:
        """Mail the audit's seals to whoever keeps them; once a day, however many processes there are."""
        service, database = self._service, self._service.database
        if not self._audit_to:
            return
        if MAIL not in service.channels:
            log.error("reports: ASKWELL_AUDIT_TO is set, but there is no mail server: set ASKWELL_SMTP_HOST")
            return
        try:
            with database.write() as connection:
                now = database.now(connection)
                at = float(int(now - SETTLED))
                text = words.AUDIT_TEXT.format(at=int(at), seals="\n".join(watch.seals(connection, service.askwell.knowledge, at)))
                body = shapes.payload_text({"to": self._audit_to, "subject": words.AUDIT_SUBJECT, "text": text})
                outbox.put(connection, "", "audit", MAIL, f"audit-{datetime.fromtimestamp(now, UTC):%Y-%m-%d}", body, now)
        except IntegrityError:  # today's is on its way
            return
        except DatabaseUnusableError as error:
            log.error("reports: %s", error)
            return
        self._wake()


def pinging(service: Service) -> frozenset[str]:
    """The channels on which people can be asked to look."""
    return frozenset(name for name, channel in service.channels.items() if isinstance(channel, Pings))


def until_night(now: datetime) -> float:
    """Seconds until it is three o'clock in London."""
    here = now.astimezone(LONDON)
    at = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return ((at if at > here else at + timedelta(days=1)).astimezone(UTC) - now).total_seconds()
