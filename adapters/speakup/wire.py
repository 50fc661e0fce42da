"""One connection of the confidential form: it never learns who calls, ends after a minute, and gives way when there are too many.

Without addresses nobody can be shut out, so what is bounded is what a connection costs: one request, its size, and its time.
"""

import asyncio
from typing import cast

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.utils import is_ssl

LIFE = 60.0  # seconds from the first byte to the last: a report from a slow phone fits, a caller who only holds the line does not
MOST = 200  # connections at once
MOST_HEADERS = 16 * 1024  # bytes of a request's head


class Wire(H11Protocol):
    """Uvicorn's connection, without the caller's address, and with an end."""

    life = LIFE

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in the class above
        """Somebody calls. What the class above does, but for asking who: `client` stays empty, whatever the loop below knows."""
        self.connections.add(self)
        self.transport, self.flow = transport, FlowControl(transport)
        self.scheme = "https" if is_ssl(transport) else "http"
        self.ends = self.loop.call_later(self.life, transport.abort)
        if len(self.connections) > MOST:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        self.ends.cancel()
        super().connection_lost(exc)

    def _make_room(self) -> None:
        """Whoever has held the line longest without having said what they want goes first; the last who came stays."""
        waiting = [c for c in cast("set[Wire]", self.connections) if c is not self and c.cycle is None]
        if waiting:
            oldest = min(waiting, key=lambda c: c.ends.when())
            self.connections.discard(oldest)  # it counts no longer, though its end is told only in the next round
            oldest.transport.abort()
