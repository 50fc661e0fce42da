"""Buttons and what opens privately: choices, presses that came too late or from somebody else, modals."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import words
from bot.guide import Askwell
from slack.stand import (
    ANN,
    BOB,
    OFFICE,
    POST,
    TEAM,
    Stand,
    Trouble,
    buttons,
    direct,
    mention,
    play,
    press,
    press_in,
    stamp,
    text_of,
)

PHOTO = "can i post a photo of our service users at the event"
DANGER = "a young person just told me he has taken tablets and it is goodbye"
HOME = f"{TEAM}:{ANN}"


def labels(message: dict[str, Any]) -> list[str]:
    """What stands on the buttons."""
    return [b["text"]["text"] for _, b in buttons(message)]


def test_every_choice_has_a_button_that_says_question_and_choice(askwell: Askwell, tmp_path: Path) -> None:
    """A screen reader hears what is chosen and what was asked; a press answers."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        asked = await slack.posted(1)
        assert labels(asked) == ["Yes, everyone has agreed", "Only some have", "No, or not asked yet", "I don't know"]
        assert next(b["accessibility_label"] for _, b in buttons(asked)) == "Yes, everyone has agreed (Have they agreed?)"
        assert asked["text"].startswith("Have they agreed?\n1. Yes, everyone has agreed")
        assert (await slack.interact(press(asked, "No, or not"))).status_code == 200
        assert (await slack.posted(2))["text"].startswith("No.")

    play(go, askwell, tmp_path)


def test_buttons_that_were_used_give_way_to_what_was_chosen(askwell: Askwell, tmp_path: Path) -> None:
    """The message stays, with the choice in place of the buttons."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        asked = await slack.posted(1)
        await slack.interact(press(asked, "Only some"))
        (settled,) = await slack.calls("chat.update", 1)
        assert (settled["channel"], settled["ts"], settled["text"]) == (asked["channel"], asked["ts"], asked["text"])
        assert text_of(settled["blocks"]).splitlines() == ["Have they agreed?", "You chose: Only some have"]

    play(go, askwell, tmp_path)


def test_a_press_that_is_delivered_again_counts_once(askwell: Askwell, tmp_path: Path) -> None:
    """The same request a second time changes nothing and says nothing."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        pressed = press(await slack.posted(1), "Only some")
        for _ in range(3):
            assert (await slack.interact(pressed)).status_code == 200
        await slack.posted(2)
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 2 and not slack.slack.to("chat.postEphemeral")

    play(go, askwell, tmp_path)


