"""The phrases that triage always counts can be used: a slip in them would silence the one part that needs no model."""

from collections.abc import Iterator
from pathlib import Path

from bot.findings import Finding, KnowledgeError
from bot.understand.reading import lexical


def check(root: Path) -> Iterator[Finding]:
    """What is wrong with triage/lexical.yaml."""
    try:
        lexical(root)
    except KnowledgeError as error:
        yield from error.findings
