"""What people type in Slack: direct messages, mentions, threads, edits, files, and everything that is not for us."""

import asyncio
import json
import logging
from pathlib import Path

import pytest

from bot import words
from bot.guide import Askwell
from slack.stand import ANN, BOB, BOT, DIRECT, OFFICE, POST, TEAM, Stand, buttons, direct, envelope, mention, play, spoken, stamp, text_of

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
DANGER = "a young person just told me he has taken tablets and it is goodbye"
HOME = f"{TEAM}:{ANN}"


def test_a_direct_message_is_answered_whole_in_text_and_in_blocks(askwell: Askwell, tmp_path: Path) -> None:
    """Verdict first, the policy's words as a quote that leads to the policy, and nothing unfurled."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(FRIEND)
        message = await slack.posted(1)
        first, quoted = message["blocks"][:2]
        assert first["elements"][0]["elements"][0] == {"type": "text", "text": "No.", "style": {"bold": True}}
        passage = quoted["elements"][-1]
        assert passage["type"] == "rich_text_quote" and passage["elements"][0]["text"].startswith("“Any contact between")
        assert passage["elements"][1]["url"] == "https://askwell.example.org/policy/sefton#no-contact"
        assert message["text"].startswith("No. Please don't connect") and "Any contact between Healthwatch Sefton staff" in message["text"]
        assert (message["channel"], message["mrkdwn"], message["unfurl_links"], message["unfurl_media"]) == (DIRECT, False, False, False)
        assert "thread_ts" not in message

    play(go, askwell, tmp_path)


def test_without_a_public_address_a_quote_names_its_section_without_a_link(askwell: Askwell, tmp_path: Path) -> None:
    """No link leads nowhere."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(FRIEND)
        message = await slack.posted(1)
        assert message["blocks"][1]["elements"][-1]["elements"][1]["text"].startswith("Limits of use")
        assert '"link"' not in json.dumps(message["blocks"][1])

    play(go, askwell, tmp_path, public_url="")


def test_an_event_that_is_delivered_again_is_answered_once(askwell: Askwell, tmp_path: Path) -> None:
    """Slack delivers up to three times; each delivery is acknowledged."""

    async def go(slack: Stand) -> None:
        slack.known()
        body = json.dumps(envelope(direct(FRIEND))).encode()
        for again in range(3):
            headers = {"X-Slack-Retry-Num": str(again), "X-Slack-Retry-Reason": "http_timeout"} if again else {}
            assert (await slack.signed(body, "application/json", headers=headers)).status_code == 200
        await slack.posted(1)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1

    play(go, askwell, tmp_path)


def test_a_reply_in_a_thread_of_direct_messages_stays_in_it(askwell: Askwell, tmp_path: Path) -> None:
    """Whoever asks in a thread is answered there; it is one conversation all the same."""

    async def go(slack: Stand) -> None:
        slack.known()
        root = stamp()
        await slack.say(FRIEND, thread_ts=root)
        assert (await slack.posted(1))["thread_ts"] == root
        assert slack.service.session("slack", HOME, HOME).number == 1

    play(go, askwell, tmp_path)


