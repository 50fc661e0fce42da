"""Teams as a part of the application."""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from adapters.app import Part, Wake
from adapters.teams.channel import Teams
from adapters.teams.connector import Connector
from adapters.teams.desk import Desk
from adapters.teams.http import Endpoint
from adapters.teams.places import is_guid
from adapters.teams.sdk import Guard, Tokens
from adapters.teams.sender import TeamsSender
from bot.service import Service
from bot.settings import LOOPBACK, Settings, SettingsError

PATIENCE = 20.0  # seconds for a look at Microsoft's sign-in


def part(service: Service, settings: Settings, wake: Wake) -> Part:
    """What Teams brings. `wake` tells the courier that something waits. Raises SettingsError, which names what to mend."""
    check(settings)
    known, allowed = bool(settings.teams_app_id), hosts(settings)
    tokens = tokens_of(settings) if known else None
    guard = Guard(settings.teams_app_id, settings.teams_openid_url) if known else None
    connector = Connector(tokens, allowed)
    channel = Teams(settings.public_url)
    endpoint = Endpoint(Desk(service, connector, channel, wake), guard, allowed, settings.teams_tenant)

    async def connected() -> None:
        """Hold a token ready; give the connections back at the end."""
        try:
            await (tokens.keep() if tokens else asyncio.Event().wait())
        finally:
            await connector.close()
            if tokens:
                tokens.close()

    return Part(channel, TeamsSender(connector, service.database), routes=endpoint.routes(), background=[connected])


def tokens_of(settings: Settings) -> Tokens:
    """Where our own token comes from."""
    return Tokens(settings.teams_app_id, settings.teams_app_secret.get_secret_value(), settings.teams_tenant, settings.teams_sign_in_url)


async def found(settings: Settings) -> list[str]:
    """What Microsoft has against the app: a sentence for each thing to mend; nothing where all is well."""
    wrong, tokens = [], tokens_of(settings)
    try:
        await Guard(settings.teams_app_id, settings.teams_openid_url).keys.fetch()
    except Exception as error:
        where = urlsplit(settings.teams_openid_url).hostname
        wrong.append(f"Microsoft's keys cannot be fetched ({type(error).__name__}): check that this machine may reach {where}.")
    try:
        async with asyncio.timeout(PATIENCE):
            await tokens.get()
    except PermissionError:
        wrong.append(
            "Microsoft gives us no token: check ASKWELL_TEAMS_APP_ID and ASKWELL_TEAMS_TENANT, and whether ASKWELL_TEAMS_APP_SECRET ran out."
        )
    except Exception as error:
        where = urlsplit(settings.teams_sign_in_url).hostname
        wrong.append(f"Microsoft could not be asked for a token ({type(error).__name__}): check that this machine may reach {where}, and the tenant.")
    finally:
        tokens.close()
    return wrong


def check(settings: Settings) -> None:
    """Raises SettingsError where something is missing, or cannot be right: without an app id nobody could tell Teams' requests from others."""
    if not settings.teams_app_id:
        if not (settings.teams_playground and settings.loopback):
            raise SettingsError(
                "ASKWELL_TEAMS_APP_ID is missing: without it Teams' requests cannot be told from others. docs/teams.md says where it stands. "
                "ASKWELL_TEAMS_PLAYGROUND does without, for trying it out, and only while ASKWELL_HOST is 127.0.0.1."
            )
        return
    for name, value in (("APP_ID", settings.teams_app_id), ("TENANT", settings.teams_tenant)):
        if not is_guid(value):
            raise SettingsError(f"ASKWELL_TEAMS_{name} must be like 00000000-0000-0000-0000-000000000000. docs/teams.md says where it stands.")
    if not settings.teams_app_secret.get_secret_value():
        raise SettingsError("ASKWELL_TEAMS_APP_SECRET is missing: without it Teams takes no answer. docs/teams.md says where it stands.")


def hosts(settings: Settings) -> Callable[[str], bool]:
    """Whether messages may go to an address: to Teams' own by https, on this machine only where a setting says so."""
    names = set(settings.teams_service_hosts.split())
    local = set(LOOPBACK) if settings.teams_playground and not settings.teams_app_id else names & set(LOOPBACK)

    def allowed(service: str) -> bool:
        try:
            found = urlsplit(service)
            host = found.hostname or ""
        except ValueError:
            return False
        if found.username or found.password:
            return False
        return (host in names and found.scheme == "https") or (host in local and found.scheme in ("http", "https"))

    return allowed
