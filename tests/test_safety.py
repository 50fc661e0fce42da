"""Where somebody may come to harm: what is said first, who is named, what is left out; and messages of unusual kinds."""

from dataclasses import replace

import by_hand
import pytest
from by_hand import Open

from bot import receipt, render, words
from bot.guide import Askwell
from bot.knowledge import Flow, Verdict
from bot.messages import Reply
from bot.understand.language import Kind, kind
from bot.understand.reading import OUT_OF_SCOPE

ORGANISATIONS = ("cambspboro", "derbyshire", "rutland", "sefton", "warrington")
ROLES = ("staff", "manager", "volunteer", "director")
FIRST = "If anyone is in danger right now, ring 999 first. You don't need anybody's permission."


def concern(askwell: Askwell, organisation: str, role: str = "staff", urgent: bool = False) -> Reply:
    """The reply to a worry about somebody."""
    return by_hand.taken(askwell, organisation, "safeguarding-concern", role, by_hand.found(Flow.SAFEGUARDING, urgent=urgent)).reply


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_a_worry_names_people_and_numbers_and_says_that_nobody_was_told(askwell: Askwell, organisation: str, role: str) -> None:
    """Whoever asks, under whatever policy: somebody inside, numbers outside, what to write down, and no false hope that it is reported."""
    reply = concern(askwell, organisation, role)
    text = render.text(reply)
    one = reply.answers[0]
    assert one.flow == Flow.SAFEGUARDING
    assert one.contacts or "the person you report to" in text
    assert all(n in text for n in ("0808 800 5000", "101", "council")) and one.signposts
    assert "Don't question a child" in text
    assert "I haven't told anyone" in text
    assert one.receipt is None and one.taken == "" and one.changes == () and one.sensitive


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_danger_puts_999_first(askwell: Askwell, organisation: str) -> None:
    """Before the verdict, before the policy, before anything."""
    reply = concern(askwell, organisation, urgent=True)
    assert render.text(reply).startswith(FIRST)
    assert "press 55" in render.text(reply) and "18000" in render.text(reply)


@pytest.mark.parametrize(("risk", "leads"), [(0.3, Flow.WHISTLEBLOWING), (0.95, Flow.SAFEGUARDING)])
def test_sure_wrongdoing_leads_unless_somebodys_risk_is_as_sure(askwell: Askwell, risk: float, leads: Flow) -> None:
    """A faint worry must not send whoever speaks of wrongdoing to a form with their name on it; the council's number stands with it."""
    both = by_hand.found(Flow.SAFEGUARDING, Flow.WHISTLEBLOWING)
    both = replace(both, scores={**both.scores, "risk": risk, "whistleblowing": 1.0})
    reply = by_hand.taken(askwell, "sefton", "whistleblowing", "staff", both).reply
    assert reply.answers[0].flow == leads
    assert "council" in render.text(reply)


def test_without_danger_999_does_not_come_first(askwell: Askwell) -> None:
    """An alarm that always rings is not heard."""
    assert not render.text(concern(askwell, "sefton")).startswith(FIRST)


@pytest.mark.parametrize(
    "said",
    [
        "He says he will kill himself tonight",
        "Can I share our post? My friend has taken an overdose. What about the logo?",
        "HE HAS A KNIFE AND HE IS ATTACKING HER",
        "1. She wants to die",
    ],
)
def test_danger_is_heard_in_any_message_at_any_point(askwell: Askwell, opened: Open, said: str) -> None:
    """At the start of a conversation, and in the middle of a question about something else."""
    for state in (askwell.begin("rutland"), opened.state):
        _, reply = askwell.say(state, said)
        assert render.text(reply).startswith(FIRST)
        assert reply.answers[0].flow == Flow.SAFEGUARDING


@pytest.mark.parametrize("start", ["hi", "ok", "1", "start again", "back"])
def test_danger_is_heard_behind_a_greeting_and_blank_lines(askwell: Askwell, opened: Open, start: str) -> None:
    """Triage reads every free text, whatever it begins with."""
    _, reply = askwell.say(opened.state, start + "\n" * 200 + "he says he will kill himself tonight")
    assert render.text(reply).startswith(FIRST)


