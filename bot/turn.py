"""One turn of a conversation, pure: state and reading in, next state and reply out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot import choose, decide, receipt, words
from bot.again import gist, shortened
from bot.answer import (
    Answer,
    Contact,
    answer,
    ask_in_doubt,
    change_words,
    coming_line,
    contact,
    in_doubt,
    policy_name,
    quote,
    reading_line,
    stale_line,
    taken_words,
)
from bot.choose import Candidate, Group
from bot.decide import PERMITS
from bot.implicated import complained_of, spared
from bot.interpret import UNKNOWN, Act, Said, asks, only_points
from bot.knowledge import Flow, Knowledge, Organisation, Verdict, frozen
from bot.messages import TOPIC, Asked, Reply, State, Turn
from bot.safety import Told, dressed
from bot.understand.reading import NEAR_SCOPE, OUT_OF_SCOPE, Reading
from bot.understand.told import speaks_of_images, troubles_another
from bot.understand.triage import OWN_LIFE

MOST_QUESTIONS = 3
MOST_BACK = 5  # steps that "back" can go
SURE = 0.82  # from this mass on an outcome that permits stands without asking what was meant
UNSURE = 0.22  # below this mass nothing fits, and only the closest passage is shown
CLOSE = 0.6  # from this likeness on a passage is close
KEEP = 0.2  # a topic that was taken before stays while it has this mass
DOUBT = 0.05  # something else with this mass, which does not permit, makes a permission unsure
OTHER = 0.12  # a candidate with this mass is offered as "did you mean"
EMERGENCY_NUMBERS = ("999", "112")  # typed alone, they are no empty message
SECOND = 0.6  # a sentence with a question of its own gets its own answer from this probability on


_OUTSIDE = Answer(
    Verdict.OUT_OF_SCOPE, None, headline=words.HEADLINES[Verdict.OUT_OF_SCOPE], say=(words.OUT_OF_SCOPE, words.OUT_OF_SCOPE_EXAMPLES),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guide:
    """What a turn needs to know besides state and reading."""

    knowledge: Knowledge
    today: date

    def organisation(self, state: State) -> Organisation:
        """The asker's organisation."""
        return self.knowledge.organisations[state.organisation]


def commanded(guide: Guide, state: State, said: Said) -> Turn:
    """Back, start again, hello, thanks, a number that chooses nothing: whatever needs no reading."""
    if said.act == Act.NUMBER:
        return Turn(state, Reply(lines=(_beside_the_choices(state),), question=state.question))
    fresh = State(state.organisation, state.role, guide.knowledge.version, told=state.told)
    if said.act == Act.RESTART:
        return Turn(fresh, Reply(lines=(words.STARTED_AGAIN,)))
    if said.act == Act.BACK:
        if state.before is None:
            return Turn(state, Reply(lines=(words.NO_BACK,)))
        return Turn(state.before, Reply(question=state.before.question))
    organisation = guide.organisation(state)
    thanked = words.TAKE_CARE if state.topic in choose.OWN else words.WELCOME_BACK
    line = words.WELCOME.format(policy=policy_name(organisation)) if said.act == Act.HELLO else thanked
    return Turn(replace(fresh, told=state.told), Reply(lines=(line,)))


def _beside_the_choices(state: State) -> str:
    """What to say to a number that chooses nothing."""
    most = len(state.offered.options) if state.offered else 0
    if most == 0:
        return words.NOTHING_TO_CHOOSE
    return words.CHOOSE_ONE if most == 1 else words.CHOOSE_NUMBER.format(most=most)


