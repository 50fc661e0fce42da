"""A conversation: questions are asked back, and answered in whatever form, or not at all."""

from dataclasses import replace

import by_hand
import pytest
from by_hand import Open

from bot import interpret, render, turn, words
from bot.guide import Askwell
from bot.interpret import Act, Said
from bot.knowledge import Verdict
from bot.messages import Reply, State

YES_NO = ("authorised", "agreed", "credited", "published", "linked")


@pytest.mark.parametrize(
    "said", ["1", " 1. ", "personal", "My own personal account", "MY OWN PERSONAL ACCOUNT!", "it's my own account", "It’s my own account"]
)
def test_a_question_is_answered_by_number_label_or_words(askwell: Askwell, opened: Open, said: str) -> None:
    """Whatever the form of the answer, the decision is the same, and nothing more is asked."""
    state, reply = askwell.say(opened.state, said)
    assert reply.question is None and state.question is None
    assert reply.answers[0].verdict == opened.verdicts["personal"]
    assert dict(reply.answers[0].facts)["account"] == "personal"


@pytest.mark.parametrize("said", ["I don't know", "I don’t know", "i dont know", "dunno", "Not sure.", "idk", "no idea!", "haven't a clue"])
def test_not_knowing_gives_the_cautious_answer_with_both_outcomes(askwell: Askwell, opened: Open, said: str) -> None:
    """Who cannot say is told the most careful outcome, what it hangs on, and is not asked the same again."""
    _state, reply = askwell.say(opened.state, said)
    assert reply.question is None
    assert reply.answers[0].verdict == opened.cautious
    text = render.text(reply)
    assert "It depends" in text
    assert all(words.SHORT[v] in text for v in {opened.verdicts["personal"], opened.verdicts["official"]})


def test_a_question_shows_its_choices_by_number(opened: Open) -> None:
    """In plain text too, each choice has its number."""
    lines = render.asked(opened.question).splitlines()
    assert lines == [opened.question.text, *(f"{i}. {label}" for i, (_, label) in enumerate(opened.question.options, 1))]


def test_a_question_offers_not_knowing(opened: Open) -> None:
    """People see that they may say that they do not know."""
    assert words.DONT_KNOW in render.asked(opened.question)


def test_words_that_answer_nothing_count_as_not_knowing(askwell: Askwell, opened: Open) -> None:
    """A remark belongs to the question, and is not asked about twice."""
    remark = "no particular reason"
    assert interpret.interpret(remark, opened.state) == Said(Act.WORDS)
    assert interpret.continues(remark, opened.state, by_hand.reading(askwell, "out-of-scope", remark))
    after = turn.advanced(opened.state, Said(Act.WORDS), remark, True)
    assert opened.question.fact in after.asked and after.question is None


def test_not_knowing_anything_ends_after_three_questions(askwell: Askwell) -> None:
    """On no topic of no policy is a person asked more than three times, and then there is an answer."""
    for organisation in askwell.knowledge.organisations:
        for topic in askwell.knowledge.topics:
            done = by_hand.taken(askwell, organisation, topic)
            asked = 0
            while done.reply.question:
                asked += 1
                assert asked <= turn.MOST_QUESTIONS == 3, (organisation, topic)
                done = by_hand.answered(askwell, done, topic, Said(Act.UNKNOWN))
            assert done.reply.answers


def test_pressing_buttons_ends_after_three_questions(askwell: Askwell) -> None:
    """However many facts matter, the fourth is not asked for: the cautious answer is given."""
    fine = by_hand.rule("fine", "tone", Verdict.ALLOWED, authorised="yes", agreed="yes", credited="yes", published="yes", linked="yes")
    engine = by_hand.ruled(askwell, "derbyshire", "tone", YES_NO, fine, by_hand.rule("never", "tone", Verdict.NOT_ALLOWED, authorised="no"))
    done, asked = by_hand.taken(engine, "derbyshire", "tone"), 0
    while done.reply.question:
        done, asked = by_hand.pressed(engine, done, "tone", "yes"), asked + 1
    assert asked <= turn.MOST_QUESTIONS


