"""A bare Bolt application that posts back what it is told: the least that an answer in Slack costs."""

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chaos.slack import SECRET


def main(url: str, port: int) -> None:
    """Serve until stopped."""
    app = AsyncApp(client=AsyncWebClient("xoxb-bench", url), signing_secret=SECRET, process_before_response=True)

    @app.event("message")
    async def echo(event: dict[str, str], client: AsyncWebClient) -> None:
        await client.chat_postMessage(channel=event["channel"], text=event["text"])

    handler = AsyncSlackRequestHandler(app)

    async def take(request: Request) -> Response:
        return await handler.handle(request)

    async def healthy(_request: Request) -> Response:
        return Response()

    routes = [Route("/slack/events", take, methods=["POST"]), Route("/healthz", healthy)]
    uvicorn.run(Starlette(routes=routes), port=port, log_config=None, access_log=False)