@pytest.mark.parametrize(("topic", "flow"), [("safeguarding-concern", Flow.SAFEGUARDING), ("whistleblowing", Flow.WHISTLEBLOWING)])
def test_no_leave_is_needed_to_report(askwell: Askwell, topic: str, flow: Flow) -> None:
    """The way inside is never a condition for ringing the council, the police or a regulator."""
    silent = by_hand.ruled(askwell, "derbyshire", topic, ())
    assert "before you go ahead" not in render.text(by_hand.taken(silent, "derbyshire", topic, triage=by_hand.found(flow)).reply)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_wrongdoing_is_not_to_be_typed_with_names(askwell: Askwell, organisation: str) -> None:
    """The warning comes with the first answer; outside routes are given; nothing is kept or promised."""
    reply = by_hand.taken(askwell, organisation, "whistleblowing", triage=by_hand.found(Flow.WHISTLEBLOWING)).reply
    text = render.text(reply)
    assert "Please don't type names or details here." in reply.answers[0].say[0]
    assert "020 3117 2520" in text and "I haven't told anyone" in text
    assert reply.answers[0].receipt is None and reply.answers[0].flow == Flow.WHISTLEBLOWING


@pytest.mark.parametrize("role", ["volunteer", "director"])
def test_nobody_outside_the_act_is_told_that_the_law_protects_them(askwell: Askwell, role: str) -> None:
    """Volunteers and directors get the help lines, not the worker's law."""
    for organisation in ORGANISATIONS:
        text = render.text(by_hand.taken(askwell, organisation, "whistleblowing", role, by_hand.found(Flow.WHISTLEBLOWING)).reply)
        assert "can protect a worker" not in text and "020 3117 2520" in text


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_ones_own_distress_is_met_kindly(askwell: Askwell, organisation: str) -> None:
    """Kindness, the Samaritans, a choice of people; no verdict that judges, and nobody told."""
    reply = by_hand.taken(askwell, organisation, "own-distress", triage=by_hand.found(own=True)).reply
    text = render.text(reply)
    assert reply.answers[0].say[0].startswith("I'm sorry you are dealing with this.")
    assert "116 123" in text and "it doesn't have to be your manager" in text and "I haven't told anyone" in text
    assert reply.answers[0].receipt is None


def test_a_second_question_never_stands_beside_a_worry(askwell: Askwell) -> None:
    """Where somebody may come to harm the reply is about that alone."""
    parts = (("My neighbour hits him.", (("safeguarding-concern", 0.9),)), ("May I use the logo?", (("logo-personal", 0.9),)))
    read = by_hand.reading(askwell, "safeguarding-concern", triage=by_hand.found(Flow.SAFEGUARDING))
    reply = by_hand.first(askwell, askwell.begin("derbyshire"), replace(read, parts=parts)).reply
    assert [a.topic for a in reply.answers] == ["safeguarding-concern"]


def test_sensitive_answers_carry_no_receipt_and_others_one_that_replays(askwell: Askwell) -> None:
    """Over every topic of every policy: a trace where nobody can be harmed by it, and none where somebody could."""
    given = 0
    for organisation in askwell.knowledge.organisations:
        for topic in askwell.knowledge.topics.values():
            for one in by_hand.taken(askwell, organisation, topic.id).reply.answers:
                if topic.sensitive or one.sensitive or one.flow in (Flow.SAFEGUARDING, Flow.WHISTLEBLOWING):
                    assert one.receipt is None, (organisation, topic.id)
                elif one.topic == topic.id and topic.id not in ("near-scope", OUT_OF_SCOPE):
                    assert one.receipt, (organisation, topic.id)
                    held = receipt.unpack(askwell.knowledge, one.receipt)
                    assert (held.organisation, held.topic, dict(held.facts)) == (organisation, topic.id, dict(one.facts))
                    given += 1
    assert given > 100


def test_what_is_out_of_scope_is_said_with_examples(askwell: Askwell) -> None:
    """No verdict, no quote, no receipt: what is covered, and how one could ask."""
    one = by_hand.taken(askwell, "sefton", OUT_OF_SCOPE).reply.answers[0]
    assert one.verdict == Verdict.OUT_OF_SCOPE and one.topic is None
    assert not one.quotes and not one.contacts and one.receipt is None
    assert "Try, for example" in one.say[1]