def test_a_press_that_came_too_late_is_answered_kindly_and_aside(askwell: Askwell, tmp_path: Path) -> None:
    """A button of an earlier question never answers a later one."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        asked = await slack.posted(1)
        await slack.interact(press(asked, "Only some"))
        await slack.posted(2)
        before = slack.service.session("slack", HOME, HOME)
        await slack.interact(press(asked, "Yes, everyone"))
        (late,) = await slack.calls("chat.postEphemeral", 1)
        assert (late["text"], late["user"], late["channel"]) == (words.TOO_LATE, ANN, asked["channel"])
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 2 and slack.service.session("slack", HOME, HOME) == before

    play(go, askwell, tmp_path)


def test_nobody_presses_for_somebody_else(askwell: Askwell, tmp_path: Path) -> None:
    """In a thread everybody sees the buttons; they are one person's."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.known(BOB)
        root = stamp()
        await slack.event(mention(PHOTO, ts=root))
        asked = await slack.posted(1)
        await slack.event(mention(PHOTO, user=BOB, thread_ts=root))
        await slack.posted(2)
        assert (await slack.interact(press(asked, "Only some", user=BOB))).status_code == 200
        (told,) = await slack.calls("chat.postEphemeral", 1)
        assert (told["text"], told["user"], told["channel"], told["thread_ts"]) == (words.NOT_YOURS, BOB, OFFICE, root)
        for user in (ANN, BOB):
            session = slack.service.session("slack", f"{TEAM}:{user}", f"{TEAM}:{OFFICE}:{root}:{user}")
            assert session.number == 1 and session.last and session.last.question
        await slack.interact(press(asked, "Only some"))
        assert (await slack.posted(3))["thread_ts"] == root

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "value",
    [
        "", "x", "[]", "{}", "null", '["U01ANN",1]',
        '["U01ANN","1","consent","all"]', '["U01ANN",-1,"consent","all"]', '["U01ANN",true,"consent","all"]',
        '["U01ANN",1,"consent",["all"]]', '["U01ANN",1,"' + "a" * 300 + '","all"]', "[" * 3000, None, 7,
    ],
)  # fmt: skip
def test_a_value_that_is_not_ours_does_nothing(askwell: Askwell, tmp_path: Path, value: object) -> None:
    """Whatever comes back from a button is checked before it means anything."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        pressed = press(await slack.posted(1), "Only some")
        pressed["actions"][0]["value"] = value
        assert (await slack.interact(pressed)).status_code == 200
        await slack.quiet()
        assert slack.service.session("slack", HOME, HOME).number == 1 and len(slack.slack.calls) == 2

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("value", ['["U01ANN",1,"consent","nonsense"]', '["U01ANN",1,"role","director"]', '["U01ANN",99,"consent","all"]'])
def test_a_choice_that_was_not_offered_counts_as_late(askwell: Askwell, tmp_path: Path, value: str) -> None:
    """Another value, fact or turn than the one that stands there."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        pressed = press(await slack.posted(1), "Only some")
        pressed["actions"][0]["value"] = value
        await slack.interact(pressed)
        (late,) = await slack.calls("chat.postEphemeral", 1)
        assert late["text"] == words.TOO_LATE
        assert slack.service.session("slack", HOME, HOME).number == 1

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions"}, {"type": "block_actions", "actions": []}, {"type": "block_suggestion"}, {"type": "shortcut"}, {}, {"type": 5},
        {"type": "message_action", "callback_id": "another"}, {"type": "view_submission"}, {"type": "view_closed", "view": {"callback_id": "ask"}},
        {"type": "view_submission", "view": {"callback_id": "wrong", "private_metadata": "?"}},
        {"type": "view_submission", "view": {"callback_id": "wrong", "private_metadata": "{}"}},
        {"type": "view_submission", "view": {"callback_id": "wrong", "private_metadata": "[]"}},
        {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": ANN}, "actions": [{"action_id": "new", "value": '["U01ANN",0,"",""]'}]},
        {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": ANN}, "actions": [{"action_id": "link", "url": "https://x.example"}]},
        {"type": "block_actions", "team": {"id": TEAM}, "user": {"id": ANN}, "actions": [{"action_id": "suggest.9", "value": '["U01ANN",0,"","9"]'}]},
        {"type": "block_actions", "team": {"id": "%"}, "user": {"id": ANN}, "actions": [{"action_id": "restart", "value": '["U01ANN",0,"",""]'}]},
    ],
)  # fmt: skip
def test_an_interaction_that_is_not_ours_is_acknowledged_and_does_nothing(askwell: Askwell, tmp_path: Path, payload: dict[str, Any]) -> None:
    """Unknown actions, modals and shortcuts, and those that miss what they need: 200."""

    async def go(slack: Stand) -> None:
        slack.known()
        assert (await slack.interact(payload)).status_code == 200
        await slack.quiet()
        assert {c.method for c in slack.slack.calls} <= {"auth.test"}

    play(go, askwell, tmp_path)


def test_a_sensitive_answer_opens_for_its_person_with_everything_in_it(askwell: Askwell, tmp_path: Path) -> None:
    """999 first, then what to do, the policy's words, people and numbers; no thumbs."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(DANGER)
        assert (await slack.interact(press(await slack.posted(1), words.OPEN))).status_code == 200
        (opened,) = await slack.calls("views.open", 1)
        text = text_of(opened["view"]["blocks"])
        assert text.startswith(words.EMERGENCY) and words.NOBODY_TOLD in text and "NSPCC" in text and "From the policy" in text
        assert opened["view"]["type"] == "modal" and "submit" not in opened["view"]
        assert "feedback_buttons" not in json.dumps(opened["view"])
        assert not buttons(opened["view"]) and "private_metadata" not in opened["view"]

    play(go, askwell, tmp_path)


def test_nobody_opens_the_answer_of_somebody_else(askwell: Askwell, tmp_path: Path) -> None:
    """Not with the button of another, and not with a button of one's own that names another turn."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.known(BOB)
        await slack.say(DANGER)
        button = await slack.posted(1)
        await slack.interact(press(button, words.OPEN, user=BOB))
        await slack.calls("chat.postEphemeral", 1)
        mine = press(button, words.OPEN, user=BOB)
        mine["actions"][0]["value"] = json.dumps([BOB, 1, "", ""])
        await slack.interact(mine)
        told = await slack.calls("chat.postEphemeral", 2)
        assert [t["text"] for t in told] == [words.NOT_YOURS, words.GONE]
        assert not slack.slack.to("views.open")

    play(go, askwell, tmp_path)


