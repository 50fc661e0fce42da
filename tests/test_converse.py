"""The pure conversation: who asks, late presses, edits, "was this right?", and what may be passed on."""

from dataclasses import dataclass, replace

import by_hand
import pytest
from by_hand import Open
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import plans, words
from bot.converse import ORGANISATION, ROLE, respond
from bot.guide import Askwell
from bot.knowledge import Flow, Verdict
from bot.load import ROOT
from bot.messages import TOPIC, Act, Asked, Edited, Judged, PassOn, Press, Reply, State, Words
from bot.people import Asker
from bot.plans import Plans
from bot.report import Around, Running
from bot.session import Counted, Desk, Gap, Introduced, PassedOn, Result, Session
from bot.store import shapes

ME = Asker("derbyshire", "staff")
QUESTION = "Can I accept a friend request from a volunteer on my own Facebook?"
OTHER = "Who looks after our official accounts?"
FAR_OFF = "What is the capital of France?"
DANGER = "He says he is going to kill himself tonight"
WRONGDOING = "I want to blow the whistle on Mrs Bellweather, she is fiddling the accounts"
NAME = "Bellweather"


def play(askwell: Askwell, asker: Asker | None, *acts: Act, session: Session = Session()) -> Result:  # noqa: B008 - frozen
    """The last result of some acts, one after the other."""
    result = Result(session)
    for act in acts:
        result = respond(askwell, asker, result.session, act)
    return result


def said(result: Result) -> Reply:
    """The reply, which must be there."""
    assert result.reply is not None
    return result.reply


def verdicts(result: Result) -> list[Verdict]:
    """What was answered."""
    return [a.verdict for a in said(result).answers]


def late(result: Result, before: Session) -> bool:
    """Whether it was told that it came too late, and nothing happened."""
    return said(result) == Reply(lines=(words.TOO_LATE,)) and result.session == before and not result.effects


def asking(opened: Open) -> Session:
    """A session in which it is asked whose account it is."""
    return Session(number=3, state=opened.state, heard=(("m1", opened.state.words[0]),), last=Reply(question=opened.question))


@pytest.fixture
def owner(askwell: Askwell, opened: Open) -> Asker:
    """Who was asked."""
    return Asker(opened.state.organisation, opened.state.role)


@pytest.fixture
def silent(askwell: Askwell) -> Askwell:
    """The engine where the policy says nothing about friend requests."""
    return by_hand.ruled(askwell, "derbyshire", "friend-request", ())


# Who asks


def test_an_unknown_person_is_asked_once_for_organisation_and_role_and_then_answered(askwell: Askwell) -> None:
    """What they typed waits meanwhile; afterwards nobody asks again."""
    first = play(askwell, None, Words(QUESTION, "m1"))
    assert said(first).question and said(first).choices[0].fact == ORGANISATION and not first.effects
    second = play(askwell, None, Press(first.session.number, ORGANISATION, "derbyshire"), session=first.session)
    assert said(second).choices[0].fact == ROLE and not second.effects
    third = play(askwell, None, Press(second.session.number, ROLE, "staff"), session=second.session)
    assert verdicts(third) == [Verdict.NOT_ALLOWED] == verdicts(play(askwell, ME, Words(QUESTION)))
    assert third.effects == (Introduced("derbyshire", "staff"),) and third.session.waiting == ()
    assert not said(play(askwell, ME, Words(FAR_OFF), session=third.session)).question


def test_organisation_and_role_can_be_typed(askwell: Askwell) -> None:
    """By label or by number, as with every question."""
    result = play(askwell, None, Words(QUESTION), Words("Healthwatch Derbyshire"), Words("3"))
    assert result.effects == (Introduced("derbyshire", "volunteer"),)


def test_several_messages_wait_and_are_answered_together(askwell: Askwell) -> None:
    """Who types on before saying who they are loses nothing."""
    result = play(askwell, None, Words("hi"), Words("Can I post about politics?"), Words(QUESTION), Words("Healthwatch Derbyshire"), Words("Staff"))
    assert result.session.state and result.session.state.words == (f"Can I post about politics?\n{QUESTION}",)
    assert verdicts(result)


