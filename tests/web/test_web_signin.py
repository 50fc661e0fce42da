"""Signing in: a real identity provider of our own on loopback, with signed tokens, PKCE and a nonce, and everything that can be wrong."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from web_stand import Browser, Stand, stand

from bot import load, plans, reports
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.people import Person
from bot.report import Filing, Running
from bot.routing import Route, Rung
from bot.store import directory
from bot.store.cases import Reporter

pytestmark = pytest.mark.whole
OUR = "http://127.0.0.1:8080"
CLIENT, SECRET, CODE = "askwell-page", "s3cret", "code-1"
ANN = "ann@example.org"


@dataclass
class Provider:
    """An identity provider. `claims` are what it says of whoever signs in; `asked` is the last way to it."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "1"}))
    signs_with: RSAKey | None = None
    claims: dict[str, object] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    down: bool = False

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """What stands at an address."""
        if self.down:
            return 500, {}
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            known: dict[str, object] = {name: self.address + where for name, where in names.items()}
            return 200, {**known, "issuer": self.address, "id_token_signing_alg_values_supported": ["RS256"]}
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}
        return self._token(form)

    def _token(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """A code is exchanged only by whoever began with the challenge."""
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if form.get("code") != CODE or proof != self.asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60, "nonce": self.asked["nonce"], **self.claims}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, self.signs_with or self.key)
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": token}


@pytest.fixture
def provider() -> Iterator[Provider]:
    """It listens on loopback."""
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(*made.answer(urlsplit(self.path).path, {}))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*made.answer(urlsplit(self.path).path, {k: v[0] for k, v in parse_qs(body).items()}))

        def _say(self, status: int, body: dict[str, object]) -> None:
            sent = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.address = f"http://127.0.0.1:{server.server_port}"
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(askwell: Askwell, provider: Provider) -> Stand:
    """A page with sign-in."""
    return stand(
        askwell, public_url=OUR, oidc_issuer=provider.address, oidc_client_id=CLIENT, oidc_client_secret=SECRET, session_key="k" * 32
    )  # fmt: skip


def signed_in(page: Stand, provider: Provider, **claims: object) -> Browser:
    """Go to the provider and come back with what it says."""
    browser = page.browser(OUR)
    begun(browser, provider)
    provider.claims = claims
    browser.open(f"/sign-in/back?code={CODE}&state={provider.asked['state']}")
    return browser


def begun(browser: Browser, provider: Provider, more: str = "") -> None:
    """Press "Sign in" and arrive at the provider."""
    response = browser.client.get(f"/sign-in{more}", follow_redirects=False)
    assert response.status_code == 302 and response.headers["location"].startswith(provider.address + "/authorize")
    provider.asked = {k: v[0] for k, v in parse_qs(urlsplit(response.headers["location"]).query).items()}


def test_the_way_there_carries_all_that_makes_it_safe(page: Stand, provider: Provider) -> None:
    """Code flow with PKCE, state and nonce, back to our own address, asking for no more than an address."""
    browser = page.browser(OUR)
    assert "/sign-in" in browser.open("/").links and "Only this machine" not in browser.page.text
    begun(browser, provider)
    assert provider.asked["response_type"] == "code" and provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["redirect_uri"] == OUR + "/sign-in/back" and provider.asked["scope"] == "openid email"
    assert min(len(provider.asked[k]) for k in ("state", "nonce", "code_challenge")) >= 20


def test_a_member_is_known_by_their_confirmed_address(page: Stand, provider: Provider) -> None:
    """The directory says organisation and role; nothing is asked. Signing out ends it."""
    with page.database.write() as connection:
        directory.replaced(connection, "rutland", [Person("rutland", ANN, "Ann", "director")])
    browser = signed_in(page, provider, email="Ann@Example.org", email_verified=True)
    assert "You are signed in" in browser.page.text and 'http-equiv="refresh" content="0; url=/"' in browser.page.html
    chat = browser.open("/")
    assert "Rutland First" in chat.text and "you ask as: director" in chat.text
    assert "Sign in" in browser.press("Sign out").text


def test_an_address_that_no_directory_holds_is_asked_where_it_belongs(page: Stand, provider: Provider) -> None:
    """They are told so, choose for themselves, and their address is not kept."""
    browser = signed_in(page, provider, email="guest@example.org", email_verified=True)
    assert "doesn’t hold your address" in browser.page.text
    assert "Which organisation are you with?" in browser.open("/").text
    assert "Healthwatch Sefton" in browser.begin("sefton", "volunteer").text
    assert "Healthwatch Sefton" in browser.begin("rutland").text, "once they are known there is no picker"
    with page.database.read() as connection:
        assert "guest@example.org" not in str(connection.exec_driver_sql("SELECT email FROM visit UNION SELECT email FROM account").all())


