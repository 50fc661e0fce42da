"""/askwell, “Ask about this message”, Home and the suggestions."""

import json
from pathlib import Path
from typing import Any

import pytest
from served import until

from bot import words
from bot.guide import Askwell
from slack.stand import (
    ANN,
    DIRECT,
    OFFICE,
    POST,
    TEAM,
    Stand,
    Trouble,
    buttons,
    mention,
    play,
    press,
    press_in,
    stamp,
    submit,
    text_of,
)

PHOTO = "can i post a photo of our service users at the event"
FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
DANGER = "a young person just told me he has taken tablets and it is goodbye"
HOME = f"{TEAM}:{ANN}"


def shortcut(text: str) -> dict[str, Any]:
    """“Ask about this message” on a message of somebody's."""
    found = {"type": "message_action", "callback_id": "ask", "team": {"id": TEAM}, "user": {"id": ANN, "team_id": TEAM}, "trigger_id": "t0"}
    return {**found, "channel": {"id": OFFICE}, "message": {"type": "message", "user": "U07CAT", "text": text, "ts": "1.1"}}


def opened(tab: str) -> dict[str, str]:
    """Somebody looks at the app."""
    return {"type": "app_home_opened", "user": ANN, "channel": DIRECT, "tab": tab}


def test_a_command_is_answered_to_its_person_only(askwell: Askwell, tmp_path: Path) -> None:
    """At the address that came with it; nothing is posted."""

    async def go(slack: Stand) -> None:
        slack.known()
        done = await slack.command(FRIEND)
        assert (done.status_code, done.text) == (200, "")
        (answer,) = await slack.calls("respond", 1)
        assert answer["response_type"] == "ephemeral" and answer["text"].startswith("No. Please don't connect")
        assert "From the policy" in text_of(answer["blocks"])
        await slack.quiet()
        assert not slack.slack.to(POST)

    play(go, askwell, tmp_path)


def test_a_command_without_words_says_what_one_can_ask(askwell: Askwell, tmp_path: Path) -> None:
    """As a greeting does."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.command("  ")
        assert "Asking never reports you" in (await slack.calls("respond", 1))[0]["text"]

    play(go, askwell, tmp_path)


def test_a_sensitive_command_goes_on_in_private(askwell: Askwell, tmp_path: Path) -> None:
    """Where it was typed only the nudge is seen."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.command(DANGER)
        message = await slack.posted(1)
        assert (message["channel"], message["text"]) == (ANN, words.ANSWER_READY)
        assert [r["text"] for r in await slack.calls("respond", 1)] == [words.NUDGE]

    play(go, askwell, tmp_path)


def test_a_choice_that_only_its_person_sees_is_answered_in_its_place(askwell: Askwell, tmp_path: Path) -> None:
    """The answer replaces the question; typing goes on in the direct messages."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.command(PHOTO)
        (asked,) = await slack.calls("respond", 1)
        assert asked["replace_original"] is False
        hidden = {"type": "message", "message_ts": "1.1", "channel_id": OFFICE, "is_ephemeral": True}
        pressed = press({**asked, "channel": OFFICE}, "No, or not", container=hidden, response_url=f"{slack.slack.url}/respond/again")
        del pressed["message"]  # Slack sends none of what only one person sees
        await slack.interact(pressed)
        answer = (await slack.calls("respond", 2))[1]
        assert answer["replace_original"] is True and answer["text"].startswith("No.")
        await slack.say("what if everyone has agreed?")
        await slack.posted(1)
        assert slack.service.session("slack", HOME, HOME).number == 3

    play(go, askwell, tmp_path)


def test_thumbs_that_only_its_person_sees_are_answered_in_their_place(askwell: Askwell, tmp_path: Path) -> None:
    """A no asks why; what comes of it is shown where the answer was shown."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.command(FRIEND)
        (answer,) = await slack.calls("respond", 1)
        hidden = {"type": "message", "message_ts": "1.1", "channel_id": OFFICE, "is_ephemeral": True}
        pressed = press({**answer, "channel": OFFICE}, "Was this right? No", container=hidden, response_url=f"{slack.slack.url}/respond/again")
        del pressed["message"]
        await slack.interact(pressed)
        view = (await slack.calls("views.open", 1))[0]["view"]
        await slack.interact(submit(view, "it is another page"))
        sorry = (await slack.calls("respond", 2))[1]
        assert sorry["text"].startswith(words.SORRY_WRONG) and sorry["replace_original"] is False
        await slack.quiet()
        assert not slack.slack.to(POST)

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("said", ["expired_url", "used_url"])
def test_where_the_address_has_run_out_the_answer_goes_to_the_messages(askwell: Askwell, tmp_path: Path, said: str) -> None:
    """An answer is never lost to the half hour that Slack gives."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.slack.troubles["respond"] = [Trouble(status=404, body={"error": said})]
        await slack.command(FRIEND)
        message = await slack.posted(1)
        assert message["channel"] == ANN and message["text"].startswith("No. Please don't connect")

    play(go, askwell, tmp_path)


def test_a_message_can_be_asked_about_in_private(askwell: Askwell, tmp_path: Path) -> None:
    """It is quoted as plain words in a form; the answer comes in the direct messages, and the channel sees nothing."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.interact(shortcut("Shall I *add* that volunteer &lt;3 <@U05DAN> <https://facebook.example/x|on Facebook>?"))
        view = (await slack.calls("views.open", 1))[0]["view"]
        quoted = view["blocks"][0]["text"]
        assert quoted == {
            "type": "plain_text",
            "text": "Shall I *add* that volunteer <3 @somebody on Facebook (https://facebook.example/x)?",
            "emoji": False,
        }
        assert [b["type"] for b in view["blocks"]] == ["section", "input"] and view["blocks"][1]["optional"] is True
        assert (await slack.interact(submit(view, "Can I accept a friend request from a volunteer?"))).text == ""
        message = await slack.posted(1)
        assert message["channel"] == ANN and message["text"].startswith("No.")
        assert "Shall I *add* that volunteer" in str(slack.service.session("slack", HOME, HOME).state)

    play(go, askwell, tmp_path)


