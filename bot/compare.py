"""One question under every policy, side by side: the same in the terminal and on the page. Nothing of it is kept."""

from dataclasses import dataclass
from enum import StrEnum

from bot import answer, choose, decide, words
from bot.answer import Answer
from bot.decide import CAUTION, Decision
from bot.guide import Askwell
from bot.knowledge import Organisation, Topic, Verdict
from bot.understand.reading import OUT_OF_SCOPE, Reading


class Relation(StrEnum):
    """How a policy stands to the one that it is held beside."""

    SAME = "the same"
    STRICTER = "stricter"
    LOOSER = "less strict"
    DIFFERENT = "different"
    SILENT = "silent"
    BOTH_SILENT = "silent too"
    CONTRADICTORY = "says two things"


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation's answer. `relation` is None for the organisation that the others are held beside."""

    organisation: Organisation
    answer: Answer
    relation: Relation | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answers of all organisations to one question, the organisation of reference first.

    `urgent`: emergency help to show first. `serious`: somebody may come to harm, which needs a conversation and not a table.
    """

    topic: Topic
    rows: tuple[Row, ...]
    urgent: tuple[str, ...] = ()
    serious: bool = False


def compare(askwell: Askwell, question: str, role: str, reference: str) -> Comparison | None:
    """The comparison; None where it cannot be told what the question is about.

    Raises UnknownOrganisationError or UnknownRoleError.
    """
    askwell.begin(reference, role)
    knowledge = askwell.knowledge
    reading = askwell.understands.read(question, reference)
    topic = _topic(askwell, reading)
    if topic is None:
        return None
    known = choose.known_facts(knowledge, topic.id, reading, {})
    decisions = decide.compare(knowledge, topic.id, role, known)
    order = sorted(decisions, key=lambda o: (o != reference, knowledge.organisations[o].name))
    rows = tuple(_row(askwell, role, reading, decisions[reference], knowledge.organisations[o], decisions[o], o == reference) for o in order)
    triage = reading.triage
    urgent = (words.EMERGENCY, words.EMERGENCY_MORE) if triage.urgent else ()
    return Comparison(topic, rows, urgent, bool(triage.urgent or triage.flows or triage.own))


def _topic(askwell: Askwell, reading: Reading) -> Topic | None:
    """What triage found comes first; then the likeliest topic, unless the question is about something else altogether."""
    safety = choose.safety_topic(reading)
    if safety is not None:
        return askwell.knowledge.topics[safety]
    if not reading.topics or reading.topics[0][0] == OUT_OF_SCOPE:
        return None
    found = (askwell.knowledge.topics.get(t) for t, _ in reading.topics)
    return next((t for t in found if t is not None and t.kind != "other"), None)


def _row(
    askwell: Askwell, role: str, reading: Reading, mine: Decision, organisation: Organisation, decision: Decision, reference: bool,
) -> Row:  # fmt: skip
    said = answer.answer(askwell.knowledge, organisation, role, decision, askwell.today(), dict(reading.near))
    return Row(organisation, said, None if reference else relation(mine, decision))


def relation(reference: Decision, other: Decision) -> Relation:
    """How the other decision stands to the one of reference. To say only how things are done is neither strict nor loose."""
    mine, theirs = reference.result.outcome.verdict, other.result.outcome.verdict
    if any(r.tension for r in other.result.leading):
        return Relation.CONTRADICTORY
    if theirs == Verdict.NOT_COVERED:
        return Relation.BOTH_SILENT if mine == theirs else Relation.SILENT
    if mine == theirs:
        return Relation.SAME
    if {mine, theirs} & {Verdict.INFO, Verdict.NOT_COVERED}:
        return Relation.DIFFERENT
    return Relation.STRICTER if CAUTION.index(theirs) > CAUTION.index(mine) else Relation.LOOSER
