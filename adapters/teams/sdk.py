"""The only module that knows Microsoft's bot SDK: it checks the tokens of Teams' requests, and gets ours.

What is sent and read are plain JSON (see `connector`): the SDK's models drop citations, and its client repeats posts by itself.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import aiohttp
from botframework.connector.auth import (
    AuthenticationConstants,
    ChannelValidation,
    JwtTokenExtractor,
    MicrosoftAppCredentials,
    SimpleCredentialProvider,
    VerifyOptions,
)
from jwt import PyJWK
from msal import ConfidentialClientApplication

from adapters.payload import deep

KEYS = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
ISSUER = AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
SIGN_IN = "https://login.microsoftonline.com"
TIMEOUT = 10.0  # seconds for one request to Microsoft's sign-in
DAY, AGAIN = 86_400.0, 15.0  # seconds for which keys count; until they are asked for again
FRESH = 240.0  # seconds for which a token is used without a look at its end: Microsoft's last an hour, and the SDK renews them in time
SKEW = 300  # seconds by which Microsoft's clock may differ
_PLATFORM = "msteams"
log = logging.getLogger("askwell.teams")
logging.getLogger("msal").setLevel(logging.WARNING)  # below that it says what it sends


@dataclass(frozen=True, slots=True)
class Key:
    """A key of Microsoft's, as the SDK takes it, with the platforms that it may sign for."""

    public_key: Any
    endorsements: list[str]


class Keys:
    """Microsoft's keys. The SDK's own store blocks the loop, waits for ever, and never finds a key that is newer than itself."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: Mapping[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def get(self, key_id: str) -> Key:
        """A key by its id; raises KeyError where there is none. While Microsoft is out of reach those that we have count on."""
        async with self._lock:
            now = time.monotonic()
            if (key_id not in self._keys or now - self._fetched > DAY) and now - self._tried > AGAIN:
                self._tried = now
                try:
                    await self.fetch()
                except Exception as error:
                    log.error("teams: Microsoft's keys cannot be fetched (%s): nobody new is let in", type(error).__name__)
        return self._keys[key_id]

    async def fetch(self) -> None:
        """Fetch all of them now. Raises aiohttp.ClientError, TimeoutError, or ValueError and KeyError for what are none."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT), raise_for_status=True) as session:
            address = deep(await _read(session, self._url), "jwks_uri")
            found = deep(await _read(session, str(address)), "keys")
        self._keys = {k["kid"]: Key(PyJWK(k, "RS256").key, k.get("endorsements") or []) for k in found if "kid" in k and k.get("kty") == "RSA"}
        self._fetched = time.monotonic()


async def _read(session: aiohttp.ClientSession, url: str) -> object:
    async with session.get(url) as answer:
        return await answer.json(content_type=None)


class Guard:
    """Tells Teams' requests from others. `url` is Microsoft's OpenID document for bots."""

    def __init__(self, app_id: str, url: str = KEYS) -> None:
        options = VerifyOptions(issuer=[ISSUER], audience=None, clock_tolerance=SKEW, ignore_expiration=False)
        self._credentials = SimpleCredentialProvider(app_id, "")
        self._extractor = JwtTokenExtractor(options, url, AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS)
        self.keys = Keys(url)
        self._extractor.open_id_metadata = self.keys

    async def caller(self, header: str) -> str | None:
        """The service that a request comes from, as its token says; None for every token that does not hold."""
        try:
            identity = await self._extractor.get_identity_from_auth_header(header, _PLATFORM)
            identity = await ChannelValidation.validate_identity(identity, self._credentials)
        except Exception as error:  # the SDK raises whatever comes: a forged token must not be told from a broken one
            log.warning("teams: a request was refused: %s", type(error).__name__)
            return None
        if identity.get_claim_value("exp") is None:  # the SDK looks at the end of a token only where it has one
            return None
        return str(identity.get_claim_value(ChannelValidation.SERVICE_URL_CLAIM) or "")


class Tokens:
    """Our own token. It is fetched in a thread of its own, ahead of time: the SDK's call blocks."""

    def __init__(self, app_id: str, secret: str, tenant: str, sign_in: str = SIGN_IN) -> None:
        self._app_id, self._secret, self._authority = app_id, secret, f"{sign_in.rstrip('/')}/{tenant}"
        self._known_host = sign_in == SIGN_IN
        self._credentials = MicrosoftAppCredentials(app_id, secret, tenant)
        self._thread = ThreadPoolExecutor(1, "teams-token")
        self._fetching: asyncio.Future[str] | None = None
        self._token, self._taken, self._spoilt = "", float("-inf"), False

    async def get(self) -> str:
        """A token. Raises PermissionError where Microsoft refuses one, and what hinders asking; whoever calls sets the time limit."""
        if time.monotonic() - self._taken < FRESH:
            return self._token
        if self._fetching is None or self._fetching.done():
            self._fetching = asyncio.get_running_loop().run_in_executor(self._thread, self._fetch)
        # Several wait for the same one; that one of them gives up must not take it from the others.
        self._token, self._taken = await asyncio.shield(self._fetching), time.monotonic()
        return self._token

    def _fetch(self) -> str:
        if self._spoilt:
            self._forget()
        if self._credentials.app is None:  # made here, as it asks Microsoft where tokens are given out
            self._credentials.app = ConfidentialClientApplication(
                self._app_id, self._secret, authority=self._authority, timeout=TIMEOUT, instance_discovery=None if self._known_host else False
            )
        try:
            return str(self._credentials.get_access_token())
        except Exception:
            self._forget()  # the SDK would say the same for a while, without asking again
            raise

    def _forget(self) -> None:
        if self._credentials.app is not None:
            self._credentials.app.http_client.close()
        self._credentials.app, self._spoilt = None, False

    def spoilt(self) -> None:
        """Teams did not take it: fetch another one next time."""
        self._spoilt, self._taken = True, float("-inf")

    async def keep(self) -> None:
        """Hold one ready for as long as the application runs."""
        while True:
            try:
                await self.get()
            except Exception as error:
                log.error(
                    "teams: Microsoft gives no token (%s); messages wait. Check ASKWELL_TEAMS_APP_SECRET and ASKWELL_TEAMS_TENANT",
                    type(error).__name__,
                )
            await asyncio.sleep(FRESH / 2)

    def close(self) -> None:
        """Give the thread and the connection back, as soon as nothing is under way."""
        self._thread.submit(self._forget)
        self._thread.shutdown(wait=False)
