"""Knows people again: by their id in the directory, and the first time by the address that their organisation gave them."""

import asyncio
import logging

from adapters.teams import people
from adapters.teams.connector import Connector
from adapters.teams.places import CHANNEL, Spot
from adapters.teams.sender import reference
from bot.people import Asker
from bot.service import Service
from bot.store import addresses

AT_ONCE = 2.0  # seconds to wait for what Teams knows of somebody
log = logging.getLogger("askwell.teams")


class Greeting:
    """Looks people up in the directory, and keeps where members can be written to first."""

    def __init__(self, service: Service, connector: Connector) -> None:
        self._service, self._connector = service, connector

    async def met(self, spot: Spot) -> None:
        """Whoever is not known yet is looked up; of whoever is in the staff list the address of their chat is kept."""
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        if who is None:
            who = await self._matched(spot)
        if who and who.member and spot.direct:
            await asyncio.to_thread(self._keep, spot)

    async def _matched(self, spot: Spot) -> Asker | None:
        try:
            member = await self._connector.member(spot.service, spot.room, spot.member, AT_ONCE)
        except Exception as error:  # then they are asked, as everybody whom nobody knows
            log.warning("teams: who somebody is could not be asked: %s", type(error).__name__)
            return None
        for address in people.confirmed(member, spot.user, spot.tenant):
            if known := await asyncio.to_thread(self._service.known, address):
                await asyncio.to_thread(self._service.introduce, CHANNEL, spot.account, known)
                return known
        return None

    def _keep(self, spot: Spot) -> None:
        found, database = reference(spot.place()), self._service.database
        with database.read() as connection:
            if addresses.of(connection, CHANNEL, spot.account) == found:
                return
        with database.write() as connection:
            addresses.keep(connection, CHANNEL, spot.account, found, database.now(connection))
