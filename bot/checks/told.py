"""The scenarios beside each policy come out right."""

from collections.abc import Iterator
from pathlib import Path

from bot import scenarios
from bot.findings import Finding
from bot.knowledge import Knowledge
from bot.load import Reader


def check(knowledge: Knowledge, root: Path) -> Iterator[Finding]:
    """Scenarios that cannot be read or do not hold."""
    reader = Reader(root)
    for scenario in scenarios.scenarios(reader, root):
        for mistake in scenarios.mistakes(knowledge, scenario) if scenario.organisation in knowledge.organisations else ():
            yield Finding(
                scenario.place.file, scenario.place.line, f"“{scenario.raw.name}”: {mistake}",
                "Either a rule is wrong or the scenario is: read the clause again.",
            )  # fmt: skip
    yield from reader.findings
