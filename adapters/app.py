"""Puts everything together: the engine, the database, the channels that are configured, and the courier; one ASGI application."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from bot.board import Board
from bot.courier import Alarm, Courier, Sender
from bot.service import Channel, Service
from bot.store.outbox import Row

log = logging.getLogger("askwell")
Background = Callable[[], Awaitable[None]]
Wake = Callable[[], None]
Lost = Callable[[Request, Exception], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Part:
    """What a channel, or the operating of it all, brings.

    `channel`: how it shows replies; `sender`: how it sends them (None: it shows them itself); `routes`: what it answers to;
    `background`: what runs as long as the application does; `lost`: what is answered, by status, where no route answers.
    """

    channel: Channel | None = None
    sender: Sender | None = None
    routes: Sequence[BaseRoute] = ()
    background: Sequence[Background] = ()
    lost: Mapping[int, Lost] = field(default_factory=dict)


def application(service: Service, parts: Sequence[Part], alarm: Alarm) -> tuple[Starlette, Courier]:
    """The application of these parts, and the courier that it runs."""
    for part in parts:
        if part.channel:
            service.join(part.channel)
    board = Board(service)

    async def given_up(row: Row, why: str) -> None:
        """A ping that reaches nobody must not be waited for: the next people are asked at once."""
        try:
            await alarm(row, why)
        finally:
            await asyncio.to_thread(board.unheard, row)

    courier = Courier(service.database, {p.channel.name: p.sender for p in parts if p.channel and p.sender}, given_up, board.unheard)
    service.courier = courier
    background = [courier.run, *(b for p in parts for b in p.background)]

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_kept(one)) for one in background]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            service.database.close()

    lost: dict[Any, Lost] = {status: answer for p in parts for status, answer in p.lost.items()}
    return Starlette(routes=[r for p in parts for r in p.routes], lifespan=lifespan, exception_handlers=lost), courier


async def _kept(run: Background) -> None:
    """Whatever runs in the background is started again when it fails."""
    while True:
        try:
            await run()
            return
        except Exception as error:
            log.error("background: %s failed (%s); it starts again", getattr(run, "__qualname__", "task"), type(error).__name__)
            await asyncio.sleep(5)
