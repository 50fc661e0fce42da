"""While Slack is in trouble: nothing is lost, nothing is said twice, the order is kept, and what cannot be sent raises an alarm."""

import asyncio
from pathlib import Path

import pytest
from served import until

from adapters.slack.part import found
from adapters.slack.sdk import Web
from bot import words
from bot.guide import Askwell
from slack.stand import ANN, BOB, DIRECT, OFFICE, POST, Stand, Trouble, direct, mention, play, press, stamp

pytestmark = pytest.mark.whole

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
MEDIA = "a journalist has messaged me, what now?"
LIMIT = Trouble(status=429, body={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "1"})
ERROR = Trouble(status=500, body={"ok": False, "error": "internal_error"})


@pytest.mark.parametrize(
    "troubles",
    [[LIMIT], [LIMIT, LIMIT], [ERROR], [Trouble(status=503, body={})], [Trouble(body={"ok": False, "error": "invalid_auth"})], [LIMIT, ERROR]],
    ids=["429", "429 twice", "500", "503 without a body", "a token that is being mended", "429, then 500"],
)
def test_nothing_is_lost_and_the_order_is_kept(askwell: Askwell, tmp_path: Path, troubles: list[Trouble]) -> None:
    """Slack's troubles are acknowledged nowhere: the answer comes when Slack takes it again, before the next one."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles[POST] = list(troubles)
        await slack.say(FRIEND)
        await slack.say(MEDIA)
        await slack.calls(POST, 2 + len(troubles))
        await slack.quiet()
        assert [m["text"].split(".")[0] for m in slack.slack.messages] == ["No", "Ask first"]
        assert not slack.alarms

    play(go, askwell, tmp_path)


def test_a_limit_holds_up_only_its_own_conversation(askwell: Askwell, tmp_path: Path) -> None:
    """Somebody else is answered meanwhile."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.known(BOB)
        slack.slack.troubles[POST] = [Trouble(status=429, body={}, headers={"Retry-After": "3"})]
        await slack.say(FRIEND)
        await slack.calls(POST, 1)
        await slack.event(direct(MEDIA, user=BOB, channel="D02BOB"))
        await slack.calls(POST, 3)
        assert [m["channel"] for m in slack.slack.messages] == ["D02BOB", DIRECT]

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("threaded", [False, True])
def test_an_answer_that_arrived_is_not_sent_again(askwell: Askwell, tmp_path: Path, threaded: bool) -> None:
    """Slack posted it and its word was lost: the key is looked for in the conversation before anything is repeated."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles[POST] = [Trouble(late=True)]
        root = stamp()
        if threaded:
            await slack.event(mention(FRIEND, ts=root))
        else:
            await slack.say(FRIEND)
        await slack.posted(1)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1
        looked = slack.slack.to("conversations.replies" if threaded else "conversations.history")
        assert [look["include_all_metadata"] for look in looked] == ["true"]
        assert [(look["channel"], look.get("ts")) for look in looked] == [(OFFICE, root) if threaded else (DIRECT, None)]
        assert slack.slack.messages[0]["metadata"]["event_type"] == "askwell"

    play(go, askwell, tmp_path)


def test_an_answer_in_private_to_a_question_in_a_channel_is_looked_for_there(askwell: Askwell, tmp_path: Path) -> None:
    """The messages of somebody with the app are found by their id."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles[POST] = [Trouble(late=True)]
        await slack.event(mention("a young person just told me he has taken tablets and it is goodbye"))
        await slack.posted(1)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1 and slack.slack.to("conversations.open") == [{"users": ANN}]

    play(go, askwell, tmp_path)