def test_where_it_does_not_open_that_is_said_and_the_button_stays(askwell: Askwell, tmp_path: Path) -> None:
    """A trigger that ran out; the next press opens."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(DANGER)
        button = await slack.posted(1)
        slack.slack.troubles["views.open"] = [Trouble(body={"ok": False, "error": "expired_trigger_id"})]
        assert (await slack.interact(press(button, words.OPEN))).status_code == 200
        (told,) = await slack.calls("chat.postEphemeral", 1)
        assert told["text"] == words.NOT_OPENED and not slack.slack.to("chat.update")
        await slack.interact(press(button, words.OPEN))
        assert text_of((await slack.calls("views.open", 2))[1]["view"]["blocks"]).startswith(words.EMERGENCY)

    play(go, askwell, tmp_path)


def test_a_question_of_a_sensitive_turn_is_asked_in_the_modal_and_goes_on_there(askwell: Askwell, tmp_path: Path) -> None:
    """Somebody whom we don't know yet is in danger: who they are is asked privately, and the answer comes where they pressed."""

    async def go(slack: Stand) -> None:
        await slack.say(DANGER)
        message = await slack.posted(1)
        assert message["text"] == words.ANSWER_READY
        await slack.interact(press(message, words.OPEN))
        view = (await slack.calls("views.open", 1))[0]["view"]
        assert text_of(view["blocks"]).startswith(words.EMERGENCY) and "Healthwatch Sefton" in labels(view)
        await slack.interact(press_in(view, "Healthwatch Sefton"))
        (first,) = await slack.calls("views.update", 1)
        assert first["view_id"] == "V01" and labels(first["view"]) == list(words.ROLE_LABELS)
        await slack.interact(press_in(first["view"], "Staff"))
        second = (await slack.calls("views.update", 2))[1]
        assert words.NOBODY_TOLD in text_of(second["view"]["blocks"])
        await slack.quiet()
        assert len(slack.slack.to(POST)) == 1

    play(go, askwell, tmp_path)


def test_where_the_modal_was_closed_meanwhile_the_answer_goes_to_the_messages(askwell: Askwell, tmp_path: Path) -> None:
    """Nothing is lost, and nothing sensitive is posted."""

    async def go(slack: Stand) -> None:
        await slack.say(DANGER)
        await slack.interact(press(await slack.posted(1), words.OPEN))
        view = (await slack.calls("views.open", 1))[0]["view"]
        await slack.interact(press_in(view, "Healthwatch Sefton"))
        role = (await slack.calls("views.update", 1))[0]["view"]
        slack.slack.troubles["views.update"] = [Trouble(body={"ok": False, "error": "not_found"})]
        await slack.interact(press_in(role, "Staff"))
        message = await slack.posted(2)
        assert (message["channel"], message["text"]) == (ANN, words.ANSWER_READY)
        await slack.interact(press(message, words.OPEN))
        assert words.NOBODY_TOLD in text_of((await slack.calls("views.open", 2))[1]["view"]["blocks"])

    play(go, askwell, tmp_path)


def test_what_else_may_have_been_meant_is_a_button_too(askwell: Askwell, tmp_path: Path) -> None:
    """“Did you mean” under an answer answers the other question."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say("can we run a raffle on facebook")
        message = await slack.posted(1)
        assert words.OTHERS in text_of(message["blocks"])
        await slack.interact(press(message, "What may go on the official accounts"))
        assert (await slack.posted(2))["text"] != message["text"]

    play(go, askwell, tmp_path)


def test_a_direct_message_after_a_press_goes_on_with_the_same_conversation(askwell: Askwell, tmp_path: Path) -> None:
    """Typing the choice is as good as pressing it."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(PHOTO)
        await slack.posted(1)
        await slack.event(direct("No, or not asked yet"))
        assert (await slack.posted(2))["text"].startswith("No.")

    play(go, askwell, tmp_path)
