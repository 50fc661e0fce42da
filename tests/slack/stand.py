"""A stand for Slack: a real Web API on loopback that records, the real application in front of it, and requests signed as Slack signs them."""

import asyncio
import hashlib
import hmac
import itertools
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from aiohttp import WSMsgType, web
from pydantic import SecretStr
from served import Served, serving, until

from adapters.slack.manifest import SCOPES
from adapters.slack.part import part
from bot.courier import Courier
from bot.guide import Askwell
from bot.people import Asker, Person
from bot.service import Service
from bot.settings import Settings
from bot.store import directory

TEAM, ANN, BOB, BOT, APP = "T01TEAM", "U01ANN", "U02BOB", "U99BOT", "A01APP"
DIRECT, OFFICE = "D01ANN", "C01OFFICE"
SECRET = "a-signing-secret"  # noqa: S105 - of the stand
POST = "chat.postMessage"

_COUNT = itertools.count(1)
Json = dict[str, Any]
Go = Callable[["Stand"], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """One call that the Web API got."""

    method: str
    arguments: Json
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Trouble:
    """What the Web API says instead of doing it. `late`: it does it, and then the answer is lost."""

    status: int = 200
    body: Json = field(default_factory=lambda: {"ok": False, "error": "internal_error"})
    headers: Mapping[str, str] = field(default_factory=dict)
    late: bool = False


class Slack:
    """Slack's side: what its Web API was asked, what stands in its channels, and who its people are."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.troubles: dict[str, list[Trouble]] = {}
        self.messages: list[Json] = []
        self.users: dict[str, Json] = {}
        self.resting: dict[str, Json] = {}
        self.envelopes: asyncio.Queue[Json] = asyncio.Queue()
        self.acknowledged: list[str] = []
        self.url = ""
        self.scopes = ",".join(SCOPES)

    def application(self) -> web.Application:
        """The server."""
        made = web.Application()
        made.add_routes([web.post("/api/{method}", self._api), web.post("/respond/{name}", self._respond), web.get("/socket", self._socket)])
        return made

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.calls.append(Call(method, arguments, request.headers))
        troubles = self.troubles.get(method)
        trouble = troubles.pop(0) if troubles else None
        if trouble and not trouble.late:
            return web.json_response(trouble.body, status=trouble.status, headers=trouble.headers)
        answer = self._done(method, arguments)
        if trouble and request.transport:
            request.transport.abort()
        return web.json_response({"ok": True, **answer}, headers={"X-OAuth-Scopes": self.scopes})

    def _done(self, method: str, arguments: Json) -> Json:
        match method:
            case "chat.postMessage":
                ts = stamp()
                self.messages.append({**arguments, "ts": ts})
                return {"ts": ts, "channel": arguments["channel"]}
            case "conversations.open":
                return {"channel": {"id": f"D{arguments['users'][1:]}"}}
            case "conversations.history" | "conversations.replies":
                here = {arguments["channel"], f"U{arguments['channel'][1:]}"}
                found = [m for m in self.messages if m["channel"] in here and m.get("thread_ts") == arguments.get("ts")]
                return {"messages": found}
            case "users.lookupByEmail" | "users.info" | "dnd.info":
                return self._person(arguments)
            case "apps.connections.open" | "views.open":
                return {"url": self.url.replace("http", "ws") + "/socket", "view": {"id": f"V{next(_COUNT)}"}}
            case _:
                return {}

    def _person(self, arguments: Json) -> Json:
        if email := arguments.get("email"):
            found = next((u for u in self.users.values() if u.get("profile", {}).get("email") == email), None)
            return {"user": found} if found else {"ok": False, "error": "users_not_found"}
        who = arguments["user"]
        return {"user": self.users.get(who, {"id": who}), **self.resting.get(who, {})}

    async def _respond(self, request: web.Request) -> web.Response:
        self.calls.append(Call("respond", await request.json(), request.headers))
        troubles = self.troubles.get("respond")
        trouble = troubles.pop(0) if troubles else None
        return web.Response(status=trouble.status, text=trouble.body["error"]) if trouble else web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        sending = asyncio.create_task(self._pushed(socket))
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                self.acknowledged.append(json.loads(message.data)["envelope_id"])
        sending.cancel()
        return socket

    async def _pushed(self, socket: web.WebSocketResponse) -> None:
        while not socket.closed:
            await socket.send_json(await self.envelopes.get())

    def to(self, method: str) -> list[Json]:
        """The arguments of all calls of a method."""
        return [c.arguments for c in self.calls if c.method == method]


class Stand(Served):
    """The application, with Slack before and behind it."""

    def __init__(self, slack: Slack, service: Service, courier: Courier, client: httpx.AsyncClient, alarms: list[str]) -> None:
        super().__init__(service, courier, client, alarms)
        self.slack = slack

    async def signed(
        self, raw: bytes, content: str, *, secret: str = SECRET, age: float = 0.0, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """A request with a signature that is so many seconds old."""
        at = str(int(time.time() - age))
        signature = "v0=" + hmac.new(secret.encode(), f"v0:{at}:".encode() + raw, hashlib.sha256).hexdigest()
        signs = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature, "Content-Type": content}
        sent = {k.encode(): v.encode() for k, v in {**signs, **(headers or {})}.items()}
        return await self.client.post("/slack/events", content=raw, headers=sent)

    async def event(self, event: Json, **more: Any) -> httpx.Response:  # noqa: ANN401 - JSON
        """An event of the Events API."""
        return await self.signed(json.dumps(envelope(event, **more)).encode(), "application/json")

    async def interact(self, payload: Json) -> httpx.Response:
        """A press, a modal, a shortcut."""
        return await self.signed(urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded")

    async def command(self, text: str, user: str = ANN, channel: str = OFFICE) -> httpx.Response:
        """`/askwell`."""
        form = {"command": "/askwell", "text": text, "team_id": TEAM, "user_id": user, "channel_id": channel, "trigger_id": f"t{next(_COUNT)}"}
        raw = urlencode({**form, "response_url": f"{self.slack.url}/respond/{next(_COUNT)}"}).encode()
        return await self.signed(raw, "application/x-www-form-urlencoded")

    async def say(self, text: str, user: str = ANN, **more: Any) -> str:  # noqa: ANN401 - JSON
        """Type a direct message; returns its id."""
        ts = stamp()
        assert (await self.event(direct(text, user=user, ts=ts, **more))).status_code == 200
        return ts

    async def calls(self, method: str, count: int) -> list[Json]:
        """Wait until the Web API had so many calls of a method."""
        await until(lambda: len(self.slack.to(method)) >= count, f"{count} × {method}")
        return self.slack.to(method)

    async def posted(self, count: int) -> Json:
        """Wait until so many messages were posted; the last of them."""
        await self.calls(POST, count)
        await until(lambda: len(self.slack.messages) >= count, f"{count} messages")
        return self.slack.messages[count - 1]

    def known(self, user: str = ANN, organisation: str = "sefton", role: str = "staff") -> None:
        """Somebody who has said who they are."""
        self.service.introduce("slack", f"{TEAM}:{user}", Asker(organisation, role))

    def hired(self, email: str, organisation: str = "sefton", role: str = "staff") -> None:
        """Somebody whom the directory holds."""
        with self.service.database.write() as connection:
            directory.replaced(connection, organisation, [Person(organisation, email, "Ann", role)])


def stamp() -> str:
    """The id of a message; later ones are greater."""
    return f"{int(time.time())}.{next(_COUNT):06d}"


def envelope(event: Json, **more: Any) -> Json:  # noqa: ANN401 - JSON
    """An event as Slack wraps it."""
    installed = [{"team_id": TEAM, "user_id": BOT, "is_bot": True}]
    found = {"type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event_id": f"Ev{next(_COUNT):09d}", "authorizations": installed}
    return {**found, "event": event, **more}


def direct(text: str, user: str = ANN, **more: Any) -> Json:  # noqa: ANN401 - JSON
    """A message to the app."""
    return {"type": "message", "channel": DIRECT, "channel_type": "im", "user": user, "text": text, "ts": stamp(), **more}


def mention(text: str, user: str = ANN, **more: Any) -> Json:  # noqa: ANN401 - JSON
    """A message in a channel that names the app."""
    return {"type": "app_mention", "channel": OFFICE, "user": user, "text": f"<@{BOT}> {text}", "ts": stamp(), **more}


def spoken(text: str, user: str = ANN, **more: Any) -> Json:  # noqa: ANN401 - JSON
    """A message in a channel."""
    return {"type": "message", "channel": OFFICE, "channel_type": "channel", "user": user, "text": text, "ts": stamp(), **more}


def buttons(message: Json) -> list[tuple[Json, Json]]:
    """Every button with the block that it stands in."""
    found = []
    for block in message["blocks"]:
        for one in block.get("elements", ()):
            if one.get("type") == "button":
                found.append((block, one))
            elif one.get("type") == "feedback_buttons":
                found += [(block, {**one[k], "action_id": one["action_id"]}) for k in ("positive_button", "negative_button")]
    return found


def press(message: Json, label: str, user: str = ANN, **more: Any) -> Json:  # noqa: ANN401 - JSON
    """The press of a button on a message, as Slack sends it. Slack gives every block an id."""
    numbered = [{"block_id": f"b{i}", **block} for i, block in enumerate(message["blocks"])]
    message = {**message, "blocks": numbered}
    block, button = next((b, e) for b, e in buttons(message) if label in e["text"]["text"])
    channel = message.get("channel", DIRECT)
    channel = f"D{channel[1:]}" if channel.startswith("U") else channel
    action = {**button, "block_id": block["block_id"], "action_ts": stamp(), "type": "button"}
    found = {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}, "trigger_id": f"t{next(_COUNT)}"}
    container = {"type": "message", "message_ts": message.get("ts"), "channel_id": channel, "is_ephemeral": False}
    return {**found, "container": container, "channel": {"id": channel}, "message": message, "actions": [action], **more}


def press_in(view: Json, label: str, user: str = ANN, view_id: str = "V01") -> Json:
    """The press of a button in a modal or on Home."""
    found = press(view, label, user)
    for name in ("message", "channel"):
        del found[name]
    return {**found, "container": {"type": "view", "view_id": view_id}, "view": {"id": view_id, **view}}


def submit(view: Json, written: str = "", user: str = ANN, kind: str = "view_submission") -> Json:
    """A modal that is sent, or closed."""
    values = {"field": {"field": {"type": "plain_text_input", "value": written or None}}}
    found = {"type": kind, "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM}}
    return {**found, "view": {"id": f"V{next(_COUNT)}", "state": {"values": values}, **view}}


def text_of(blocks: object) -> str:
    """All words in blocks, in order."""
    if isinstance(blocks, Mapping):
        own = [str(blocks["text"])] if isinstance(blocks.get("text"), str) else []
        return "\n".join(filter(None, [*own, *(text_of(v) for v in blocks.values() if isinstance(v, dict | list))]))
    return "\n".join(filter(None, map(text_of, blocks))) if isinstance(blocks, list) else ""


def settings(url: str, folder: Path, **more: Any) -> Settings:  # noqa: ANN401 - settings are of many types
    """Settings that lead to the stand."""
    usual = {"slack_bot_token": SecretStr("xoxb-stand"), "slack_signing_secret": SecretStr(SECRET), "public_url": "https://askwell.example.org"}
    return Settings(**{"data": folder, "slack_api_url": f"{url}/api/", **usual, **more})


@asynccontextmanager
async def standing(askwell: Askwell, folder: Path, **more: Any) -> AsyncIterator[Stand]:  # noqa: ANN401 - settings
    """The whole of it, running."""
    slack = Slack()
    runner = web.AppRunner(slack.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    plans = more.pop("plans", None)
    configured = settings(slack.url, folder, **more)
    try:
        async with serving(askwell, folder, "http://askwell", plans, lambda service, wake: part(service, configured, wake)) as made:
            yield Stand(slack, *made)
    finally:
        await runner.cleanup()


def play(go: Go, askwell: Askwell, folder: Path, **more: Any) -> None:  # noqa: ANN401 - settings
    """Run one test on the stand."""

    async def run() -> None:
        async with standing(askwell, folder, **more) as stand:
            await go(stand)

    asyncio.run(run())
