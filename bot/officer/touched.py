"""What a clause carries: the rules under it, the tensions over it, and the scenarios that come to it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot import scenarios
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


def reached(knowledge: Knowledge, organisation: Organisation, cases: Iterable[Scenario]) -> list[tuple[Scenario, frozenset[str]]]:
    """Each scenario with the clauses that it names or that its answer quotes."""
    return [(s, frozenset(s.raw.expect.clauses or ()) | _quoted(knowledge, organisation, s)) for s in cases]


def _quoted(knowledge: Knowledge, organisation: Organisation, scenario: Scenario) -> frozenset[str]:
    if scenarios.slips(knowledge, scenario.raw):
        return frozenset()
    result = scenarios.result(knowledge, organisation, scenario.raw)
    return frozenset(c for r in (*result.leading, *result.also) for c in r.clauses)
