"""Teams' connector, by which messages are sent: plain JSON over HTTP. Nothing is repeated here, and nothing logged."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.lines import TIMEOUT, Lines
from adapters.payload import deep
from bot.courier import LaterError, RefusedError

TOKEN = 5.0  # seconds to wait for our own token; a message that has none waits for the next try
WAIT = 2.0  # seconds to wait where Teams asks for patience and does not say how long; the courier waits longer each time
_LATER = {412, 429, 502, 503, 504}  # Teams has not taken it, and asks to try again
_UNKNOWN = 401
_GOOD, _ELSEWHERE, _BAD, _BROKEN = 200, 300, 400, 500

Answer = Mapping[str, Any]


class InDoubtError(Exception):
    """Teams answered in a way that leaves open whether it did what was asked."""


class Ticket(Protocol):
    """Whoever gives out our token."""

    async def get(self) -> str:
        """The token."""

    def spoilt(self) -> None:
        """It is not taken."""


class Connector:
    """Raises LaterError, RefusedError, or what leaves it in doubt whether Teams did it. `allowed`: where messages may go at all."""

    def __init__(self, tokens: Ticket | None, allowed: Callable[[str], bool]) -> None:
        self._tokens, self._allowed, self._lines = tokens, allowed, Lines()

    async def send(self, service: str, conversation: str, activity: Answer, within: float = TIMEOUT) -> str:
        """Post an activity; its id."""
        return str(deep(await self._call("POST", service, f"{_place(conversation)}/activities", activity, within), "id") or "")

    async def update(self, service: str, conversation: str, message: str, activity: Answer) -> None:
        """Show a message otherwise."""
        await self._call("PUT", service, f"{_place(conversation)}/activities/{quote(message, safe='')}", {**activity, "id": message}, TIMEOUT)

    async def create(self, service: str, wanted: Answer) -> str:
        """A private chat with somebody; the conversation's id."""
        return str(deep(await self._call("POST", service, "/v3/conversations", wanted, TIMEOUT), "id") or "")

    async def member(self, service: str, conversation: str, member: str, within: float) -> Answer:
        """What Teams knows of somebody in a conversation."""
        return await self._call("GET", service, f"{_place(conversation)}/members/{quote(member, safe='')}", None, within)

    async def _call(self, method: str, service: str, path: str, body: Answer | None, within: float) -> Answer:
        if self._lines.closed:
            raise LaterError(0)
        if not self._allowed(service):  # a stored address may be older than the settings
            raise RefusedError("the address is none of Teams'")
        headers = await self._signed(within)
        url = URL(service.rstrip("/") + path, encoded=True)
        async with self._lines.using(within) as session, session.request(method, url, json=body, headers=headers, allow_redirects=False) as answer:
            self._judge(answer)
            return await _json(answer)

    async def _signed(self, within: float) -> Mapping[str, str]:
        if self._tokens is None:
            return {}
        try:
            async with asyncio.timeout(min(within, TOKEN)):
                return {"Authorization": f"Bearer {await self._tokens.get()}"}
        except Exception:  # no token, no try: nothing has been sent
            raise LaterError(0) from None

    def _judge(self, answer: aiohttp.ClientResponse) -> None:
        status = answer.status
        if status == _UNKNOWN and self._tokens is not None:
            self._tokens.spoilt()
            raise LaterError(0)
        if status in _LATER:
            wait = answer.headers.get("Retry-After", "")
            raise LaterError(float(wait) if wait.isdecimal() else WAIT)
        if _BAD <= status < _BROKEN:
            raise RefusedError(f"Teams answers {status}")
        if not _GOOD <= status < _ELSEWHERE:
            raise InDoubtError(status)

    async def close(self) -> None:
        """Let what is under way come to its end, then give the connections back. From then on everything is for later."""
        await self._lines.close()


def _place(conversation: str) -> str:
    return f"/v3/conversations/{quote(conversation, safe='')}"


async def _json(answer: aiohttp.ClientResponse) -> Answer:
    try:
        found = await answer.json(content_type=None)
    except ValueError:  # taken, without a word
        return {}
    return found if isinstance(found, dict) else {}
