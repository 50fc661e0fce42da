"""Who may call: signatures, what Slack asks of an address, and what cannot be read. What was not committed is not acknowledged."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import SecretStr

from adapters.slack.desk import COMMAND, EVENT, INTERACTION, wanted
from adapters.slack.http import MOST_BYTES
from adapters.slack.part import check
from adapters.slack.text import escaped, plain
from bot.guide import Askwell
from bot.settings import SettingsError
from slack.stand import ANN, POST, TEAM, Stand, direct, envelope, play, settings

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
BODY = json.dumps(envelope(direct(FRIEND))).encode()
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.mark.parametrize("age", [301.0, 3600.0, -301.0])
def test_an_old_signature_is_refused(askwell: Askwell, tmp_path: Path, age: float) -> None:
    """Five minutes either way; so nobody plays a request again later."""

    async def go(slack: Stand) -> None:
        assert (await slack.signed(BODY, JSON, age=age)).status_code == 401
        assert (await slack.signed(BODY, JSON, age=age / 1.5 if abs(age) < 400 else 0)).status_code == 200

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64}, {"X-Slack-Signature": ""}, {"X-Slack-Signature": "\u00e9"}, {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "soon"}, {"X-Slack-Request-Timestamp": "9" * 400}, {"X-Slack-Request-Timestamp": "1e9"},
    ],
)  # fmt: skip
def test_a_bad_signature_is_refused(askwell: Askwell, tmp_path: Path, headers: dict[str, str]) -> None:
    """Wrong, empty or malformed: 401, and nothing was read."""

    async def go(slack: Stand) -> None:
        slack.known()
        assert (await slack.signed(BODY, JSON, headers=headers)).status_code == 401
        await slack.quiet()
        assert not slack.slack.to(POST)

    play(go, askwell, tmp_path)


def test_the_raw_body_is_what_was_signed(askwell: Askwell, tmp_path: Path) -> None:
    """Another secret, another body, no headers at all, and bytes that are no text."""

    async def go(slack: Stand) -> None:
        assert (await slack.signed(BODY, JSON, secret="another")).status_code == 401  # noqa: S106 - of the test
        good = (await slack.signed(BODY, JSON)).request.headers
        signs = {k: good[k] for k in ("X-Slack-Request-Timestamp", "X-Slack-Signature", "Content-Type")}
        assert (await slack.client.post("/slack/events", content=BODY + b" ", headers=signs)).status_code == 401
        assert (await slack.client.post("/slack/events", content=b"\xff\xfe", headers=signs)).status_code == 401
        assert (await slack.client.post("/slack/events", content=BODY)).status_code == 401
        assert (await slack.client.get("/slack/events")).status_code == 401

    play(go, askwell, tmp_path)


def test_what_slack_asks_of_an_address_is_answered(askwell: Askwell, tmp_path: Path) -> None:
    """The challenge, signed; and whether the certificate holds, which is not."""

    async def go(slack: Stand) -> None:
        asked = json.dumps({"type": "url_verification", "challenge": "c<h>"}).encode()
        assert (await slack.signed(asked, JSON)).json() == {"challenge": "c<h>"}
        assert (await slack.client.post("/slack/events", content=asked)).status_code == 401
        assert (await slack.client.get("/slack/events?ssl_check=1")).status_code == 200
        assert (await slack.client.post("/slack/events", content=b"ssl_check=1&token=x", headers={"Content-Type": FORM})).status_code == 200

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        (b"", JSON), (b"[]", JSON), (b"{", JSON), (b"null", JSON), (b'{"type": "something_new"}', JSON), (b'{"event": 5}', JSON),
        (b"payload=%7B", FORM), (b"payload=[]", FORM), (b"command=%2Faskwell", FORM), (b"", FORM), (b"x=1", "text/plain"),
        (b"[" * 200_000, JSON), (b"payload=" + b"[" * 200_000, FORM),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_acknowledged_and_left(askwell: Askwell, tmp_path: Path, raw: bytes, content: str) -> None:
    """It is signed, so Slack meant something that we don't know: delivering it again would not help."""

    async def go(slack: Stand) -> None:
        assert (await slack.signed(raw, content)).status_code == 200
        assert {c.method for c in slack.slack.calls} <= {"auth.test"}

    play(go, askwell, tmp_path)


