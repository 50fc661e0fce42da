"""Who may call: tokens, addresses, tenants, and what cannot be read. Whatever is refused is not looked at any further."""

import json
import logging
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.teams import sdk
from adapters.teams.activities import read
from adapters.teams.http import MOST_BYTES
from adapters.teams.part import check, hosts
from adapters.teams.text import from_html, plain
from bot.guide import Askwell
from bot.settings import SettingsError
from teams.microsoft import APP, KEY, KID, OTHER, SECRET, Microsoft, play_guarded, public, token
from teams.stand import ANN, FOREIGN, TENANT, Stand, play, settings

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
MARK = "Zebrafinch"
PEM = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_good_token_is_let_in_and_answered_with_our_own(askwell: Askwell, tmp_path: Path) -> None:
    """Ours is asked for as this tenant's app, by its secret, for Teams only."""

    async def go(teams: Stand, vendor: Microsoft) -> None:
        teams.known()
        await teams.say(FRIEND)
        message = await teams.posted(1)
        assert message["summary"].startswith("No. Please don't connect")
        (asked,) = vendor.asked
        assert (asked["client_id"], asked["client_secret"], asked["tenant"]) == (APP, SECRET, TENANT)
        assert asked["grant_type"] == "client_credentials" and "https://api.botframework.com/.default" in asked["scope"]
        assert {c.headers["Authorization"] for c in teams.teams.calls} == {"Bearer our-own-token-1"}

    play_guarded(go, askwell, tmp_path)


def bad_tokens(service: str) -> dict[str, str]:
    """Every token that must not hold."""
    good = token(service)
    head, body, seal = good.split(".")
    unsigned = jwt.encode({"iss": "https://api.botframework.com", "aud": APP, "serviceurl": service}, "", "none", {"kid": KID})
    return {
        "none": "", "empty": "Bearer ", "another scheme": good.replace("Bearer", "Basic"), "malformed": "Bearer a.b.c", "no token": "Bearer hello",
        "expired": token(service, age=3600 + 301), "not yet": token(service, age=-3600), "forged": token(service, OTHER),
        "cut": f"{head}.{body}.{seal[:-4]}", "changed": f"{head}.{body[:-2]}xx.{seal}", "unknown key": token(service, OTHER, "key-9"),
        "wrong audience": token(service, aud="99999999-1234-1234-1234-123456789abc"), "no audience": token(service, aud=None),
        "wrong issuer": token(service, iss="https://evil.example"), "the emulator's issuer": token(service, iss=f"https://sts.windows.net/{TENANT}/"),
        "unsigned": f"Bearer {unsigned}", "no end": token(service, exp=None), "for another address": token("https://smba.trafficmanager.net/uk/"),
        "for no address": token(service, serviceurl=None), "two of them": f"{good} {good}", "not for Teams": token(service, KEY, "key-2"),
    }  # fmt: skip


def test_every_token_that_does_not_hold_is_401_and_nothing_is_read(askwell: Askwell, tmp_path: Path) -> None:
    """Missing, malformed, expired, forged, by an unknown key, for somebody else: one answer for all of them, without a word."""

    async def go(teams: Stand, vendor: Microsoft) -> None:
        teams.known()
        vendor.keys.append(public(KEY, "key-2", "webchat"))
        for name, header in bad_tokens(teams.teams.url).items():
            answer = await teams.send(teams.activity("message", text=FRIEND), header)
            assert (answer.status_code, answer.content) == (401, b""), name
        await teams.quiet()
        assert not teams.teams.calls

    play_guarded(go, askwell, tmp_path)


