"""Scenario files: cases that must come out right, as data beside each policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import RootModel

from bot import decide, schema
from bot.knowledge import Fact, Knowledge, Organisation, Place
from bot.load import ROOT, Reader


class ScenariosFile(RootModel[list[schema.ScenarioFile]]):
    """A file of scenarios."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One case of an organisation, and where it stands."""

    organisation: str
    raw: schema.ScenarioFile
    place: Place


def scenarios(reader: Reader, root: Path = ROOT) -> Iterator[Scenario]:
    """All scenarios; what cannot be read becomes a finding of the reader."""
    for path in sorted((root / "organisations").glob("*/scenarios/*.yaml")):
        if found := reader.file(path, ScenariosFile):
            for i, raw in enumerate(found[0].root):
                yield Scenario(path.parent.parent.name, raw, Place(found[1].file, found[1].line((i,))))


def mistakes(knowledge: Knowledge, scenario: Scenario) -> list[str]:
    """What a scenario expects and the rules do not give, in words."""
    raw, organisation = scenario.raw, knowledge.organisations[scenario.organisation]
    return slips(knowledge, raw) or compared(raw.expect, result(knowledge, organisation, raw), organisation)


def slips(knowledge: Knowledge, raw: schema.ScenarioFile) -> list[str]:
    """What a scenario names that there is not, its topic, its facts or their values; or that it wants nothing and would always pass."""
    if not any((raw.expect.verdict, raw.expect.clauses, raw.expect.to, raw.expect.flow)):
        return ["it expects nothing"]
    if raw.topic not in knowledge.topics:
        return [f"'{raw.topic}' is not a topic"]
    if unknown := [f for f in raw.facts if f not in knowledge.topics[raw.topic].facts]:
        return [f"the topic {raw.topic} does not turn on " + ", ".join(unknown)]
    return [f"'{v}' is not a value of '{f}'" for f, v in raw.facts.items() if not _has(knowledge.facts[f], v)]


def _has(fact: Fact, value: str) -> bool:
    return value.replace(".", "", 1).isdecimal() if fact.unit else value in {v.id for v in fact.values}


def result(knowledge: Knowledge, organisation: Organisation, raw: schema.ScenarioFile) -> decide.Result:
    """What the organisation's rules come to in a scenario without slips."""
    return decide.decide(decide.table(knowledge, organisation, raw.topic, raw.role), raw.facts).result


def compared(expect: schema.ExpectFile, result: decide.Result, organisation: Organisation) -> list[str]:
    """The differences between what is expected and what came out."""
    wrong = []
    verdicts = expect.verdict if isinstance(expect.verdict, list) else [expect.verdict]
    if expect.verdict is not None and result.outcome.verdict not in verdicts:
        wrong.append(f"expected {' or '.join(v for v in verdicts if v)}, got {result.outcome.verdict}")
    cited = {c for r in (*result.leading, *result.also) for c in r.clauses}
    missing = [c for c in expect.clauses or [] if c in organisation.clauses and c not in cited]
    if missing:
        wrong.append(f"expected the clauses {', '.join(missing)} to be quoted, got {', '.join(sorted(cited)) or 'none'}")
    absent = [r for r in expect.to or [] if r not in {t for rule in (*result.leading, *result.also) for t in rule.to}]
    if absent:
        wrong.append(f"expected to be sent to {', '.join(absent)}, got {', '.join(result.outcome.to) or 'nobody'}")
    if expect.flow is not None and (None if expect.flow == "none" else expect.flow) != result.outcome.flow:
        wrong.append(f"expected the flow {expect.flow}, got {result.outcome.flow}")
    if unknown := [c for c in expect.clauses or [] if c not in organisation.clauses]:
        wrong.append(f"{', '.join(unknown)}: no such clause")
    return wrong