def test_what_people_write_is_never_markup(askwell: Askwell, tmp_path: Path) -> None:
    """Signs of Slack's markup come back as plain words: nobody is called, nothing is linked, no letter is bold."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say("how many &lt;!channel&gt; &amp; *followers* before <https://evil.example|closing> an account &lt;@U1&gt;")
        message = await slack.posted(1)
        offered = next(b for b in message["blocks"] if b["type"] == "rich_text" and words.OFFER in text_of(b))
        assert offered["elements"][1]["elements"] == [
            {"type": "text", "text": "how many <!channel> & *followers* before closing (https://evil.example) an account <@U1>"}
        ]
        assert "<!channel>" not in message["text"] and "&lt;!channel&gt; &amp; *followers*" in message["text"]
        assert message["mrkdwn"] is False

    play(go, askwell, tmp_path)


def test_an_edited_message_is_answered_anew(askwell: Askwell, tmp_path: Path) -> None:
    """The edit takes the place of what it changed."""

    async def go(slack: Stand) -> None:
        slack.known()
        ts = await slack.say("Can I use emojis?")
        await slack.posted(1)
        changed = {"type": "message", "subtype": "message_changed", "channel": DIRECT, "channel_type": "im", "ts": stamp()}
        old = {"type": "message", "user": ANN, "text": "Can I use emojis?", "ts": ts}
        await slack.event({**changed, "message": {**old, "text": FRIEND, "edited": {"user": ANN}}, "previous_message": old})
        assert (await slack.posted(2))["text"].startswith("No. Please don't connect")

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("way", ["message_deleted", "tombstone"])
def test_a_deleted_message_is_forgotten_without_a_word(askwell: Askwell, tmp_path: Path, way: str) -> None:
    """Also where it has replies, and only a tombstone stays of it."""

    async def go(slack: Stand) -> None:
        slack.known()
        ts = await slack.say(FRIEND)
        await slack.posted(1)
        old = {"type": "message", "user": ANN, "text": FRIEND, "ts": ts}
        found = {"type": "message", "channel": DIRECT, "channel_type": "im", "ts": stamp(), "previous_message": old}
        if way == "tombstone":
            found |= {
                "subtype": "message_changed",
                "message": {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": ts},
            }
        else:
            found |= {"subtype": "message_deleted", "deleted_ts": ts}
        assert (await slack.event(found)).status_code == 200
        session = slack.service.session("slack", HOME, HOME)
        assert FRIEND not in str(session.heard) and FRIEND not in str(session.state)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1

    play(go, askwell, tmp_path)


def test_a_change_that_only_unfolds_a_link_is_no_edit(askwell: Askwell, tmp_path: Path) -> None:
    """Slack reports its own previews as changes."""

    async def go(slack: Stand) -> None:
        slack.known()
        ts = await slack.say(FRIEND)
        await slack.posted(1)
        same = {"type": "message", "user": ANN, "text": FRIEND, "ts": ts}
        found = {"type": "message", "subtype": "message_changed", "channel": DIRECT, "ts": stamp(), "previous_message": same}
        await slack.event({**found, "message": {**same, "attachments": [{"title": "a preview"}]}})
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1

    play(go, askwell, tmp_path)


def test_a_file_is_never_opened_and_that_is_said(askwell: Askwell, tmp_path: Path) -> None:
    """Alone it gets that one sentence; beside words they are answered too. Nothing is fetched."""

    async def go(slack: Stand) -> None:
        slack.known()
        file = [{"id": "F1", "url_private": f"{slack.slack.url}/file", "name": "her-notes.png"}]
        await slack.event(direct("", subtype="file_share", files=file))
        assert (await slack.posted(1))["text"] == words.ATTACHMENT
        await slack.event(direct(FRIEND, subtype="file_share", files=file))
        both = (await slack.posted(2))["text"]
        assert both.startswith(words.ATTACHMENT) and "No. Please don't connect" in both
        assert {c.method for c in slack.slack.calls} <= {"auth.test", POST}

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "event",
    [
        direct("hello", user=BOT),
        direct("hello", bot_id="B01OTHER"),
        direct("hello", subtype="bot_message", bot_id="B01OTHER"),
        {**direct("hello"), "user": None},
        direct("hello", user="USLACKBOT"),
        direct("joined", subtype="channel_join"),
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": DIRECT,
            "ts": "1.1",
            "message": {"bot_id": "B1", "user": BOT, "text": "a", "ts": "1"},
        },
        spoken("Can I accept a friend request from a volunteer?"),
        spoken("Can I accept a friend request from a volunteer?", thread_ts="1700000000.000100"),
        {"type": "reaction_added", "user": ANN},
        {"type": "app_home_opened", "user": ANN, "channel": DIRECT, "tab": "about"},
        {"type": "something_new", "user": {"id": 5}},
        {"type": "message", "subtype": "message_changed", "channel": DIRECT, "message": "?"},
        {"type": "message", "subtype": "message_deleted", "channel": 7, "previous_message": {"user": ANN}},
        {},
    ],
)
def test_what_is_not_for_us_is_acknowledged_and_left_alone(askwell: Askwell, tmp_path: Path, event: dict[str, object]) -> None:
    """Our own messages, other bots, Slack itself, joining, other people's talk, unknown events: 200, and not a word."""

    async def go(slack: Stand) -> None:
        slack.known()
        assert (await slack.event(event)).status_code == 200
        await slack.quiet()
        assert {c.method for c in slack.slack.calls} <= {"auth.test"}
        assert slack.service.session("slack", HOME, HOME).number == 0

    play(go, askwell, tmp_path)