def test_the_same_button_is_not_offered_for_ever(askwell: Askwell) -> None:
    """Who says "someone we support" and cannot be more precise gets an answer."""
    fine = by_hand.rule("fine", "tone", Verdict.ALLOWED, who="served")
    young = by_hand.rule("not-the-young", "tone", Verdict.NOT_ALLOWED, ("fine",), who="young-person")
    engine = by_hand.ruled(askwell, "derbyshire", "tone", ("who",), fine, young)
    done = by_hand.taken(engine, "derbyshire", "tone")
    for _ in range(3):
        done = by_hand.pressed(engine, done, "tone", "served")
    assert done.reply.question is None


@pytest.mark.parametrize("said", ["", "  ", "👍"])
def test_an_empty_message_does_not_use_up_the_question(askwell: Askwell, opened: Open, said: str) -> None:
    """Return pressed too early, or a thumb: the question still stands."""
    state, _ = askwell.say(opened.state, said)
    _, reply = askwell.say(state, "1")
    assert [a.verdict for a in reply.answers] == [opened.verdicts["personal"]]


@pytest.mark.parametrize("said", ["7", "1", " 12. ", "#3"])
def test_a_number_without_a_choice_says_that_there_is_nothing_to_choose(askwell: Askwell, said: str) -> None:
    """It is no empty message, and asking goes on as before."""
    state = askwell.begin("sefton")
    assert askwell.say(state, said) == (state, Reply(lines=("There is nothing to choose from just now. Type your question in a sentence.",)))


def test_a_number_beside_the_choices_says_which_there_are(askwell: Askwell, opened: Open) -> None:
    """The question stays open, and is shown again."""
    most = len(opened.question.options)
    state, reply = askwell.say(opened.state, str(most + 1))
    assert reply.lines == (f"Type a number from 1 to {most}.",) and reply.question == opened.question
    assert askwell.say(state, "1")[1].answers[0].verdict == opened.verdicts["personal"]


@pytest.mark.parametrize("said", ["999", " 112 "])
def test_an_emergency_number_alone_is_no_empty_message(askwell: Askwell, said: str) -> None:
    """Whoever types it may mean it."""
    assert render.text(askwell.say(askwell.begin("sefton"), said)[1]).startswith(words.EMERGENCY)


def suggested(askwell: Askwell) -> State:
    """A conversation whose last answer asked "did you mean" about two other topics."""
    text = "Can I add a volunteer?"
    read = replace(by_hand.reading(askwell, "friend-request", text), topics=(("friend-request", 0.5), ("logo-personal", 0.25), ("tone", 0.25)))
    state = replace(by_hand.first(askwell, askwell.begin("derbyshire"), read).state, words=(text,))
    assert [t for t, _ in state.others] == ["logo-personal", "tone"]
    return state


@pytest.mark.parametrize("said", ["2", "Tone and quality of posts", "tone and quality of posts."])
def test_a_suggestion_is_chosen_by_its_number_or_its_words(askwell: Askwell, said: str) -> None:
    """What was asked is then answered under that topic, and the suggestions are gone."""
    state, reply = askwell.say(suggested(askwell), said)
    assert [a.topic for a in reply.answers] == ["tone"] and state.topic == "tone" and state.others == ()
    assert askwell.say(state, "2")[1].lines == (words.NOTHING_TO_CHOOSE,)


def test_a_number_beside_the_suggestions_says_which_there_are(askwell: Askwell) -> None:
    """One suggestion is not "from 1 to 1"."""
    state = suggested(askwell)
    assert askwell.say(state, "3")[1].lines == ("Type a number from 1 to 2.",)
    assert askwell.say(replace(state, others=state.others[:1]), "3")[1].lines == (words.CHOOSE_ONE,)


def test_a_new_question_leaves_the_suggestions_behind(askwell: Askwell) -> None:
    """A number never answers a suggestion of an earlier question."""
    state, _ = askwell.say(suggested(askwell), "What is the capital of France?")
    assert askwell.say(state, "2")[1].lines == (words.NOTHING_TO_CHOOSE,)


