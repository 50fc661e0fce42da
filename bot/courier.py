"""Sends what is in the outbox: in order in each conversation, under a lease, again after trouble, and looks before it repeats."""

import asyncio
import contextlib
import logging
import random
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.store import outbox, records, shapes
from bot.store.database import Database, DatabaseUnusableError
from bot.store.outbox import Lease, Row

TICK = 1.0  # seconds between looks, when nobody wakes it
LEASE = 60.0  # seconds; longer than a send may take
TIMEOUT = 20.0  # seconds for one send
BEAT = 5.0  # seconds between signs of life
SETTLE = 0.05  # seconds in which what was sent is gathered, to be written down together
AT_ONCE = 32
MOST_ATTEMPTS = 14  # with the waits between them about an hour
LONGEST_WAIT = 900.0
log = logging.getLogger("askwell.courier")


class LaterError(Exception):
    """The platform asks to wait, or was not reached: it has not taken the message. It waits at least as long as after other trouble."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"later by {seconds:g} s")
        self.seconds = seconds


class RefusedError(Exception):
    """The platform will never take this message: trying again is no use."""


class UnheardError(Exception):
    """It was delivered, but whoever it was for has silenced the platform: it has not reached them."""


class Sender(Protocol):
    """The way out of one channel."""

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Send; raises LaterError, RefusedError or UnheardError. Anything else leaves it in doubt whether it arrived."""

    async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
        """Whether a message with this key is there already."""


Alarm = Callable[[Row, str], Awaitable[None]]
Unheard = Callable[[Row], None]


@dataclass(frozen=True, slots=True)
class _Done:
    """How one try ended: `after` seconds to wait, None when it arrived or was `refused`."""

    row: Row
    after: float | None = None
    doubtful: bool = False
    refused: str | None = None


class Courier:
    """One of these runs in each process. `unheard` is called, in a thread, with what was delivered and has not reached anybody."""

    def __init__(self, database: Database, senders: Mapping[str, Sender], alarm: Alarm, unheard: Unheard | None = None) -> None:
        self._database, self._senders, self._alarm, self._unheard = database, senders, alarm, unheard
        self._lease = secrets.token_hex(8)
        self._wake = asyncio.Event()
        self._done: list[_Done] = []
        self._beaten = 0.0
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self) -> None:
        """Something was committed that can be sent now. From any thread."""
        self._soon(self._wake.set)

    def offers(self, channel: str) -> Lease | None:
        """The lease under which a message can be written that is sent at once; None where there is no room. From any thread."""
        ready = self._loop is not None and channel in self._senders and len(self._running) < AT_ONCE
        return Lease(self._lease, LEASE) if ready else None

    def take(self, rows: Sequence[Row]) -> None:
        """Send what was written under that lease, now that it is committed. From any thread."""
        self._soon(self._begin, map(self._try, rows))

    def _soon(self, call: Callable[..., object], *arguments: object) -> None:
        if self._loop:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed: what is left will be found
                self._loop.call_soon_threadsafe(call, *arguments)

    async def run(self) -> None:
        """Send until cancelled, then finish what is being sent; a database that fails is tried again at the next look."""
        self._wake.set()
        if self._database.sqlite:
            await asyncio.to_thread(self._alone)
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                with contextlib.suppress(TimeoutError):  # wait_for of Python 3.11 can swallow a cancellation
                    async with asyncio.timeout(TICK):
                        await self._wake.wait()
                self._wake.clear()
                await self._looked(AT_ONCE)
        finally:
            self._loop = None
            await asyncio.sleep(0)  # what was handed over just now is begun as well
            if self._running:
                await asyncio.wait(self._running, timeout=TIMEOUT)
            await self._looked(0)

    def _alone(self) -> None:
        """SQLite has one process: whatever is leased was left by a crash, and need not wait."""
        try:
            with self._database.write() as connection:
                outbox.free(connection)
        except DatabaseUnusableError as error:
            log.error("courier: %s", error)

    async def _looked(self, at_once: int) -> None:
        try:
            await self.tick(at_once)
        except DatabaseUnusableError as error:
            log.error("courier: %s", error)

    async def drain(self) -> None:
        """Send until nothing is due now, and settle it."""
        await self.tick()
        while self._running or self._done:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            await self.tick()

    async def tick(self, at_once: int = AT_ONCE) -> None:
        """Settle what has ended, take what is due, and start to send it, so many at once; also when it is cancelled meanwhile."""
        turn = asyncio.create_task(self._turn(at_once))
        try:
            await asyncio.shield(turn)
        except asyncio.CancelledError:
            await turn
            raise

    async def _turn(self, at_once: int) -> None:
        done, self._done = self._done, []
        try:
            rows, given_up = await asyncio.to_thread(self._turnover, done, at_once - len(self._running))
        except Exception:
            self._done = [*done, *self._done]
            raise
        self._begin([*map(self._try, rows), *map(self._told, given_up)])

    def _begin(self, work: Iterable[Coroutine[Any, Any, None]]) -> None:
        for one in work:
            task = asyncio.create_task(one)
            self._running.add(task)
            task.add_done_callback(self._ended)

    async def _told(self, done: _Done) -> None:
        """The alarm. Whoever is to hear it may be out of reach as well; that must not hold up the others."""
        try:
            await self._alarm(done.row, done.refused or "it was tried too often")
        except Exception as error:
            log.error("courier: message %d on %s was given up, and the alarm failed: %s", done.row.number, done.row.channel, type(error).__name__)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        asyncio.get_running_loop().call_later(SETTLE, self._wake.set)

    def _turnover(self, done: list[_Done], free: int) -> tuple[list[Row], list[_Done]]:
        given_up = []
        with self._database.write() as connection:
            now = self._database.now(connection)
            for one in done:
                if one.refused is not None or (one.after is not None and one.row.attempts >= MOST_ATTEMPTS):
                    outbox.dead(connection, one.row, self._lease)
                    given_up.append(one)
                elif one.after is None:
                    outbox.sent(connection, one.row, self._lease)
                else:
                    outbox.later(connection, one.row, self._lease, now + one.after, doubtful=one.doubtful)
            if abs(now - self._beaten) >= BEAT:
                records.beaten(connection, "courier", now)
            rows = outbox.claim(connection, tuple(self._senders), self._lease, now, LEASE, free) if free > 0 else []
        self._beaten = now if abs(now - self._beaten) >= BEAT else self._beaten
        return rows, given_up

    async def _try(self, row: Row) -> None:
        sender, payload = self._senders[row.channel], shapes.payload(row.body)
        wait = min(LONGEST_WAIT, 2.0 ** (row.attempts - 1)) * random.uniform(0.8, 1.2)  # noqa: S311 - spreads tries, guards nothing
        try:
            async with asyncio.timeout(TIMEOUT):
                if not (row.doubtful and await sender.arrived(row.key, payload)):
                    await self._sent(sender, row, payload)
            self._done.append(_Done(row))
        except LaterError as error:
            self._done.append(_Done(row, after=max(error.seconds, wait)))
        except RefusedError as error:
            self._done.append(_Done(row, refused=str(error)))
        except Exception as error:
            log.warning("courier: message %d on %s in doubt after try %d: %s", row.number, row.channel, row.attempts, type(error).__name__)
            self._done.append(_Done(row, after=wait, doubtful=True))

    async def _sent(self, sender: Sender, row: Row, payload: Mapping[str, Any]) -> None:
        try:
            await sender.send(row.key, payload)
        except UnheardError:
            if self._unheard is not None:
                await asyncio.to_thread(self._unheard, row)
