"""What changes for whom between two versions of a policy: every topic, role and world, decided under both. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from bot import decide
from bot.decide import CAUTION, Outcome, Result, Table, World
from bot.knowledge import Fact, Knowledge, Organisation, Rule, frozen
from bot.officer.boxes import Box, boxes

ROLES = ("staff", "volunteer", "director")
MOST_WORLDS = 20_000


@dataclass(frozen=True, slots=True)
class Changed:
    """One outcome that became another, for these roles, in these situations."""

    topic: str
    roles: tuple[str, ...]
    before: Outcome
    after: Outcome
    table: Table
    boxes: tuple[Box, ...]

    @property
    def stricter(self) -> int:
        """Above 0: more cautious than before; below 0: less; 0: as cautious as before."""
        return CAUTION.index(self.after.verdict) - CAUTION.index(self.before.verdict)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that these roles newly get in these situations, or no longer, where the outcome has stayed the same."""

    topic: str
    roles: tuple[str, ...]
    answer: str
    newly: bool
    table: Table
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changes, and the topics with too many situations to compare. `answers`, `quotes`: rules and clauses with only other words."""

    outcomes: tuple[Changed, ...] = ()
    told: tuple[Told, ...] = ()
    uncounted: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nobody gets another answer."""
        return not (self.outcomes or self.told or self.uncounted or self.answers or self.quotes)


def changes(knowledge: Knowledge, before: Organisation, after: Organisation) -> Changes:
    """Everything that changes; roles with the same change are taken together."""
    before = replace(before, on_topic=frozen({t: before.on_topic.get(t, ()) for t in knowledge.topics}))  # topics may be newer
    kept = {r.id for r in before.rules} & {r.id for r in after.rules}
    found: dict[object, Changed | Told] = {}
    uncounted: list[str] = []
    for topic in knowledge.topics:
        for role in ROLES:
            one, other = (decide.table(knowledge, o, topic, role) for o in (before, after))
            if sorted(map(_decisive, one.rules)) == sorted(map(_decisive, other.rules)):
                continue
            both = _both(knowledge, one, other)
            if prod(len(v) for v in _spread(knowledge, both).values()) > MOST_WORLDS:
                uncounted.append(topic)
                continue
            for change in _of_tables(knowledge, role, one, other, both, kept):
                _gather(found, change)
    outcomes = tuple(c for c in found.values() if isinstance(c, Changed))
    told = tuple(c for c in found.values() if isinstance(c, Told))
    return Changes(outcomes, told, tuple(dict.fromkeys(uncounted)), _reworded(before, after), _requoted(before, after))


def _gather(found: dict[object, Changed | Told], change: Changed | Told) -> None:
    """Add a change, or its role to the same change of another one."""
    sides = tuple(tuple((f, tuple(sorted(v))) for f, v in sorted(box.items())) for box in change.boxes)
    what = (change.before, change.after) if isinstance(change, Changed) else (change.answer, change.newly)
    key = (change.topic, what, sides)
    found[key] = replace(change, roles=(*found[key].roles, *change.roles)) if key in found else change


def _decisive(rule: Rule) -> str:
    """All of a rule that an outcome can turn on."""
    when = sorted((c.fact, sorted(c.values), c.low, c.high) for c in (*rule.when, *rule.provided))
    shape = (rule.id, sorted(rule.clauses), when, len(rule.when), str(rule.verdict), rule.to, rule.flow, rule.overrides, rule.also, rule.tension)
    return repr(shape)


def _both(knowledge: Knowledge, one: Table, other: Table) -> Table:
    """One table with the rules of both, so that its worlds tell apart whatever either tells apart."""
    mentioned = {f.id for f in (*one.facts, *other.facts)}
    facts = tuple(knowledge.facts[f] for f in knowledge.topics[one.topic].facts if f in mentioned)
    return Table(one.topic, (*one.rules, *other.rules), facts)


def _spread(knowledge: Knowledge, both: Table) -> dict[str, tuple[str, ...]]:
    """The values of each fact that worlds have to tell apart. A fact that is only `provided` may also be unknown."""
    spread = {f.id: decide.choices(both, f, {}, True) for f in both.facts}
    for condition in (c for r in both.rules for c in r.provided if c.fact not in spread):
        values = [v.id for v in knowledge.facts[condition.fact].values]
        spread[condition.fact] = ("", *values)
    return spread


def _of_tables(knowledge: Knowledge, role: str, one: Table, other: Table, both: Table, kept: Collection[str]) -> Iterator[Changed | Told]:
    spread = _spread(knowledge, both)
    outcomes: dict[tuple[Outcome, Outcome], set[tuple[str, ...]]] = {}
    told: dict[tuple[str, bool], set[tuple[str, ...]]] = {}
    answers: dict[str, str] = {}
    for values in product(*spread.values()):
        world: World = dict(zip(spread, values, strict=True))
        was, now = decide.result_in(one, world), decide.result_in(other, world)
        if was.outcome != now.outcome:
            outcomes.setdefault((was.outcome, now.outcome), set()).add(values)
            continue
        old, new = (_said(result, kept) for result in (was, now))
        answers |= {**old, **new}
        for key in old.keys() ^ new.keys():
            told.setdefault((key, key in new), set()).add(values)
    for (before, after), chosen in outcomes.items():
        yield Changed(both.topic, (role,), before, after, both, tuple(boxes(spread, chosen)))
    for (key, newly), chosen in told.items():
        yield Told(both.topic, (role,), answers[key], newly, both, tuple(boxes(spread, chosen)))


def _said(result: Result, kept: Collection[str]) -> dict[str, str]:
    """The answers that people get. A rule that only has another name now says the same; one with other words is told of elsewhere."""
    return {r.id if r.id in kept else r.answer: r.answer for r in (*result.leading, *result.also)}


def meant(table: Table, fact: Fact, values: frozenset[str]) -> frozenset[str]:
    """All values of a fact that fare as these do: worlds hold only one of each kind."""
    conditions = [c for r in table.rules for c in r.when if c.fact == fact.id]
    kinds = {tuple(decide.holds(c, fact, v) for c in conditions) for v in values}
    return frozenset(v.id for v in fact.values if tuple(decide.holds(c, fact, v.id) for c in conditions) in kinds)


def _reworded(before: Organisation, after: Organisation) -> tuple[str, ...]:
    old = {r.id: r for r in before.rules}
    return tuple(r.id for r in after.rules if r.id in old and (r.answer, r.by_analogy) != (old[r.id].answer, old[r.id].by_analogy))


def _requoted(before: Organisation, after: Organisation) -> tuple[str, ...]:
    old = {c.id: c.text.split() for c in before.clauses.values()}
    return tuple(c.id for c in after.clauses.values() if c.id in old and c.text.split() != old[c.id])
