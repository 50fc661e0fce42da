"""Who may open the page: everybody at this machine and nobody else, or people who were invited or signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings import LOOPBACK, Settings, SettingsError

LEAST_KEY = 32  # characters of the key that signs the sign-in cookie
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Access:
    """`here`: whoever sits at this machine may come in, and nobody else can. `secure`: cookies go over TLS only.

    `netloc` is the public name with its port, empty where there is none; `sign_in`: an identity provider is configured.
    """

    here: bool
    secure: bool
    netloc: str
    sign_in: bool

    @property
    def cookie(self) -> str:
        """The cookie's name; with TLS the browser holds that nobody else on the domain can set it."""
        return "__Host-askwell" if self.secure else "askwell"

    def lets_in(self, headers: Mapping[str, str]) -> bool:
        """Whether a request is for us: a page without sign-in answers only to this machine's own names, and to no proxy."""
        if not self.here:
            return True
        name = urlsplit(f"//{headers.get('host', '')}").hostname
        return name in LOOPBACK and not any(h in headers for h in FORWARDED)

    def from_here(self, headers: Mapping[str, str]) -> bool:
        """Whether a form was sent from one of our own pages."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = urlsplit(headers.get("origin", "")).netloc
        return bool(origin) and origin in (headers.get("host"), self.netloc)


def access(settings: Settings) -> Access:
    """What the settings allow; raises SettingsError where strangers could walk in, or where nobody could sign in."""
    url = urlsplit(settings.public_url)
    local = not url.hostname or url.hostname in LOOPBACK
    if not settings.loopback and (local or url.scheme != "https"):
        raise SettingsError(
            f"ASKWELL_HOST is {settings.host}: other machines could open the page, and nobody could sign in or be invited. "
            "Set ASKWELL_PUBLIC_URL to the page's https address (then invite links work), and for sign-in ASKWELL_OIDC_ISSUER and "
            "ASKWELL_OIDC_CLIENT_ID; or leave ASKWELL_HOST at 127.0.0.1."
        )
    if settings.oidc:
        _check_sign_in(settings)
    return Access(settings.loopback and local and not settings.oidc, url.scheme == "https", url.netloc, settings.oidc)


def _check_sign_in(settings: Settings) -> None:
    if not settings.public_url:
        raise SettingsError("ASKWELL_PUBLIC_URL is missing: people come back to it from signing in. Set it to the page's address.")
    if len(settings.session_key.get_secret_value()) < LEAST_KEY:
        raise SettingsError(f"ASKWELL_SESSION_KEY signs the sign-in: give it at least {LEAST_KEY} random characters.")