@pytest.mark.parametrize("claims", [
    {"email": ANN}, {"email": ANN, "email_verified": False}, {"email": ANN, "email_verified": "true"}, {"email_verified": True},
    {"email": ANN, "email_verified": True, "nonce": "another"}, {"email": ANN, "email_verified": True, "aud": "another"},
    {"email": ANN, "email_verified": True, "aud": "another", "azp": CLIENT},
    {"email": ANN, "email_verified": True, "iss": "https://evil.example"}, {"email": ANN, "email_verified": True, "exp": 1_000_000_000},
])  # fmt: skip
def test_a_token_with_anything_wrong_lets_nobody_in(page: Stand, provider: Provider, claims: dict[str, object]) -> None:
    """Unconfirmed address, other nonce, audience or issuer, run out: each is refused, and no visit begins."""
    browser = signed_in(page, provider, **claims)
    assert browser.status == 403 and "Signing in did not work" in browser.page.text
    assert page.rows()["visit"] == 0 and "Sign in" in browser.open("/").text


def test_a_forged_signature_lets_nobody_in(page: Stand, provider: Provider) -> None:
    """Another key under the same name."""
    provider.signs_with = RSAKey.generate_key(2048, parameters={"kid": "1"})
    browser = signed_in(page, provider, email=ANN, email_verified=True)
    assert browser.status == 403 and page.rows()["visit"] == 0


@pytest.mark.parametrize("query", ["code=code-1&state=another", "code=code-1", "error=access_denied&state={state}", "code=wrong&state={state}", ""])
def test_a_way_back_that_nobody_began_lets_nobody_in(page: Stand, provider: Provider, query: str) -> None:
    """Other state, none, a refusal of the provider, a code that is not ours."""
    browser = page.browser(OUR)
    begun(browser, provider)
    browser.open("/sign-in/back?" + query.format(state=provider.asked["state"]))
    assert browser.status == 403 and page.rows()["visit"] == 0


def test_another_browser_cannot_come_back(page: Stand, provider: Provider) -> None:
    """State belongs to the browser that began."""
    begun(page.browser(OUR), provider)
    provider.claims = {"email": ANN, "email_verified": True}
    other = page.browser(OUR)
    other.open(f"/sign-in/back?code={CODE}&state={provider.asked['state']}")
    assert other.status == 403 and page.rows()["visit"] == 0


def test_a_provider_that_is_down_is_said_in_words(page: Stand, provider: Provider) -> None:
    """No traceback, and a way on."""
    provider.down = True
    browser = page.browser(OUR)
    assert "Signing in did not work" in browser.open("/sign-in").text and "/" in browser.page.links


def test_without_a_provider_there_is_no_sign_in(askwell: Askwell) -> None:
    """The address does not exist."""
    assert stand(askwell).browser().client.get("/sign-in").status_code == 404


def test_whoever_was_going_to_a_case_is_led_there_after_signing_in(page: Stand, provider: Provider) -> None:
    """The way in names the address; signing in remembers it and nothing else."""
    with page.database.write() as connection:
        directory.replaced(connection, "sefton", [Person("sefton", ANN, "Ann", "staff")])
    page.service.plans = plans.load(load.ROOT, page.service.askwell.knowledge)
    browser = page.browser(OUR)
    assert "/sign-in?to=/board/7QK4-XM29" in browser.open("/board/7QK4-XM29").links
    provider.claims = {"email": ANN, "email_verified": True}
    for to, leads in (("/board/7QK4-XM29", "/board/7QK4-XM29"), ("//evil.example", "/")):
        begun(browser, provider, f"?to={to}")
        assert f'content="0; url={leads}"' in browser.open(f"/sign-in/back?code={CODE}&state={provider.asked['state']}").html


def test_signing_in_leads_a_handler_to_the_board_while_something_waits_there(page: Stand, provider: Provider) -> None:
    """To everybody else it leads to the conversation."""
    with page.database.write() as connection:
        people = [Person("sefton", ANN, "Ann", "staff", duties=("safeguarding-lead",)), Person("sefton", "bob@example.org", "Bob", "staff")]
        directory.replaced(connection, "sefton", people)
    page.service.plans = plans.load(load.ROOT, page.service.askwell.knowledge)
    assert 'url=/"' in signed_in(page, provider, email=ANN, email_verified=True).page.html
    filing = Filing(Running(Flow.SAFEGUARDING, ""), Route((Rung((ANN,), 60, "safeguarding-lead"),)), frozenset())
    with page.database.write() as connection:
        reporter = Reporter("web", "x", "web:x", {})
        reports.file(connection, page.database.vault, page.service.post(time.time()), "sefton", reporter, filing, time.time())
    assert 'url=/board"' in signed_in(page, provider, email=ANN, email_verified=True).page.html
    assert 'url=/"' in signed_in(page, provider, email="bob@example.org", email_verified=True).page.html
