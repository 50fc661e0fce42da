"""`askwell init`: asks what has to be known, and writes the env file. What is secret is typed without being shown."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

import typer

from adapters.teams.places import is_guid
from adapters.terminal.shell import Stop, explained, loaded, tell
from adapters.web.access import access
from bot import settings as configuration
from bot.knowledge import Knowledge
from bot.settings import ENV_FILE

Values = dict[str, str]
NEW_KEY = 32  # bytes


def ask(known: Knowledge) -> Values:
    """What somebody wants, setting by setting; what is left empty is left out."""
    names = ", ".join(sorted(known.organisations))
    values = {"organisation": _asked(f"Which organisation is it for? One of: {names}. Empty: people are asked for theirs", check=_one_of(known))}
    values |= _address()
    values["database"] = _asked("Database address, like postgresql://askwell:password@host/askwell. Empty: a file on this machine", hidden=True)
    if typer.confirm("Do you use Slack?", default=False):
        values |= _slack()
    if typer.confirm("Do you use Microsoft Teams?", default=False):
        values |= _teams()
    values |= _alarm()
    return {name: value for name, value in values.items() if value}


def _asked(question: str, default: str = "", *, hidden: bool = False, check: Callable[[str], str] | None = None) -> str:
    """One question, again until `check` finds nothing to say against the answer."""
    while True:
        found: str = typer.prompt(question, default=default, show_default=bool(default), hide_input=hidden).strip()
        wrong = check(found) if check and found else ""
        if not wrong:
            return found
        tell(wrong)


def _one_of(known: Knowledge) -> Callable[[str], str]:
    return lambda name: "" if name in known.organisations else f"'{name}' is not encoded here."


def _begins(*starts: str) -> Callable[[str], str]:
    return lambda text: "" if text.startswith(starts) else f"It must begin with {' or '.join(starts)}."


def _address() -> Values:
    public = _asked("Where will people open the page, like https://askwell.example.org? Empty: only on this machine", check=_begins("https://"))
    if not public:
        return {}
    values = {"public_url": public, "host": "127.0.0.1"}
    tell("Let a web server with a certificate pass its requests to this address; docs/operations.md shows how.")
    if typer.confirm("Do people sign in with OpenID Connect? Without it, they come in by invitations.", default=False):
        values["oidc_issuer"] = _asked("Its issuer", check=_begins("https://"))
        values["oidc_client_id"] = _asked("Its client id")
        values["oidc_client_secret"] = _asked("Its client secret (not shown)", hidden=True)
        values["session_key"] = secrets.token_urlsafe(NEW_KEY)
    return values


def _slack() -> Values:
    values = {"slack_bot_token": _asked("Bot token, xoxb-… (not shown)", hidden=True, check=_begins("xoxb-"))}
    values["slack_app_token"] = _asked(
        "App-level token for Socket Mode, xapp-… (not shown). Empty: Slack calls the page's address", hidden=True, check=_begins("xapp-")
    )
    if not values["slack_app_token"]:
        values["slack_signing_secret"] = _asked("Signing secret (not shown)", hidden=True)
    return values


def _teams() -> Values:
    tell("docs/teams.md says where these stand in Azure.")
    values = {"teams_app_id": _asked("The bot's Microsoft App ID", check=_guid), "teams_tenant": _asked("Its tenant (directory) ID", check=_guid)}
    return {**values, "teams_app_secret": _asked("Its client secret (not shown)", hidden=True)}


def _guid(text: str) -> str:
    return "" if is_guid(text) else "It must be like 00000000-0000-0000-0000-000000000000."


def _alarm() -> Values:
    question = "Who is told when something is wrong? mailto:name@example.org, or slack:U0123456789. Empty: nobody"
    values = {"alarm_to": _asked(question, check=_begins("mailto:", "slack:"))}
    if values["alarm_to"].startswith("mailto:"):
        values["smtp_host"] = _asked("Mail server")
        values["smtp_port"] = _asked("Its port", "587", check=lambda text: "" if text.isdecimal() else "It must be a number.")
        values["smtp_user"] = _asked("User there. Empty: none")
        values["smtp_password"] = _asked("Password there (not shown)", hidden=True) if values["smtp_user"] else ""
        values["smtp_from"] = _asked("Sender address", values["smtp_user"] if "@" in values["smtp_user"] else "")
    return values


def write(values: Values, path: Path) -> None:
    """Write the env file, readable by its owner only, and read it again to be sure. Raises SettingsError, having written nothing."""
    text = configuration.written(values)
    draft = path.with_name(f"{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            handle.write(f"# Askwell's settings; `askwell settings` explains each. It holds secrets.\n{text}")
        access(configuration.read(draft))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def init(path: Path, knowledge: Path) -> None:
    """Ask, and write; nothing that is there is overwritten without a yes."""
    if path.exists() and not typer.confirm(f"{path} is there already. Overwrite it?", default=False):
        raise Stop("Nothing was changed.", code=1)
    with explained():
        values = ask(loaded(knowledge))
        try:
            write(values, path)
        except OSError as error:
            raise Stop(f"{path} cannot be written ({error.strerror}).") from None
    tell(f"Written to {path}.", "Next: `askwell doctor` looks whether all is well, `askwell serve` starts it.")
    if path.resolve() != ENV_FILE.resolve():
        tell(f"Say where it is with `askwell --env-file {path} …`, or set {configuration.ENV}.")
