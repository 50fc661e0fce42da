"""What people press in Teams: cards are answered in place, once; dialogs go on; and every press is checked against whom its button was made for."""

import json
from pathlib import Path

import pytest

from adapters.choices import Choice
from bot import words
from bot.guide import Askwell
from teams.stand import ANN, BOB, GROUP, NOTE, TENANT, Json, Stand, card_of, fields, found, labels, offered, play, replaced, text_of

CLARIFY, LABEL = "Can I accept a friend request?", "A volunteer"
FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
SILENT = "how many followers before we close an account"
HOME = f"{TENANT}:{ANN}"


async def asked(teams: Stand, user: str = ANN, conversation: str = "") -> Json:
    """Somebody is asked back; the message with the question."""
    count = len(teams.teams.messages)
    await teams.say(CLARIFY, user, conversation)
    return await teams.posted(count + 1)


def test_a_choice_is_answered_in_place_and_cannot_be_pressed_twice(askwell: Askwell, tmp_path: Path) -> None:
    """The card says what was chosen where its buttons were, the rest of it stays; the answer comes as a message."""

    async def go(teams: Stand) -> None:
        teams.known(organisation="derbyshire")
        message = await asked(teams)
        assert LABEL in offered(card_of(message)) and fields(card_of(message))[0]["label"] == "Who is the other person?"
        count = len(teams.teams.messages)
        card = replaced(await teams.press(message, LABEL))
        assert f"Who is the other person?\n{words.CHOSEN.format(label=LABEL)}" in text_of(card)
        assert not fields(card) and words.PICK_IT not in labels(card)
        assert "No." in text_of(card_of(await teams.posted(count + 1)))
        again = await teams.press(message, LABEL)
        assert (again["type"], again["value"]) == (NOTE, words.TOO_LATE)
        await teams.quiet()
        assert len(teams.teams.messages) == count + 1 and not teams.teams.updates

    play(go, askwell, tmp_path)


def test_the_same_press_delivered_again_counts_once(askwell: Askwell, tmp_path: Path) -> None:
    """Teams asks again where our answer got lost; it is told that we have it."""

    async def go(teams: Stand) -> None:
        teams.known(organisation="derbyshire")
        message = await asked(teams)
        count = len(teams.teams.messages)
        button = found(card_of(message), words.PICK_IT)
        data = {**button["data"], "chosen": "volunteer"}
        value = {"action": {"type": "Action.Execute", "verb": button["verb"], "data": data}, "trigger": "manual"}
        invoke = teams.activity("invoke", name="adaptiveCard/action", value=value, replyToId=message["id"])
        answers = [(await teams.send(invoke)).json() for _ in range(2)]
        assert "body" in replaced(answers[0]) and (answers[1]["type"], answers[1]["value"]) == (NOTE, words.HAVE_IT)
        await teams.posted(count + 1)
        await teams.quiet()
        assert len(teams.teams.messages) == count + 1

    play(go, askwell, tmp_path)


def test_in_a_group_the_others_see_the_choice_too_and_only_the_asker_may_press(askwell: Askwell, tmp_path: Path) -> None:
    """The message is updated for everybody; to somebody else it says kindly that it is not theirs, and nothing changes."""

    async def go(teams: Stand) -> None:
        teams.known(organisation="derbyshire")
        teams.known(BOB)
        message = await asked(teams, conversation=GROUP)
        strange = await teams.press(message, LABEL, BOB)
        assert (strange["type"], strange["value"]) == (NOTE, words.NOT_YOURS)
        count = len(teams.teams.messages)
        card = replaced(await teams.press(message, LABEL))
        await teams.posted(count + 1)
        await teams.quiet()
        (update,) = teams.teams.updates
        assert update["id"] == message["id"] and update["to"] == GROUP and card_of(update) == card

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "choice",
    [
        "", "[]", "null", '["x"]', json.dumps([ANN, 1, "who"]), json.dumps([ANN, "1", "who", "a"]), json.dumps([ANN, -1, "who", "a"]),
        json.dumps([ANN, 1, "who", "x" * 3000]), "{" * 2000, Choice(BOB, 1, "who", "volunteer").text(),
    ],
)  # fmt: skip
def test_a_forged_press_does_nothing(askwell: Askwell, tmp_path: Path, choice: str) -> None:
    """Whatever a client sends for a button: it is none of ours, or somebody else's."""

    async def go(teams: Stand) -> None:
        teams.known(organisation="derbyshire")
        await asked(teams)
        before = teams.service.session("teams", HOME, HOME)
        for verb in ("choose", "judge", "pass_on", "reason", "open", "x"):
            answer = await teams.invoke("adaptiveCard/action", {"action": {"verb": verb, "data": {"choice": choice}}, "trigger": "manual"})
            assert answer == {} or answer["value"] == words.NOT_YOURS
            for name in ("task/fetch", "task/submit"):
                answer = await teams.invoke(name, {"data": {"kind": verb, "choice": choice}})
                assert answer == {} or words.NOT_YOURS in json.dumps(answer, ensure_ascii=False)
        assert teams.service.session("teams", HOME, HOME) == before

    play(go, askwell, tmp_path)


