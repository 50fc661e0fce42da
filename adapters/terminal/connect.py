"""The command that prints, or writes, what a platform needs to know to let Askwell in."""

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from adapters.slack.manifest import manifest as slack_manifest
from adapters.terminal.shell import Stop, explained, tell
from bot.settings import settings

Platform = Literal["slack", "teams"]
PACKAGE = Path("askwell-teams.zip")


def manifest(
    platform: Annotated[Platform, typer.Argument(help="The platform: slack or teams.")],
    url: Annotated[str, typer.Option("--url", help="Where the platform reaches Askwell; ASKWELL_PUBLIC_URL when left out.")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="Slack, for Socket Mode: Askwell calls Slack, and needs no address.")] = False,
    app_id: Annotated[str, typer.Option("--app-id", help="Teams: the bot's Microsoft App ID; ASKWELL_TEAMS_APP_ID when left out.")] = "",
    out: Annotated[Path, typer.Option("--out", help="Teams: the file to write the app's package to.")] = PACKAGE,
) -> None:
    """What a platform needs to know of the app: for Slack the manifest is printed, for Teams a package is written.

    Example: askwell manifest slack --url https://askwell.example.org
    """
    with explained():
        known = settings()
    address = url or known.public_url
    if platform == "teams":
        _package(app_id or known.teams_app_id, address, out)
        return
    if not socket and not address.startswith("https://"):
        raise Stop("Slack calls only https addresses: give one with --url https://…, set ASKWELL_PUBLIC_URL, or use Socket Mode with --socket.")
    typer.echo(json.dumps(slack_manifest(address, socket=socket), indent=2, ensure_ascii=False))


def _package(app_id: str, address: str, out: Path) -> None:
    from adapters.teams.manifest import package
    from adapters.teams.places import is_guid

    if not address.startswith("https://"):
        raise Stop("Teams calls only https addresses: give one with --url https://…, or set ASKWELL_PUBLIC_URL.")
    if not is_guid(app_id):
        raise Stop(
            "The Microsoft App ID is missing or is none: give it with --app-id, or set ASKWELL_TEAMS_APP_ID. docs/teams.md says where it stands."
        )
    try:
        out.write_bytes(package(app_id, address))
    except OSError as error:
        raise Stop(f"{out} cannot be written ({error.strerror}): name another file with --out.") from None
    tell(f"Written to {out}. Upload it in Teams, under Apps, Manage your apps; docs/teams.md says how.")