def test_an_answer_that_did_not_arrive_is_sent_again(askwell: Askwell, tmp_path: Path) -> None:
    """In doubt it is looked for, not found, and sent with the same key."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles[POST] = [ERROR]
        await slack.say(FRIEND)
        await slack.calls(POST, 2)
        keys = {call["metadata"]["event_payload"]["key"] for call in slack.slack.to(POST)}
        assert len(keys) == 1 and len(slack.slack.to("conversations.history")) == 1
        await slack.quiet()

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("said", ["channel_not_found", "is_archived", "account_inactive", "user_not_found", "invalid_blocks"])
def test_what_slack_will_never_take_is_given_up_with_an_alarm(askwell: Askwell, tmp_path: Path, said: str) -> None:
    """At once, and what comes after it is sent. The alarm holds no words."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles[POST] = [Trouble(body={"ok": False, "error": said})]
        await slack.say(FRIEND)
        await slack.say(MEDIA)
        await slack.calls(POST, 2)
        await until(lambda: bool(slack.alarms), "an alarm")
        await slack.quiet()
        assert slack.alarms == [f"T01TEAM:{ANN} {said}"]
        assert [m["text"].split(".")[0] for m in slack.slack.messages] == ["Ask first"]

    play(go, askwell, tmp_path)


def test_nobody_is_alarmed_where_only_a_touch_of_polish_is_refused(askwell: Askwell, tmp_path: Path) -> None:
    """Buttons that stay because Slack no longer lets the message be changed; a nudge to somebody who has left the channel."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles["chat.update"] = [Trouble(body={"ok": False, "error": "edit_window_closed"})]
        slack.slack.troubles["chat.postEphemeral"] = [Trouble(body={"ok": False, "error": "user_not_in_channel"})]
        await slack.say("can i post a photo of our service users at the event")
        await slack.interact(press(await slack.posted(1), "Only some"))
        await slack.event(mention("my manager is fiddling the expenses"))
        await slack.posted(3)
        await slack.calls("chat.postEphemeral", 1)
        await slack.quiet()
        assert len(slack.slack.to("chat.update")) == 1 and not slack.alarms

    play(go, askwell, tmp_path)


def test_while_slack_cannot_be_reached_answers_wait(askwell: Askwell, tmp_path: Path) -> None:
    """Nobody listens at its address: nothing is in doubt, and nothing is given up."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(FRIEND)
        await asyncio.sleep(1.5)
        with slack.service.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT status, doubtful FROM outbox").all()
        assert [(r.status, bool(r.doubtful)) for r in rows] == [("due", False)] and not slack.alarms

    play(go, askwell, tmp_path, slack_api_url="http://127.0.0.1:9/")


def test_a_nudge_that_may_have_been_seen_is_given_again(askwell: Askwell, tmp_path: Path) -> None:
    """What only one person sees cannot be looked for; twice is better than never."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles["chat.postEphemeral"] = [ERROR]
        await slack.event(mention("my manager is fiddling the expenses"))
        assert [n["text"] for n in await slack.calls("chat.postEphemeral", 2)] == [words.NUDGE, words.NUDGE]

    play(go, askwell, tmp_path)


def test_a_token_that_lacks_scopes_is_named_with_them(askwell: Askwell, tmp_path: Path) -> None:
    """What the manifest asks for and the token may not; nothing where it may all."""

    async def go(slack: Stand) -> None:
        web = Web("xoxb-stand", f"{slack.slack.url}/api/")
        assert await found(web) == []
        slack.slack.scopes = "chat:write,commands"
        (line,) = await found(web)
        assert "app_mentions:read, assistant:write" in line and "chat:write" not in line and "askwell manifest slack" in line
        for error, says in (("account_inactive", "install the app again"), ("invalid_auth", "check the network, then the token")):
            slack.slack.troubles["auth.test"] = [Trouble(body={"ok": False, "error": error})]
            assert says in (await found(web))[0]
        await web.close()

    play(go, askwell, tmp_path)


def test_a_token_that_slack_refuses_is_said_in_the_log_at_the_start(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody answers at Slack's address: the log says so, and the application runs."""

    async def go(slack: Stand) -> None:
        await until(lambda: "Slack cannot be reached" in caplog.text, "a line in the log")
        assert (await slack.event(direct(FRIEND))).status_code == 200

    play(go, askwell, tmp_path, slack_api_url="http://127.0.0.1:9/")
