"""The definitions over all worlds of every topic, organisation and role, with the smallest counter-example.

Contradiction: an unconditional `allowed` beside a `not_allowed` in one world, without an override or a tension.
Monotone: along a step towards more risk (`riskier`, or a narrower kind by `is`) a permission never grows, unless a rule
that overrides another leads; and no such step loses a flow or somebody to turn to, whatever leads.
"""

from collections.abc import Iterator
from itertools import product

from bot import decide
from bot.decide import PERMITS, Result, Table, World
from bot.findings import Finding
from bot.knowledge import Fact, Knowledge, Rule, Verdict

MOST_WORLDS = 2_000
ROLES = ("staff", "volunteer", "director")


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """All findings of all tables; each rule is reported once."""
    for organisation in knowledge.organisations.values():
        seen: set[str] = set()
        for topic in knowledge.topics:
            for role in ROLES:
                for finding in of_table(decide.table(knowledge, organisation, topic, role), role):
                    if finding.what not in seen:
                        seen.add(finding.what)
                        yield finding


def of_table(table: Table, role: str) -> Iterator[Finding]:
    """Contradictions and risk steps that permit more, in one table."""
    everything = every_world(table)
    if len(everything) > MOST_WORLDS:
        yield _finding(table.rules[0], f"{table.topic} has {len(everything)} worlds", "Use fewer facts: too much would be asked.")
        return
    results = [(world, decide.result_in(table, world)) for world in everything]
    for world, result in results:
        if pair := contradiction(result):
            yield _finding(
                pair[0], f"on {table.topic}, '{pair[0].id}' allows what '{pair[1].id}' forbids ({spoken(world)}; {role})",
                "Say which wins with `overrides`, make one conditional, or write a tension.",
            )  # fmt: skip
    yield from _steps(table, role, results)


def every_world(table: Table) -> list[World]:
    """All worlds, with presumed facts and numbers spread out too."""
    spread = [decide.choices(table, f, {}, True) for f in table.facts]
    return [dict(zip((f.id for f in table.facts), values, strict=True)) for values in product(*spread)]


def contradiction(result: Result) -> tuple[Rule, Rule] | None:
    """A rule that allows and one that forbids in the same world, when no tension says so."""
    rules = [r for r in (*result.leading, *result.also) if not r.provided]
    if any(r.tension for r in rules):
        return None
    allows = next((r for r in rules if r.verdict == Verdict.ALLOWED), None)
    forbids = next((r for r in rules if r.verdict == Verdict.NOT_ALLOWED), None)
    return (allows, forbids) if allows and forbids else None


def _steps(table: Table, role: str, results: list[tuple[World, Result]]) -> Iterator[Finding]:
    by_world = {tuple(sorted(w.items())): r for w, r in results}
    for fact in table.facts:
        for world, before in results:
            for value in riskier_than(fact, world[fact.id]):
                after = by_world.get(tuple(sorted({**world, fact.id: value}.items())))
                if after is None:
                    continue
                more = PERMITS.get(after.outcome.verdict, 0) > PERMITS.get(before.outcome.verdict, 0)
                if more and before.leading and not any(r.overrides for r in after.leading):
                    step = f"{fact.id} from {world[fact.id]} to {value}"
                    yield _finding(
                        after.leading[0],
                        f"on {table.topic}, {step} permits more: {before.outcome.verdict} → {after.outcome.verdict} ({spoken(world)}; {role})",
                        "A riskier fact must not permit more: add the missing rule, or `overrides` if the policy says so.",
                    )  # fmt: skip
                if before.outcome.flow and not after.outcome.flow:
                    yield _finding(
                        before.leading[0], f"on {table.topic}, {fact.id} = {value} loses the flow {before.outcome.flow} ({spoken(world)})",
                        "Give the rule that leads there the same flow.",
                    )  # fmt: skip
                if lost := sorted(_contacts(before) - _contacts(after)):
                    yield _finding(
                        (after.leading or before.leading)[0],
                        f"on {table.topic}, {fact.id} from {world[fact.id]} to {value} loses {' and '.join(lost)} ({spoken(world)})",
                        "Name them in `to` of the rule that leads there: where it is riskier nobody has fewer people to turn to.",
                    )  # fmt: skip


def _contacts(result: Result) -> set[str]:
    return {role for rule in (*result.leading, *result.also) for role in rule.to}


def riskier_than(fact: Fact, value: str) -> tuple[str, ...]:
    """The next riskier values: those declared, and the narrower kinds of this value."""
    steps = [v for u, v in zip(fact.riskier, fact.riskier[1:], strict=False) if u == value]
    return (*steps, *(v.id for v in fact.values if v.parent == value))


def spoken(world: World) -> str:
    """A world in words for a finding."""
    return ", ".join(f"{f}: {v}" for f, v in sorted(world.items()) if v) or "always"


def _finding(rule: Rule, what: str, mend: str) -> Finding:
    return Finding(rule.place.file, rule.place.line, what, mend)
