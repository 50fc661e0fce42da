"""The whole application in a thread, as `askwell serve` runs it, and a post that signs what the client sends as Microsoft would."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import uvicorn
from pydantic import SecretStr
from served import SHORT
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from teams.microsoft import APP, SECRET, microsoft, token
from teams.stand import TENANT

from adapters.serve import house
from adapters.teams.http import PATH
from bot.guide import Askwell
from bot.service import Service
from bot.settings import Settings

Made = TypeVar("Made")
Running = tuple[str, Service]  # where the client has to send, and what answers
PAGE = "https://askwell.example.org"


def trying(askwell: Askwell, folder: Path) -> AbstractAsyncContextManager[Running]:
    """As for trying it out: no app id, only this machine."""
    return _housed(askwell, Settings(_env_file=None, data=folder / "data", public_url=PAGE, teams_playground=True))


@asynccontextmanager
async def guarded(askwell: Askwell, folder: Path) -> AsyncIterator[Running]:
    """As it is run for others: an app id, its secret and its tenant, and no request without Microsoft's signature."""
    async with microsoft(folder) as vendor:
        settings = Settings(
            _env_file=None, data=folder / "data", public_url=PAGE, teams_app_id=APP, teams_app_secret=SecretStr(SECRET), teams_tenant=TENANT,
            teams_service_hosts="127.0.0.1", teams_openid_url=vendor.openid, teams_sign_in_url=vendor.sign_in,
        )  # fmt: skip
        async with _housed(askwell, settings) as (endpoint, service), _served(_signing(endpoint)) as post:
            yield f"{post}{PATH}", service


@asynccontextmanager
async def _housed(askwell: Askwell, settings: Settings) -> AsyncIterator[Running]:
    app, service = house(askwell, settings)
    async with _served(app) as address:
        yield f"{address}{PATH}", service


def _signing(endpoint: str) -> Starlette:
    """A post that puts a token before each request, as the client has none."""

    async def post(request: Request) -> Response:
        signed = {"Authorization": token((await request.json())["serviceUrl"]), "Content-Type": request.headers["content-type"]}
        async with httpx.AsyncClient(timeout=60) as client:
            answer = await client.post(endpoint, content=await request.body(), headers=signed)
        return Response(answer.content, answer.status_code, media_type=answer.headers.get("content-type"))

    return Starlette(routes=[Route(PATH, post, methods=["POST"])])


@asynccontextmanager
async def _served(app: Starlette) -> AsyncIterator[str]:
    """On a free port of this machine; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done(), "the server does not start"
        await asyncio.sleep(SHORT)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@contextmanager
def in_thread(make: Callable[[], AbstractAsyncContextManager[Made]]) -> Iterator[Made]:
    """An asynchronous context in a loop of its own, beside the browser's."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(done: Any) -> Any:  # noqa: ANN401 - whatever the context gives
        return asyncio.run_coroutine_threadsafe(done, loop).result()

    context = make()
    made = wait(context.__aenter__())
    try:
        yield made
    finally:
        wait(context.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
