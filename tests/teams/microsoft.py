"""Microsoft's side of the tokens, on loopback: its OpenID document with keys, and its sign-in by TLS, as the SDK wants it."""

import asyncio
import datetime
import ipaddress
import json
import os
import ssl
import threading
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from jwt.algorithms import RSAAlgorithm
from pydantic import SecretStr
from served import SHORT

from bot.guide import Askwell
from teams.stand import TENANT, Go, Json, Stand, standing

APP, SECRET, ISSUER = "12345678-1234-1234-1234-123456789abc", "a-client-secret", "https://api.botframework.com"
OURS = "our-own-token"
KEY, OTHER = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 2048)
KID = "key-1"


class Microsoft:
    """Keys, and who may have a token. `slow`: seconds that the sign-in takes; `down`: so many times it says 500; `refuses`: the secret is wrong."""

    def __init__(self) -> None:
        self.keys: list[Json] = [public(KEY, KID)]
        self.fetched, self.asked = 0, list[Mapping[str, Any]]()
        self.slow, self.down = 0.0, 0
        self.openid = self.sign_in = ""
        self.refuses = False

    def keeper(self) -> web.Application:
        """Where the keys are."""
        made = web.Application()
        made.add_routes([web.get("/openid", self._document), web.get("/keys", self._keys)])
        return made

    def sign_ins(self) -> web.Application:
        """Where tokens are given out."""
        made = web.Application()
        made.add_routes(
            [web.get("/{tenant}/v2.0/.well-known/openid-configuration", self._where), web.post("/{tenant}/oauth2/v2.0/token", self._token)]
        )
        return made

    async def _document(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": self.openid.replace("/openid", "/keys")})

    async def _keys(self, _request: web.Request) -> web.Response:
        self.fetched += 1
        return web.json_response({"keys": self.keys})

    async def _where(self, request: web.Request) -> web.Response:
        here = f"{self.sign_in}/{request.match_info['tenant']}"
        return web.json_response(
            {"issuer": here, "authorization_endpoint": f"{here}/oauth2/v2.0/authorize", "token_endpoint": f"{here}/oauth2/v2.0/token"}
        )

    async def _token(self, request: web.Request) -> web.Response:
        self.asked.append({**await request.post(), "tenant": request.match_info["tenant"]})
        await asyncio.sleep(self.slow)
        if self.refuses:
            return web.json_response({"error": "invalid_client", "error_description": "the secret is over"}, status=401)
        if self.down:
            self.down -= 1
            return web.Response(status=500)
        return web.json_response({"access_token": f"{OURS}-{len(self.asked)}", "expires_in": 3600, "token_type": "Bearer"})


def public(key: rsa.RSAPrivateKey, kid: str, *endorsements: str) -> Json:
    """A key as Microsoft publishes it."""
    return {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "endorsements": list(endorsements or ("msteams", "webchat"))}


def token(service: str, key: rsa.RSAPrivateKey = KEY, kid: str = KID, age: float = 0.0, **claims: Any) -> str:  # noqa: ANN401 - JSON
    """A token as Microsoft signs one for a request, made so many seconds ago. A claim that is None is left out."""
    now = time.time() - age
    usual = {"iss": ISSUER, "aud": APP, "serviceurl": service, "nbf": int(now), "exp": int(now + 3600)}
    given = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return "Bearer " + jwt.encode(given, key, "RS256", {"kid": kid})


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return cert, secret


@asynccontextmanager
async def microsoft(folder: Path) -> AsyncIterator[Microsoft]:
    """Microsoft, running; what asks it by TLS trusts its certificate meanwhile."""
    made = Microsoft()
    cert, key = certificate(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    runners = [web.AppRunner(one, access_log=None) for one in (made.keeper(), made.sign_ins())]
    for runner, secure in zip(runners, (None, context), strict=True):
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=secure).start()
    made.openid = f"http://127.0.0.1:{runners[0].addresses[0][1]}/openid"
    made.sign_in = f"https://127.0.0.1:{runners[1].addresses[0][1]}"
    os.environ["REQUESTS_CA_BUNDLE"] = str(cert)
    try:
        yield made
    finally:
        del os.environ["REQUESTS_CA_BUNDLE"]
        await asyncio.sleep(0.05)  # until the other side has hung up
        for runner in runners:
            await runner.cleanup()


@asynccontextmanager
async def guarded(askwell: Askwell, folder: Path, prepared: Microsoft | None = None, **more: Any) -> AsyncIterator[tuple[Stand, Microsoft]]:  # noqa: ANN401 - settings
    """The application as it is run for others: with an app id, its secret and its tenant. Its requests hold a good token."""
    async with microsoft(folder) as vendor:
        if prepared:
            vendor.slow, vendor.down, vendor.keys = prepared.slow, prepared.down, prepared.keys
        usual = {
            "teams_playground": False, "teams_app_id": APP, "teams_app_secret": SecretStr(SECRET), "teams_tenant": TENANT,
            "teams_service_hosts": "smba.trafficmanager.net 127.0.0.1", "teams_openid_url": vendor.openid, "teams_sign_in_url": vendor.sign_in,
        }  # fmt: skip
        async with standing(askwell, folder, **{**usual, **more}) as stand:
            stand.header = token(stand.teams.url)
            yield stand, vendor
        while any(one.name.startswith("teams-token") for one in threading.enumerate()):  # it is let come to its end
            await asyncio.sleep(SHORT)


def play_guarded(go: Any, askwell: Askwell, folder: Path, prepared: Microsoft | None = None, **more: Any) -> None:  # noqa: ANN401 - settings
    """Run one test on the guarded stand."""

    async def run() -> None:
        async with guarded(askwell, folder, prepared, **more) as (stand, vendor):
            await go(stand, vendor)

    asyncio.run(run())


__all__ = ["Go", "Microsoft", "guarded", "microsoft", "play_guarded", "public", "token"]
