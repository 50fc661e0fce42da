"""The connections by which one process calls a platform. They are given back when nothing is under way any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from bot.courier import LaterError

TIMEOUT = 15.0  # seconds for one call; below the courier's
POLL = 0.05  # seconds between looks whether all calls have ended


class Lines:
    """For one platform. Raises LaterError where it cannot be reached, and once they are closed."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._busy, self.closed = 0, False

    @asynccontextmanager
    async def using(self, within: float) -> AsyncIterator[aiohttp.ClientSession]:
        """One call, which may take so many seconds."""
        if self.closed:
            raise LaterError(0)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
        self._busy += 1
        try:
            async with asyncio.timeout(within):
                yield self._session
        except aiohttp.ClientConnectorError:
            raise LaterError(0) from None
        finally:
            self._busy -= 1

    async def close(self) -> None:
        """Let what is under way come to its end, then give the connections back. From then on everything is for later."""
        self.closed = True
        while self._busy:
            await asyncio.sleep(POLL)
        if self._session is not None:
            await self._session.close()
