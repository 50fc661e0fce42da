"""The way out: what waits in the outbox goes to Slack, and is looked for there before it is sent again."""

import logging
import time
from collections.abc import Mapping
from typing import Any

from adapters.payload import deep
from adapters.slack import seeking
from adapters.slack.channel import OPTIONAL, POST, RESPOND, RINGS
from adapters.slack.sdk import Web
from bot.courier import RefusedError, UnheardError

MARK = "askwell"  # the type of the metadata that carries our key
LOOK_BACK = 3 * 3600.0  # seconds; longer than the courier tries
MOST_PAGES = 5
AT_ONCE = 3.0  # seconds to wait for whether somebody is not to be disturbed
log = logging.getLogger("askwell.slack")

Payload = Mapping[str, Any]


class SlackSender:
    """Sends payloads of the channel."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def send(self, key: str, payload: Payload) -> None:
        """Send; what Slack refuses goes the other way that the payload names, or is let go where nothing hangs on it.

        Raises UnheardError where nobody hears it: they have silenced Slack, or are not in it and there is no other way to reach them.
        """
        found = await seeking.named(self._web, payload)
        if found is None:
            if payload[seeking.ALONE]:
                raise UnheardError
            return
        await self._sent(key, found)

    async def _sent(self, key: str, payload: Payload) -> None:
        silenced = RINGS in payload and await self._silenced(payload[RINGS])
        try:
            await self._send(key, payload)
        except RefusedError:
            if "otherwise" in payload:
                await self._send(key, payload["otherwise"])
            elif OPTIONAL not in payload:
                raise
        if silenced:
            raise UnheardError

    async def _silenced(self, user: str) -> bool:
        """Whether somebody does not hear Slack now. Where Slack does not say, the ping counts: it must not go round the chain for that."""
        try:
            found, now = await self._web.look("dnd.info", {"user": user}, AT_ONCE), time.time()
        except Exception as error:
            log.warning("slack: whether somebody is not to be disturbed could not be asked: %s", type(error).__name__)
            return False
        snoozes = found.get("snooze_enabled") and now < float(found.get("snooze_endtime") or 0)
        rests = found.get("dnd_enabled") and float(found.get("next_dnd_start_ts") or 0) <= now < float(found.get("next_dnd_end_ts") or 0)
        return bool(snoozes or rests)

    async def _send(self, key: str, payload: Payload) -> None:
        method, arguments = payload["method"], dict(payload["arguments"])
        if method == RESPOND:
            await self._web.respond(arguments.pop("url"), arguments)
            return
        if method == POST:
            arguments["metadata"] = {"event_type": MARK, "event_payload": {"key": key}}
        await self._web.call(method, arguments)

    async def arrived(self, key: str, payload: Payload) -> bool:
        """Whether a message with this key stands there. What only one person sees leaves no trace, and is sent again."""
        payload = await seeking.named(self._web, payload) or {}
        for one in (payload, payload.get("otherwise")):
            if deep(one, "method") == POST and await self._found(key, payload["arguments"] if one is payload else payload["otherwise"]["arguments"]):
                return True
        return False

    async def _found(self, key: str, arguments: Mapping[str, Any]) -> bool:
        channel = arguments["channel"]
        if not channel.startswith(("C", "D", "G")):  # a person: their messages with the app
            channel = deep(await self._web.call("conversations.open", {"users": channel}), "channel", "id")
        look = {"channel": channel, "oldest": f"{time.time() - LOOK_BACK:.6f}", "limit": 200, "include_all_metadata": "true"}
        method = "conversations.history"
        if "thread_ts" in arguments:
            method, look["ts"] = "conversations.replies", arguments["thread_ts"]
        for _ in range(MOST_PAGES):
            page = await self._web.look(method, look)
            if any(deep(m, "metadata", "event_payload", "key") == key for m in page.get("messages") or ()):
                return True
            look["cursor"] = deep(page, "response_metadata", "next_cursor") or ""
            if not look["cursor"]:
                return False
        return False
