"""Names of bodies that have been replaced must not stand in our own words: a number that no longer answers is a lost report."""

from collections.abc import Iterator

from bot.findings import Finding
from bot.knowledge import Knowledge

REPLACED = {
    "Action Fraud": "Report Fraud (since 4 December 2025)",
    "Public Concern at Work": "Protect",
    "National Guardian's Office": "the organisation's own Freedom to Speak Up Guardian",
}


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """Replaced names in answers, signposts and law notes."""
    answers = [(r.answer, r.place) for o in knowledge.organisations.values() for r in o.rules]
    outside = [(f"{s.name} {s.says}", s.place) for s in knowledge.signposts] + [(n.says, n.place) for n in knowledge.law]
    for text, place in answers + outside:
        for old, new in REPLACED.items():
            if old.lower() in text.lower():
                yield Finding(place.file, place.line, f"“{old}” no longer exists under that name", f"Write {new}, and verify its number.")
