"""A stand for Teams: a real connector on loopback that records, the real application in front of it, and activities as Teams sends them."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from aiohttp import web
from served import Served, serving, until

from adapters.teams.part import part
from bot import words
from bot.courier import Courier
from bot.guide import Askwell
from bot.people import Asker, Person
from bot.service import Service
from bot.settings import Settings
from bot.store import directory

TENANT, FOREIGN = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
ANN, BOB = "aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000002"
BOT, GROUP, THREAD = "28:askwell", "19:office@thread.v2", "19:team@thread.tacv2;messageid=1700000000001"
CARD = "application/vnd.microsoft.card.adaptive"
NOTE = "application/vnd.microsoft.activity.message"

_COUNT = itertools.count(1)
Json = dict[str, Any]
Go = Callable[["Stand"], Awaitable[None]]


@dataclass(frozen=True)
class Call:
    """One call that the connector got."""

    method: str
    path: str
    body: Json
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Trouble:
    """What the connector says instead of doing it. `late`: it does it, and then the answer is lost."""

    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    late: bool = False


class Connector:
    """Teams' side: what stands in its conversations, and who its people are."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.troubles: list[Trouble] = []
        self.messages: list[Json] = []
        self.updates: list[Json] = []
        self.typing: list[Json] = []
        self.members: dict[str, Json] = {}
        self.created: list[Json] = []
        self.creates = True
        self.url = ""

    def application(self) -> web.Application:
        """The server."""
        made = web.Application(client_max_size=10_000_000)
        made.add_routes([
            web.post("/v3/conversations", self._create), web.post("/v3/conversations/{id}/activities", self._post),
            web.put("/v3/conversations/{id}/activities/{message}", self._put), web.get("/v3/conversations/{id}/members/{member}", self._member),
        ])  # fmt: skip
        return made

    async def _called(self, request: web.Request) -> tuple[Json, Trouble | None]:
        body = await request.json() if request.can_read_body else {}
        self.calls.append(Call(request.method, request.path, body, request.headers))
        meant = request.method != "GET" and body.get("type") != "typing"  # where the machine is slow, typing shows before a message
        return body, self.troubles.pop(0) if self.troubles and meant else None

    async def _post(self, request: web.Request) -> web.Response:
        body, trouble = await self._called(request)
        if trouble and not trouble.late:
            return web.Response(status=trouble.status, headers=trouble.headers)
        if body.get("type") == "typing":
            self.typing.append(body)
            return web.json_response({"id": "typing"}, status=201)
        found = {**body, "id": f"{1_700_000_000_000 + next(_COUNT)}", "to": request.match_info["id"]}
        self.messages.append(found)
        if trouble and request.transport:
            request.transport.abort()
        return web.json_response({"id": found["id"]}, status=201)

    async def _put(self, request: web.Request) -> web.Response:
        body, trouble = await self._called(request)
        if trouble:
            return web.Response(status=trouble.status, headers=trouble.headers)
        self.updates.append({**body, "id": request.match_info["message"], "to": request.match_info["id"]})
        return web.json_response({"id": body["id"]})

    async def _create(self, request: web.Request) -> web.Response:
        body, trouble = await self._called(request)
        if trouble or not self.creates:
            return web.Response(status=trouble.status if trouble else 403)
        self.created.append(body)
        return web.json_response({"id": f"a:{body['members'][0]['id']}"}, status=201)

    async def _member(self, request: web.Request) -> web.Response:
        await self._called(request)
        found = self.members.get(request.match_info["member"])
        return web.json_response(found) if found else web.Response(status=404)


