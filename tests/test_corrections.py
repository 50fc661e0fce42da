"""People change their minds: back, start again, corrections, and new questions in between."""

from dataclasses import replace

import by_hand
import pytest
from by_hand import Open

from bot import interpret, render, words
from bot.guide import Askwell
from bot.knowledge import Verdict
from bot.messages import Reply


def test_back_returns_to_the_question_before(askwell: Askwell, opened: Open) -> None:
    """A slip of the finger is undone, and the other choice then counts."""
    state, _ = askwell.say(opened.state, "1")
    state, reply = askwell.say(state, "back")
    assert reply.question == opened.question
    _, reply = askwell.say(state, "3")
    assert reply.answers[0].verdict == opened.verdicts["official"]


def test_back_at_the_beginning_says_so(askwell: Askwell) -> None:
    """There is nothing before the first message, and trying changes nothing."""
    state = askwell.begin("sefton")
    assert askwell.say(state, "go back") == (state, Reply(lines=(words.NO_BACK,)))


def test_back_does_not_claim_to_have_forgotten(askwell: Askwell, opened: Open) -> None:
    """If it says that it has forgotten, then it has."""
    state, _ = askwell.say(opened.state, "1")
    state = by_hand.first(askwell, state, by_hand.reading(askwell, "out-of-scope")).state
    state, reply = askwell.say(state, "back")
    assert words.STARTED_AGAIN not in reply.lines or not state.words


@pytest.mark.parametrize("said", ["start again", "Start over.", "reset", "forget it"])
def test_starting_again_forgets(askwell: Askwell, opened: Open, said: str) -> None:
    """Words, facts, topic, question, and the way back are gone."""
    state, reply = askwell.say(askwell.say(opened.state, "1")[0], said)
    assert reply.lines == (words.STARTED_AGAIN,) and not reply.answers
    assert (state.words, dict(state.facts), state.topic, state.question, state.before) == ((), {}, None, None, None)


def test_a_correction_in_words_decides_again(askwell: Askwell, opened: Open) -> None:
    """What was said last counts."""
    state, _ = askwell.say(opened.state, "it's my own account")
    _, reply = askwell.say(state, "actually it's the official account")
    assert reply.answers[0].verdict == opened.verdicts["official"]


def test_a_correction_of_a_pressed_button_decides_again(askwell: Askwell, opened: Open) -> None:
    """A button that was pressed can be taken back in words, too."""
    state, _ = askwell.say(opened.state, "1")
    _, reply = askwell.say(state, "actually it's the official account")
    assert reply.answers[0].verdict == opened.verdicts["official"]


def test_what_was_pressed_beats_what_was_read(askwell: Askwell, opened: Open) -> None:
    """The message spoke of the official account; then the button for one's own was pressed."""
    state = replace(opened.state, words=("Am I allowed to do that on the official account?",))
    read = askwell.understands.read(state.words[0], state.organisation).facts.get("account")
    assert read and read.value == "official"
    _, reply = askwell.say(state, "1")
    assert reply.answers[0].verdict == opened.verdicts["personal"]


def test_an_answer_in_words_is_read_after_a_long_message(askwell: Askwell, opened: Open) -> None:
    """However much was said before, the answer to the question counts."""
    state = replace(opened.state, words=("Am I allowed to do that? " + "We have talked about it at length. " * 100,))
    _, reply = askwell.say(state, "it's my own account")
    assert reply.answers[0].verdict == opened.verdicts["personal"]


def test_a_new_question_while_one_is_open_is_answered(askwell: Askwell, opened: Open) -> None:
    """Nobody has to answer before they may ask something else."""
    text = "Can I accept a Facebook friend request from a service user?"
    state, reply = askwell.say(replace(opened.state, organisation="derbyshire"), text)
    assert reply.answers[0].topic == "friend-request" and reply.answers[0].verdict == Verdict.NOT_ALLOWED
    assert state.words == (text,)


def test_a_new_question_that_mentions_an_account_is_not_an_answer(askwell: Askwell, opened: Open) -> None:
    """Whose password it is does not say from which account the first thing was to be done."""
    text = "Who may know the password of our official Twitter account?"
    assert not interpret.continues(text, opened.state, by_hand.reading(askwell, "passwords", text))


def test_two_questions_in_one_message_get_two_answers(askwell: Askwell) -> None:
    """Each sentence that asks clearly is answered, each with its own passages."""
    parts = (("Can I add a volunteer?", (("friend-request", 0.9),)), ("May I use the logo?", (("logo-personal", 0.9),)))
    read = replace(by_hand.reading(askwell, "friend-request", "Can I add a volunteer? May I use the logo?"), parts=parts)
    reply = by_hand.first(askwell, askwell.begin("derbyshire"), read).reply
    assert [a.topic for a in reply.answers] == ["friend-request", "logo-personal"]
    assert not {q.clause for q in reply.answers[0].quotes} & {q.clause for q in reply.answers[1].quotes}


def test_a_remark_beside_a_question_gets_no_answer_of_its_own(askwell: Askwell) -> None:
    """A sentence that does not ask is background."""
    parts = (("Can I add a volunteer?", (("friend-request", 0.9),)), ("The logo is on my page.", (("logo-personal", 0.9),)))
    read = replace(by_hand.reading(askwell, "friend-request", "Can I add a volunteer? The logo is on my page."), parts=parts)
    assert len(by_hand.first(askwell, askwell.begin("derbyshire"), read).reply.answers) == 1


def test_notices_are_said_once_in_a_conversation(askwell: Askwell) -> None:
    """The age of the policy and the draft reading are told with the first answer, not with every one, nor after starting again."""
    state, reply = askwell.say(askwell.begin("derbyshire"), "Can I add a volunteer on Facebook?")
    assert any("due for review in August 2023" in line for line in reply.notices)
    assert any("nobody at Healthwatch Derbyshire has confirmed it" in line for line in reply.notices)
    assert all(line in render.text(reply) for line in reply.notices)
    state, again = askwell.say(state, "What is the capital of France?")
    assert again.answers and not again.notices
    state, _ = askwell.say(state, "start again")
    assert not askwell.say(state, "Can I add a volunteer on Facebook?")[1].notices


@pytest.mark.parametrize("said", ["hello", "Hi!", "hey there", "good morning", "What can you do?", "help"])
def test_a_greeting_says_that_asking_never_reports_you(askwell: Askwell, said: str) -> None:
    """The welcome names the organisation's policy and promises that nobody is told."""
    _, reply = askwell.say(askwell.begin("rutland"), said)
    assert "Asking never reports you: nobody is told what you ask." in render.text(reply)
    assert "Rutland First" in render.text(reply) and not reply.answers


@pytest.mark.parametrize("said", ["thanks", "Thank you so much!", "cheers", "ta", "ok", "got it."])
def test_thanks_are_no_question(askwell: Askwell, said: str) -> None:
    """Politeness gets politeness."""
    assert askwell.say(askwell.begin("rutland"), said)[1] == Reply(lines=(words.WELCOME_BACK,))


@pytest.mark.parametrize("said", ["", "   ", "\n", "👍", "…", "\u200b"])
def test_what_has_no_words_gets_an_example(askwell: Askwell, said: str) -> None:
    """An empty message is answered with how to ask."""
    _, reply = askwell.say(askwell.begin("rutland"), said)
    assert reply.lines == (words.EMPTY,) and not reply.answers and reply.question is None