def test_a_mention_is_answered_in_its_thread_and_follow_ups_need_none(askwell: Askwell, tmp_path: Path) -> None:
    """The mention begins a thread. There the same person goes on without one; others are not listened to, in that thread or elsewhere."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.known(BOB)
        root = stamp()
        await slack.event(mention(FRIEND, ts=root))
        first = await slack.posted(1)
        assert (first["channel"], first["thread_ts"]) == (OFFICE, root) and first["text"].startswith("No.")
        await slack.event(spoken("what if it is a service user?", user=BOB, thread_ts=root))
        await slack.event(spoken("a lovely day", user=BOB))
        await slack.event(spoken("and what about a journalist who has messaged me?", thread_ts=root))
        second = await slack.posted(2)
        assert (second["channel"], second["thread_ts"]) == (OFFICE, root)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 2

    play(go, askwell, tmp_path)


def test_a_mention_in_a_running_thread_is_answered_once(askwell: Askwell, tmp_path: Path) -> None:
    """Slack tells of it twice, as a mention and as a message, under two ids."""

    async def go(slack: Stand) -> None:
        slack.known()
        root, again = stamp(), stamp()
        await slack.event(mention(FRIEND, ts=root))
        await slack.posted(1)
        await slack.event(spoken(f"<@{BOT}> and a journalist who has messaged me?", thread_ts=root, ts=again))
        await slack.event(mention("and a journalist who has messaged me?", thread_ts=root, ts=again))
        await slack.posted(2)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 2

    play(go, askwell, tmp_path)


def test_each_person_has_a_session_of_their_own_in_a_thread(askwell: Askwell, tmp_path: Path) -> None:
    """Two people who both ask in one thread do not answer each other's questions."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.known(BOB, "derbyshire", "volunteer")
        root = stamp()
        await slack.event(mention(FRIEND, ts=root))
        await slack.event(mention("a journalist has messaged me, what now?", user=BOB, thread_ts=root))
        await slack.posted(2)
        sessions = [slack.service.session("slack", f"{TEAM}:{u}", f"{TEAM}:{OFFICE}:{root}:{u}") for u in (ANN, BOB)]
        assert [s.number for s in sessions] == [1, 1]
        assert [s.state.organisation for s in sessions if s.state] == ["sefton", "derbyshire"]

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("threaded", [False, True])
def test_a_sensitive_question_in_a_channel_goes_on_in_private(askwell: Askwell, tmp_path: Path, threaded: bool) -> None:
    """The channel shows nothing; the person alone sees a nudge, in the thread only where there is one to be seen in."""

    async def go(slack: Stand) -> None:
        slack.known()
        root = stamp()
        await slack.event(mention(DANGER, **({"thread_ts": root} if threaded else {})))
        message = await slack.posted(1)
        assert message["channel"] == ANN and message["text"] == words.ANSWER_READY and "thread_ts" not in message
        (nudge,) = await slack.calls("chat.postEphemeral", 1)
        assert (nudge["channel"], nudge["user"], nudge.get("thread_ts")) == (OFFICE, ANN, root if threaded else None)
        assert nudge["text"] == words.NUDGE and text_of(nudge["blocks"]) == words.NUDGE
        assert all(c.arguments.get("channel") != OFFICE for c in slack.slack.calls if c.method == POST)

    play(go, askwell, tmp_path)


