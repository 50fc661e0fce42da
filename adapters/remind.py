"""What runs beside the channels so that no report is left lying: the next people are asked when time has run out, and each night it is looked after.

Several processes may do it at once: what one has taken the others skip.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from adapters.app import Part, Wake
from bot import watch
from bot.board import Board
from bot.cover import LONDON
from bot.post import Pings
from bot.service import Service
from bot.store.database import DatabaseUnusableError

TICK = 1.0  # seconds
NIGHT = 3  # o'clock
log = logging.getLogger("askwell.reports")


class Reminders:
    """The clock of the reports of one process. `wake` tells the courier that something waits."""

    def __init__(self, service: Service, wake: Wake) -> None:
        self._service, self._board, self._wake = service, Board(service), wake

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


def pinging(service: Service) -> frozenset[str]:
    """The channels on which people can be asked to look."""
    return frozenset(name for name, channel in service.channels.items() if isinstance(channel, Pings))


def until_night(now: datetime) -> float:
    """Seconds until it is three o'clock in London."""
    here = now.astimezone(LONDON)
    at = here.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return ((at if at > here else at + timedelta(days=1)).astimezone(UTC) - now).total_seconds()