def test_a_value_that_was_not_offered_is_too_late(askwell: Askwell, tmp_path: Path) -> None:
    """Also with the right person and number."""

    async def go(teams: Stand) -> None:
        teams.known(organisation="derbyshire")
        await asked(teams)
        number = teams.service.session("teams", HOME, HOME).number
        made = Choice(ANN, number, "who", "the-king").text()
        answer = await teams.invoke("adaptiveCard/action", {"action": {"verb": "choose", "data": {"choice": made}}, "trigger": "manual"})
        assert answer["value"] == words.TOO_LATE

    play(go, askwell, tmp_path)


def test_right_is_thanked_for_on_the_card(askwell: Askwell, tmp_path: Path) -> None:
    """Without a message of its own; what else can be pressed stays."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        message = await teams.posted(1)
        card = replaced(await teams.press(message, words.RIGHT, row=words.WAS_IT_RIGHT))
        assert words.THANKS in text_of(card) and words.RIGHT not in labels(card)
        await teams.quiet()
        assert len(teams.teams.messages) == 1
        with teams.service.database.read() as connection:
            assert connection.exec_driver_sql('SELECT "right", wrong FROM judgement').all() == [(1, 0)]

    play(go, askwell, tmp_path)


def test_wrong_asks_why_on_the_card_and_counts_once(askwell: Askwell, tmp_path: Path) -> None:
    """Nothing is counted before Send; then it may be passed on, with the reason, if they agree."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        message = await teams.posted(1)
        asks = replaced(await teams.press(message, words.WRONG, row=words.WAS_IT_RIGHT))
        (field,) = fields(asks)
        assert field["label"] == words.WHAT_WAS_WRONG
        with teams.service.database.read() as connection:
            assert not connection.exec_driver_sql("SELECT * FROM judgement").all()
        send = found(asks, words.SEND)
        card = replaced(await teams.execute({**send, "data": {**send["data"], field["id"]: "I meant a colleague"}}, message))
        assert not fields(card) and words.CHOSEN.format(label=words.WRONG) in text_of(card)
        said = await teams.posted(2)
        assert words.SORRY_WRONG in text_of(card_of(said)) and "I meant a colleague" in text_of(card_of(said))
        await teams.press(said, words.OFFER_YES)
        assert words.PASSED_ON in text_of(card_of(await teams.posted(3)))
        with teams.service.database.read() as connection:
            assert connection.exec_driver_sql('SELECT "right", wrong FROM judgement').all() == [(0, 1)]

    play(go, askwell, tmp_path)


def test_an_offer_to_pass_a_question_on_is_taken_back_by_no(askwell: Askwell, tmp_path: Path) -> None:
    """And the card says what was chosen."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(SILENT)
        message = await teams.posted(1)
        card = replaced(await teams.press(message, words.OFFER_NO))
        assert words.CHOSEN.format(label=words.OFFER_NO) in text_of(card) and words.OFFER_YES not in labels(card)
        assert words.NOT_PASSED_ON in text_of(card_of(await teams.posted(2)))

    play(go, askwell, tmp_path)


def test_a_list_that_nothing_was_chosen_from_says_so(askwell: Askwell, tmp_path: Path) -> None:
    """The card stays as it is, and nothing was decided."""

    async def go(teams: Stand) -> None:
        teams.known(organisation="derbyshire")
        message = await asked(teams)
        answer = await teams.press(message, words.PICK_IT)
        assert (answer["type"], answer["value"]) == (NOTE, words.PICK_FIRST)
        assert "body" in replaced(await teams.press(message, LABEL))

    play(go, askwell, tmp_path)


def test_rows_of_buttons_that_were_used_before_stay_used(askwell: Askwell, tmp_path: Path) -> None:
    """Each press shows the card as it is by then: nothing that is done can be pressed again."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(SILENT)
        message = await teams.posted(1)
        await teams.press(message, words.OFFER_NO)
        await teams.posted(2)
        card = replaced(await teams.press(message, words.RIGHT, row=words.WAS_IT_RIGHT))
        assert words.THANKS in text_of(card) and not {words.OFFER_YES, words.OFFER_NO, words.RIGHT} & set(labels(card))

    play(go, askwell, tmp_path)
