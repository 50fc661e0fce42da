"""Signing in with the organisation's identity provider: OpenID Connect, authorization code with PKCE, by Authlib."""

import logging
import re
from collections.abc import Mapping
from typing import Any, Protocol

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.web import visitors
from adapters.web.site import Site
from bot.board import Board
from bot.cases import Status
from bot.people import Asker
from bot.store.database import DatabaseUnusableError


class Provider(Protocol):
    """What of Authlib's client is used here."""

    async def authorize_redirect(self, request: Request, redirect_uri: str) -> Response:
        """The way to the provider, with state, nonce and PKCE in the sign-in cookie."""

    async def authorize_access_token(self, request: Request, claims_options: Mapping[str, object]) -> dict[str, Any]:
        """What the provider says of who came back; raises OAuthError or JoseError."""

    async def load_server_metadata(self) -> dict[str, Any]:
        """What the provider publishes about itself."""


LASTS = 600  # seconds that somebody may take to sign in
BACK = "/sign-in/back"
TO = "to"  # where somebody was going
LEADS_ON = re.compile(r"/board(?:/[A-Z0-9-]{1,16}(?:/sheet|/chronology)?)?|/speak-up")  # pages of those who look after reports
log = logging.getLogger("askwell.web")


def routes(site: Site, guard: Middleware) -> list[Route]:
    """Going there and coming back; nothing where no identity provider is configured."""
    if not site.access.sign_in:
        return []
    # Lax: the way back starts at the provider, and a strict cookie would stay at home.
    key = site.settings.session_key.get_secret_value()
    cookie = Middleware(
        SessionMiddleware, secret_key=key, session_cookie="askwell-sign-in", max_age=LASTS, path="/sign-in", https_only=site.access.secure
    )  # fmt: skip
    provider = _provider(site)

    async def there(request: Request) -> Response:
        request.session[TO] = _wanted(request.query_params.get(TO, ""))
        try:
            return await provider.authorize_redirect(request, site.settings.public_url.rstrip("/") + BACK)
        except (OAuthError, httpx2.HTTPError) as error:
            return _failed(site, request, error)

    async def back(request: Request) -> Response:
        try:
            token = await provider.authorize_access_token(request, claims_options=await _claims(provider, site))
        except (OAuthError, httpx2.HTTPError, JoseError) as error:
            return _failed(site, request, error)
        try:
            return await run_in_threadpool(_arrived, site, request, token.get("userinfo") or {}, _wanted(request.session.pop(TO, "")))
        except DatabaseUnusableError:
            return site.refuse(request, "down")

    middleware = [guard, cookie]
    return [Route("/sign-in", there, middleware=middleware), Route(BACK, back, middleware=middleware)]


def _provider(site: Site) -> Provider:
    settings = site.settings
    oauth = OAuth()
    oauth.register(
        "askwell", client_id=settings.oidc_client_id, client_secret=settings.oidc_client_secret.get_secret_value() or None,
        server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
    )  # fmt: skip
    provider: Provider = oauth.create_client("askwell")
    return provider


async def _claims(provider: Provider, site: Site) -> dict[str, Any]:
    """Who must have issued the token, and for whom: left alone, Authlib takes one for somebody else that only names us as its user."""
    metadata = await provider.load_server_metadata()
    return {"iss": {"essential": True, "value": metadata["issuer"]}, "aud": {"essential": True, "value": site.settings.oidc_client_id}}


def _wanted(path: str) -> str:
    """Where somebody was going when they were asked to sign in; only to where reports are looked after, never to another site."""
    return path if LEADS_ON.fullmatch(path) else ""


def _home(site: Site, who: Asker | None) -> str:
    """Where signing in leads by itself: to the board while something waits there."""
    if site.service.plans is None or who is None or not who.email:
        return "/"
    waits = Board(site.service).waiting_for(who.organisation, who.email)
    return "/board" if any(held.case.status != Status.CLOSED for held in waits) else "/"


def _arrived(site: Site, request: Request, claims: dict[str, Any], wanted: str) -> Response:
    """A confirmed address that the directory holds makes a member; anybody else says where they belong."""
    email = str(claims.get("email", "")).strip().lower()
    if not email or claims.get("email_verified") is not True:
        return site.refuse(request, "sign-in")
    before = visitors.current(site, request)
    if before:
        visitors.leave(site, before)
    who = site.service.known(email)
    # A page and no redirect: the cookie is strict, and a redirect would still count as coming from the provider.
    page = site.page("arrived.html", member=bool(who), to=(wanted if who else "") or _home(site, who))
    return visitors.arrive(site, page, who, email if who else None, visitors.SIGNED_IN)


def _failed(site: Site, request: Request, error: Exception) -> Response:
    log.warning("web: signing in failed: %s", type(error).__name__)
    return site.refuse(request, "sign-in")
