"""Was this right? A yes, a no with its reason, and passing a question on."""

import json
from pathlib import Path

import pytest

from bot import words
from bot.guide import Askwell
from bot.store import records
from slack.stand import (
    ANN,
    OFFICE,
    POST,
    Stand,
    Trouble,
    mention,
    play,
    press,
    stamp,
    submit,
    text_of,
)

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
UNKNOWN = "how many followers do we need before closing an account"
DANGER = "a young person just told me he has taken tablets and it is goodbye"


def test_a_yes_to_was_this_right_is_counted_once_and_thanked_aside(askwell: Askwell, tmp_path: Path) -> None:
    """However often it is pressed; the conversation is not disturbed."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(FRIEND)
        message = await slack.posted(1)
        for _ in range(2):
            await slack.interact(press(message, "Was this right? Yes"))
        assert [n["text"] for n in await slack.calls("chat.postEphemeral", 2)] == [words.THANKS, words.THANKS]
        with slack.service.database.read() as connection:
            assert [(right, wrong) for *_, right, wrong in records.judgements(connection, "sefton")] == [(1, 0)]
        assert len(slack.slack.to(POST)) == 1

    play(go, askwell, tmp_path)


def test_a_no_asks_why_and_offers_to_pass_the_question_on(askwell: Askwell, tmp_path: Path) -> None:
    """What would be passed on is shown; only a yes passes it on, and without a name."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(FRIEND)
        await slack.interact(press(await slack.posted(1), "Was this right? No"))
        view = (await slack.calls("views.open", 1))[0]["view"]
        assert view["callback_id"] == "wrong" and FRIEND not in json.dumps(view)
        await slack.interact(submit(view, "It is about <my> own page"))
        offer = await slack.posted(2)
        assert offer["text"].startswith(words.SORRY_WRONG) and f"{FRIEND}\nIt is about <my> own page" in text_of(offer["blocks"])
        with slack.service.database.read() as connection:
            assert not records.gaps(connection, "sefton")
        await slack.interact(press(offer, words.OFFER_YES))
        assert (await slack.posted(3))["text"] == words.PASSED_ON
        with slack.service.database.read() as connection:
            (kept,) = records.gaps(connection, "sefton")
        assert (kept.gap.question, kept.gap.reason) == (FRIEND, "It is about <my> own page")

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("way", ["closed", "did not open"])
def test_a_no_without_a_reason_counts_as_well(askwell: Askwell, tmp_path: Path, way: str) -> None:
    """The form was closed, or could not be opened."""

    async def go(slack: Stand) -> None:
        slack.known()
        root = stamp()
        await slack.event(mention(FRIEND, ts=root))
        message = await slack.posted(1)
        if way == "did not open":
            slack.slack.troubles["views.open"] = [Trouble(body={"ok": False, "error": "expired_trigger_id"})]
        await slack.interact(press(message, "Was this right? No"))
        if way == "closed":
            view = (await slack.calls("views.open", 1))[0]["view"]
            assert view["notify_on_close"] is True
            await slack.interact(submit(view, kind="view_closed"))
        sorry = await slack.posted(2)
        assert sorry["text"].startswith(words.SORRY_WRONG) and (sorry["channel"], sorry["thread_ts"]) == (OFFICE, root)

    play(go, askwell, tmp_path)


def test_danger_in_a_reason_comes_first_and_in_private(askwell: Askwell, tmp_path: Path) -> None:
    """What is written into the form is read like every message."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.event(mention(FRIEND))
        await slack.interact(press(await slack.posted(1), "Was this right? No"))
        view = (await slack.calls("views.open", 1))[0]["view"]
        await slack.interact(submit(view, DANGER))
        message = await slack.posted(2)
        assert (message["channel"], message["text"]) == (ANN, words.ANSWER_READY)

    play(go, askwell, tmp_path)


def test_an_unanswered_question_is_passed_on_only_with_a_yes(askwell: Askwell, tmp_path: Path) -> None:
    """Where the policy is silent the offer comes by itself; a no keeps nothing."""

    async def go(slack: Stand) -> None:
        slack.known()
        await slack.say(UNKNOWN)
        await slack.interact(press(await slack.posted(1), words.OFFER_NO))
        assert (await slack.posted(2))["text"] == words.NOT_PASSED_ON
        with slack.service.database.read() as connection:
            assert not records.gaps(connection, "sefton")
        (settled,) = await slack.calls("chat.update", 1)
        assert f"You chose: {words.OFFER_NO}" in text_of(settled["blocks"])

    play(go, askwell, tmp_path)