def test_a_secret_made_of_the_public_key_opens_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """A token signed with what everybody knows, by an algorithm that takes it for a secret."""

    async def go(teams: Stand, _vendor: Microsoft) -> None:
        import base64
        import hashlib
        import hmac

        def part(found: object) -> str:
            return base64.urlsafe_b64encode(json.dumps(found).encode()).rstrip(b"=").decode()

        claims = {"iss": "https://api.botframework.com", "aud": APP, "serviceurl": teams.teams.url, "exp": 9e9}
        signed = f"{part({'alg': 'HS256', 'kid': KID})}.{part(claims)}"
        seal = base64.urlsafe_b64encode(hmac.new(PEM, signed.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
        assert (await teams.send(teams.activity("message", text=FRIEND), f"Bearer {signed}.{seal}")).status_code == 401

    play_guarded(go, askwell, tmp_path)


def test_a_new_key_is_found_without_a_restart(askwell: Askwell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft changes its keys; unknown ones are looked for again, though not by every stranger's request."""

    async def go(teams: Stand, vendor: Microsoft) -> None:
        assert (await teams.send(teams.activity("typing"))).status_code == 200
        vendor.keys = [public(OTHER, "key-2")]
        fresh = token(teams.teams.url, OTHER, "key-2")
        for _ in range(3):
            assert (await teams.send(teams.activity("typing"), fresh)).status_code == 401
        assert vendor.fetched == 1
        monkeypatch.setattr(sdk, "AGAIN", 0.0)
        assert (await teams.send(teams.activity("typing"), fresh)).status_code == 200 and vendor.fetched == 2
        assert (await teams.send(teams.activity("typing"))).status_code == 401, "the old one no longer counts"

    play_guarded(go, askwell, tmp_path)


def test_while_microsofts_keys_are_out_of_reach_nobody_is_let_in(askwell: Askwell, tmp_path: Path) -> None:
    """And the request is not held up by it."""

    async def go(teams: Stand, _vendor: Microsoft) -> None:
        assert (await teams.send(teams.activity("message", text=FRIEND))).status_code == 401

    play_guarded(go, askwell, tmp_path, teams_openid_url="http://127.0.0.1:9/openid")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"serviceUrl": None}, 400), ({"serviceUrl": ""}, 400), ({"serviceUrl": ["https://smba.trafficmanager.net/uk/"]}, 400), ({"type": None}, 400),
        ({"channelId": "webchat"}, 403), ({"channelId": "emulator"}, 403),
        ({"channelData": {"tenant": {"id": FOREIGN}}}, 403), ({"channelData": None, "conversation": {"id": "a", "tenantId": FOREIGN}}, 403),
        ({"channelData": {}, "conversation": {"id": "a"}}, 403),
    ],
    ids=["no address", "an empty one", "a list of them", "no type", "webchat", "emulator", "a foreign tenant", "a foreign chat", "no tenant"],
)  # fmt: skip
def test_a_good_token_opens_only_for_what_is_ours(askwell: Askwell, tmp_path: Path, more: dict[str, Any], status: int) -> None:
    """Without an address to answer at, from another platform, from another tenant: refused, and nothing is sent anywhere."""

    async def go(teams: Stand, _vendor: Microsoft) -> None:
        teams.known()
        answer = await teams.send({**teams.activity("message", text=FRIEND), **more})
        assert (answer.status_code, answer.content) == (status, b"")
        await teams.quiet()
        assert not teams.teams.calls

    play_guarded(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "service",
    [
        "https://evil.example/", "http://smba.trafficmanager.net/uk/", "https://smba.trafficmanager.net.evil.example/", "https://smba.trafficmanager.net@evil.example/",
        "https://u:p@smba.trafficmanager.net/", "https://169.254.169.254/latest", "file:///etc/passwd", "//smba.trafficmanager.net", "https://[::1", "https://",
    ],
)  # fmt: skip
def test_an_address_that_is_none_of_teams_is_refused(askwell: Askwell, tmp_path: Path, service: str) -> None:
    """Even with a token that was made for it."""

    async def go(teams: Stand, _vendor: Microsoft) -> None:
        teams.known()
        answer = await teams.send({**teams.activity("message", text=FRIEND), "serviceUrl": service}, token(service))
        assert answer.status_code == 403
        await teams.quiet()
        assert not teams.teams.calls

    play_guarded(go, askwell, tmp_path)


def test_teams_own_addresses_are_taken_by_https() -> None:
    """With or without a region and a slash at the end."""
    allowed = hosts(settings(Path(), teams_app_id=APP))
    assert (
        allowed("https://smba.trafficmanager.net/uk/") and allowed("https://smba.trafficmanager.net/amer") and not allowed("http://127.0.0.1:56150")
    )


