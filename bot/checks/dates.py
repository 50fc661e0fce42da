"""Nothing that has run out reaches a user: signposts and law notes carry a date until which they were verified."""

from collections.abc import Iterator
from datetime import date

from bot.findings import Finding
from bot.knowledge import Knowledge


def check(knowledge: Knowledge, today: date) -> Iterator[Finding]:
    """Signposts and law notes whose `verify_by` has passed."""
    for kind, items in (("signpost", knowledge.signposts), ("law note", knowledge.law)):
        for item in items:
            if item.verify_by < today:
                yield Finding(
                    item.place.file, item.place.line, f"the {kind} '{item.id}' had to be verified again by {item.verify_by:%-d %B %Y}",
                    f"Look at its source ({item.source}), correct it, and set `verified_on` and `verify_by`. Until then it is not shown.",
                )  # fmt: skip
