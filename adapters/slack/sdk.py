"""The only module that knows Slack's SDK: signatures, calls of the Web API, and Socket Mode.

The SDK's own log says what people write as soon as it is set to debug; so it gets a log of its own that never is.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NoReturn

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from adapters.lines import TIMEOUT, Lines
from adapters.payload import deep
from bot.courier import LaterError, RefusedError

WAIT = 30.0  # seconds to wait where Slack asks for patience and does not say how long
PING = 5.0  # seconds between signs of life on the socket
_TOO_MANY = 429
_OK = 200
_BUSY = {"ratelimited", "rate_limited", "message_limit_exceeded"}
_MENDABLE = {"invalid_auth", "not_authed", "token_expired", "missing_scope", "no_permission", "not_allowed_token_type", "ekm_access_denied"}
_REFUSED = {
    "account_inactive", "cannot_dm_bot", "cant_dm_bot", "cant_update_message", "channel_not_found", "edit_window_closed", "exchanged_trigger_id",
    "expired_trigger_id", "expired_url", "invalid_arguments", "invalid_blocks", "invalid_blocks_format", "invalid_payload", "invalid_trigger_id",
    "is_archived", "message_not_found", "messages_tab_disabled", "msg_too_long", "no_service", "no_text", "not_enabled", "not_found",
    "not_in_channel", "push_limit_reached", "restricted_action", "restricted_action_non_threadable_channel", "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel", "thread_not_found", "token_revoked", "used_url", "user_disabled", "user_not_found",
    "user_not_in_channel", "users_not_found", "view_not_found", "view_too_large",
}  # fmt: skip

Answer = Mapping[str, Any]
Take = Callable[[str, Mapping[str, Any]], Awaitable[Answer | None]]


class _Quiet(logging.Filter):
    """Without tracebacks, which hold what was sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = None
        return True


log = logging.getLogger("askwell.slack.sdk")
log.setLevel(logging.WARNING)
log.addFilter(_Quiet())


class Signatures:
    """Tells Slack's requests from others."""

    def __init__(self, secret: str) -> None:
        self._verifier = SignatureVerifier(secret)

    def holds(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether Slack signed this body within the last five minutes. Whatever is malformed is not signed."""
        try:
            return self._verifier.is_valid_request(body, dict(headers))
        except (ValueError, TypeError, OverflowError):
            return False


class Web:
    """Slack's Web API. Raises LaterError, RefusedError, or what leaves it in doubt whether Slack did it."""

    def __init__(self, token: str, url: str) -> None:
        self._token, self._url, self._lines = token, url, Lines()

    async def call(self, method: str, arguments: Mapping[str, Any], within: float = TIMEOUT) -> Answer:
        """Do something."""
        async with self._using(within) as session:
            return _data(await self._client(session).api_call(method, json=dict(arguments)))

    async def look(self, method: str, arguments: Mapping[str, Any], within: float = TIMEOUT) -> Answer:
        """Look something up; these methods take no JSON."""
        async with self._using(within) as session:
            return _data(await self._client(session).api_call(method, data=dict(arguments)))

    async def scopes(self) -> set[str]:
        """What the bot's token may do, as Slack says."""
        async with self._using(TIMEOUT) as session:
            answer = await self._client(session).api_call("auth.test")
        return {s.strip() for s in answer.headers.get("x-oauth-scopes", "").split(",") if s.strip()}

    async def respond(self, url: str, message: Mapping[str, Any]) -> None:
        """Answer at an address that Slack lent with a command or a press."""
        async with self._using(TIMEOUT) as session:
            answer = await AsyncWebhookClient(url, session=session, logger=log, retry_handlers=[]).send_dict(dict(message))
        _judge(answer.status_code, answer.body.strip(), answer.headers)

    async def close(self) -> None:
        """Let what is under way come to its end, then give the connections back. From then on everything is for later."""
        await self._lines.close()

    @asynccontextmanager
    async def _using(self, within: float) -> AsyncIterator[aiohttp.ClientSession]:
        async with self._lines.using(within) as session:
            try:
                yield session
            except SlackApiError as error:
                _explain(error)

    def _client(self, session: aiohttp.ClientSession) -> AsyncWebClient:
        # The SDK would repeat a call whose answer was lost, and so post a message twice: the courier looks first.
        return AsyncWebClient(self._token, self._url, session=session, logger=log, retry_handlers=[])


def _data(answer: AsyncSlackResponse) -> Answer:
    return answer.data if isinstance(answer.data, dict) else {}


def _explain(error: SlackApiError) -> NoReturn:
    """What Slack's refusal means for the courier."""
    status = int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0))
    _judge(status, str(deep(getattr(error.response, "data", None), "error") or ""), getattr(error.response, "headers", {}))
    raise InDoubtError(status) from None


def _judge(status: int, said: str, headers: Mapping[str, str]) -> None:
    if status == _TOO_MANY or said in _BUSY:
        wait = str(headers.get("Retry-After", headers.get("retry-after", "")))
        raise LaterError(float(wait) if wait.isdecimal() else WAIT)
    if said in _MENDABLE:
        raise LaterError(0)
    if said in _REFUSED:
        raise RefusedError(said)
    if status != _OK:
        raise InDoubtError(status)
    if said and said != "ok":
        raise InDoubtError(said)


class InDoubtError(Exception):
    """Slack answered in a way that leaves open whether it did what was asked."""


class Socket:
    """Socket Mode: Slack's requests come over a connection that we open. `take` says with what one is acknowledged; None: not at all."""

    def __init__(self, token: str, url: str, take: Take) -> None:
        self._token, self._url, self._take = token, url, take

    async def run(self) -> None:
        """Stay connected until cancelled."""
        client = SocketModeClient(self._token, logger=log, web_client=AsyncWebClient(base_url=self._url, logger=log), ping_interval=PING)
        client.socket_mode_request_listeners.append(self._heard)
        try:
            await client.connect()  # type: ignore[no-untyped-call]  # the SDK has types but for these two
            await asyncio.Event().wait()
        finally:
            await client.close()  # type: ignore[no-untyped-call]  # the other of the two

    async def _heard(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        said = await self._take(request.type, request.payload)
        if said is not None:
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, dict(said) if said else None))
