"""Scenario files: cases that must come out right, as data beside each policy."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import RootModel

from bot import decide, schema
from bot.knowledge import Knowledge, Organisation, Place
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
    """What a scenario by facts expects and the rules do not give, in words."""
    raw, organisation = scenario.raw, knowledge.organisations[scenario.organisation]
    if raw.topic is None:
        return []
    if raw.topic not in knowledge.topics:
        return [f"'{raw.topic}' is not a topic"]
    unknown = [f for f in raw.facts if f not in knowledge.topics[raw.topic].facts]
    if unknown:
        return [f"the topic {raw.topic} does not turn on " + ", ".join(unknown)]
    table = decide.table(knowledge, organisation, raw.topic, raw.role)
    decision = decide.decide(table, raw.facts)
    return compared(raw.expect, decision.result, organisation)


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
