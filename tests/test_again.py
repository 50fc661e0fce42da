"""What follows on something grave: nothing is said twice, and nothing that is new gets lost."""

import pytest

from bot import render, words
from bot.choose import SAFETY
from bot.guide import Askwell
from bot.messages import Reply

HARASSED = "he keeps sending me messages at night calling me names"
BLACKMAILED = "someone has pictures of me and says he'll send them to everyone unless I pay"
HURT = "my husband hits me and he reads my phone"


def talk(askwell: Askwell, *said: str, organisation: str = "sefton") -> list[Reply]:
    """The replies to some messages, one after the other."""
    state, replies = askwell.begin(organisation, "staff"), []
    for text in said:
        state, reply = askwell.say(state, text)
        replies.append(reply)
    return replies


def test_a_further_question_gets_what_is_new_and_the_people_again(askwell: Askwell) -> None:
    """A worried person on a phone doesn't have to read the same page twice."""
    first, again = talk(askwell, HARASSED, "can I mute them?")
    assert again.answers[0].say == (words.MAY_MUTE, words.STILL_HOLDS)
    assert again.answers[0].contacts == first.answers[0].contacts
    assert again.answers[0].signposts == first.answers[0].signposts
    assert not again.answers[0].quotes
    assert len(render.text(again)) < len(render.text(first)) / 1.5


@pytest.mark.parametrize(("asked", "line"), [("who else can I go to", words.WHO_ELSE), ("will he find out", words.WHO_KNOWS)])
def test_what_was_asked_is_answered_first(askwell: Askwell, asked: str, line: str) -> None:
    """Whom else one can tell, and who will hear of it."""
    _, again = talk(askwell, HARASSED, asked)
    assert again.answers[0].say[0] == line


def test_something_graver_is_told_whole(askwell: Askwell) -> None:
    """What is new is never cut: a threat that comes up later leads."""
    _, graver = talk(askwell, HARASSED, "he has a knife and he is outside my house")
    assert graver.answers[0].urgent[0] == words.EMERGENCY
    assert words.STILL_HOLDS not in graver.answers[0].say


def test_back_shows_the_whole_answer_again(askwell: Askwell) -> None:
    """Whoever goes back wants to read it once more."""
    first, _, back = talk(askwell, HARASSED, "can I mute them?", "back")
    assert back.answers == first.answers


def test_another_matter_is_told_whole(askwell: Askwell) -> None:
    """The same worry, told anew after something else, is answered in full."""
    *_, later = talk(askwell, HARASSED, "start again", HARASSED)
    assert later.answers[0].quotes


def test_nobody_is_told_to_pay(askwell: Askwell) -> None:
    """Blackmail: don't pay stands first, also when it is asked again, with the note on what the police say."""
    first, again = talk(askwell, BLACKMAILED, "what if I pay")
    for reply in (first, again):
        assert words.THREATS["blackmail"] in reply.answers[0].say
        assert [n.id for n in reply.answers[0].law] == ["blackmail"]


def test_who_is_hurt_at_home_is_not_sent_to_watch_over_somebody_else(askwell: Askwell) -> None:
    """The helpline comes first, and nothing about writing down what one saw."""
    (reply,) = talk(askwell, HURT, organisation="warrington")
    answer = reply.answers[0]
    assert answer.topic == "own-distress"
    assert answer.signposts[0].id == "domestic-abuse-own"
    assert words.THREATS["at-home"] in answer.say
    assert words.SAFEGUARDING_STEPS not in answer.closing


@pytest.mark.parametrize(
    "said", ['A lady commented "my husband hits me" under our post', "a client told me: my husband hits me", "she said my husband hits me"],
)  # fmt: skip
def test_what_is_passed_on_is_about_that_person(askwell: Askwell, said: str) -> None:
    """Whoever passes on a disclosure is told what to do for them."""
    (reply,) = talk(askwell, said, organisation="warrington")
    assert reply.answers[0].topic in SAFETY


@pytest.mark.parametrize("said", ["I can't cope any more, I cry every night", "I want to end it all"])
def test_numbers_are_never_dropped(askwell: Askwell, said: str) -> None:
    """Whoever is desperate sees the number each time."""
    for reply in talk(askwell, said, "what should I do"):
        assert "116 123" in render.text(reply)


def test_a_child_at_home_comes_first(askwell: Askwell) -> None:
    """Where a child is hurt too, it is a worry about a child."""
    (reply,) = talk(askwell, "my husband hits me and the kids", organisation="warrington")
    assert reply.answers[0].topic in SAFETY


def test_who_speaks_up_for_a_colleague_is_not_taken_for_the_victim(askwell: Askwell) -> None:
    """The same people, with other first words."""
    other, own = talk(askwell, "a colleague of mine is being bullied by two others in a whatsapp group", "start again")[0], talk(askwell, HARASSED)[0]
    assert other.answers[0].say[0] == words.ANOTHERS_TROUBLE
    assert own.answers[0].say[0] == words.OWN_DISTRESS
