"""Decisions: pure functions from a topic's rules and the known facts to an outcome, or to the question that matters.

A world is one complete assignment of the facts that a topic's rules mention. W(k) are the worlds that extend the known
facts k. Definitions: settled = one outcome over W(k); relevant(f) = two worlds differ only in f and in outcome.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise, product
from math import inf

from bot.knowledge import Condition, Fact, Flow, Knowledge, Organisation, Rule, Verdict

Known = Mapping[str, str]
World = Mapping[str, str]

STRICT = (Verdict.INFO, Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.REQUIRED, Verdict.REFER, Verdict.NOT_ALLOWED)
CAUTION = (
    Verdict.ALLOWED, Verdict.CONDITIONAL, Verdict.INFO, Verdict.NOT_COVERED, Verdict.REQUIRED, Verdict.REFER, Verdict.NOT_ALLOWED,
)  # fmt: skip
PERMITS = {Verdict.ALLOWED: 2, Verdict.CONDITIONAL: 1}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision comes to: two decisions with the same outcome are the same to the asker."""

    verdict: Verdict
    to: tuple[str, ...] = ()
    flow: Flow | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome of one world, the rules that lead it and those that go along."""

    outcome: Outcome
    leading: tuple[Rule, ...]
    also: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The fact to ask for, with the values that could be answered."""

    fact: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """What would hold if the open fact had this value, or another of those that the rules do not tell from it."""

    fact: str
    value: str
    result: Result
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The result, the facts it used, and what the one fact that is left open, if it is one, could still change."""

    topic: str
    result: Result
    used: tuple[tuple[str, str], ...]
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of one organisation on one topic that bind one doer, and the facts that they mention."""

    topic: str
    rules: tuple[Rule, ...] = field(repr=False)
    facts: tuple[Fact, ...] = field(repr=False)


def binding(role: str) -> str:
    """The word that `binds` uses for a role: managers are staff."""
    return "staff" if role == "manager" else role


def table(knowledge: Knowledge, organisation: Organisation, topic: str, role: str) -> Table:
    """The rules that bind this role on the topic. A condition on a fact that the topic lacks is false."""
    has = knowledge.topics[topic].facts
    rules = tuple(
        r for r in organisation.on_topic[topic] if binding(role) in r.binds and all(c.fact in has for c in r.when)
    )  # fmt: skip
    mentioned = {c.fact for r in rules for c in r.when}
    return Table(topic, rules, tuple(knowledge.facts[f] for f in has if f in mentioned))


def holds(condition: Condition, fact: Fact, value: str) -> bool:
    """Whether a value meets a condition; the empty value (not known, not asked) never does."""
    if not value:
        return False
    if fact.unit:
        return condition.low <= float(value) < condition.high
    return not condition.values.isdisjoint(fact.lineage(value))


def result_in(table: Table, world: World) -> Result:
    """What the rules come to in one world. The order of rules never matters."""
    facts = {f.id: f for f in table.facts}
    held = [r for r in table.rules if all(holds(c, facts[c.fact], world[c.fact]) for c in r.when)]
    gone = {other for r in held for other in r.overrides}
    tense = {clause for r in held if r.tension and r.id not in gone for clause in r.clauses}
    stay = [r for r in held if r.id not in gone and (r.tension or tense.isdisjoint(r.clauses))]
    main = [r for r in stay if not r.also] or stay
    if not main:
        return Result(Outcome(Verdict.NOT_COVERED), (), ())
    top = max((effective(r, world, facts) for r in main), key=STRICT.index)
    leading = tuple(sorted((r for r in main if effective(r, world, facts) == top), key=lambda r: (not r.tension, r.id)))
    also = tuple(sorted((r for r in stay if r not in leading), key=lambda r: r.id))
    to = tuple(dict.fromkeys(role for r in leading for role in r.to))
    return Result(Outcome(top, to, _flow(stay)), leading, also)


def effective(rule: Rule, world: World, facts: Mapping[str, Fact]) -> Verdict:
    """A rule's verdict in a world: `provided` makes an allowed rule conditional until met, and forbids when broken."""
    verdict = rule.verdict
    for condition in rule.provided:
        value = world.get(condition.fact, "")
        if not value:
            verdict = Verdict.CONDITIONAL if verdict == Verdict.ALLOWED else verdict
        elif value not in condition.values:
            return Verdict.NOT_ALLOWED
    return verdict


def _flow(rules: Iterable[Rule]) -> Flow | None:
    found = {r.flow for r in rules if r.flow}
    return next((f for f in (Flow.SAFEGUARDING, Flow.WHISTLEBLOWING, Flow.MEDIA) if f in found), None)


def choices(table: Table, fact: Fact, known: Known, expand: bool) -> tuple[str, ...]:
    """The values of a fact that worlds have to tell apart: one for each way of meeting the rules' conditions."""
    conditions = _conditions(table, fact)
    given = known.get(fact.id)
    if fact.unit:
        return (given,) if given else (_samples(conditions) if expand else ("",))
    if given is None and fact.presume is not None and not expand:
        return (fact.presume,)
    return tuple(values[0] for values in _kinds(conditions, fact, given))


def _conditions(table: Table, fact: Fact) -> list[Condition]:
    return [c for r in table.rules for c in r.when if c.fact == fact.id]