def test_a_body_without_end_is_refused_early(askwell: Askwell, tmp_path: Path) -> None:
    """Before anything is computed over it."""

    async def go(slack: Stand) -> None:
        assert (await slack.signed(b"x" * (MOST_BYTES + 1), JSON)).status_code == 413

    play(go, askwell, tmp_path)


def test_what_was_not_committed_is_not_acknowledged(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The database fails: Slack is told to deliver again, and then it is answered. The log says what to mend, without words."""

    async def go(slack: Stand) -> None:
        slack.known()
        body = json.dumps(envelope(direct(FRIEND))).encode()
        with slack.service.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE event RENAME TO elsewhere")
        assert (await slack.signed(body, JSON)).status_code == 503
        with slack.service.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO event")
        assert (await slack.signed(body, JSON)).status_code == 200
        assert (await slack.posted(1))["text"].startswith("No.")

    play(go, askwell, tmp_path)
    assert "Slack delivers it again" in caplog.text and "friend" not in caplog.text and "Traceback" not in caplog.text


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from([TEAM, ANN, "C01OFFICE", "im", "1.1", '["U01ANN",1,"a","b"]'])
)
NAMES = st.sampled_from(
    """
    type subtype channel user ts text message previous_message event team_id team authorizations files bot_id thread_ts tab tokens bot id actions
    action_id value block_id action_ts trigger_id container is_ephemeral view callback_id private_metadata state values field blocks
    response_url channel_id user_id is_bot item deleted profile
    """.split()
)
KINDS = st.sampled_from(
    "message app_mention app_home_opened user_change tokens_revoked block_actions view_submission view_closed message_action wrong ask open".split()
)
THINGS = st.recursive(
    LEAVES | KINDS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6), max_leaves=25
)  # fmt: skip


@hypothesis_settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # a busy machine makes bodies slowly; that is no fault
@given(kind=st.sampled_from([EVENT, INTERACTION, COMMAND, "hello"]), what=KINDS, body=st.dictionaries(NAMES, THINGS, max_size=10))
def test_no_request_whatever_its_shape_breaks_reading(kind: str, what: str, body: dict[str, Any]) -> None:
    """Anything that JSON can say comes to something that we want, or to nothing."""
    wanted(kind, {**body, "type": what})
    wanted(kind, {**body, "event": {**body, "type": what}})


@given(text=st.text())
def test_escaped_words_hold_no_signs_and_come_back_as_they_were(text: str) -> None:
    """What goes to Slack as plain words is read back as the same words."""
    assert not set("<>") & set(escaped(text)) and plain(escaped(text)) == text.strip()


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ({"slack_bot_token": SecretStr("xoxp-a-persons")}, "ASKWELL_SLACK_BOT_TOKEN"),
        ({"slack_app_token": SecretStr("xoxb-1")}, "ASKWELL_SLACK_APP_TOKEN"),
        ({"slack_signing_secret": SecretStr("")}, "ASKWELL_SLACK_SIGNING_SECRET"), ({"slack_signing_secret": SecretStr("  ")}, "Basic Information"),
    ],
)  # fmt: skip
def test_a_wrong_token_is_said_at_the_start(tmp_path: Path, more: dict[str, Any], names: str) -> None:
    """The message names the setting, and where the right value stands."""
    with pytest.raises(SettingsError, match=names):
        check(settings("http://127.0.0.1:9", tmp_path, **more))
    check(settings("http://127.0.0.1:9", tmp_path))


def test_a_request_that_is_played_again_later_is_refused(askwell: Askwell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very same bytes and headers, six minutes on."""

    async def go(slack: Stand) -> None:
        first = await slack.signed(BODY, JSON)
        now = time.time()
        monkeypatch.setattr("slack_sdk.signature.time", lambda: now + 360)
        again = await slack.client.post("/slack/events", content=BODY, headers=first.request.headers)
        assert (first.status_code, again.status_code) == (200, 401)

    play(go, askwell, tmp_path)