def test_a_sensitive_answer_stands_in_neither_text_nor_blocks(askwell: Askwell, tmp_path: Path) -> None:
    """Danger, wrongdoing, harassment: what is posted is the same, letter for letter, but for the number in the button."""

    async def go(slack: Stand) -> None:
        slack.known()
        seen = []
        for i, text in enumerate((DANGER, "my manager is fiddling the expenses", "a colleague keeps sending me sexual messages"), 1):
            await slack.say(text)
            message = await slack.posted(i)
            seen.append({k: v for k, v in message.items() if k not in ("ts", "metadata", "blocks")})
            assert text_of(message["blocks"]).splitlines() == [words.ANSWER_READY, words.OPEN]
            assert [b["action_id"] for _, b in buttons(message)] == ["open"]
        assert seen[0] == seen[1] == seen[2]

    play(go, askwell, tmp_path)


def test_what_moved_to_private_is_forgotten_when_its_message_in_the_channel_is_deleted(askwell: Askwell, tmp_path: Path) -> None:
    """The matter is kept with the private conversation, and so is the deletion."""

    async def go(slack: Stand) -> None:
        slack.known()
        root = stamp()
        await slack.event(mention(DANGER, ts=root))
        await slack.posted(1)
        assert DANGER in str(slack.service.session("slack", HOME, HOME).heard)
        old = {"type": "message", "user": ANN, "text": f"<@{BOT}> {DANGER}", "ts": root}
        gone = {"type": "message", "subtype": "message_deleted", "channel": OFFICE, "ts": stamp(), "deleted_ts": root, "previous_message": old}
        await slack.event(gone)
        session = slack.service.session("slack", HOME, HOME)
        assert DANGER not in str(session.heard) and DANGER not in str(session.state)

    play(go, askwell, tmp_path)


def test_other_peoples_edits_in_a_channel_are_not_read(askwell: Askwell, tmp_path: Path) -> None:
    """Even where what they now say is dangerous: nobody addressed us."""

    async def go(slack: Stand) -> None:
        slack.known()
        old = {"type": "message", "user": BOB, "text": "hello", "ts": stamp()}
        found = {"type": "message", "subtype": "message_changed", "channel": OFFICE, "ts": stamp(), "previous_message": old}
        assert (await slack.event({**found, "message": {**old, "text": DANGER}})).status_code == 200
        await slack.quiet()
        assert {c.method for c in slack.slack.calls} <= {"auth.test"}

    play(go, askwell, tmp_path)


def test_messages_of_one_person_are_answered_in_their_order(askwell: Askwell, tmp_path: Path) -> None:
    """However quickly they come."""

    async def go(slack: Stand) -> None:
        slack.known()
        said = [FRIEND, "a journalist has messaged me, what now?", "how many followers do we need before closing an account"]
        await asyncio.gather(*(slack.event(direct(text)) for text in said))
        await slack.posted(3)
        assert [m["text"].split(".")[0] for m in slack.slack.messages] == ["No", "Ask first", "The policy doesn't say"]

    play(go, askwell, tmp_path)


def test_no_log_holds_what_people_write(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not at the most talkative level either, ours and the SDK's."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say("Is Mrs Featherstonehaugh allowed to befriend a volunteer?")
        await slack.posted(1)

    with caplog.at_level(logging.DEBUG):
        logging.getLogger().setLevel(logging.DEBUG)
        play(go, askwell, tmp_path)
    assert "Featherstonehaugh" not in caplog.text and caplog.records
