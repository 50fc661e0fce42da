"""Who may come in, what every answer of the server carries, and what happens when something is wrong."""

import logging
from collections.abc import Iterator

import pytest
from web_stand import EVERYWHERE, HERE, OURS, SERVED, THERE, Stand, stand

from adapters.web.access import access
from bot.guide import Askwell
from bot.settings import Settings, SettingsError
from bot.store.tables import metadata

KEY = "k" * 32
SIGN_IN = {"oidc_issuer": "https://id.example.org", "oidc_client_id": "askwell"}


@pytest.fixture(scope="module")
def page(askwell: Askwell) -> Stand:
    """The page on this machine."""
    return stand(askwell)


@pytest.mark.parametrize("path", ["/", "/policy", "/policy/sefton", "/policy/none", "/compare", "/privacy", "/invite/x", "/static/page.css"])
def test_every_answer_keeps_others_out(page: Stand, path: str) -> None:
    """No script but ours, no frame, no referrer to others, no guessing of types; and pages are not kept by browsers."""
    headers = page.browser().client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == ("no-store" if not path.startswith("/static") else "public, max-age=31536000, immutable")


def test_pages_hold_no_script_style_or_address_of_others(page: Stand) -> None:
    """Nothing inline that the policy would stop, and nothing is fetched from elsewhere."""
    browser = page.browser()
    browser.begin()
    for html in (browser.say("A journalist has messaged me").html, browser.open("/policy/warrington").html, browser.open("/compare").html):
        assert " style=" not in html and "<style" not in html and " onclick" not in html
        assert html.count("<script") == 1 and 'src="/static/page.js' in html
        assert 'src="http' not in html and 'href="//' not in html


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {},
])  # fmt: skip
def test_a_form_from_elsewhere_is_refused(page: Stand, headers: dict[str, str]) -> None:
    """Another site, an opaque origin, or nothing at all: nothing is done."""
    browser = page.browser()
    browser.client.headers.pop("Sec-Fetch-Site")
    before = page.rows()
    shown = browser.send("/begin", {"organisation": "sefton", "role": "staff"}, headers)
    assert browser.status == 403 and "did not come from Askwell" in shown.text and page.rows() == before


def test_an_older_browser_is_known_by_its_origin(page: Stand) -> None:
    """Where no fetch metadata is sent, the origin has to be the page's own."""
    browser = page.browser()
    browser.client.headers.pop("Sec-Fetch-Site")
    assert "Healthwatch Sefton" in browser.send("/begin", {"organisation": "sefton", "role": "staff"}, {"Origin": HERE}).text


@pytest.mark.parametrize("headers", [
    {"Host": "askwell.evil.example"}, {"Host": "127.0.0.1.evil.example:8080"}, {"X-Forwarded-For": "10.0.0.9"}, {"Forwarded": "for=10.0.0.9"},
    {"Via": "1.1 proxy"},
])  # fmt: skip
def test_without_sign_in_only_this_machine_is_answered(page: Stand, headers: dict[str, str]) -> None:
    """A name that was bent to this machine, or a proxy in front, gets nothing."""
    response = page.browser().client.get("/", headers=headers)
    assert response.status_code == 403 and "for this machine only" in response.text


@pytest.mark.parametrize("base", ["http://localhost:8080", "http://127.0.0.1:9999", "http://[::1]:8080"])
def test_this_machine_is_answered_by_each_of_its_names(page: Stand, base: str) -> None:
    """And says that nobody else is."""
    assert "Only this machine can open this page" in page.browser(base).open("/").text


