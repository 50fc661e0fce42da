"""Slack as a part of the application, by HTTP or by Socket Mode."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from adapters.app import Part, Wake
from adapters.slack.channel import Slack
from adapters.slack.desk import TAKEN, Desk
from adapters.slack.http import Endpoint
from adapters.slack.manifest import SCOPES
from adapters.slack.sdk import Signatures, Socket, Take, Web
from adapters.slack.sender import SlackSender
from bot.courier import LaterError, RefusedError
from bot.service import Service
from bot.settings import Settings, SettingsError

log = logging.getLogger("askwell.slack")


def part(service: Service, settings: Settings, wake: Wake) -> Part:
    """What Slack brings. `wake` tells the courier that something waits. Raises SettingsError, which names what to mend."""
    check(settings)
    web = Web(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    channel = Slack(settings.public_url)
    desk = Desk(service, web, channel, wake)

    async def connected() -> None:
        """Say what Slack has against the token, once; give the connections back at the end."""
        try:
            for line in await found(web):
                log.error("slack: %s", line)
            await asyncio.Event().wait()
        finally:
            await web.close()

    if settings.socket_mode:
        socket = Socket(settings.slack_app_token.get_secret_value(), settings.slack_api_url, _taking(desk))
        return Part(channel, SlackSender(web), background=[connected, socket.run])
    endpoint = Endpoint(desk, Signatures(settings.slack_signing_secret.get_secret_value()))
    return Part(channel, SlackSender(web), routes=endpoint.routes(), background=[connected])


def check(settings: Settings) -> None:
    """Raises SettingsError where a token cannot be one, or is missing."""
    bot, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token.get_secret_value()
    if not bot.startswith("xoxb-"):
        raise SettingsError(
            "ASKWELL_SLACK_BOT_TOKEN must be the bot token, which begins with xoxb-. It stands under OAuth & Permissions in the app's page."
        )
    if app and not app.startswith("xapp-"):
        raise SettingsError("ASKWELL_SLACK_APP_TOKEN must be an app-level token, which begins with xapp-. It stands under Basic Information.")
    if not app and not settings.slack_signing_secret.get_secret_value().strip():
        raise SettingsError(
            "ASKWELL_SLACK_SIGNING_SECRET is missing: without it Slack's requests cannot be told from others. "
            "Set it (it stands under Basic Information), or set ASKWELL_SLACK_APP_TOKEN for Socket Mode."
        )


def _taking(desk: Desk) -> Take:
    async def take(kind: str, payload: Mapping[str, Any]) -> Mapping[str, Any] | None:
        status, said = await desk.take(kind, payload)
        return said if status == TAKEN else None

    return take


async def found(web: Web) -> list[str]:
    """What Slack has against the bot's token: a sentence for each thing to mend; nothing where all is well."""
    try:
        missing = set(SCOPES) - await web.scopes()
    except RefusedError as error:
        return [f"Slack refuses ASKWELL_SLACK_BOT_TOKEN ({error}): install the app again and copy the new token."]
    except LaterError:
        return ["Slack cannot be reached, or refuses ASKWELL_SLACK_BOT_TOKEN: check the network, then the token. Messages wait meanwhile."]
    except Exception as error:
        return [f"Slack could not be asked about the token ({type(error).__name__}). Messages wait meanwhile."]
    if missing:
        return [f"The app lacks scopes: {', '.join(sorted(missing))}. Update it from `askwell manifest slack` and install it again."]
    return []
