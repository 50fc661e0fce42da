"""Tells the readers of confidential reports to look, in the way they chose, and deletes what is over. Runs beside the channels.

What is sent looks like a ping about any case, with a reference that stands for none: whoever reads along at the mail server sees no difference.
Failures are neither logged nor counted, as either would tell that there is a report:
a reader who was not reached is told the next working morning, and all are told on Mondays.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.app import Part
from bot import words
from bot.courier import TIMEOUT, UnheardError
from bot.post import MAIL, Pings
from bot.speakup import pings
from bot.speakup.office import Office, key_of
from bot.speakup.records import Waiting
from bot.store import cases, directory
from bot.store.database import Database, DatabaseUnusableError

TICK = 60.0  # seconds
HOUR = 60  # ticks
BY = f"{pings.EVENING}:00"
log = logging.getLogger("askwell.speakup")
Payload = Mapping[str, Any]


def now() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Nudges:
    """`database` is the main one: of it the accounts are read, and nothing is written. `parts` are the channels that there are."""

    def __init__(self, office: Office, database: Database, parts: Sequence[Part], clock: Callable[[], datetime] = now) -> None:
        self._office, self._database, self._clock = office, database, clock
        self._parts = {p.channel.name: p for p in parts if p.channel and p.sender and isinstance(p.channel, Pings)}

    def part(self) -> Part:
        """As a part of the application."""
        return Part(background=(self.run,))

    async def run(self) -> None:
        """Each minute; each hour all is written anew, without what is over."""
        tick = 0
        while True:
            try:
                if tick % HOUR == 0:
                    await asyncio.to_thread(self._office.purge)
                await self.once()
            except DatabaseUnusableError as error:
                log.error("confidential reports: %s", error)
            tick += 1
            await asyncio.sleep(TICK)

    async def once(self) -> None:
        """Tell whoever is to be told now."""
        for one in await asyncio.to_thread(pings.due, self._office, self._clock()):
            if await self._sent(one):
                await asyncio.to_thread(pings.told, self._office, one)

    async def _sent(self, one: Waiting) -> bool:
        """Whether it went out by the channel that they chose."""
        found = await asyncio.to_thread(self._letters, one)
        for part, payload in found:
            try:
                if part.sender:
                    async with asyncio.timeout(TIMEOUT):
                        await part.sender.send(secrets.token_hex(16), payload)
            except UnheardError:
                pass
            except Exception:  # whatever it was, it must not show that there was something to send
                return False
        return bool(found)

    def _letters(self, one: Waiting) -> list[tuple[Part, Payload]]:
        key = key_of(self._office.box.read(), one.organisation, one.email)
        part = self._parts.get(key.channel) if key else None
        if part is None or not isinstance(part.channel, Pings):
            return []
        name, ping, reference = part.channel.name, part.channel.ping, cases.reference()
        text = words.PING.format(time=BY, reference=reference)
        return [(part, bare(p)) for a in self._accounts(one, name) for p in ping(a, text, one.organisation, reference)]

    def _accounts(self, one: Waiting, channel: str) -> list[str]:
        if channel == MAIL:
            return [one.email]
        with self._database.read() as connection:
            return [account for name, account in directory.accounts_of(connection, one.organisation, one.email) if name == channel]


def bare(payload: Payload) -> Payload:
    """A ping without its buttons: pressing one looks for a case, and leaves a trace in the audit that there was none."""
    if "arguments" not in payload:
        return payload
    arguments = payload["arguments"]
    blocks = [b for b in arguments.get("blocks", ()) if b.get("type") != "actions"]
    return {"method": payload["method"], "arguments": {**arguments, "blocks": blocks}}