def test_a_form_that_is_too_large_is_refused_in_words(page: Stand) -> None:
    """By its announced length, and by what arrives when none was announced."""
    browser = page.browser()
    browser.begin()
    assert "too long" in browser.send("/say", {"token": "x", "text": "x" * 600_000}).text and browser.status == 413

    def parts() -> Iterator[bytes]:
        yield b"token=x&text="
        yield from (b"x" * 65_536 for _ in range(10))

    sent = browser.client.post("/say", content=parts(), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert sent.status_code == 413 and "too long" in sent.text


def test_files_are_not_taken(page: Stand) -> None:
    """A form with a file in it is refused as a whole."""
    browser = page.browser()
    browser.begin()
    sent = browser.client.post("/say", data={"token": "x", "text": "hello"}, files={"photo": b"123"})
    assert sent.status_code == 400 and "Nothing was done" in sent.text


def test_a_database_that_fails_is_said_in_words(askwell: Askwell, caplog: pytest.LogCaptureFixture) -> None:
    """503, what to do, no traceback, and nothing of the question in the log."""
    broken = stand(askwell)
    browser = broken.browser()
    browser.begin()
    with broken.database.write() as connection:
        metadata.tables["conversation"].drop(connection)
    caplog.set_level(logging.DEBUG, "askwell.web")
    shown = browser.send("/say", {"token": "x", "text": "Can Xanthippe post photos?"})
    assert browser.status == 503 and "can't answer at the moment" in shown.text and "Traceback" not in shown.html
    assert "DatabaseUnusableError" in caplog.text and "Xanthippe" not in caplog.text


def test_a_fault_of_ours_is_said_in_words(askwell: Askwell, caplog: pytest.LogCaptureFixture) -> None:
    """500 with a way on; the log says which fault and where, and nothing that anybody typed."""
    broken = stand(askwell)
    browser = broken.browser()
    browser.begin()
    broken.service.channels.clear()
    shown = browser.send("/say", {"token": "x", "text": "Can Xanthippe post photos?"})
    assert browser.status == 500 and "went wrong on my side" in shown.text and "/" in shown.links
    assert "KeyError at service.py" in caplog.text and "Xanthippe" not in caplog.text


def test_a_page_that_is_served_lets_no_stranger_in(askwell: Askwell) -> None:
    """Without a visit there is no conversation, no picker and no comparison; policies can be read."""
    browser = stand(askwell, None, None, **SERVED).browser(THERE)
    door = browser.open("/")
    assert "invite link" in door.text and "Only this machine" not in door.text and "Sign in" not in door.text
    assert "invite link" in browser.begin().text
    assert "invite link" in browser.send("/compare", {"q": "Can I post photos?"}).text
    assert browser.open("/policy/sefton") and browser.status == 200


def refusal(**settings: object) -> str:
    """Why these settings are refused; empty where they are not."""
    try:
        access(Settings.model_validate(settings))
    except SettingsError as error:
        return str(error)
    return ""


def test_settings_that_would_let_strangers_in_are_refused() -> None:
    """Each refusal names the setting and what it must be."""
    assert "ASKWELL_PUBLIC_URL" in refusal(host=EVERYWHERE) and "127.0.0.1" in refusal(host="192.0.2.7")
    assert "https" in refusal(host=EVERYWHERE, public_url="http://askwell.example.org")
    assert "ASKWELL_PUBLIC_URL" in refusal(host=EVERYWHERE, public_url="https://localhost")
    assert "ASKWELL_SESSION_KEY" in refusal(**SERVED, **SIGN_IN, session_key="short")
    assert "ASKWELL_PUBLIC_URL" in refusal(**SIGN_IN, session_key=KEY)


def test_settings_that_are_safe_are_taken() -> None:
    """On this machine it is open; with a public address or sign-in it is not."""
    assert refusal() == refusal(**SERVED) == refusal(**SERVED, **SIGN_IN, session_key=KEY) == ""
    assert access(Settings()).here
    assert not access(Settings.model_validate(SERVED)).here
    assert not access(Settings.model_validate({"public_url": THERE})).here, "a proxy of this machine serves it"
    assert not access(Settings.model_validate({"public_url": HERE, **SIGN_IN, "session_key": KEY})).here


def test_the_headers_that_the_tests_send_are_those_of_a_browser(page: Stand) -> None:
    """Forms of our own pages are taken: otherwise all refusals above would prove nothing."""
    assert page.browser().client.headers["Sec-Fetch-Site"] == OURS["Sec-Fetch-Site"] == "same-origin"
    assert "Healthwatch Sefton" in page.browser().begin("sefton").text
