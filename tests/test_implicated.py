"""Whoever is complained of is nobody's way out: no contact, and no step that leads to them."""

import re

import pytest
from encoded import KNOWLEDGE

from bot import words
from bot.guide import Askwell
from bot.implicated import complained_of

ONE_PERSON = {
    "line-manager", "manager", "chief-executive", "chair", "communications-manager", "project-manager", "safeguarding-lead",
}  # fmt: skip
PEOPLE = [(o.id, r.id) for o in KNOWLEDGE.organisations.values() for r in o.roles.values() if r.id in ONE_PERSON]
TELLS = (
    "my {who} keeps touching me and says I'd better keep quiet",
    "the {who} has been sending naked pictures to a girl of 14 in the youth group",
    "our {who} is falsifying the care records and bullies whoever asks",
    "the {who} told us to leave a child with bruises out of the report",
)


def called(organisation: str, role: str) -> str:
    """A role's title without its article."""
    return re.sub(r"^(?:your|the|an?) ", "", KNOWLEDGE.organisations[organisation].roles[role].title)


@pytest.mark.parametrize("tells", TELLS)
@pytest.mark.parametrize(("organisation", "role"), PEOPLE)
def test_nobody_is_sent_to_whom_they_complain_of(askwell: Askwell, organisation: str, role: str, tells: str) -> None:
    """Under whatever policy and whatever it is about: they are no contact, no step names them, and help is named all the same."""
    who = called(organisation, role)
    _state, reply = askwell.say(askwell.begin(organisation), tells.format(who=who.lower()))
    (first, *_) = reply.answers
    title = KNOWLEDGE.organisations[organisation].roles[role].title
    assert title not in {c.role for a in reply.answers for c in a.contacts}
    steps = " ".join((*first.say, *first.also)).replace(words.OWN_DISTRESS, "")
    assert not re.search(rf"\b{re.escape(who)}\b", steps, re.IGNORECASE), steps
    assert first.contacts or first.signposts


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("Angie Ridley shared a patient's name in a tweet, who do I tell?", ("communications-manager",)),
        ("who do I tell? Sandie Smith shouted at me", ("chief-executive",)),
        ("I told Angie Ridley about the post and nothing happened", ()),
        ("Angie Ridley said I could post it", ()),
        ("my manager shared our post, can I share it too", ()),
        ("my manager posted a service user's name", ("line-manager",)),
        ("the chief exec is sharing party posts from our page", ("chief-executive",)),
        ("can I put up the flyer", ()),
    ],
)
def test_only_whoever_does_something_is_complained_of(askwell: Askwell, said: str, who: tuple[str, ...]) -> None:
    """Not whoever is told, asks or allows; and where nothing grave is told a title alone says nothing of its holder."""
    assert complained_of(said, askwell.knowledge.organisations["cambspboro"], grave=False) == who


@pytest.mark.parametrize(
    "said", ["I told my manager about a lad with bruises", "should I go to my line manager with this", "my manager knows and is away"]
)
def test_whoever_was_told_stays_a_way_out(askwell: Askwell, said: str) -> None:
    """To speak to one's manager about something grave is no complaint about them."""
    assert complained_of(said, askwell.knowledge.organisations["warrington"], grave=True) == ()


def test_of_an_ordinary_question_nothing_is_taken_away(askwell: Askwell) -> None:
    """Who may set up an account is still the manager, whoever asks."""
    _state, reply = askwell.say(askwell.begin("sefton"), "my manager wants a new Facebook page for our project, can we set one up?")
    assert reply.question or reply.answers[0].contacts


def test_of_several_who_hold_a_role_another_is_chosen(askwell: Askwell) -> None:
    """Where any board member will do, the others stay a way out."""
    _state, reply = askwell.say(askwell.begin("rutland"), "A board member sent me a picture of his privates")
    assert [c.role for c in reply.answers[0].contacts] == ["a Board Member"]
    assert words.ANOTHER_ONE in reply.answers[0].say or "choose another" in " ".join(reply.answers[0].say)
