"""Settings from the environment: `ASKWELL_…`. docs/settings.md is printed from here, and a test holds it complete."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingsError(Exception):
    """A setting cannot be used; the message names it and says what it must be."""


class Settings(BaseSettings):
    """Everything that can be configured. Secrets are never printed."""

    model_config = SettingsConfigDict(env_prefix="ASKWELL_", env_file=None, extra="ignore", frozen=True)

    data: Path = Field(Path.home() / ".askwell", description="Folder for the embedded database and for the knowledge that receipts were given under.")
    database: str = Field("", description="Database address, for example postgresql+psycopg://askwell@db/askwell; empty: SQLite in the data folder.")
    host: str = Field("127.0.0.1", description="Address to listen on. Anything but loopback needs sign-in (OIDC) or invite links.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field("", description="Where people reach the page, for links in Slack, for example https://askwell.example.org.")
    organisation: str = Field("", description="The one organisation that is served; empty: people are asked for theirs.")
    alarm_to: str = Field("", description="Who is told when a message cannot be delivered: mailto:name@example.org or slack:U0123456789.")
    log_level: str = Field("info", description="debug, info, warning or error. No level logs what people write.")

    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack bot token (xoxb-…).")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Slack signing secret, for HTTP.")
    slack_app_token: SecretStr = Field(SecretStr(""), description="Slack app-level token (xapp-…), for Socket Mode instead of HTTP.")
    slack_api_url: str = Field("https://slack.com/api/", description="Slack Web API; another address only for tests.")

    oidc_issuer: str = Field("", description="OpenID Connect issuer for signing in to the page.")
    oidc_client_id: str = Field("", description="OpenID Connect client id.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="OpenID Connect client secret.")
    session_key: SecretStr = Field(SecretStr(""), description="At least 32 random characters that sign the sign-in cookie; needed with OIDC.")

    smtp_host: str = Field("", description="Mail server for alarms and invitations.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server (STARTTLS; 465: TLS).")
    smtp_user: str = Field("", description="User at the mail server.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password at the mail server.")
    smtp_from: str = Field("", description="Sender address.")

    @property
    def database_url(self) -> str:
        """The database's address; the embedded one where none is set."""
        return self.database or f"sqlite:///{self.data / 'askwell.db'}"

    @property
    def slack(self) -> bool:
        """Whether Slack is configured."""
        return bool(self.slack_bot_token.get_secret_value())

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode."""
        return self.slack and bool(self.slack_app_token.get_secret_value())

    @property
    def oidc(self) -> bool:
        """Whether the page can be signed in to."""
        return bool(self.oidc_issuer and self.oidc_client_id)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the page."""
        return self.host in ("127.0.0.1", "::1", "localhost")


def settings() -> Settings:
    """What the environment says; raises SettingsError with every wrong value by name."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"ASKWELL_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg'].lower()}" for e in error.errors()]
        raise SettingsError("These settings cannot be used:\n" + "\n".join(lines)) from None