def test_without_a_question_they_are_welcomed(askwell: Askwell) -> None:
    """A thumb and a greeting do not wait to be answered."""
    result = play(askwell, None, Words("👍"), Words("hi"), Words("Healthwatch Derbyshire"), Words("Staff"))
    assert "Asking never reports you" in said(result).lines[0]


def test_emergency_help_stands_before_the_question_who_they_are(askwell: Askwell) -> None:
    """999 never waits, is never shown where others read along, and the answer still comes."""
    first = play(askwell, None, Words(DANGER))
    assert said(first).before[0] == words.EMERGENCY and said(first).question and said(first).sensitive
    result = play(askwell, None, Words("Healthwatch Derbyshire"), Words("Staff"), session=first.session)
    assert said(result).answers[0].flow == Flow.SAFEGUARDING


def test_of_wrongdoing_only_waits_that_it_was_spoken_of(askwell: Askwell) -> None:
    """No word of it is kept until we know who asks; the advice not to type names comes at once, in private."""
    first = play(askwell, None, Words(WRONGDOING, "m1"))
    assert words.WHISTLEBLOWING_CARE in said(first).before and said(first).sensitive
    assert NAME not in repr(first.session)
    second = play(askwell, None, Words("Healthwatch Derbyshire"), session=first.session)
    assert said(second).sensitive
    third = play(askwell, None, Words("Volunteer"), session=second.session)
    assert said(third).answers[0].flow == Flow.WHISTLEBLOWING and third.session.waiting == ()


def test_where_one_organisation_is_served_only_the_role_is_asked(askwell: Askwell) -> None:
    """Nobody is asked what can only be answered in one way."""
    only = Askwell(
        replace(askwell.knowledge, organisations={"sefton": askwell.knowledge.organisations["sefton"]}), askwell.understands, askwell.today
    )
    first = play(only, None, Words(QUESTION))
    assert said(first).choices[0].fact == ROLE
    assert play(only, None, Words("Staff"), session=first.session).effects == (Introduced("sefton", "staff"),)


@pytest.mark.parametrize("asker", [Asker("no-longer-served", "staff", member=True), Asker("derbyshire", "king")])
def test_whoever_belongs_nowhere_that_is_served_is_asked_again(askwell: Askwell, asker: Asker) -> None:
    """An organisation that was taken out leaves its people a question, not an error."""
    assert said(play(askwell, asker, Words(QUESTION))).question


def test_who_became_known_elsewhere_is_not_introduced_again(askwell: Askwell) -> None:
    """A member who presses an old "what are you there?" stays a member; what waited is answered."""
    first = play(askwell, None, Words(QUESTION), Words("Healthwatch Derbyshire"))
    result = play(askwell, replace(ME, member=True), Press(first.session.number, ROLE, "director"), session=first.session)
    assert result.effects == () and verdicts(result) == [Verdict.NOT_ALLOWED]


def test_an_edit_before_we_know_them_changes_what_waits(askwell: Askwell) -> None:
    """Silently, but not where the edit tells of danger."""
    first = play(askwell, None, Words("Can I post about politics", "m1"))
    changed = play(askwell, None, Edited("m1", QUESTION), session=first.session)
    assert changed.reply is None and changed.session.waiting == (QUESTION,) and said(first).choices == changed.session.last.choices  # type: ignore[union-attr]  # one was shown
    assert play(askwell, None, Edited("m1"), session=first.session).session.waiting == ()
    danger = play(askwell, None, Edited("m1", DANGER), session=first.session)
    assert said(danger).before[0] == words.EMERGENCY and danger.session.waiting == (DANGER,)


# Presses


def test_a_press_answers_the_question_that_was_asked(askwell: Askwell, opened: Open, owner: Asker) -> None:
    """The value that was pressed decides."""
    result = play(askwell, owner, Press(3, "account", "personal"), session=asking(opened))
    assert verdicts(result) == [opened.verdicts["personal"]] and result.session.number == 4


def test_a_late_press_is_told_so_and_changes_nothing(askwell: Askwell, opened: Open, owner: Asker) -> None:
    """The second press of a button, one of an earlier turn, and one of a turn that never was."""
    before = asking(opened)
    done = play(askwell, owner, Press(3, "account", "personal"), session=before)
    for number in (0, 2, 3, 99, -1):
        assert late(play(askwell, owner, Press(number, "account", "personal"), session=done.session), done.session)