def _kinds(conditions: list[Condition], fact: Fact, given: str | None) -> list[list[str]]:
    """The values that are left, together where no condition tells them apart."""
    wider = [v.id for v in fact.values if given is None or given in fact.lineage(v.id)]
    kinds: dict[tuple[bool, ...], list[str]] = {}
    for value in dict.fromkeys(([given] if given else []) + wider):
        kinds.setdefault(tuple(holds(c, fact, value) for c in conditions), []).append(value)
    return list(kinds.values())


def _samples(conditions: list[Condition]) -> tuple[str, ...]:
    cuts = sorted({b for c in conditions for b in (c.low, c.high) if abs(b) != inf})
    points = [cuts[0] - 1, *((a + b) / 2 for a, b in pairwise(cuts)), cuts[-1] + 1]
    return tuple(f"{p:g}" for p in points)


def _asked_for(table: Table, fact: Fact, known: Known) -> bool:
    """A number is worth asking only when something else that the same rule needs is known."""
    return any(
        fact.id in {c.fact for c in r.when} and any(c.fact in known for c in r.when if c.fact != fact.id) for r in table.rules
    )  # fmt: skip


def worlds(table: Table, known: Known) -> list[World]:
    """W(known), one for each way in which the rules can tell worlds apart. Presumed facts are not spread out."""
    spread = [choices(table, f, known, bool(f.unit) and _asked_for(table, f, known)) for f in table.facts]
    extra = {f: v for f, v in known.items() if f not in {x.id for x in table.facts}}
    return [{**extra, **dict(zip((f.id for f in table.facts), values, strict=True))} for values in product(*spread)]


def relevant(table: Table, known: Known) -> tuple[str, ...]:
    """The unknown facts for which two worlds differ only in that fact and in outcome."""
    seen = [(w, result_in(table, w).outcome) for w in worlds(table, known)]
    found = []
    for fact in table.facts:
        groups: dict[tuple[tuple[str, str], ...], set[Outcome]] = {}
        for world, outcome in seen:
            rest = tuple(sorted((f, v) for f, v in world.items() if f != fact.id))
            groups.setdefault(rest, set()).add(outcome)
        if any(len(outcomes) > 1 for outcomes in groups.values()):
            found.append(fact.id)
    return tuple(found)


def question(table: Table, known: Known, asked: frozenset[str] = frozenset()) -> Question | None:
    """The relevant fact that leaves the fewest outcomes on average, or None when asking would change nothing."""
    best: tuple[float, Question] | None = None
    open_facts = set(relevant(table, known)) - asked
    for fact in (f for f in table.facts if f.id in open_facts):
        values = choices(table, fact, known, bool(fact.unit))
        left = [len({result_in(table, w).outcome for w in worlds(table, {**known, fact.id: v})}) for v in values]
        mean = sum(left) / len(left)
        if best is None or mean < best[0]:
            best = (mean, Question(fact.id, options(fact, known)))
    return best[1] if best else None


def options(fact: Fact, known: Known) -> tuple[str, ...]:
    """The values to offer as buttons: those that the known value, if any, leaves possible."""
    given = known.get(fact.id)
    return tuple(v.id for v in fact.values if given is None or given in fact.lineage(v.id))


def cautious(table: Table, known: Known) -> Result:
    """The most cautious result over W(known): learning a fact never takes a permission back."""
    results = [result_in(table, w) for w in worlds(table, known)]
    return max(results, key=lambda r: CAUTION.index(r.outcome.verdict))


def decide(table: Table, known: Known) -> Decision:
    """The decision on what is known: settled where all worlds agree, otherwise the most cautious of them."""
    used = tuple((f.id, known[f.id]) for f in table.facts if f.id in known)
    return Decision(table.topic, cautious(table, known), used, _branches(table, known, relevant(table, known)))


def _branches(table: Table, known: Known, open_facts: tuple[str, ...]) -> tuple[Branch, ...]:
    if len(open_facts) != 1:
        return ()
    fact = next(f for f in table.facts if f.id == open_facts[0])
    alike = {v[0]: tuple(v) for v in _kinds(_conditions(table, fact), fact, known.get(fact.id))}
    values = choices(table, fact, known, bool(fact.unit))
    return tuple(Branch(fact.id, v, cautious(table, {**known, fact.id: v}), alike.get(v, (v,))) for v in values)


def flips(table: Table, decision: Decision, known: Known) -> tuple[Branch, ...]:
    """What would change the answer, one fact at a time: towards stricter, or towards what one can honestly bring about."""
    now = decision.result.outcome.verdict
    found = []
    for fact in table.facts:
        if fact.unit:
            continue
        for value in choices(table, fact, {}, True):
            then = cautious(table, {**known, fact.id: value})
            stricter = CAUTION.index(then.outcome.verdict) > CAUTION.index(now) and then.outcome.verdict in STRICT
            honest = value == fact.doable and PERMITS.get(then.outcome.verdict, 0) > PERMITS.get(now, 0)
            if known.get(fact.id) != value and then.leading and (stricter or honest):
                found.append(Branch(fact.id, value, then))
    return tuple(found)


def compare(knowledge: Knowledge, topic: str, role: str, known: Known) -> dict[str, Decision]:
    """The same situation under every organisation's policy."""
    return {
        o.id: decide(table(knowledge, o, topic, role), {k: v for k, v in known.items() if k in knowledge.topics[topic].facts})
        for o in knowledge.organisations.values()
    }  # fmt: skip
