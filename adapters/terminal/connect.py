"""The command that prints what a platform needs to know to let Askwell in."""

import json
from typing import Annotated, Literal

import typer

from adapters.slack.manifest import manifest as slack_manifest
from adapters.terminal.shell import Stop, explained
from bot.settings import settings

Platform = Literal["slack"]


def manifest(
    platform: Annotated[Platform, typer.Argument(help="The platform: slack.")],
    url: Annotated[str, typer.Option("--url", help="Where the platform reaches Askwell; ASKWELL_PUBLIC_URL when left out.")] = "",
    socket: Annotated[bool, typer.Option("--socket", help="For Socket Mode: Askwell calls Slack, and needs no address.")] = False,
) -> None:
    """Print the manifest of the app: paste it where the platform asks for it.

    Example: askwell manifest slack --url https://askwell.example.org
    """
    with explained():
        address = url or settings().public_url
    if not socket and not address.startswith("https://"):
        raise Stop("Slack calls only https addresses: give one with --url https://…, set ASKWELL_PUBLIC_URL, or use Socket Mode with --socket.")
    typer.echo(json.dumps(slack_manifest(address, socket=socket), indent=2, ensure_ascii=False))