@pytest.mark.parametrize("said", ["[image: photo.jpg] Can I post this?", "Please see the attached screenshot. Can I share it?"])
def test_attachments_are_not_opened(askwell: Askwell, said: str) -> None:
    """It says so before anything else, and asks for words."""
    assert render.text(askwell.say(askwell.begin("sefton"), said)[1]).startswith(words.ATTACHMENT)


@pytest.mark.parametrize(("said", "young"), [("I'm 16. Can I post?", True), ("i am fifteen", True), ("I'm 16 years in", False), ("I am 61", False)])
def test_askers_under_18_hear_of_childline(askwell: Askwell, said: str, young: bool) -> None:
    """A young asker gets a line of their own, whatever the answer; others do not."""
    assert kind(said, frozenset()).under_18 == young
    read = by_hand.reading(askwell, "friend-request", said, kind=Kind(under_18=young))
    assert ("0800 1111" in render.text(by_hand.first(askwell, askwell.begin("sefton"), read).reply)) == young


def test_other_languages_get_999_and_somebody_to_ask(askwell: Askwell) -> None:
    """It says in the commonest languages that it understands English only, and gives no verdict."""
    read = by_hand.reading(askwell, "friend-request", "Czy mogę dodać", kind=Kind(foreign=True))
    reply = by_hand.first(askwell, askwell.begin("sefton"), read).reply
    text = render.text(reply)
    assert not reply.answers and "999" in text and "Rozumiem tylko po angielsku" in text and "Ask the Manager" in text


def test_danger_in_another_language_is_still_danger(askwell: Askwell) -> None:
    """What triage found is not lost because the rest was not understood."""
    read = by_hand.reading(askwell, "friend-request", triage=by_hand.found(Flow.SAFEGUARDING, urgent=True), kind=Kind(foreign=True))
    assert render.text(by_hand.first(askwell, askwell.begin("sefton"), read).reply).startswith(FIRST)


@pytest.mark.parametrize(
    "said",
    ["I don't want to be here any more", "everyone would be better off without me", "i just want it all to stop", "I've thought about ending it"],
)
@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_whoever_speaks_of_their_own_life_is_answered_as_that_person(askwell: Askwell, organisation: str, said: str) -> None:
    """999 and somebody to talk to before anything of the policy; nothing as if it were somebody else's trouble."""
    _state, reply = askwell.say(askwell.begin(organisation), said)
    (one,) = reply.answers
    assert one.topic == "own-distress"
    text = render.text(reply)
    assert all(0 <= text.index(number) < text.index("I haven't told anyone") for number in ("999", "116 123", "111"))
    assert one.say[:1] == (words.OWN_DISTRESS,) and "116 123" in one.say[1]
    assert not any(line in text for line in (words.SAFEGUARDING_STEPS, words.ABUSE_EVIDENCE, "Don't question a child"))


@pytest.mark.parametrize(
    "said", ['She wrote "I don\'t want to be here any more" under our post', "a follower says I can't go on and there's a picture of a bridge"]
)
def test_somebody_elses_words_are_not_taken_for_the_askers(askwell: Askwell, said: str) -> None:
    """Whoever passes on what they read is told what to do for that person."""
    _state, reply = askwell.say(askwell.begin("warrington"), said)
    assert reply.answers[0].topic != "own-distress" and "999" in render.text(reply)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_where_the_policy_is_silent_on_wrongdoing_nobody_inside_is_named(askwell: Askwell, organisation: str) -> None:
    """Whoever is usually asked in doubt may be the one it is about."""
    _state, reply = askwell.say(askwell.begin(organisation), "they are fiddling the expenses here")
    assert reply.answers[0].topic == "whistleblowing"
    assert reply.answers[0].verdict != Verdict.NOT_COVERED or reply.answers[0].contacts == ()


@pytest.mark.parametrize("said", ["the safeguarding lead has pictures of children on his phone", "a man on our page asks a boy of 13 for photos"])
def test_where_pictures_of_a_child_are_spoken_of_nobody_is_to_copy_them(askwell: Askwell, said: str) -> None:
    """Whichever topic it is answered under."""
    _state, reply = askwell.say(askwell.begin("warrington"), said)
    assert words.IMAGES in reply.answers[0].closing
