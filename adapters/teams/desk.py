"""Takes what Teams sends: commit first, then answer."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

from adapters.teams import activities, answers
from adapters.teams.answers import EMPTY, Body
from adapters.teams.channel import Teams
from adapters.teams.connector import Connector
from adapters.teams.greeting import Greeting
from adapters.teams.opening import Opening
from adapters.teams.places import CHANNEL, Activity, Spot
from adapters.teams.pressing import Pressing
from adapters.teams.reporting import Reporting
from adapters.teams.wants import Act, Ask, Dialog, Hello, Left, Look, Open, Pressed, Refused, Reported, Rest, Say, Take, Told, Unknown, Want, Wrong
from bot.service import BusyError, Service
from bot.store.database import DatabaseUnusableError

TAKEN, BROKEN, BUSY = 200, 500, 503
PATIENCE = 0.7  # seconds until somebody who waits is shown that we are at it
log = logging.getLogger("askwell.teams")


class Desk:
    """One for the application. `wake` is called when something waits to be sent."""

    def __init__(self, service: Service, connector: Connector, channel: Teams, wake: Callable[[], None]) -> None:
        self._service, self._connector = service, connector
        self._greeting = Greeting(service, connector)
        self._opening = Opening(service, channel)
        self._pressing = Pressing(service, channel)
        self._reporting = Reporting(service, wake, channel.board)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, activity: Activity) -> tuple[int, Body | None]:
        """One verified activity, and what it is answered with. Logs hold no words."""
        try:
            want = activities.read(activity)
            return TAKEN, await self._taken(want) if want else None
        except (DatabaseUnusableError, BusyError) as error:
            log.error("teams: not taken in: %s", error)
            return BUSY, None
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("teams: not taken in: %s in %s line %s", type(error).__name__, last.name, last.lineno)
            return BROKEN, None

    async def _taken(self, want: Want) -> Body | None:
        if isinstance(want, Unknown):
            return EMPTY
        # One after the other for each person, in the order in which they came.
        lock = self._locks.setdefault(want.spot.account, asyncio.Lock())
        async with lock:
            return await self._in_turn(want)

    async def _in_turn(self, want: Want) -> Body | None:
        match want:
            case Say(spot, incoming) | Hello(spot, incoming):
                async with self._typing(spot):
                    await self._greeting.met(spot)
                    await asyncio.to_thread(self._service.handle, incoming)
                return None
            case Left(spot):
                await asyncio.to_thread(self._service.left, CHANNEL, spot.account, spot.account)
                await asyncio.to_thread(self._service.left, CHANNEL, spot.account, f"{spot.tenant}:%:{spot.user}")
                return None
            case Refused(_, says, dialog):
                return answers.said(says) if dialog else answers.note(says)
            case Pressed() | Wrong() | Take():
                await self._greeting.met(want.spot)
                return await self._on_card(want)
            case _ if isinstance(want, Dialog):
                await self._greeting.met(want.spot)
                return await self._dialog(want)
        return None

    async def _on_card(self, want: Pressed | Wrong | Take) -> Body:
        match want:
            case Pressed():
                return await self._pressing.pressed(want)
            case Wrong():
                return await self._pressing.wrong(want)
            case Take():
                return await self._reporting.taken(want)

    async def _dialog(self, want: Dialog) -> Body:  # noqa: PLR0911 - one way out for each
        match want:
            case Open():
                return await self._opening.answer(want)
            case Rest():
                return await self._opening.rest(want)
            case Ask():
                return self._opening.ask(want)
            case Told():
                return await self._opening.told(want)
            case Reported():
                return await self._reporting.reported(want)
            case Look():
                return await self._reporting.look(want)
            case Act():
                return await self._reporting.act(want)

    @asynccontextmanager
    async def _typing(self, spot: Spot) -> AsyncIterator[None]:
        """Show that we are at it, to somebody who has to wait. Before a quick answer it would come too late, and stay."""

        async def show() -> None:
            await asyncio.sleep(PATIENCE)
            with suppress(Exception):  # nothing hangs on it
                typing = {"type": "typing", "from": {"id": spot.bot}, "conversation": {"id": spot.conversation}}
                await self._connector.send(spot.service, spot.conversation, typing, PATIENCE)

        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