class Stand(Served):
    """The application, with Teams before and behind it."""

    def __init__(self, teams: Connector, service: Service, courier: Courier, client: httpx.AsyncClient, alarms: list[str]) -> None:
        super().__init__(service, courier, client, alarms)
        self.teams, self.header = teams, ""

    async def send(self, activity: Json, header: str | None = None) -> httpx.Response:
        """One activity, with the token that the stand holds."""
        token = self.header if header is None else header
        return await self.client.post("/api/messages", json=activity, headers={"Authorization": token} if token else {})

    def activity(self, kind: str, user: str = ANN, conversation: str = "", **more: Any) -> Json:  # noqa: ANN401 - JSON
        """An activity as Teams sends it: in the person's own chat, or in a group or a thread."""
        kinds = {GROUP: "groupChat", THREAD: "channel"}
        where: Json = {"id": conversation or f"a:29:{user}", "conversationType": kinds.get(conversation, "personal"), "tenantId": TENANT}
        return {
            "type": kind, "id": f"{next(_COUNT)}", "timestamp": f"2026-11-21T12:00:00.{next(_COUNT):06d}Z", "channelId": "msteams",
            "serviceUrl": self.teams.url, "from": {"id": f"29:{user}", "name": "Ann", "aadObjectId": user}, "conversation": where,
            "recipient": {"id": BOT, "name": "Askwell"}, "channelData": {"tenant": {"id": TENANT}}, **more,
        }  # fmt: skip

    async def say(self, text: str, user: str = ANN, conversation: str = "", **more: Any) -> str:  # noqa: ANN401 - JSON
        """Type a message; returns its id. In a group it names the bot, as it would not be heard otherwise."""
        if conversation:
            text = f"<at>Askwell</at> {text}"
            more["entities"] = [{"type": "mention", "mentioned": {"id": BOT, "name": "Askwell"}, "text": "<at>Askwell</at>"}]
        said = self.activity("message", user, conversation, text=text, textFormat="plain", **more)
        assert (await self.send(said)).status_code == 200
        return str(said["id"])

    async def invoke(self, name: str, value: Json, user: str = ANN, conversation: str = "", **more: Any) -> Json:  # noqa: ANN401 - JSON
        """An invocation; what it is answered with."""
        answer = await self.send(self.activity("invoke", user, conversation, name=name, value=value, **more))
        assert answer.status_code == 200
        return dict(answer.json())

    async def press(self, message: Json, label: str, user: str = ANN, row: str = "", **fields: str) -> Json:
        """Press a button on a card in a message, with what its fields hold; what Teams is answered with. `row`: the question that it answers."""
        label, fields = listed(card_of(message), label, fields)
        button = next(b for b in buttons(card_of(message)) if b["title"] == label and row in b.get("tooltip", ""))
        return await self.execute({**button, "data": {**button["data"], **fields}}, message, user)

    async def execute(self, button: Json, message: Json, user: str = ANN) -> Json:
        """The press of a button as Teams sends it."""
        to = message["to"] if message["to"] in (GROUP, THREAD) else ""
        if button["type"] == "Action.Submit":
            return await self.invoke("task/fetch", {"data": button["data"], "context": {"theme": "default"}}, user, to, replyToId=message["id"])
        action = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"]}
        return await self.invoke("adaptiveCard/action", {"action": action, "trigger": "manual"}, user, to, replyToId=message["id"])

    async def press_in(self, answer: Json, label: str, user: str = ANN, name: str = "task/submit", **fields: str) -> Json:
        """Press a button in a dialog; what the dialog goes on with."""
        label, fields = listed(dialog_of(answer), label, fields)
        return await self.invoke(name, {"data": {**found(dialog_of(answer), label)["data"], **fields}}, user)

    async def posted(self, count: int) -> Json:
        """Wait until so many messages stand in Teams; the last of them."""
        await until(lambda: len(self.teams.messages) >= count, f"{count} messages")
        return self.teams.messages[count - 1]

    def known(self, user: str = ANN, organisation: str = "sefton", role: str = "staff") -> None:
        """Somebody who has said who they are."""
        self.service.introduce("teams", f"{TENANT}:{user}", Asker(organisation, role))

    def hired(self, *people: tuple[str, str], organisation: str = "sefton") -> None:
        """People whom the directory holds, as (address, name)."""
        with self.service.database.write() as connection:
            directory.replaced(connection, organisation, [Person(organisation, email, name, "staff") for email, name in people])


