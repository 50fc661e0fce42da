"""Names of bodies that have been replaced must not stand in our own words: a number that no longer answers is a lost report."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot import words
from bot.findings import Finding, KnowledgeError
from bot.knowledge import Knowledge
from bot.yaml_lines import Path_, read

REPLACED = {
    "Action Fraud": "Report Fraud (since 4 December 2025)",
    "Public Concern at Work": "Protect",
    "National Guardian's Office": "the organisation's own Freedom to Speak Up Guardian",
}
FOLDERS = ("facts", "flows", "topics")
HEARD = ("words", "cues", "numbers", "examples")  # what people say to us, in which an old name may well stand


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """Replaced names in answers, signposts and law notes."""
    answers = [(r.answer, r.place) for o in knowledge.organisations.values() for r in o.rules]
    outside = [(f"{s.name} {s.says}", s.place) for s in knowledge.signposts] + [(n.says, n.place) for n in knowledge.law]
    for text, place in answers + outside:
        yield from _replaced(text, place.file, place.line)


def shared(root: Path) -> Iterator[Finding]:
    """Replaced names in what all organisations share: flows, questions with their buttons, titles of topics, and the program's own sentences."""
    for path in (p for folder in FOLDERS for p in sorted((root / folder).glob("*.yaml"))):
        if any(_replaced(path.read_text(encoding="utf-8", errors="replace"), "", 0)):
            yield from _in_file(path, root)
    for node in ast.walk(ast.parse(Path(words.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _replaced(node.value, "bot/words.py", node.lineno)


def _in_file(path: Path, root: Path) -> Iterator[Finding]:
    try:
        document = read(path, root)
    except KnowledgeError:  # what cannot be read is reported where it is used
        return
    for place, text in _texts(document.data, ()):
        yield from _replaced(text, document.file, document.line(place))


def _texts(data: object, place: Path_) -> Iterator[tuple[Path_, str]]:
    """Every text that may be shown, with its place in the file."""
    if isinstance(data, dict):
        for key, value in data.items():
            if key not in HEARD:
                yield from _texts(value, (*place, key))
    elif isinstance(data, list):
        for i, value in enumerate(data):
            yield from _texts(value, (*place, i))
    elif isinstance(data, str):
        yield place, data


def _replaced(text: str, file: str, line: int) -> Iterator[Finding]:
    said = " ".join(text.lower().replace("’", "'").split())
    for old, new in REPLACED.items():
        if old.lower() in said:
            yield Finding(file, line, f"“{old}” no longer exists under that name", f"Write {new}, and verify its number.")