def turn(guide: Guide, state: State, reading: Reading) -> Turn:
    """Decide, or ask the one question that matters. `state` already holds what was pressed or said; see `advanced`."""
    organisation = guide.organisation(state)
    if unread := _unreadable(organisation, reading):
        return Turn(state, Reply(lines=unread))
    topic = choose.safety_topic(reading)
    if topic is not None:
        sure = choose.candidate(guide.knowledge, organisation, state.role, reading, topic, 1.0, state.facts)
        return _answered(guide, state, reading, Group(1.0, (sure,)), ())
    found = choose.candidates(guide.knowledge, organisation, state.role, reading, state.facts)
    if state.topic is not None and _keeps(state, found):
        kept = choose.candidate(guide.knowledge, organisation, state.role, reading, state.topic, 1.0, state.facts)
        return _decided(guide, state, reading, (Group(1.0, (kept,)),))
    groups = choose.grouped(found)
    if _must_clarify(state, groups) and not reading.lexical:
        return _clarified(guide, state, reading, found)
    return _decided(guide, state, reading, _sober(groups))


def _unreadable(organisation: Organisation, reading: Reading) -> tuple[str, ...]:
    """What to say to a message without words, or in another language; nothing where it could be read."""
    if reading.text.strip() in EMERGENCY_NUMBERS:
        return (words.EMERGENCY, words.EMERGENCY_MORE)
    if reading.kind.empty or not reading.topics:
        return (words.EMPTY,)
    if only_points(reading.text) and not reading.triage.flows:
        return (words.VAGUE,)
    if reading.kind.foreign and not reading.triage.flows:
        return (words.ENGLISH, ask_in_doubt(organisation))
    return ()


def advanced(state: State, said: Said, text: str, joins: bool, restated: frozenset[str] = frozenset()) -> State:
    """The state with what was just said taken in: a pressed value, an "I don't know", more words, or a new question.

    `restated` are the facts that the new words state: they replace what was pressed before.
    """
    kept = replace(state, before=_behind(state) if state.words else None, question=None, others=())
    question = state.offered if said.act == Act.PRESS else state.question
    if question is not None and said.act == Act.PRESS and said.value != UNKNOWN:
        asked = kept.asked | {question.fact}
        if question.fact == TOPIC:
            return replace(kept, topic=said.value, asked=asked)
        return replace(kept, facts=frozen({**state.facts, question.fact: said.value}), asked=asked)
    if question is not None and said.act in (Act.PRESS, Act.UNKNOWN):
        return replace(kept, asked=kept.asked | {question.fact})
    if joins:
        asked = kept.asked | ({question.fact} if question else set())
        facts = frozen({f: v for f, v in state.facts.items() if f not in restated})
        topic = None if question and question.fact == TOPIC else state.topic
        return replace(kept, words=(*state.words, text), asked=asked, topic=topic, facts=facts)
    return State(state.organisation, state.role, state.version, words=(text,), told=state.told, before=kept.before)


def _behind(state: State, steps: int = MOST_BACK) -> State | None:
    """The state as something to go back to, with no more than so many behind it."""
    if steps == 0:
        return None
    return replace(state, before=_behind(state.before, steps - 1) if state.before else None)


def _keeps(state: State, found: tuple[Candidate, ...]) -> bool:
    """A chosen topic stays, and a grave one; one that we took stays while the words, read together, still speak for it."""
    return TOPIC in state.asked or state.topic in choose.SPOKEN or any(c.topic == state.topic and c.mass >= KEEP for c in found)


def _must_clarify(state: State, groups: tuple[Group, ...]) -> bool:
    """Only where a permission leads without being sure, and something else could be meant that does not permit."""
    first = groups[0]
    if TOPIC in state.asked or first.mass >= SURE or first.best.outcome.verdict not in PERMITS:
        return False
    return any(g.mass >= DOUBT and g.best.outcome.verdict not in PERMITS for g in groups[1:])


