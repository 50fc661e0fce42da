"""Takes what Slack sends, over HTTP or the socket: commit first, then acknowledge."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from adapters.parts import board_page
from adapters.payload import deep
from adapters.slack import events, interactions, people
from adapters.slack.channel import Slack
from adapters.slack.opening import Opening
from adapters.slack.places import CHANNEL, Spot
from adapters.slack.reporting import NOTHING, Body, Reporting
from adapters.slack.sdk import Web
from adapters.slack.wants import (
    Act,
    Amend,
    Ask,
    Begin,
    Changed,
    Home,
    Introduce,
    Look,
    Open,
    Prompts,
    Reported,
    Reports,
    Rest,
    Revoked,
    Say,
    Stranger,
    Typed,
    Uninstalled,
    Want,
    Wrong,
)  # fmt: skip
from bot import words
from bot.messages import Edited, Incoming
from bot.service import BusyError, Service
from bot.store.database import DatabaseUnusableError

EVENT, INTERACTION, COMMAND = "events_api", "interactive", "slash_commands"  # as Socket Mode names them
TAKEN, BROKEN, BUSY = 200, 500, 503
log = logging.getLogger("askwell.slack")


def wanted(kind: str, payload: Mapping[str, Any]) -> Want | None:
    """What a request wants of us; None for whatever we do not listen to."""
    match kind:
        case "events_api":
            return events.event(payload)
        case "interactive":
            return interactions.interaction(payload)
        case "slash_commands":
            return interactions.command(payload)
        case _:
            return None


class Desk:
    """One for the application. `wake` is called when something waits to be sent."""

    def __init__(self, service: Service, web: Web, channel: Slack, wake: Callable[[], None]) -> None:
        self._service, self._web = service, web
        self._opening = Opening(service, web, channel)
        self._reporting = Reporting(service, self._opening, wake, board_page(channel.public_url))
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, kind: str, payload: Mapping[str, Any]) -> tuple[int, Body]:
        """One verified request, and what it is answered with. 200: it may be acknowledged; else Slack shall deliver it again. Logs hold no words."""
        body = NOTHING
        try:
            if (found := wanted(kind, payload)) is not None:
                body = await self._taken(found)
        except (DatabaseUnusableError, BusyError) as error:
            log.error("slack: not taken in, Slack delivers it again: %s", error)
            return BUSY, NOTHING
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            log.error("slack: not taken in: %s in %s line %s", type(error).__name__, last.name, last.lineno)
            return BROKEN, NOTHING
        return TAKEN, body

    async def _taken(self, want: Want) -> Body:
        match want:
            case Uninstalled(team):
                await asyncio.to_thread(self._service.left, CHANNEL, f"{team}:%", f"{team}:%")
            case Revoked():
                log.error("slack: the workspace took the bot's token back; install the app again and set ASKWELL_SLACK_BOT_TOKEN")
            case _:
                # One after the other for each person, in the order in which they came.
                lock = self._locks.setdefault(want.spot.account, asyncio.Lock())
                async with lock:
                    return await self._in_turn(want)
        return NOTHING

    async def _in_turn(self, want: Want) -> Body:
        match want:
            case Begin(spot) | Reported(spot) | Typed(spot) | Look(spot) | Act(spot):
                await self._met(spot)
                return await self._report(want)
            case _:
                await self._done(want)
                return NOTHING

    async def _report(self, want: Reports) -> Body:
        match want:
            case Begin():
                return await self._reporting.begin(want)
            case Reported():
                return await self._reporting.reported(want)
            case Typed():
                return await self._reporting.typed(want)
            case Look():
                return await self._reporting.look(want)
            case Act():
                return await self._reporting.act(want)

    async def _done(self, want: Want) -> None:
        match want:
            case Say(spot, incoming, bare):
                if not bare or await self._talking(spot.account, incoming.conversation):
                    await self._said(spot, incoming)
            case Amend(spot, incoming):
                await self._amended(spot, incoming)
            case Changed(spot, user):
                await self._changed(spot, user)
            case Introduce(spot, incoming):
                await self._introduced(spot, incoming)
            case Stranger(spot):
                await self._opening.tell(spot, words.NOT_YOURS)
            case Wrong(spot, trigger, number, incoming):
                if not await self._opening.reason(spot, trigger, number):
                    await self._said(spot, incoming)
            case Home(spot):
                await self._met(spot)
                await self._opening.home(spot)
            case _:
                await self._opened(want)

    async def _opened(self, want: Want) -> None:
        match want:
            case Prompts(spot):
                await self._opening.prompts(spot)
            case Open(spot, trigger, number):
                await self._opening.answer(spot, trigger, number)
            case Rest(spot, trigger, number):
                await self._opening.rest(spot, trigger, number)
            case Ask(spot, trigger, message):
                await self._opening.ask(spot, trigger, message)

    async def _said(self, spot: Spot, incoming: Incoming) -> None:
        await self._met(spot)
        await asyncio.to_thread(self._service.handle, incoming)

    async def _talking(self, account: str, conversation: str) -> bool:
        return (await asyncio.to_thread(self._service.session, CHANNEL, account, conversation)).number > 0

    async def _amended(self, spot: Spot, incoming: Incoming) -> None:
        """Where a message of a thread went on in private, it is there that it is read again or forgotten."""
        if not spot.direct and isinstance(incoming.act, Edited):
            here = await asyncio.to_thread(self._service.session, CHANNEL, spot.account, incoming.conversation)
            home = await asyncio.to_thread(self._service.session, CHANNEL, spot.account, incoming.home)
            if incoming.act.source in dict(home.heard) and incoming.act.source not in dict(here.heard):
                incoming = replace(incoming, conversation=incoming.home)
            elif not here.number:
                return
        await self._said(spot, incoming)

    async def _met(self, spot: Spot) -> None:
        """Whoever is not known yet is looked up in the directory by the confirmed address that Slack has of them."""
        if await asyncio.to_thread(self._service.asker, CHANNEL, spot.account):
            return
        user = deep(await self._opening.looked_up("users.info", {"user": spot.user}), "user")
        email = people.confirmed(user) if isinstance(user, Mapping) else None
        known = await asyncio.to_thread(self._service.known, email) if email else None
        if known:
            await asyncio.to_thread(self._service.introduce, CHANNEL, spot.account, known)

    async def _changed(self, spot: Spot, user: Mapping[str, Any]) -> None:
        """Who left is forgotten, and so is a membership that no longer holds."""
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        lost = who is not None and who.member and people.confirmed(user) is None
        if user.get("deleted") or lost:
            await self._forgotten(spot)

    async def _introduced(self, spot: Spot, incoming: Incoming) -> None:
        """Only what somebody told us of themselves can be taken back; then they are asked again."""
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        if who and not who.member:
            await self._forgotten(spot)
        await self._said(spot, incoming)

    async def _forgotten(self, spot: Spot) -> None:
        await asyncio.to_thread(self._service.left, CHANNEL, spot.account, spot.account)
        await asyncio.to_thread(self._service.left, CHANNEL, spot.account, f"{spot.team}:%:{spot.user}")
