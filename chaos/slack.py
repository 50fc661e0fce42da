"""Slack's side on loopback: a Web API that records what it is sent and sometimes fails, and requests signed as Slack signs them."""

import asyncio
import hashlib
import hmac
import itertools
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from adapters.slack.manifest import SCOPES
from bot.messages import FLOW

Json = dict[str, Any]
TEAM, BOT = "T01CHAOS", "U99BOT"
SECRET = "a-signing-secret"  # noqa: S105 - of the stand
FORM = "application/x-www-form-urlencoded"
_COUNT = itertools.count(1)


@dataclass(frozen=True)
class Faults:
    """How often a call fails: it is told to wait, it is refused with a 500, or it is done and its answer is lost."""

    later: float = 0.0
    broken: float = 0.0
    lost: float = 0.0


@dataclass(frozen=True)
class Posted:
    """A message as it stands in a channel. `key` is ours, from its metadata."""

    key: str
    message: Json


class Slack:
    """The Web API. `posted` holds by channel what was posted there, in order; `woken` is set at each, `count` is of all."""

    def __init__(self, chance: random.Random, faults: Faults = Faults()) -> None:
        self.posted: dict[str, list[Posted]] = defaultdict(list)
        self.woken: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self.count = self.failed = 0
        self.url = ""
        self._chance, self._faults = chance, faults
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen on a free port."""
        made = web.Application()
        made.add_routes([web.post("/api/{method}", self._api)])
        self._runner = web.AppRunner(made, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await request.json() if request.content_type == "application/json" else dict(await request.post())
        dice = self._chance.random() if method == "chat.postMessage" else 1.0
        if dice < self._faults.later:
            self.failed += 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "1"})
        dice -= self._faults.later
        if dice < self._faults.broken:
            self.failed += 1
            return web.json_response({"ok": False, "error": "internal_error"}, status=500)
        answer = self._done(method, arguments)
        if dice - self._faults.broken < self._faults.lost and request.transport:
            self.failed += 1
            request.transport.abort()
        return web.json_response({"ok": True, **answer}, headers={"X-OAuth-Scopes": ",".join(SCOPES)})

    def _done(self, method: str, arguments: Json) -> Json:
        match method:
            case "chat.postMessage":
                message = {**arguments, "ts": stamp()}
                key = arguments.get("metadata", {}).get("event_payload", {}).get("key", "")
                self.posted[arguments["channel"]].append(Posted(key, message))
                self.count += 1
                self.woken[arguments["channel"]].set()
                return {"ts": message["ts"], "channel": arguments["channel"]}
            case "conversations.history" | "conversations.replies":
                return {"messages": [p.message for p in reversed(self.posted[arguments["channel"]])][:200]}
            case "users.info":
                return {"user": {"id": arguments["user"], "is_restricted": True}}
            case _:
                return {}


def stamp() -> str:
    """The id of a message."""
    return f"{int(time.time())}.{next(_COUNT):06d}"


def signed(raw: bytes, content: str) -> dict[str, str]:
    """The headers of a request that Slack signed just now."""
    at = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{at}:".encode() + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}", "Content-Type": content}


@dataclass(frozen=True)
class Request:
    """One request of Slack's, which can be delivered again as it is."""

    raw: bytes
    content: str

    @property
    def headers(self) -> dict[str, str]:
        """Signed anew: Slack signs each delivery."""
        return signed(self.raw, self.content)


def said(user: str, text: str) -> Request:
    """A message to the app."""
    event = {"type": "message", "channel": f"D{user}", "channel_type": "im", "user": user, "text": text, "ts": stamp()}
    whole = {"type": "event_callback", "team_id": TEAM, "event_id": f"Ev{next(_COUNT):012d}", "event": event}
    installed = [{"team_id": TEAM, "user_id": BOT, "is_bot": True}]
    return Request(json.dumps({**whole, "authorizations": installed}).encode(), "application/json")


def pressed(user: str, message: Json, button: Json) -> Request:
    """A button of a message that was pressed."""
    action = {**button, "type": "button", "block_id": "b1", "action_ts": stamp()}
    found = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "trigger_id": f"t{next(_COUNT)}"}
    container = {"type": "message", "message_ts": message["ts"], "channel_id": f"D{user}", "is_ephemeral": False}
    payload = {**found, "container": container, "channel": {"id": f"D{user}"}, "message": message, "actions": [action]}
    return Request(urlencode({"payload": json.dumps(payload)}).encode(), FORM)


def choices(message: Json) -> list[Json]:
    """The buttons of a message that answer its question, or say what was meant. A report goes on in a modal, not in a message."""
    rows = [block["elements"] for block in message.get("blocks", ()) if block["type"] == "actions"]
    return [b for row in rows for b in row if b["action_id"].startswith("choose.") and f'"{FLOW}"' not in b["value"]]


def thumb(message: Json) -> Json | None:
    """The thumb that says that an answer was right."""
    for block in message.get("blocks", ()):
        for one in block.get("elements", ()):
            if one.get("type") == "feedback_buttons":
                return {**one["positive_button"], "action_id": one["action_id"]}
    return None