def _sober(groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """When a plain yes leads without being sure, and asking did not settle it, the heaviest other outcome leads instead."""
    first = groups[0]
    if first.mass >= SURE or first.best.outcome.verdict != Verdict.ALLOWED:
        return groups
    others = tuple(g for g in groups if g.mass >= DOUBT and g.best.outcome.verdict != Verdict.ALLOWED)
    return (*others, *(g for g in groups if g not in others)) if others else groups


def _clarified(guide: Guide, state: State, reading: Reading, found: tuple[Candidate, ...]) -> Turn:
    topics = [c for c in found if c.mass >= OTHER / 2 and c.topic not in (NEAR_SCOPE, OUT_OF_SCOPE)][:4]
    options = tuple((c.topic, guide.knowledge.topics[c.topic].title) for c in topics)
    question = Asked(TOPIC, words.WHICH, (*options, (NEAR_SCOPE, words.NONE_OF_THESE)))
    return Turn(replace(state, question=question), Reply(question=question, before=_before(reading), confidence=found[0].mass))


def _decided(guide: Guide, state: State, reading: Reading, groups: tuple[Group, ...]) -> Turn:
    best = groups[0].best
    if question := _question(guide, state, best, reading):
        return Turn(replace(state, topic=best.topic, question=question), Reply(question=question, before=_before(reading), confidence=groups[0].mass))
    return _answered(guide, state, reading, groups[0], groups[1:])


def _question(guide: Guide, state: State, best: Candidate, reading: Reading) -> Asked | None:
    """The relevant fact to ask for, where the answer hangs on it between a permission (or silence) and something else."""
    if best.table is None or len(state.asked) >= MOST_QUESTIONS or guide.knowledge.topics[best.topic].kind == "reporting":
        return None
    found = decide.question(best.table, best.known, state.asked)
    if found is None or not _worth_asking(best):
        return None
    fact = guide.knowledge.facts[found.fact]
    options = tuple((v, fact.label(v)) for v in found.options)
    return Asked(fact.id, fact.asks, (*options, (UNKNOWN, words.DONT_KNOW)), private=guide.knowledge.topics[best.topic].sensitive)


def _worth_asking(best: Candidate) -> bool:
    if best.table is None:
        return False
    verdicts = {decide.result_in(best.table, w).outcome.verdict for w in decide.worlds(best.table, best.known)}
    firm = {Verdict.NOT_ALLOWED, Verdict.REFER, Verdict.REQUIRED}
    return len(verdicts) > 1 and not verdicts <= firm


def _answered(guide: Guide, state: State, reading: Reading, group: Group, others: tuple[Group, ...]) -> Turn:
    organisation = guide.organisation(state)
    made = [_answer(guide, state, reading, organisation, group, others)]
    if not reading.triage.flows and not reading.triage.own:
        made += _second(guide, state, reading, organisation, group.best.topic)
    said = gist(made[0])
    if said and said == state.said:
        made[0] = shortened(made[0], state.words[-1])
    notices = () if state.told else _notices(guide, organisation)
    offered = tuple(dict.fromkeys(o for a in made for o in a.others))
    after = replace(state, topic=group.best.topic if group.best.table else None, question=None, told=True, others=offered, said=said)
    return Turn(after, Reply(answers=tuple(made), notices=notices, before=_before(reading), confidence=round(group.mass, 3)))


def _answer(guide: Guide, state: State, reading: Reading, organisation: Organisation, group: Group, others: tuple[Group, ...]) -> Answer:
    best = group.best
    meant = _others(guide, best.topic, (group, *others))
    if best.topic == OUT_OF_SCOPE:
        return _OUTSIDE
    if best.topic == NEAR_SCOPE or (group.mass < UNSURE and not state.facts):
        return replace(_nothing_fits(organisation, reading), others=meant)
    made = answer(guide.knowledge, organisation, best.table_role(state.role), best.decision, guide.today, dict(reading.near), best.known)
    if reading.lexical and made.verdict == Verdict.ALLOWED:
        made = _unsure_yes(organisation, made)
    read = tuple((f, v) for f, v in best.decision.used if f not in state.facts)
    changes = decide.flips(best.table, best.decision, best.known) if best.table else ()
    made = replace(
        made, taken=taken_words(guide.knowledge, read), changes=change_words(guide.knowledge, changes), others=meant,
        receipt=_receipt(guide, state, best, made),
    )  # fmt: skip
    if made.flow is None and choose.speaks_of_media(reading):
        made = replace(made, flow=Flow.MEDIA)
    another = best.topic == "harassment" and troubles_another(reading.text)
    told = Told(best.known, speaks_of_images(reading.text), another, OWN_LIFE in reading.triage.scores)
    made = dressed(guide.knowledge, organisation, state.role, made, reading.triage, guide.today, told)
    return spared(organisation, made, complained_of(reading.text, organisation, grave=made.sensitive))


def _unsure_yes(organisation: Organisation, made: Answer) -> Answer:
    """Without the language model nothing is permitted: the passage is shown, and somebody is asked."""
    return replace(made, verdict=Verdict.REFER, headline=words.HEADLINES[Verdict.REFER], say=(words.LEXICAL, ask_in_doubt(organisation)), also=())


def _receipt(guide: Guide, state: State, best: Candidate, made: Answer) -> str | None:
    if made.sensitive or made.verdict == Verdict.OUT_OF_SCOPE:
        return None
    facts: Mapping[str, str] = dict(best.known)
    return receipt.pack(guide.knowledge, receipt.Receipt(state.organisation, best.table_role(state.role), best.topic, facts))


def _others(guide: Guide, chosen: str, groups: tuple[Group, ...]) -> tuple[tuple[str, str], ...]:
    found = [c for g in groups for c in g.members if c.topic != chosen and c.mass >= OTHER and c.table is not None]
    return tuple((c.topic, guide.knowledge.topics[c.topic].title) for c in sorted(found, key=lambda c: -c.mass)[:3])


def _second(guide: Guide, state: State, reading: Reading, organisation: Organisation, chosen: str) -> list[Answer]:
    """A second question in the same message, where a sentence of its own asks it clearly."""
    for sentence, topics in reading.parts:
        topic, sure = topics[0]
        if sure >= SECOND and topic not in (chosen, NEAR_SCOPE, OUT_OF_SCOPE) and asks(sentence):
            other = choose.candidate(guide.knowledge, organisation, state.role, reading, topic, sure, state.facts)
            if other.decision.result.leading:
                return [_answer(guide, state, reading, organisation, Group(sure, (other,)), ())]
    return []


def _nothing_fits(organisation: Organisation, reading: Reading) -> Answer:
    """The honest answer to a question no topic fits: not covered, with the closest passage if one is close."""
    clause = max((c for c in reading.near if c in organisation.clauses), key=lambda c: reading.near[c], default=None)
    passage = quote(organisation, organisation.clauses[clause], False) if clause and reading.near[clause] >= CLOSE else None
    told = None if passage else in_doubt(organisation)
    shown = passage or told
    people: tuple[Contact, ...] = tuple(contact(organisation.roles[i]) for i in organisation.in_doubt_to)
    return Answer(
        Verdict.NOT_COVERED, NEAR_SCOPE, headline=words.HEADLINES[Verdict.NOT_COVERED],
        say=(words.NOT_FOUND, ask_in_doubt(organisation)), contacts=people,
        quotes=(shown,) if shown else (), quotes_intro=words.CLOSEST if passage else words.DOUBT_PASSAGE if told else "",
    )  # fmt: skip


def _before(reading: Reading) -> tuple[str, ...]:
    lines = []
    if reading.triage.urgent:
        lines.append(words.EMERGENCY)
    if reading.kind.attached:
        lines.append(words.ATTACHMENT)
    if reading.kind.under_18:
        lines.append(words.UNDER_18)
    return tuple(lines)


def _notices(guide: Guide, organisation: Organisation) -> tuple[str, ...]:
    stale = stale_line(organisation, guide.today)
    lines = (stale, coming_line(guide.knowledge, organisation), reading_line(organisation))
    return tuple(line for line in lines if line)