def test_each_verdict_of_an_answer_rests_on_quotes_of_the_policy(askwell: Askwell) -> None:
    """Whatever the policies decide, passages that stand in their texts are cited, and at least one of them leads."""
    seen = set()
    for organisation in askwell.knowledge.organisations.values():
        for topic in askwell.knowledge.topics:
            for one in by_hand.taken(askwell, organisation.id, topic).reply.answers:
                seen.add(one.verdict)
                assert all(q.text and q.text in organisation.policy.text for q in one.quotes)
                silent = one.verdict in (Verdict.NOT_COVERED, Verdict.OUT_OF_SCOPE)
                assert any(q.leading for q in one.quotes) != silent, (organisation.id, topic)
    assert seen >= {Verdict.NOT_ALLOWED, Verdict.REQUIRED, Verdict.REFER, Verdict.INFO, Verdict.NOT_COVERED, Verdict.OUT_OF_SCOPE}


def test_a_role_that_the_policy_does_not_speak_to_is_told_so(askwell: Askwell) -> None:
    """A volunteer is not read the rules of staff as if they were theirs."""
    staff = by_hand.rule("staff-only", "tone", Verdict.NOT_ALLOWED)
    engine = by_hand.ruled(askwell, "derbyshire", "tone", (), staff)
    one = by_hand.taken(engine, "derbyshire", "tone", role="volunteer").reply.answers[0]
    assert one.verdict == Verdict.NOT_COVERED
    assert one.say[0] == "This policy speaks to staff; it doesn't say what volunteers must do here."
    assert one.quotes_intro == "What it says to staff:" and not any(q.leading for q in one.quotes)
    for role in ("staff", "manager"):
        assert by_hand.taken(engine, "derbyshire", "tone", role=role).reply.answers[0].verdict == Verdict.NOT_ALLOWED


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("a reporter phoned me about the clinic", "can I just give him our opening times"),
        ("they are fiddling the expenses here", "Sandie Smith is the one doing it"),
        ("my manager keeps touching me", "I don't know really, it just felt wrong"),
        ("the manager has been messaging a 15 year old girl", "he works here"),
        ("the manager has been messaging a 15 year old girl", "what do I do now"),
        ("someone threatened to come to my house", "who do I ring"),
        ("I feel suicidal", "sorry ignore me"),
    ],
)
def test_whoever_speaks_of_something_grave_goes_on_with_it(askwell: Askwell, first: str, then: str) -> None:
    """What is said next belongs to it, unless it clearly asks about something else."""
    state, before = askwell.say(askwell.begin("cambspboro"), first)
    _state, after = askwell.say(state, then)
    assert after.answers[0].topic == before.answers[0].topic


def test_somebody_who_was_not_introduced_was_spoken_of_before(askwell: Askwell) -> None:
    """Who is only called "she" is whoever the last question was about; "a woman" is somebody new."""
    state, _reply = askwell.say(askwell.begin("warrington"), "can I accept a friend request from a patient")
    alone = askwell.understands.read("I don't know how old she is", "warrington")
    assert interpret.continues("I don't know how old she is", state, replace(alone, topics=(("underage", 0.5),)))
    assert not interpret.continues("a woman wants to know if she may film here", state, replace(alone, topics=(("underage", 0.5),)))


@pytest.mark.parametrize("said", ["can I do this", "is that ok?", "Is this allowed please", "what about it", "can we?"])
def test_what_only_points_at_something_is_asked_about(askwell: Askwell, said: str) -> None:
    """No rule can be meant yet, so none is given."""
    _state, reply = askwell.say(askwell.begin("sefton"), said)
    assert reply.lines == (words.VAGUE,) and reply.answers == ()


def test_thanks_after_ones_own_despair_is_met_with_a_number(askwell: Askwell) -> None:
    """Nobody is sent off with "you are welcome"."""
    state, _reply = askwell.say(askwell.begin("sefton"), "I want to kill myself")
    assert askwell.say(state, "thanks")[1].lines == (words.TAKE_CARE,)


@pytest.mark.parametrize("said", ["I don't know if the parents agreed", "not sure whether everyone has agreed"])
def test_what_somebody_does_not_know_is_not_taken_for_a_fact(askwell: Askwell, said: str) -> None:
    """Words that say "agreed" agree to nothing where they say that it is not known."""
    assert askwell.understands.read(f"can I post a photo of the kids. {said}", "sefton").facts.get("consent") is None
