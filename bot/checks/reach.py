"""Every normative clause is reached by at least one rule: a clause that no question can reach is silently lost."""

from collections.abc import Iterator

from bot.findings import Finding
from bot.knowledge import Knowledge


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """Clauses without a rule, and rules under what is called context."""
    for organisation in knowledge.organisations.values():
        reached = {clause for rule in organisation.rules for clause in rule.clauses}
        for clause in organisation.clauses.values():
            if clause.context is None and clause.to_encode is None and clause.id not in reached:
                yield Finding(
                    clause.place.file, clause.place.line, f"no rule reaches the clause '{clause.id}' ({clause.force})",
                    "Write the rule that a question about it would need, or mark it `context` with the reason.",
                )  # fmt: skip
            if clause.context is not None and clause.id in reached:
                yield Finding(
                    clause.place.file, clause.place.line, f"'{clause.id}' is marked as context but has rules",
                    "Give it `force` instead of `context`.",
                )  # fmt: skip
