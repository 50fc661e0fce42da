"""Readings and conversations put together by hand, so that what is decided does not hang on what a model understood."""

from dataclasses import dataclass, replace

import pytest

from bot import decide, turn
from bot.decide import PERMITS
from bot.guide import Askwell
from bot.interpret import Act, Said
from bot.knowledge import Condition, Flow, Place, Rule, Verdict, frozen
from bot.messages import TOPIC, Asked, State, Turn
from bot.turn import Guide
from bot.understand.facts import Stated
from bot.understand.language import Kind
from bot.understand.reading import Reading
from bot.understand.triage import LABELS, Triage

PLACE = Place("by hand", 0)
TEXT = "Am I allowed to do what I said?"
CALM = Triage(False, frozenset(), False, dict.fromkeys((*LABELS, "risk"), 0.0))


def bug(reason: str, raises: type[Exception] = AssertionError) -> pytest.MarkDecorator:
    """A test that shows a known bug: it must fail, in this way, until the bug is mended."""
    return pytest.mark.xfail(strict=True, raises=raises, reason=reason)


def found(*flows: Flow, urgent: bool = False, own: bool = False) -> Triage:
    """A triage that found these flows, danger, or the asker's own distress."""
    scores = {**CALM.scores, "danger": float(urgent), "risk": float(Flow.SAFEGUARDING in flows), "distress": float(own)}
    return Triage(urgent, frozenset(flows), own, scores)


def reading(askwell: Askwell, topic: str, text: str = TEXT, triage: Triage = CALM, kind: Kind = Kind()) -> Reading:  # noqa: B008 - frozen
    """A message that is surely about one topic; its facts are read from its words."""
    return Reading(text, ((topic, 0.95),), (), Stated(askwell.understands.cues, text), None, triage, kind, {}, False)


def first(askwell: Askwell, state: State, read: Reading) -> Turn:
    """The turn in which a message is read for the first time."""
    after = turn.advanced(state, Said(Act.WORDS), read.text, False)
    return turn.turn(Guide(askwell.knowledge, askwell.today()), after, read)


def taken(askwell: Askwell, organisation: str, topic: str, role: str = "staff", triage: Triage = CALM) -> Turn:
    """The first turn of a conversation that is surely about one topic."""
    return first(askwell, askwell.begin(organisation, role), reading(askwell, topic, triage=triage))


def answered(askwell: Askwell, done: Turn, topic: str, said: Said) -> Turn:
    """The turn after a button was pressed, or after "I don't know"."""
    state = turn.advanced(done.state, said, said.value, False)
    return turn.turn(Guide(askwell.knowledge, askwell.today()), state, reading(askwell, topic))


def pressed(askwell: Askwell, done: Turn, topic: str, value: str) -> Turn:
    """The turn after the button with this value was pressed."""
    return answered(askwell, done, topic, Said(Act.PRESS, value))


@dataclass(frozen=True)
class Open:
    """A conversation in which it is asked whose account it is, and what each answer comes to.

    The topic counts as chosen by the person, so that no reading moves it.
    """

    state: State
    question: Asked
    topic: str
    verdicts: dict[str, Verdict]
    cautious: Verdict


def opened(askwell: Askwell) -> Open:
    """The first encoded topic on which one's own account is permitted and the organisation's is not."""
    for organisation in askwell.knowledge.organisations.values():
        for topic in askwell.knowledge.topics:
            done = taken(askwell, organisation.id, topic)
            question = done.reply.question
            if question is None or question.fact != "account":
                continue
            after = {v: pressed(askwell, done, topic, v).reply for v, _ in question.options}
            verdicts = {v: r.answers[0].verdict for v, r in after.items() if r.answers}
            if len(verdicts) == len(after) and verdicts["personal"] in PERMITS and verdicts["official"] not in PERMITS:
                table = decide.table(askwell.knowledge, organisation, topic, "staff")
                state = replace(done.state, asked=frozenset({TOPIC}))
                return Open(state, question, topic, verdicts, decide.cautious(table, {}).outcome.verdict)
    raise AssertionError("no policy permits one's own account what it forbids the organisation's: choose another fact")


def rule(name: str, topic: str, verdict: Verdict, overrides: tuple[str, ...] = (), **when: str) -> Rule:
    """A rule that binds staff, under clause 1.4 of derbyshire."""
    conditions = tuple(Condition(f, frozenset({v})) for f, v in when.items())
    return Rule(name, ("1.4",), (topic,), conditions, verdict, f"Words of {name}.", frozenset({"staff"}), PLACE, overrides=overrides)


def ruled(askwell: Askwell, organisation: str, topic: str, facts: tuple[str, ...], *rules: Rule) -> Askwell:
    """The engine with one topic of one organisation ruled otherwise."""
    known = askwell.knowledge
    mine = known.organisations[organisation]
    changed = replace(mine, on_topic=frozen({**mine.on_topic, topic: rules}))
    topics = frozen({**known.topics, topic: replace(known.topics[topic], facts=facts)})
    organisations = frozen({**known.organisations, organisation: changed})
    return Askwell(replace(known, topics=topics, organisations=organisations), askwell.understands, askwell.today)
