"""What a clause carries: the rules under it, the tensions over it, and the scenarios that come to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import decide
from bot.knowledge import Knowledge, Organisation, Place, Rule
from bot.scenarios import Scenario


@dataclass(frozen=True, slots=True)
class Told:
    """A scenario by its name, and where it stands."""

    name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Under:
    """What has to be read again when a clause changes."""

    rules: tuple[Rule, ...]
    scenarios: tuple[Told, ...]


def under(organisation: Organisation, clause: str, reached: Iterable[tuple[Scenario, frozenset[str]]]) -> Under:
    """The rules and tensions that quote a clause, and the scenarios that name it or reach it."""
    rules = tuple(r for r in organisation.rules if clause in r.clauses)
    return Under(rules, tuple(Told(s.raw.name, s.place) for s, clauses in reached if clause in clauses))


def reached(knowledge: Knowledge, organisation: Organisation, scenarios: Iterable[Scenario]) -> list[tuple[Scenario, frozenset[str]]]:
    """Each scenario with the clauses that it names or that its answer quotes."""
    return [(s, frozenset(s.raw.expect.clauses or ()) | _quoted(knowledge, organisation, s)) for s in scenarios]


def _quoted(knowledge: Knowledge, organisation: Organisation, scenario: Scenario) -> frozenset[str]:
    topic = scenario.raw.topic
    if topic is None or topic not in knowledge.topics:
        return frozenset()
    table = decide.table(knowledge, organisation, topic, scenario.raw.role)
    known = {f: v for f, v in scenario.raw.facts.items() if f in knowledge.topics[topic].facts}
    result = decide.decide(table, known).result
    return frozenset(c for r in (*result.leading, *result.also) for c in r.clauses)
