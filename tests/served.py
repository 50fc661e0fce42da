"""What the stands of all platforms share: the real application with one platform's part and its courier, and waiting for what happens."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from adapters.app import Part, Wake, application
from bot.courier import Courier
from bot.guide import Askwell
from bot.plans import Plans
from bot.service import Service
from bot.store.database import Database
from bot.store.outbox import Row
from chaos.databases import due

SHORT, LONG = 0.01, 20.0  # seconds between looks, and until a test gives up


class Served:
    """The application, running. `alarms` is what its courier gave up."""

    def __init__(self, service: Service, courier: Courier, client: httpx.AsyncClient, alarms: list[str]) -> None:
        self.service, self.courier, self.client, self.alarms = service, courier, client, alarms

    async def quiet(self) -> None:
        """Until nothing waits to be sent."""
        await until(lambda: not due(self.service.database), "an empty outbox")


@asynccontextmanager
async def serving(
    askwell: Askwell, folder: Path, url: str, plans: Plans | None, part: Callable[[Service, Wake], Part]
) -> AsyncIterator[tuple[Service, Courier, httpx.AsyncClient, list[str]]]:
    """All of it, on a database in this folder; `url` is the address that it is called by."""
    database = Database(f"sqlite:///{folder / 'askwell.db'}")
    database.ready()
    service, couriers, alarms = Service(askwell, database, plans), list[Courier](), list[str]()

    async def alarm(row: Row, why: str) -> None:
        alarms.append(f"{row.conversation} {why}")

    def wake() -> None:
        couriers[0].wake()

    app, courier = application(service, [part(service, wake)], alarm)
    couriers.append(courier)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=url) as client:
        yield service, courier, client, alarms


async def until(done: Callable[[], bool], what: str) -> None:
    """Wait for something to happen."""
    end = time.monotonic() + LONG
    while not done():
        assert time.monotonic() < end, f"waited in vain for {what}"
        await asyncio.sleep(SHORT)