def test_a_long_message_is_quoted_from_its_beginning_and_that_is_said(askwell: Askwell, tmp_path: Path) -> None:
    """Four pieces of three thousand characters, and all of them are read."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.interact(shortcut("a quiet day at the office. " * 481 + DANGER))
        view = (await slack.calls("views.open", 1))[0]["view"]
        assert [len(b["text"]["text"]) for b in view["blocks"][:4]] == [3000] * 4 and words.ASK_CUT in text_of(view["blocks"][4])
        await slack.interact(shortcut("a quiet day at the office. " * 400 + DANGER))
        whole = (await slack.calls("views.open", 2))[1]["view"]
        assert words.ASK_CUT not in text_of(whole["blocks"])
        await slack.interact(submit(whole))
        assert (await slack.posted(1))["text"] == words.ANSWER_READY

    play(go, askwell, tmp_path)


def test_where_the_form_does_not_open_that_is_said(askwell: Askwell, tmp_path: Path) -> None:
    """In the direct messages, as nobody else should see that somebody asked."""

    async def go(slack: Stand) -> None:
        slack.slack.troubles["views.open"] = [Trouble(status=500)]
        assert (await slack.interact(shortcut("hello"))).status_code == 200
        message = await slack.posted(1)
        assert (message["channel"], message["text"]) == (ANN, words.NOT_OPENED)

    play(go, askwell, tmp_path)


def test_home_says_how_to_ask_and_who_one_is(askwell: Askwell, tmp_path: Path) -> None:
    """Questions to try, 999, the policy to read, and that Slack keeps what is written."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.event(opened("home"))
        (shown,) = await slack.calls("views.publish", 1)
        text = text_of(shown["view"]["blocks"])
        assert shown["user_id"] == ANN and words.EMERGENCY in text and words.HOME_KEPT in text
        assert "You told me: Staff, Healthwatch Sefton." in text
        assert [b["text"]["text"] for _, b in buttons(shown["view"])] == [*words.SUGGESTED, words.HOME_CHANGE, words.HOME_READ]
        assert buttons(shown["view"])[-1][1]["url"] == "https://askwell.example.org/policy/sefton"

    play(go, askwell, tmp_path)


