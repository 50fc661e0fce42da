"""The way out: what waits in the outbox goes to Teams. Private chats that we do not know yet are looked up, or opened.

Teams can't be asked whether a message stands there. What it has taken is written down at once, so that a crash repeats nothing.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from adapters.payload import deep, once
from adapters.teams.channel import OPTIONAL, UPDATE
from adapters.teams.connector import Connector
from adapters.teams.places import CHANNEL
from bot.courier import RefusedError
from bot.store import addresses, records
from bot.store.database import Database, DatabaseUnusableError

SENT = f"{CHANNEL}-sent"  # the "channel" of messages that Teams has taken; by a fingerprint, as a ping's key tells of a report
log = logging.getLogger("askwell.teams")

Payload = Mapping[str, Any]


class TeamsSender:
    """Sends payloads of the channel."""

    def __init__(self, connector: Connector, database: Database) -> None:
        self._connector, self._database = connector, database

    async def send(self, key: str, payload: Payload) -> None:
        """Send; what Teams refuses goes the other way that the payload names, or is let go where nothing hangs on it."""
        try:
            await self._send(payload)
        except RefusedError:
            if "otherwise" in payload:
                await self._send(payload["otherwise"])
            elif OPTIONAL not in payload:
                raise
        await asyncio.to_thread(self._remember, key)

    async def _send(self, payload: Payload) -> None:
        to = await self._where(payload["to"])
        whole = {**payload["activity"], "from": {"id": to["bot"]}, "conversation": {"id": to["conversation"]}}
        if payload["method"] == UPDATE:
            await self._connector.update(to["service"], to["conversation"], to["message"], whole)
        else:
            await self._connector.send(to["service"], to["conversation"], whole)

    async def _where(self, to: Mapping[str, str]) -> Mapping[str, str]:
        """A conversation: the one that is named, else the person's own with us, which is opened where there is none."""
        if "account" not in to:
            return to
        if known := await asyncio.to_thread(self._address, to["account"]):
            return known
        if "member" not in to:
            raise RefusedError("this person has no chat with Askwell in Teams")
        wanted = {"bot": {"id": to["bot"]}, "members": [{"id": to["member"]}], "isGroup": False}
        tenant = {"tenantId": to["tenant"], "channelData": {"tenant": {"id": to["tenant"]}}} if to.get("tenant") else {}
        found = {"service": to["service"], "conversation": await self._connector.create(to["service"], {**wanted, **tenant}), "bot": to["bot"]}
        await asyncio.to_thread(self._keep, to["account"], found)
        return found

    async def arrived(self, key: str, payload: Payload) -> bool:
        """Whether Teams took a message with this key."""
        return await asyncio.to_thread(self._taken, key)

    def _address(self, account: str) -> Mapping[str, str] | None:
        with self._database.read() as connection:
            return addresses.of(connection, CHANNEL, account)

    def _keep(self, account: str, address: Mapping[str, str]) -> None:
        with self._database.write() as connection:
            addresses.keep(connection, CHANNEL, account, address, self._database.now(connection))

    def _taken(self, key: str) -> bool:
        with self._database.read() as connection:
            return records.seen(connection, SENT, once(key))

    def _remember(self, key: str) -> None:
        """Where this fails the message has gone out all the same."""
        try:
            with self._database.write() as connection:
                records.take(connection, SENT, once(key), self._database.now(connection))
        except (DatabaseUnusableError, records.SeenError) as error:
            log.warning("teams: that a message was taken could not be written down: %s", type(error).__name__)


def reference(place: Mapping[str, Any]) -> dict[str, str]:
    """What is kept of a private chat: where Teams takes messages for it."""
    return {name: str(deep(place, name) or "") for name in ("service", "conversation", "bot")}
