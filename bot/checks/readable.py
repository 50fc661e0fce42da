"""Our own words can be read by a worried person on a phone: short, without jargon, without a bare section number."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from bot import plans, schema, words
from bot.findings import Finding
from bot.knowledge import Knowledge
from bot.load import Reader
from bot.screen import MOST_WORDS, sentences
from bot.yaml_lines import Path_

MOST_IN_SENTENCE = 25
_QUOTED = re.compile(r"[“\"]([^”\"]*)[”\"](?=(\s+[A-Z]|\s*$)?)")
_JARGON = re.compile(
    r"\b(?:pursuant|hereby|aforementioned|utilis\w+|in accordance with|with regard to|prior to|henceforth|stakeholders?|leverage|going forward|"
    r"the policy states that|please note that|it should be noted)\b", re.IGNORECASE,
)  # fmt: skip
_SECTION = re.compile(r"\b(?:section|clause|paragraph) \d", re.IGNORECASE)
_NOT_FOR_STAFF = ("ALARM_", "AUDIT_", "MANIFEST_")  # whoever runs Askwell reads these
M = TypeVar("M", bound=BaseModel)
Text = tuple[Path_, str, str]  # where it stands, what it is called in a finding, and what it says


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """Answers that are too long, with sentences that are too long, or with words nobody says."""
    for organisation in knowledge.organisations.values():
        for rule in organisation.rules:
            yield from _findings(rule.place.file, rule.place.line, f"the answer of '{rule.id}'", rule.answer)
            yield from _findings(rule.place.file, rule.place.line, f"the analogy of '{rule.id}'", rule.by_analogy or "")


def shared(knowledge: Knowledge, root: Path) -> Iterator[Finding]:
    """The same in what stands around answers: law notes, signposts, topics, facts, reports, and the program's own sentences.

    A file that cannot be used at all is passed over here: loading names it.
    """
    reader = Reader(root)
    heads = [root / "organisations" / o / "organisation.yaml" for o in knowledge.organisations]
    yield from _in_files(reader, heads, schema.OrganisationFile, _of_organisation)
    yield from _in_files(reader, [root / "law.yaml"], schema.LawNotesFile, _of_law)
    yield from _in_files(reader, [root / "signposts.yaml"], schema.SignpostsFile, _of_signposts)
    yield from _in_files(reader, sorted((root / "topics").glob("*.yaml")), schema.TopicFile, _of_topic)
    yield from _in_files(reader, sorted((root / "facts").glob("*.yaml")), schema.FactFile, _of_fact)
    yield from _in_files(reader, sorted((root / "flows").glob("*.yaml")), plans.FlowFile, _of_flow)
    yield from in_code(Path(words.__file__))


def in_code(path: Path) -> Iterator[Finding]:
    """The same in a module of sentences, by its constants."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.Assign):
            continue
        name = ast.unparse(node.targets[0])
        for part in ast.walk(node.value) if not name.startswith(_NOT_FOR_STAFF) else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield from _findings(f"bot/{path.name}", part.lineno, name, part.value)


def faults(text: str) -> Iterator[tuple[str, str]]:
    """What is hard to read in a text, and how to mend it. Exact wordings in quotation marks do not count."""
    own = _QUOTED.sub(_end, text)
    if (count := len(own.split())) > MOST_WORDS:
        yield f"has {count} words", f"Say what to do first, and stop at {MOST_WORDS}."
    for sentence in sentences(own):
        if (count := len(sentence.split())) > MOST_IN_SENTENCE:
            yield f"has a sentence of {count} words: “{' '.join(sentence.split()[:6])}…”", f"Make two of it; {MOST_IN_SENTENCE} words are the most."
    if found := _JARGON.search(own):
        yield f"says “{found[0]}”", "Say it as you would to a colleague."
    if found := _SECTION.search(own):
        yield f"names “{found[0]}…”", "The quote shows where it stands; leave the number out."


def _end(quoted: re.Match[str]) -> str:
    """What is left of a quotation: the mark that ends a sentence, where it ends one of ours too."""
    return quoted[1][-1:] if quoted[2] is not None and quoted[1].endswith((".", "!", "?", "…")) else ""


def _findings(file: str, line: int, name: str, text: str) -> Iterator[Finding]:
    for what, mend in faults(text):
        yield Finding(file, line, f"{name} {what}", mend)


def _in_files(reader: Reader, paths: Iterable[Path], model: type[M], texts: Callable[[M], Iterator[Text]]) -> Iterator[Finding]:
    for path in paths:
        if found := reader.file(path, model):
            raw, document = found
            for place, name, text in texts(raw):
                yield from _findings(document.file, document.line(place), name, text)


def _of_organisation(raw: schema.OrganisationFile) -> Iterator[Text]:
    yield ("lifecycle", "note"), "the note on the organisation", raw.lifecycle.note or ""


def _of_law(raw: schema.LawNotesFile) -> Iterator[Text]:
    for i, note in enumerate(raw.notes):
        yield ("notes", i, "says"), f"the law note '{note.id}'", note.says


def _of_signposts(raw: schema.SignpostsFile) -> Iterator[Text]:
    for i, post in enumerate(raw.signposts):
        yield ("signposts", i, "name"), f"the name of '{post.id}'", post.name
        yield ("signposts", i, "says"), f"the signpost '{post.id}'", post.says


def _of_topic(raw: schema.TopicFile) -> Iterator[Text]:
    yield ("title",), f"the title of '{raw.id}'", raw.title


def _of_fact(raw: schema.FactFile) -> Iterator[Text]:
    yield ("name",), f"the name of '{raw.id}'", raw.name
    yield ("asks",), f"the question of '{raw.id}'", raw.asks
    for name, value in raw.values.items():
        yield ("values", name, "label"), f"the label of '{name}'", value.label


def _of_flow(raw: plans.FlowFile) -> Iterator[Text]:
    yield ("title",), f"the title of '{raw.flow.value}'", raw.title
    for key, lines in (("opening", raw.opening), ("closing", raw.closing)):
        for i, line in enumerate(lines):
            yield (key, i), f"the {key}", line
    for i, step in enumerate(raw.steps):
        yield ("steps", i, "asks"), f"the question of '{step.id}'", step.asks
        yield ("steps", i, "why"), f"the reason of '{step.id}'", step.why
        for option, label in step.options.items():
            yield ("steps", i, "options", option), f"the label of '{option}'", label
        for answer, reply in step.replies.items():
            yield ("steps", i, "replies", answer), f"the reply to '{answer}'", reply
