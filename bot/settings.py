"""Settings from the environment: `ASKWELL_…`, or from an env file. docs/settings.md is printed from here."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.knowledge import Flow

PREFIX = "ASKWELL_"
Level = Literal["debug", "info", "warning", "error"]
ENV = "ASKWELL_ENV"  # names the env file; set but empty: none is read
ENV_FILE = Path("askwell.env")  # read where ASKWELL_ENV is not set and the working folder holds one
LOOPBACK = ("127.0.0.1", "::1", "localhost")
HOME_FOLDER = Path.home() / ".askwell"


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it must be."""


class Settings(BaseSettings):
    """Everything that can be configured. Secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True)

    data: Path = Field(HOME_FOLDER, description="Folder for the embedded database and for the knowledge that receipts were given under.")
    keys: str = Field("", description="Folder of the keys that seal what people write; empty: `keys` in the data folder. Back them up apart.")
    database: str = Field("", repr=False, description="Database, for example postgresql://askwell@db/askwell; empty: SQLite in the data folder.")
    host: str = Field("127.0.0.1", description="Address to listen on. Anything but loopback needs sign-in (OIDC) or invite links.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field("", description="Where people reach the page, for links in Slack, for example https://askwell.example.org.")
    organisation: str = Field("", description="The one organisation that is served; empty: people are asked for theirs.")
    keep_media: int = Field(366, ge=0, description="Days for which a closed report about the media is kept; 0: for ever.")
    keep_safeguarding: int = Field(0, ge=0, description="The same for safeguarding. 0, for ever, until your organisation's rules say how long.")
    alarm_to: str = Field("", description="Who is told when a message cannot be delivered: mailto:name@example.org or slack:U0123456789.")
    audit_to: str = Field("", description="Address to which a seal of the audit of reports is mailed each day. Not of whoever runs the server.")
    heartbeat_url: str = Field("", repr=False, description="Address to fetch each minute while all is well; whoever watches it notices a stop.")
    log_level: Level = Field("info", description="debug, info, warning or error. No level logs what people write.")

    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack bot token (xoxb-…).")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Slack signing secret, for HTTP.")
    slack_app_token: SecretStr = Field(SecretStr(""), description="Slack app-level token (xapp-…), for Socket Mode instead of HTTP.")
    slack_api_url: str = Field("https://slack.com/api/", description="Slack Web API; another address only for tests.")

    teams_app_id: str = Field("", description="Teams: the bot's Microsoft App ID.")
    teams_app_secret: SecretStr = Field(SecretStr(""), description="Teams: the app's client secret.")
    teams_tenant: str = Field("", description="Teams: the tenant (directory) that is served; requests from others are refused.")
    teams_service_hosts: str = Field("smba.trafficmanager.net", description="Teams: hosts that messages may go to, with blanks between them.")
    teams_playground: bool = Field(False, description="Teams: answer the Agents Playground on this machine, without an app id; never for others.")
    teams_openid_url: str = Field(
        "https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Teams: where Microsoft's keys are; another address only for tests.",
    )
    teams_sign_in_url: str = Field("https://login.microsoftonline.com", description="Teams: where our token comes from; another only for tests.")

    oidc_issuer: str = Field("", description="OpenID Connect issuer for signing in to the page.")
    oidc_client_id: str = Field("", description="OpenID Connect client id.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="OpenID Connect client secret.")
    session_key: SecretStr = Field(SecretStr(""), description="At least 32 random characters that sign the sign-in cookie; needed with OIDC.")

    speakup_url: str = Field("", description="Where the confidential form is reached, as people are told. Empty: it is offered to nobody.")
    speakup_database: str = Field("", description="File for confidential reports, apart from the database; empty: `speak-up.db` in the data folder.")
    speakup_administrators: str = Field("", description="Addresses of whoever runs the server. They read no confidential report.")
    speakup_recovery_key: str = Field("", description="Public half of the recovery key, from `askwell speak-up recovery`.")
    speakup_recovery_holder: str = Field("", description="Who keeps its private half: an address of the staff list, or “Jo Fox, solicitor”.")
    speakup_receipt_days: int = Field(180, ge=1, description="Days for which a receipt works after the last word.")
    keep_speakup: int = Field(0, ge=0, description="Days for which a confidential report is kept after the last word; 0: for ever.")
    speakup_run_by: str = Field("", description="Who runs this server, as the confidential form names them: “Jo Bell, IT manager of Example”.")
    speakup_host: str = Field("127.0.0.1", description="Address that the confidential form listens on. Anything but loopback needs its certificate.")
    speakup_port: int = Field(8090, ge=0, le=65535, description="Port that the confidential form listens on.")
    speakup_tls_cert: str = Field(
        "", description="File with the certificate of the confidential form, which ends TLS itself, so that no proxy keeps a log."
    )
    speakup_tls_key: str = Field("", description="File with the key of that certificate.")

    smtp_host: str = Field("", description="Mail server for alarms.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server (STARTTLS; 465: TLS).")
    smtp_user: str = Field("", description="User at the mail server.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_from: str = Field("", description="Sender address.")

    @property
    def key_folder(self) -> Path:
        """Where the keys are."""
        return Path(self.keys) if self.keys else self.data / "keys"

    @property
    def database_url(self) -> str:
        """The database's address; the embedded one where none is set."""
        return self.database or f"sqlite:///{self.data / 'askwell.db'}"

    @property
    def keeping(self) -> Mapping[Flow, int]:
        """Days for which closed reports are kept, by kind; the others stay."""
        days = {Flow.MEDIA: self.keep_media, Flow.SAFEGUARDING: self.keep_safeguarding}
        return {flow: number for flow, number in days.items() if number}

    @property
    def slack(self) -> bool:
        """Whether Slack is configured."""
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode."""
        return self.slack and bool(self.slack_app_token.get_secret_value())

    @property
    def teams(self) -> bool:
        """Whether Teams is configured."""
        return bool(self.teams_app_id) or self.teams_playground

    @property
    def oidc(self) -> bool:
        """Whether the page can be signed in to."""
        return bool(self.oidc_issuer and self.oidc_client_id)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return self.host in LOOPBACK


def env_file() -> Path | None:
    """The file that settings are read from besides the environment; None where there is none. Raises SettingsError when it is named but not there."""
    named = os.environ.get(ENV)
    if named is None:
        return ENV_FILE if ENV_FILE.is_file() else None
    if not named:
        return None
    if not Path(named).is_file():
        raise SettingsError(f"{ENV} names the file {named}, which is not there. Write it with `askwell init`, or name another.")
    return Path(named)


def settings() -> Settings:
    """What the environment and the env file say, the environment first; raises SettingsError with every wrong value by name."""
    return read(env_file())


def read(path: Path | None) -> Settings:
    """The same with another env file, or with none."""
    try:
        return Settings(_env_file=path)
    except ValidationError as error:
        lines = [f"{PREFIX}{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg'].lower()}" for e in error.errors()]
        raise SettingsError("These settings cannot be used:\n" + "\n".join(lines)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The file {path} cannot be read: {error}. Check that it is text and who may read it.") from None


def written(values: Mapping[str, str]) -> str:
    """Settings by name as an env file holds them. Raises SettingsError for a value that such a file cannot hold."""
    for name, value in values.items():
        if "${" in value or any(not c.isprintable() for c in value):
            raise SettingsError(f"{PREFIX}{name.upper()} holds what an env file cannot: set it in the environment instead.")
    quoted = {name: value.replace("\\", "\\\\").replace("'", "\\'") for name, value in values.items()}
    return "".join(f"{PREFIX}{name.upper()}='{value}'\n" for name, value in quoted.items())


def unknown(environment: Mapping[str, str], path: Path | None) -> list[str]:
    """A sentence for each name that looks like a setting and is none: most likely a slip of the pen."""
    known = [PREFIX + name.upper() for name in Settings.model_fields] + [ENV]
    given = {*environment, *(dotenv_values(path) if path else ())}
    wrong = sorted(n for n in given if n.upper().startswith(PREFIX) and n.upper() not in known)
    return [f"{n} is not a setting" + "".join(f"; did you mean {m}?" for m in get_close_matches(n.upper(), known, 1)) for n in wrong]


def table() -> str:
    """Every setting with its default and what it does, as docs/settings.md prints it."""
    lines = ["| setting | default | what it is |", "|---|---|---|", f"| `{ENV}` | `{ENV_FILE}` if it is there | File that settings are read from. |"]
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = str(default).replace(str(Path.home()), "~")
        lines.append(f"| `{PREFIX}{name.upper()}` | {f'`{shown}`' if shown else 'empty'} | {field.description} |")
    return "\n".join(lines) + "\n"
