"""Readings and conversations put together by hand, so that what is decided does not hang on what a model understood."""

from dataclasses import replace
from typing import Any

from bot import turn
from bot.guide import Askwell
from bot.interpret import Act, Said
from bot.knowledge import Condition, Flow, Knowledge, Place, Rule, Verdict, frozen
from bot.messages import State, Turn
from bot.turn import Guide
from bot.understand.facts import Cues, Stated
from bot.understand.language import Kind
from bot.understand.reading import Reading
from bot.understand.triage import LABELS, Triage

PLACE = Place("by hand", 0)
TEXT = "Am I allowed to do that?"
CALM = Triage(False, frozenset(), False, dict.fromkeys((*LABELS, "risk"), 0.0))


def found(*flows: Flow, urgent: bool = False, **scores: float) -> Triage:
    """A triage that found these flows."""
    return Triage(urgent, frozenset(flows), False, {**CALM.scores, **scores})


def reading(knowledge: Knowledge, topic: str, text: str = TEXT, **other: Any) -> Reading:
    """A calm message that is surely about one topic, unless `other` says more."""
    made = Reading(text, ((topic, 0.95),), (), Stated(Cues(knowledge.facts), text), None, CALM, Kind(), {}, False)
    return replace(made, **other)


def taken(askwell: Askwell, organisation: str, topic: str, role: str = "staff", text: str = TEXT, **other: Any) -> Turn:
    """The first turn of a conversation: a message that is surely about one topic."""
    state = turn.advanced(askwell.begin(organisation, role), Said(Act.WORDS), text, False)
    return turn.turn(Guide(askwell.knowledge, askwell.today()), state, reading(askwell.knowledge, topic, text, **other))


def pressed(askwell: Askwell, done: Turn, topic: str, value: str) -> Turn:
    """The turn after the button with this value was pressed."""
    state = turn.advanced(done.state, Said(Act.PRESS, value), value, False)
    return turn.turn(Guide(askwell.knowledge, askwell.today()), state, reading(askwell.knowledge, topic))


def pinned(state: State) -> State:
    """The state with its topic chosen by the person, so that no reading moves it."""
    return replace(state, asked=state.asked | {"topic"})


def rule(name: str, topic: str, clause: str, verdict: Verdict, overrides: tuple[str, ...] = (), **when: str) -> Rule:
    """A rule that binds staff."""
    conditions = tuple(Condition(f, frozenset({v})) for f, v in when.items())
    return Rule(name, (clause,), (topic,), conditions, verdict, f"Words of {name}.", frozenset({"staff"}), PLACE, overrides=overrides)


def ruled(askwell: Askwell, organisation: str, topic: str, facts: tuple[str, ...], *rules: Rule) -> Askwell:
    """The engine with one topic of one organisation ruled otherwise."""
    known = askwell.knowledge
    mine = known.organisations[organisation]
    changed = replace(mine, on_topic=frozen({**mine.on_topic, topic: rules}))
    topics = frozen({**known.topics, topic: replace(known.topics[topic], facts=facts)})
    return Askwell(replace(known, topics=topics, organisations=frozen({**known.organisations, organisation: changed})), askwell.understands, askwell.today)