def test_only_json_of_a_sensible_length_is_read(askwell: Askwell, tmp_path: Path) -> None:
    """So no page of another site can send anything unasked, and nobody fills the memory."""

    async def go(teams: Stand) -> None:
        sent = json.dumps(teams.activity("typing")).encode()
        kinds = {"text/plain": 415, "application/x-www-form-urlencoded": 415, "": 415, "application/json; charset=utf-8": 200}
        for kind, status in kinds.items():
            assert (await teams.client.post("/api/messages", content=sent, headers={"Content-Type": kind})).status_code == status
        for raw, status in ((b"", 400), (b"{", 400), (b"[]", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b" " * (MOST_BYTES + 1), 413)):
            assert (await teams.client.post("/api/messages", content=raw, headers={"Content-Type": "application/json"})).status_code == status
        assert (await teams.client.get("/api/messages")).status_code == 405

    play(go, askwell, tmp_path)


def test_without_an_app_id_nothing_starts_but_the_playground_on_this_machine(tmp_path: Path) -> None:
    """And the message says what to set."""
    for wrong in ({"teams_playground": False}, {"host": "0.0.0.0"}):  # noqa: S104 - what must be refused
        with pytest.raises(SettingsError, match="ASKWELL_TEAMS_APP_ID"):
            check(settings(tmp_path, **wrong))
    check(settings(tmp_path))


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Host": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.1"}, {"Via": "1.1 proxy"}])
def test_the_playground_is_answered_by_this_machines_own_names_only(askwell: Askwell, tmp_path: Path, header: dict[str, str]) -> None:
    """A name that was bent to this machine, or a forgotten proxy, opens it to nobody."""

    async def go(teams: Stand) -> None:
        said = teams.activity("typing")
        assert (await teams.client.post("/api/messages", json=said)).status_code == 200
        assert (await teams.client.post("/api/messages", json=said, headers=header)).status_code == 403

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("wrong", ["teams_app_id", "teams_tenant", "teams_app_secret"])
def test_what_cannot_be_right_is_named(tmp_path: Path, wrong: str) -> None:
    """Also where only one of them is missing."""
    good: dict[str, Any] = {"teams_app_id": APP, "teams_tenant": TENANT, "teams_app_secret": SecretStr(SECRET)}
    check(settings(tmp_path, **good))
    for value in ("", "common") if wrong == "teams_tenant" else ("askwell",) if wrong == "teams_app_id" else ("",):
        with pytest.raises(SettingsError, match=f"ASKWELL_{wrong.upper()}"):
            check(settings(tmp_path, **{**good, wrong: SecretStr(value) if "secret" in wrong else value}))


def test_no_token_and_no_word_is_ever_logged(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """At no level, by us or by what we use: of good requests, of refused ones, and of what Teams does not take."""
    caplog.set_level(logging.DEBUG)

    async def go(teams: Stand, vendor: Microsoft) -> None:
        teams.known()
        await teams.say(f"{MARK} asks: {FRIEND}")
        await teams.posted(1)
        for header in bad_tokens(teams.teams.url).values():
            await teams.send(teams.activity("message", text=MARK), header)
        broken = {**teams.activity("message", text=MARK), "conversation": {"id": {"nested": MARK}}}
        await teams.send(broken)
        await teams.quiet()
        secrets = [MARK, SECRET, "our-own-token", teams.header.split(".")[2], ANN]
        assert vendor.asked and not [s for s in secrets if s in caplog.text]

    play_guarded(go, askwell, tmp_path)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20) | st.integers(),
    lambda s: st.lists(s, max_size=3) | st.dictionaries(st.text(max_size=8), s, max_size=3),
)
NAMES = "type name value from recipient conversation channelData text entities attachments id membersAdded replyToId action".split()
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, ANYTHING))
BASE = {
    "type": "invoke", "name": "adaptiveCard/action", "serviceUrl": "https://smba.trafficmanager.net/uk/", "from": {"id": "29:a"},
    "recipient": {"id": "28:b"}, "conversation": {"id": "c"}, "value": {"action": {"verb": "choose", "data": {"choice": '["x",1,"who","a"]'}}},
}  # fmt: skip


@hypothesis_settings(max_examples=300, deadline=None)
@given(FIELDS)
def test_whatever_comes_is_read_or_let_go(more: dict[str, Any]) -> None:
    """No shape of JSON breaks the reading."""
    read({**BASE, **more})


@hypothesis_settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_whatever_people_write_comes_back_as_words(text: str) -> None:
    """Markup that is none stays as it was typed, and HTML becomes words."""
    assert isinstance(plain({"text": text}), str) and "<p>" not in from_html(f"<p>{text.replace('<', '')}</p>")