def card_of(message: Json) -> Json:
    """The card of a message."""
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == CARD
    return dict(attachment["content"])


def dialog_of(answer: Json) -> Json:
    """The card of a dialog."""
    assert answer["task"]["type"] == "continue"
    return dict(answer["task"]["value"]["card"]["content"])


def replaced(answer: Json) -> Json:
    """The card that takes the place of the one that was pressed."""
    assert (answer["statusCode"], answer["type"]) == (200, CARD)
    return dict(answer["value"])


def buttons(card: object) -> list[Json]:
    """Every button of a card."""
    if isinstance(card, dict):
        mine = [card] if str(card.get("type")).startswith("Action.") and "title" in card else []
        return [*mine, *(b for one in card.values() for b in buttons(one))]
    return [b for one in card for b in buttons(one)] if isinstance(card, list) else []


def found(card: Json, label: str) -> Json:
    """The button with this label."""
    return next(b for b in buttons(card) if b["title"] == label)


def labels(card: Json) -> list[str]:
    """What the buttons of a card say."""
    return [b["title"] for b in buttons(card)]


def listed(card: Json, label: str, given: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The button to press and the fields: where a label stands in a list instead of on a button, it is chosen there."""
    for one in fields(card):
        for choice in one.get("choices", ()) if one["id"] == "chosen" else ():
            if choice["title"] == label:
                return words.PICK_IT, {**given, "chosen": choice["value"]}
    return label, given


def offered(card: Json) -> list[str]:
    """Everything that can be chosen or pressed, in a list or by a button."""
    lists = [c["title"] for one in fields(card) if one["id"] == "chosen" for c in one["choices"]]
    return [*lists, *(label for label in labels(card) if label != words.PICK_IT)]


def fields(card: object) -> list[Json]:
    """Every field of a card."""
    if isinstance(card, dict):
        mine = [card] if str(card.get("type")).startswith("Input.") else []
        return [*mine, *(f for one in card.values() for f in fields(one))]
    return [f for one in card for f in fields(one)] if isinstance(card, list) else []


def text_of(card: object) -> str:
    """All words of a card that are read, a paragraph a line."""
    if isinstance(card, dict):
        if card.get("type") == "RichTextBlock":
            return "".join(r["text"] for r in card["inlines"])
        own = [str(card["text"])] if card.get("type") == "TextBlock" else [str(card["label"])] if "label" in card else []
        return "\n".join(filter(None, [*own, *(text_of(v) for v in card.values() if isinstance(v, dict | list))]))
    return "\n".join(filter(None, map(text_of, card))) if isinstance(card, list) else ""


def settings(folder: Path, **more: Any) -> Settings:  # noqa: ANN401 - settings are of many types
    """Settings as for the playground: no app, only this machine."""
    return Settings(**{"data": folder, "teams_playground": True, "public_url": "https://askwell.example.org", **more})


@asynccontextmanager
async def connecting() -> AsyncIterator[Connector]:
    """Teams' connector, running."""
    teams = Connector()
    runner = web.AppRunner(teams.application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    teams.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield teams
    finally:
        await runner.cleanup()


@asynccontextmanager
async def standing(askwell: Askwell, folder: Path, **more: Any) -> AsyncIterator[Stand]:  # noqa: ANN401 - settings
    """The whole of it, running."""
    plans = more.pop("plans", None)
    configured = settings(folder, **more)
    async with (
        connecting() as teams,
        serving(askwell, folder, "http://127.0.0.1:8080", plans, lambda service, wake: part(service, configured, wake)) as made,
    ):
        yield Stand(teams, *made)


def play(go: Go, askwell: Askwell, folder: Path, **more: Any) -> None:  # noqa: ANN401 - settings
    """Run one test on the stand."""

    async def run() -> None:
        async with standing(askwell, folder, **more) as stand:
            await go(stand)

    asyncio.run(run())


def dumped(value: object) -> str:
    """Anything as JSON, to be searched."""
    return json.dumps(value, ensure_ascii=False)
