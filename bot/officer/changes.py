"""What changes for whom between two versions of a policy: every topic, role and world, decided under both. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod

from bot import decide
from bot.decide import CAUTION, Outcome, Table, World
from bot.knowledge import Fact, Knowledge, Organisation, Rule, frozen

ROLES = ("staff", "volunteer", "director")
MOST_WORLDS = 20_000
Box = Mapping[str, frozenset[str]]  # facts with the values for which something holds; a fact that is not there does not matter


@dataclass(frozen=True, slots=True)
class Changed:
    """One outcome that became another, for these roles, in these situations. No boxes: always."""

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
class Changes:
    """All changed outcomes, the topics with too many situations to compare, and the rules and clauses with only other words."""

    outcomes: tuple[Changed, ...] = ()
    uncounted: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    quotes: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nobody gets another answer."""
        return not (self.outcomes or self.uncounted or self.answers or self.quotes)


def changes(knowledge: Knowledge, before: Organisation, after: Organisation) -> Changes:
    """Every changed outcome; roles with the same change are taken together."""
    before = replace(before, on_topic=frozen({t: before.on_topic.get(t, ()) for t in knowledge.topics}))  # topics may be newer
    found: dict[tuple[str, Outcome, Outcome, tuple[tuple[tuple[str, tuple[str, ...]], ...], ...]], Changed] = {}
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
            for change in _of_tables(knowledge, topic, role, one, other, both):
                boxes = tuple(tuple((f, tuple(sorted(v))) for f, v in sorted(box.items())) for box in change.boxes)
                key = (topic, change.before, change.after, boxes)
                found[key] = replace(change, roles=(*found[key].roles, role)) if key in found else change
    return Changes(tuple(found.values()), tuple(dict.fromkeys(uncounted)), _reworded(before, after), _requoted(before, after))


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


def _of_tables(knowledge: Knowledge, topic: str, role: str, one: Table, other: Table, both: Table) -> Iterator[Changed]:
    spread = _spread(knowledge, both)
    groups: dict[tuple[Outcome, Outcome], set[tuple[str, ...]]] = {}
    for values in product(*spread.values()):
        world: World = dict(zip(spread, values, strict=True))
        was, now = decide.result_in(one, world).outcome, decide.result_in(other, world).outcome
        if was != now:
            groups.setdefault((was, now), set()).add(values)
    for (was, now), chosen in groups.items():
        yield Changed(topic, (role,), was, now, both, tuple(boxes(spread, chosen)))


def boxes(spread: Mapping[str, Sequence[str]], chosen: set[tuple[str, ...]]) -> Iterator[Box]:
    """The worlds that were chosen as few, wide boxes: each allows some values of some facts, and leaves the others open."""
    names = list(spread)
    left = set(chosen)
    while left:
        sides = [frozenset({value}) for value in min(left)]
        for at, name in enumerate(names):
            whole = [*sides[:at], frozenset(spread[name]), *sides[at + 1 :]]
            sides = whole if _inside(whole, chosen) else sides
        for at, name in enumerate(names):
            for value in spread[name]:
                wider = [*sides[:at], sides[at] | {value}, *sides[at + 1 :]]
                sides = wider if _inside(wider, chosen) else sides
        left -= set(product(*sides))
        yield {name: side for name, side in zip(names, sides, strict=True) if side != frozenset(spread[name])}


def _inside(sides: Sequence[frozenset[str]], chosen: set[tuple[str, ...]]) -> bool:
    return all(world in chosen for world in product(*sides))


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