@pytest.mark.parametrize(("fact", "value"), [("account", "martian"), ("who", "volunteer"), ("", ""), (TOPIC, "friend-request"), (ROLE, "director")])
def test_a_press_of_what_was_not_offered_changes_nothing(askwell: Askwell, opened: Open, owner: Asker, fact: str, value: str) -> None:
    """Buttons can be forged; only what the turn offered counts, and nobody presses themselves into a role."""
    before = asking(opened)
    assert late(play(askwell, owner, Press(3, fact, value), session=before), before)


def test_a_press_counts_only_for_who_was_asked(askwell: Askwell, opened: Open, owner: Asker) -> None:
    """In another role the question would have been another one."""
    before = asking(opened)
    role = "volunteer" if owner.role != "volunteer" else "staff"
    assert late(play(askwell, replace(owner, role=role), Press(3, "account", "personal"), session=before), before)
    assert said(play(askwell, None, Press(3, "account", "personal"), session=before)).choices[0].fact == ORGANISATION


def test_did_you_mean_answers_what_was_meant(askwell: Askwell) -> None:
    """The words stay, the topic is the one that was pressed."""
    first = play(askwell, ME, Words(QUESTION))
    answer = replace(said(first).answers[0], others=(("personal-politics", "Politics"),))
    before = replace(first.session, last=replace(said(first), answers=(answer,)))
    result = play(askwell, ME, Press(before.number, TOPIC, "personal-politics"), session=before)
    assert [a.topic for a in said(result).answers] == ["personal-politics"]
    assert result.session.state and result.session.state.words == (QUESTION,)


def test_what_an_older_knowledge_offered_and_this_one_does_not_know_is_late(askwell: Askwell) -> None:
    """After an update no button of yesterday raises."""
    gone = Asked("gone", "Which?", (("a", "A"),))
    topic = Asked(TOPIC, "Which?", (("gone", "Gone"),))
    for asked in (gone, topic):
        state = State("derbyshire", "staff", "old", words=(QUESTION,), question=asked)
        before = Session(number=1, state=state, last=Reply(question=asked))
        assert late(play(askwell, ME, Press(1, asked.fact, asked.options[0][0]), session=before), before)


def test_after_an_update_a_question_is_decided_again_and_that_is_said(askwell: Askwell) -> None:
    """Who goes on with what was said before is told; a question of its own needs no such words."""
    state = State("derbyshire", "staff", "old", words=(QUESTION,), topic="friend-request")
    result = play(askwell, ME, Words("what if it's a client"), session=Session(number=1, state=state))
    assert said(result).lines == (words.CHANGED_MEANWHILE,) and verdicts(result) == [Verdict.NOT_ALLOWED]
    assert words.CHANGED_MEANWHILE not in said(play(askwell, ME, Words(FAR_OFF), session=Session(number=1, state=state))).lines


@pytest.mark.parametrize(("topic", "facts"), [("gone", {}), ("friend-request", {"gone": "a"}), ("friend-request", {"account": "martian"})])
def test_what_this_knowledge_no_longer_knows_is_dropped(askwell: Askwell, topic: str, facts: dict[str, str]) -> None:
    """A state of an older version never raises; its words stay."""
    state = State("derbyshire", "staff", "old", words=(QUESTION,), topic=topic, facts=facts, question=Asked("gone", "?", (("a", "A"),)))
    session = Session(number=1, state=state, heard=(("m1", QUESTION),))
    for act in (Words("a"), Words(FAR_OFF), Edited("m1", f"{QUESTION} She is new."), Words("back"), Words("I don't know")):
        assert said(play(askwell, ME, act, session=session))


# Where reports can be made


@dataclass(frozen=True)
class Counter:
    """The desk of a conversation in which no report is being made."""

    plans: Plans

    def around(self, running: Running) -> Around:
        """Nobody is needed yet."""
        raise AssertionError(running)


@pytest.fixture
def desk(askwell: Askwell) -> Desk:
    """The real reporting conversations."""
    return Counter(plans.load(ROOT, askwell.knowledge))


