"""Both sides of every exception are shown by a scenario: a rule that sets others aside where it leads, and each of these where it does not.

Where a tension quotes a rule's clause, the rule steps back and the tension is what people see: it shows that side then.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot import scenarios
from bot.decide import Result
from bot.findings import Finding
from bot.knowledge import Knowledge, Organisation, Rule
from bot.load import Reader


def check(knowledge: Knowledge, root: Path) -> Iterator[Finding]:
    """Exceptions of which one side, or both, is in no scenario. Scenarios that cannot be read are findings elsewhere."""
    usable = [
        s for s in scenarios.scenarios(Reader(root), root)
        if s.organisation in knowledge.organisations and not scenarios.slips(knowledge, s.raw)
    ]  # fmt: skip
    for organisation in knowledge.organisations.values():
        mine = [scenarios.result(knowledge, organisation, s.raw) for s in usable if s.organisation == organisation.id]
        yield from of_organisation(organisation, mine)


def of_organisation(organisation: Organisation, results: Iterable[Result]) -> Iterator[Finding]:
    """The sides that none of these results shows, each at the line of the exception."""
    by_id = {r.id: r for r in organisation.rules}
    seen = list(results)
    for exception in (r for r in organisation.rules if r.overrides):
        if not any(exception in result.leading for result in seen):
            yield _finding(exception, f"no scenario shows the exception '{exception.id}'", "in which it leads")
        for other in (by_id[o] for o in exception.overrides):
            if not any(shows(result, other) for result in seen):
                yield _finding(exception, f"no scenario shows '{other.id}', which '{exception.id}' sets aside", f"in which '{other.id}' holds")


def shows(result: Result, rule: Rule) -> bool:
    """Whether a rule, or a tension for which it steps back, is part of what people are told."""
    told = (*result.leading, *result.also)
    return rule in told or any(t.tension and set(t.topics) & set(rule.topics) and set(t.clauses) & set(rule.clauses) for t in told)


def _finding(rule: Rule, what: str, when: str) -> Finding:
    topics = " or ".join(rule.topics)
    return Finding(rule.place.file, rule.place.line, what, f"Write a scenario on {topics} {when}; its expectation comes from the clause.")
