"""What a new text brought in has been encoded, and what somebody confirmed is still what they confirmed."""

from collections.abc import Iterator

from bot.findings import Finding
from bot.knowledge import Knowledge


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """Pieces and policy details that are marked `to_encode`."""
    for organisation in knowledge.organisations.values():
        if organisation.policy.to_encode:
            file = f"organisations/{organisation.id}/organisation.yaml"
            yield Finding(file, 0, f"the details of the policy: {organisation.policy.to_encode}", "Then delete the line `to_encode`.")
        for clause in organisation.clauses.values():
            if clause.to_encode:
                yield Finding(clause.place.file, clause.place.line, f"“{clause.id}”: {clause.to_encode}", "Then delete its line `to_encode`.")


def confirmed(knowledge: Knowledge) -> Iterator[Finding]:
    """Readings that were changed after somebody at the organisation had confirmed them."""
    for organisation in knowledge.organisations.values():
        who = organisation.confirmed
        if who and organisation.reading == "changed":
            yield Finding(
                f"organisations/{organisation.id}/organisation.yaml", 0,
                f"the reading has changed since {who.by} ({who.role}) confirmed it on {who.on:%-d %B %Y}",
                f"Show it to them, and run `askwell publish {organisation.id.removesuffix('.next')}` again.",
            )  # fmt: skip