def test_a_late_press_leaves_the_present_question_open_also_where_reports_can_be_made(
    askwell: Askwell, opened: Open, owner: Asker, desk: Desk
) -> None:
    """The right button still answers it."""
    before = asking(opened)
    assert late(respond(askwell, owner, before, Press(2, "account", "personal"), desk), before)
    result = respond(askwell, owner, before, Press(3, "account", "personal"), desk)
    assert verdicts(result) == [opened.verdicts["personal"]]


def test_a_word_of_thanks_offers_no_report_and_takes_no_choice_away(askwell: Askwell, desk: Desk) -> None:
    """What the answer offered is still offered."""
    first = respond(askwell, ME, Session(), Words(QUESTION), desk)
    result = respond(askwell, ME, first.session, Judged(1, helpful=True), desk)
    assert said(result).lines == (words.THANKS,) and result.session.last == first.session.last


@pytest.mark.parametrize("act", [Words(DANGER), Edited("m0", DANGER), Judged(1, helpful=False, reason=DANGER)])
def test_whatever_tells_of_danger_offers_a_report(askwell: Askwell, desk: Desk, act: Act) -> None:
    """Typed, edited in, or given as a reason."""
    first = respond(askwell, ME, Session(), Words(QUESTION, "m0"), desk)
    result = respond(askwell, ME, first.session, act, desk)
    assert said(result).start == Flow.SAFEGUARDING and result.session.last == result.reply


# Edits


def test_an_edited_question_is_answered_again_in_its_place(askwell: Askwell) -> None:
    """The new words replace the old ones, and the buttons of the old answer are late."""
    first = play(askwell, ME, Words(FAR_OFF, "m1"))
    result = play(askwell, ME, Edited("m1", QUESTION), session=first.session)
    assert verdicts(result) == [Verdict.NOT_ALLOWED] and result.session.number == 2
    assert result.session.state and result.session.state.words == (QUESTION,)
    assert play(askwell, ME, Edited("m1", QUESTION), session=result.session).reply is None


def test_an_edited_answer_to_a_question_is_read_together_with_the_question(askwell: Askwell, opened: Open, owner: Asker) -> None:
    """What was pressed or typed since is not lost with it."""
    asked = asking(opened)
    first = play(askwell, owner, Words("no particular reason", "m2"), session=asked)
    assert first.session.state and first.session.state.words == (*opened.state.words, "no particular reason")
    result = play(askwell, owner, Edited("m2", "it is my own personal account"), session=first.session)
    assert result.session.state and result.session.state.words == (*opened.state.words, "it is my own personal account")


def test_a_deleted_question_is_forgotten_without_a_word(askwell: Askwell) -> None:
    """Words, answer, and what could have been passed on: nothing stays, and its buttons are late."""
    first = play(askwell, ME, Words(QUESTION, "m1"))
    result = play(askwell, ME, Edited("m1"), session=first.session)
    assert result.reply is None and QUESTION not in repr(result.session)
    assert result.session.last is None and result.session.gap is None and result.session.heard == ()
    assert late(play(askwell, ME, Judged(1, helpful=True), session=result.session), result.session)


def test_an_earlier_question_that_is_deleted_is_forgotten_and_the_present_one_stays(askwell: Askwell) -> None:
    """Also in what "back" would return to."""
    first = play(askwell, ME, Words(FAR_OFF, "m1"), Words(QUESTION, "m2"))
    result = play(askwell, ME, Edited("m1"), session=first.session)
    assert FAR_OFF not in repr(result.session)
    assert result.session.last == first.session.last and result.session.state and result.session.state.words == (QUESTION,)


def test_an_earlier_question_that_is_edited_is_answered_as_a_new_one(askwell: Askwell) -> None:
    """It is not taken for an answer to what is asked at present."""
    first = play(askwell, ME, Words(FAR_OFF, "m1"), Words("Can I post about politics?", "m2"))
    result = play(askwell, ME, Edited("m1", QUESTION), session=first.session)
    assert result.session.state and result.session.state.words == (QUESTION,) and verdicts(result) == [Verdict.NOT_ALLOWED]


