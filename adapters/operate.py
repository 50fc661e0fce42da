"""What whoever runs Askwell looks at: /healthz, /readyz, /metrics; and what runs beside it: purge, heartbeat, alarm."""

import asyncio
import logging
from collections.abc import Mapping

import httpx
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from adapters.alarm import Alarm, slack, teller
from adapters.app import Part
from adapters.metrics import Measured
from bot import watch
from bot.settings import Settings
from bot.store import records, retention
from bot.store.database import DatabaseUnusableError
from bot.store.retention import NOTHING_ENDS, Keeping

COURIER_LATE = 30.0  # seconds without a sign of life
MINUTE, HOUR = 60.0, 3_600.0  # seconds
TIMEOUT = 10.0  # seconds for the heartbeat
NO_STORE = {"Cache-Control": "no-store"}
log = logging.getLogger("askwell.operate")


class Operate:
    """Health, figures and housekeeping of one process."""

    PARTS = ("database", "migrations", "courier", "reports", "encoder", "alarm")

    def __init__(self, service: Measured, alarm: Alarm, heartbeat_url: str = "", keeping: Keeping = NOTHING_ENDS) -> None:
        self._service, self._alarm, self._heartbeat_url, self._keeping = service, alarm, heartbeat_url, keeping

    def part(self) -> Part:
        """What the application answers to and runs beside the channels."""
        routes = (Route("/healthz", healthz), Route("/readyz", self.readyz), Route("/metrics", self.metrics))
        beats = (self.heartbeat,) if self._heartbeat_url else ()
        return Part(routes=routes, background=(self._alarm.run, self.purge, *beats))

    async def readyz(self, _request: Request) -> Response:
        """Whether this process can answer; 503 with the part that fails."""
        parts = await run_in_threadpool(self.parts)
        ready = all(parts.values())
        said = {"ready": ready, "parts": {name: "ok" if fine else "failing" for name, fine in parts.items()}}
        return JSONResponse(said, 200 if ready else 503, NO_STORE)

    def parts(self) -> Mapping[str, bool]:
        """Each part, and whether it is as it should be."""
        database = self._service.database
        found = {"database": False, "migrations": False, "courier": False, "reports": False}
        try:
            found["migrations"] = database.migrated()
            found["database"] = True
            with database.read() as connection:
                beat = records.last_beat(connection, "courier") if found["migrations"] else None
                found["courier"] = beat is not None and abs(database.now(connection) - beat) < COURIER_LATE
                found["reports"] = found["migrations"] and not watch.stranded(connection)
        except DatabaseUnusableError as error:
            log.warning("not ready: %s", error)
        return {**found, "encoder": self._service.askwell.understands.encoder is not None, "alarm": not self._alarm.failing}

    async def metrics(self, _request: Request) -> Response:
        """The figures."""
        return Response(await run_in_threadpool(self._service.metrics.text), media_type="text/plain; version=0.0.4", headers=NO_STORE)

    async def purge(self) -> None:
        """Each hour, delete what is over."""
        while True:
            try:
                await asyncio.to_thread(self._purge)
            except DatabaseUnusableError as error:
                log.error("purge: %s", error)
            await asyncio.sleep(HOUR)

    def _purge(self) -> None:
        with self._service.database.write() as connection:
            gone = retention.purge(connection, self._service.database.now(connection), self._keeping, self._service.database.vault)
        log.info("purged", extra={"rows": sum(gone.values())})

    async def heartbeat(self) -> None:
        """Each minute, while all is well, fetch the address that somebody outside watches."""
        async with httpx.AsyncClient(timeout=TIMEOUT) as client:
            while True:
                if all((await asyncio.to_thread(self.parts)).values()):
                    await _beat(client, self._heartbeat_url)
                await asyncio.sleep(MINUTE)


async def _beat(client: httpx.AsyncClient, url: str) -> None:
    try:
        (await client.get(url)).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        log.warning("the heartbeat did not get through: %s", type(error).__name__)


def operate(service: Measured, settings: Settings) -> tuple[Part, Alarm]:
    """Health, figures and housekeeping as a part of the application, and the alarm for its courier. Raises SettingsError."""
    alarm = Alarm(service.database, teller(settings, slack(settings)))
    return Operate(service, alarm, settings.heartbeat_url, settings.keeping).part(), alarm


async def healthz(_request: Request) -> Response:
    """Whether the process runs at all."""
    return PlainTextResponse("ok", headers=NO_STORE)
