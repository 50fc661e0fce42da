"""Socket Mode: the same events and presses over a connection that we open, acknowledged after they are committed."""

import asyncio
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from served import until

from bot import words
from bot.guide import Askwell
from slack.stand import ANN, OFFICE, POST, TEAM, Stand, direct, envelope, mention, play, press, text_of

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
PHOTO = "can i post a photo of our service users at the event"
SOCKET = {"slack_app_token": SecretStr("xapp-stand"), "slack_signing_secret": SecretStr("")}


async def pushed(slack: Stand, kind: str, payload: dict[str, Any], envelope_id: str) -> None:
    """Slack sends something over the socket."""
    await slack.slack.envelopes.put({"type": kind, "envelope_id": envelope_id, "payload": payload, "accepts_response_payload": kind != "events_api"})


def test_events_presses_and_commands_come_over_the_socket(askwell: Askwell, tmp_path: Path) -> None:
    """Each is acknowledged by its envelope and answered as over HTTP; there is no address to call."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.slack.envelopes.put({"type": "hello", "num_connections": 1})
        await pushed(slack, "events_api", envelope(direct(PHOTO)), "e1")
        asked = await slack.posted(1)
        await pushed(slack, "interactive", press(asked, "No, or not"), "e2")
        assert (await slack.posted(2))["text"].startswith("No.")
        form = {"command": "/askwell", "text": FRIEND, "team_id": TEAM, "user_id": ANN, "channel_id": OFFICE, "trigger_id": "t"}
        await pushed(slack, "slash_commands", {**form, "response_url": f"{slack.slack.url}/respond/1"}, "e3")
        assert "No. Please don't connect" in (await slack.calls("respond", 1))[0]["text"]
        await pushed(slack, "something_new", {"type": "new"}, "e4")
        await until(lambda: len(slack.slack.acknowledged) == 4, "four acknowledgements")
        assert slack.slack.acknowledged == ["e1", "e2", "e3", "e4"]
        assert (await slack.client.post("/slack/events")).status_code == 404

    play(go, askwell, tmp_path, **SOCKET)


def test_an_event_that_comes_again_is_answered_once_and_acknowledged_again(askwell: Askwell, tmp_path: Path) -> None:
    """Slack sends it in a new envelope where it did not hear us."""

    async def go(slack: Stand) -> None:
        slack.known()
        body = envelope(mention("my manager is fiddling the expenses"))
        for name in ("e1", "e2"):
            await pushed(slack, "events_api", body, name)
        await until(lambda: set(slack.slack.acknowledged) == {"e1", "e2"}, "two acknowledgements")
        assert (await slack.posted(1))["text"] == words.ANSWER_READY
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1 and text_of(slack.slack.to("chat.postEphemeral")[0]["blocks"]) == words.NUDGE

    play(go, askwell, tmp_path, **SOCKET)


def test_what_was_not_committed_is_not_acknowledged_on_the_socket_either(askwell: Askwell, tmp_path: Path) -> None:
    """Slack sends it again, and then it is answered."""

    async def go(slack: Stand) -> None:
        slack.known()
        body = envelope(direct(FRIEND))
        with slack.service.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE event RENAME TO elsewhere")
        await pushed(slack, "events_api", body, "e1")
        await asyncio.sleep(0.5)
        with slack.service.database.write() as connection:
            connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO event")
        await pushed(slack, "events_api", body, "e2")
        await slack.posted(1)
        await until(lambda: bool(slack.slack.acknowledged), "an acknowledgement")
        assert slack.slack.acknowledged == ["e2"]

    play(go, askwell, tmp_path, **SOCKET)


def test_a_connection_that_slack_closes_is_opened_again(askwell: Askwell, tmp_path: Path) -> None:
    """As it does every few hours, with a word before."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.slack.envelopes.put({"type": "disconnect", "reason": "refresh_requested"})
        await slack.calls("apps.connections.open", 2)
        await asyncio.sleep(0.3)
        await pushed(slack, "events_api", envelope(direct(FRIEND)), "e1")
        await slack.posted(1)

    play(go, askwell, tmp_path, **SOCKET)