def test_an_edit_of_what_was_never_heard_counts_only_where_it_tells_of_danger(askwell: Askwell) -> None:
    """Triage reads every text that enters."""
    assert play(askwell, ME, Edited("never", QUESTION)).reply is None
    assert said(play(askwell, ME, Edited("never", DANGER))).before[0] == words.EMERGENCY
    assert said(play(askwell, None, Edited("never", DANGER))).before[0] == words.EMERGENCY
    assert play(askwell, ME, Edited("never")).reply is None


def test_nothing_of_wrongdoing_stays_in_the_session(askwell: Askwell) -> None:
    """Typed, edited in, or given as a reason: no word of it is kept, nor what was said before it."""
    for acts in (
        (Words(QUESTION, "m1"), Words(WRONGDOING, "m2")),
        (Words(QUESTION, "m1"), Edited("m1", WRONGDOING)),
        (Words(QUESTION, "m1"), Judged(1, helpful=False, reason=WRONGDOING)),
    ):
        result = play(askwell, ME, *acts)
        assert said(result).answers[0].flow == Flow.WHISTLEBLOWING and said(result).sensitive
        assert NAME not in repr(result.session) and QUESTION not in repr(result.session)
        assert result.session.gap is None and result.session.heard == ()


def test_start_again_forgets_what_was_heard(askwell: Askwell) -> None:
    """As it says."""
    result = play(askwell, ME, Words(QUESTION, "m1"), Words("start again", "m2"))
    assert said(result).lines == (words.STARTED_AGAIN,) and QUESTION not in repr(result.session)


# Was this right?


def test_a_judgement_is_counted_once_by_topic_and_verdict_without_words(askwell: Askwell) -> None:
    """Pressing again does not count again."""
    first = play(askwell, ME, Words(QUESTION))
    result = play(askwell, ME, Judged(1, helpful=True), session=first.session)
    assert result.effects == (Counted("friend-request", Verdict.NOT_ALLOWED, helpful=True),)
    assert said(result).lines == (words.THANKS,) and result.session.number == 1
    again = play(askwell, ME, Judged(1, helpful=False), session=result.session)
    assert again.effects == ()


def test_a_wrong_answer_with_a_reason_may_be_passed_on_and_all_of_it_is_shown_before(askwell: Askwell) -> None:
    """The offer holds every word that a yes would pass on; nothing is passed on yet."""
    first = play(askwell, ME, Words(QUESTION))
    result = play(askwell, ME, Judged(1, helpful=False, reason="We are a different charity"), session=first.session)
    assert said(result).offer == f"{QUESTION}\nWe are a different charity" and said(result).lines == (words.SORRY_WRONG,)
    assert result.effects == (Counted("friend-request", Verdict.NOT_ALLOWED, helpful=False),)
    agreed = play(askwell, ME, PassOn(1, agreed=True), session=result.session)
    assert agreed.effects == (PassedOn(Gap(QUESTION, "friend-request", "We are a different charity")),)


def test_a_reason_that_comes_after_the_press_is_taken(askwell: Askwell) -> None:
    """Where the form opens after "no" was pressed, it is one judgement."""
    first = play(askwell, ME, Words(QUESTION), Judged(1, helpful=False))
    result = play(askwell, ME, Judged(1, helpful=False, reason="It is out of date"), session=first.session)
    assert result.effects == () and "It is out of date" in said(result).offer


def test_a_risk_in_a_reason_comes_first(askwell: Askwell) -> None:
    """It is answered like every message, and the judgement still counts."""
    result = play(askwell, ME, Words(QUESTION), Judged(1, helpful=False, reason=DANGER))
    assert said(result).before[0] == words.EMERGENCY and said(result).answers[0].flow == Flow.SAFEGUARDING
    assert result.effects == (Counted("friend-request", Verdict.NOT_ALLOWED, helpful=False),)
    assert result.session.gap is None


def test_a_sensitive_answer_is_not_judged(askwell: Askwell) -> None:
    """No thumbs under distress."""
    first = play(askwell, ME, Words(DANGER))
    assert late(play(askwell, ME, Judged(1, helpful=True), session=first.session), first.session)


# Passing on