def test_a_suggestion_on_home_is_answered_in_the_messages(askwell: Askwell, tmp_path: Path) -> None:
    """As if it had been typed there."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.event(opened("home"))
        view = (await slack.calls("views.publish", 1))[0]["view"]
        await slack.interact(press_in(view, words.SUGGESTED[0]))
        message = await slack.posted(1)
        assert message["channel"] == ANN and message["text"].startswith("No.")

    play(go, askwell, tmp_path)


def test_home_shows_an_open_question_and_is_silent_about_everything_sensitive(askwell: Askwell, tmp_path: Path) -> None:
    """After danger, Home is letter for letter what it is without a conversation."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.event(opened("home"))
        fresh = (await slack.calls("views.publish", 1))[0]
        await slack.say(PHOTO)
        await slack.posted(1)
        await slack.event(opened("home"))
        asked = (await slack.calls("views.publish", 2))[1]
        assert "Your open question: Have they agreed?" in text_of(asked["view"]["blocks"])
        await slack.interact(press_in(asked["view"], words.HOME_RESTART))
        assert (await slack.posted(2))["text"] == words.STARTED_AGAIN
        await slack.say(DANGER)
        await slack.posted(3)
        await slack.event(opened("home"))
        assert (await slack.calls("views.publish", 3))[2] == fresh

    play(go, askwell, tmp_path)


def test_home_is_silent_about_a_question_that_was_asked_in_danger(askwell: Askwell, tmp_path: Path) -> None:
    """Even “which organisation are you with” would show that something was said."""

    async def go(slack: Stand) -> None:
        await slack.event(opened("home"))
        fresh = (await slack.calls("views.publish", 1))[0]
        await slack.say(DANGER)
        await slack.posted(1)
        last = slack.service.session("slack", HOME, HOME).last
        assert last and last.question and last.sensitive
        await slack.event(opened("home"))
        assert (await slack.calls("views.publish", 2))[1] == fresh

    play(go, askwell, tmp_path)


def test_who_said_who_they_are_can_take_it_back(askwell: Askwell, tmp_path: Path) -> None:
    """They are asked again, and what they talked about is forgotten."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(FRIEND)
        await slack.posted(1)
        await slack.event(opened("home"))
        view = (await slack.calls("views.publish", 1))[0]["view"]
        await slack.interact(press_in(view, words.HOME_CHANGE))
        asked = await slack.posted(2)
        assert asked["text"].startswith(words.WHICH_ORGANISATION) and slack.service.asker("slack", HOME) is None
        assert FRIEND not in str(slack.service.session("slack", HOME, HOME))

    play(go, askwell, tmp_path)


def test_the_messages_open_with_suggestions(askwell: Askwell, tmp_path: Path) -> None:
    """Without the thread that apps of the new kind must not name."""

    async def go(slack: Stand) -> None:
        await slack.event(opened("messages"))
        (shown,) = await slack.calls("assistant.threads.setSuggestedPrompts", 1)
        assert [p["message"] for p in shown["prompts"]] == list(words.SUGGESTED) and set(shown) == {"channel_id", "prompts"}

    play(go, askwell, tmp_path)


def test_home_that_cannot_be_shown_holds_nothing_up(askwell: Askwell, tmp_path: Path) -> None:
    """Slack is answered all the same; the next look shows it."""

    async def go(slack: Stand) -> None:
        slack.slack.troubles["views.publish"] = [Trouble(status=429, headers={"Retry-After": "30"})]
        assert (await slack.event(opened("home"))).status_code == 200
        assert (await slack.event(opened("home"))).status_code == 200
        await slack.calls("views.publish", 2)

    play(go, askwell, tmp_path)


def test_the_rest_of_a_long_answer_opens_while_it_is_the_last(askwell: Askwell, tmp_path: Path) -> None:
    """Afterwards the button says that the answer is gone."""

    async def go(slack: Stand) -> None:
        slack.known()
        root = stamp()
        await slack.event(mention(FRIEND, ts=root))
        message = await slack.posted(1)
        rest = {"type": "actions", "elements": [{"type": "button", "action_id": "rest", "text": {"type": "plain_text", "text": words.SHOW_REST}}]}
        rest["elements"][0]["value"] = json.dumps([ANN, 1, "", ""])  # type: ignore[index]  # JSON
        long = {**message, "blocks": [*message["blocks"], rest]}
        await slack.interact(press(long, words.SHOW_REST))
        view = (await slack.calls("views.open", 1))[0]["view"]
        assert "Any contact between Healthwatch Sefton staff" in text_of(view["blocks"]) and not buttons(view)
        await slack.event(mention("a journalist has messaged me, what now?", thread_ts=root))
        await slack.posted(2)
        await slack.interact(press(long, words.SHOW_REST))
        await until(lambda: bool(slack.slack.to("chat.postEphemeral")), "a word aside")
        assert slack.slack.to("chat.postEphemeral")[0]["text"] == words.GONE

    play(go, askwell, tmp_path)