def test_what_the_policy_does_not_say_may_be_passed_on(silent: Askwell) -> None:
    """It is offered with the answer, and goes only with a yes, and once."""
    first = play(silent, ME, Words(QUESTION))
    assert verdicts(first) == [Verdict.NOT_COVERED] and said(first).offer == QUESTION and not first.effects
    result = play(silent, ME, PassOn(1, agreed=True), session=first.session)
    assert result.effects == (PassedOn(Gap(QUESTION, "friend-request")),) and said(result).lines == (words.PASSED_ON,)
    assert late(play(silent, ME, PassOn(1, agreed=True), session=result.session), result.session)


def test_a_no_passes_nothing_on(silent: Askwell) -> None:
    """Nor can it be turned into a yes afterwards."""
    first = play(silent, ME, Words(QUESTION), PassOn(1, agreed=False))
    assert said(first).lines == (words.NOT_PASSED_ON,) and not first.effects and first.session.gap is None
    assert late(play(silent, ME, PassOn(1, agreed=True), session=first.session), first.session)


def test_a_late_yes_passes_nothing_on(silent: Askwell) -> None:
    """It belonged to another question."""
    first = play(silent, ME, Words(QUESTION), Words("Can I accept a friend request from a client?"))
    assert late(play(silent, ME, PassOn(1, agreed=True), session=first.session), first.session)


@pytest.mark.parametrize("text", [DANGER, WRONGDOING, FAR_OFF, "hello"])
def test_sensitive_and_far_off_questions_are_never_offered_to_be_passed_on(askwell: Askwell, text: str) -> None:
    """There is nothing that a yes could pass on."""
    result = play(askwell, ME, Words(text))
    assert said(result).offer == "" and result.session.gap is None


# Whatever happens

TEXTS = (QUESTION, OTHER, FAR_OFF, DANGER, WRONGDOING, "hello", "back", "start again", "thanks", "I don't know", "1", "2", "", "👍", "no, a client")
SOURCES = ("", "m1", "m2", "m3")
NUMBERS = st.integers(-1, 6)
ACTS = st.one_of(
    st.builds(Words, st.sampled_from(TEXTS), st.sampled_from(SOURCES)),
    st.builds(Edited, st.sampled_from(SOURCES), st.sampled_from(TEXTS)),
    st.builds(Press, NUMBERS, st.sampled_from((ORGANISATION, ROLE, TOPIC, "account")), st.sampled_from(("derbyshire", "staff", "personal", "tone"))),
    st.builds(Judged, NUMBERS, st.booleans(), st.sampled_from(("", "wrong", DANGER, WRONGDOING))),
    st.builds(PassOn, NUMBERS, st.booleans()),
    st.integers(0, 8),  # the choice at this place, whatever is offered
)


def chosen(session: Session, act: Act | int) -> Act:
    """A number presses what is offered there, if anything is."""
    if not isinstance(act, int):
        return act
    offered = [(asked.fact, value) for asked in (session.last.choices if session.last else ()) for value, _ in asked.options]
    return Press(session.number, *(offered[act % len(offered)] if offered else ("", "")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, max_size=8), asker=st.sampled_from((None, ME, Asker("sefton", "volunteer"))))
def test_whatever_somebody_does_the_conversation_goes_on(askwell: Askwell, acts: list[Act | int], asker: Asker | None) -> None:
    """Nothing raises; turns count up; sessions survive being stored; nothing is passed on without a yes; wrongdoing leaves no words."""
    session = Session()
    for one in acts:
        act = chosen(session, one)
        result = respond(askwell, asker, session, act)
        assert result.session.number in (session.number, session.number + 1)
        assert shapes.session(shapes.session_json(result.session)) == result.session
        assert all(isinstance(e, Introduced | Counted) or (isinstance(act, PassOn) and act.agreed) for e in result.effects)
        assert not (asker and any(isinstance(e, Introduced) for e in result.effects))
        if result.reply:
            assert shapes.reply(shapes.reply_json(result.reply)) == result.reply
            if any(a.flow == Flow.WHISTLEBLOWING for a in result.reply.answers):
                assert NAME not in repr(result.session)
        session = result.session
        for effect in result.effects:
            asker = Asker(effect.organisation, effect.role) if isinstance(effect, Introduced) else asker
