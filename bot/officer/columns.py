"""The spreadsheet's columns, and how each key of a rule is written in a cell. Pure.

One row is one rule under its clause; a clause without rules has a row of its own. What stands for a clause as a whole is written
on its first row only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import schema

Cells = Mapping[str, str]
SECTION, CLAUSE, WORDS, IN_WORDS = "Section", "Clause", "The policy's words", "When, in words"
FORCE, BINDS, CONTEXT, TO_DO = "Force", "Binds", "Context", "To do"
RULE, ON, WHEN, VERDICT, TO, ANSWER = "Rule", "On", "When", "Verdict", "To", "What we tell people"
PROVIDED, FLOW, OVERRIDES, ALSO, ANALOGY, ONLY = "Provided", "Flow", "Sets aside", "Goes along", "By analogy", "Only for"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, the YAML key it stands for, how it is written, how wide it is, and what to tell people.

    `kind`: text, texts (several, with commas), facts (one a line), or yes.
    """

    name: str
    key: str
    kind: str
    width: int
    says: str
    choices: tuple[str, ...] = ()


PROTECTED = (
    Column(SECTION, "", "text", 16, "where the policy says it"),
    Column(CLAUSE, "id", "text", 14, "the short name of the sentence; a tension has two, with a + between"),
    Column(WORDS, "says", "text", 50, "the policy's own words: a new text comes in with `askwell update`"),
    Column(IN_WORDS, "", "text", 30, "what the column “When” means, for reading"),
)
PIECE = (
    Column(FORCE, "force", "text", 10, "what the sentence demands; empty where it is only context", ("must", "must-not", "should", "may", "states")),
    Column(BINDS, "binds", "texts", 14, "whom the sentence binds: staff, volunteer, director; empty: everybody the policy is for"),
    Column(CONTEXT, "context", "text", 14, "why the sentence needs no rule: heading, signature…"),
    Column(TO_DO, "to_encode", "text", 24, "what is to be done after a new text came in; delete it when it is done"),
)
RULES = (
    Column(RULE, "id", "text", 18, "the short name of the rule, one of its own for each"),
    Column(ON, "on", "texts", 18, "the topic, or several with commas (`askwell explain` lists them)"),
    Column(WHEN, "when", "facts", 26, "when it holds, one fact a line, like “account: personal, work” or “followers: <100”; empty: always"),
    Column(VERDICT, "verdict", "text", 13, "what it comes to", ("allowed", "conditional", "not_allowed", "required", "refer", "info")),
    Column(ANSWER, "answer", "text", 60, "what people read: first what to do, then why"),
    Column(TO, "to", "texts", 18, "whom to go to: roles of people.yaml, with commas"),
    Column(FLOW, "flow", "text", 13, "which report it leads to", ("safeguarding", "whistleblowing", "media")),
    Column(OVERRIDES, "overrides", "texts", 18, "rules that this one, an exception, sets aside"),
    Column(PROVIDED, "provided", "facts", 16, "only with “allowed”: what must be met, like “consent: all”"),
    Column(ALSO, "also", "yes", 8, "yes: it goes along with an answer, but never leads it", ("yes",)),
    Column(ANALOGY, "by_analogy", "text", 24, "said aloud where the policy's words stop short of the case"),
    Column(ONLY, "binds", "texts", 14, "whom the rule binds, where that is not whom its sentence binds"),
)
ORDER = tuple(c for c in (*PROTECTED[:3], *PIECE, *RULES[:3], PROTECTED[3], *RULES[3:]))
KEYS = ("id", "on", "when", "binds", "verdict", "to", "flow", "overrides", "provided", "also", "by_analogy", "answer")  # as rules are written


def tense(column: Column) -> bool:
    """Whether a tension has this column too."""
    return column.key in schema.TensionFile.model_fields


class CellError(ValueError):
    """A cell that cannot be read: what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.mend = what, mend


def written(column: Column, value: object) -> str:
    """A YAML value as the text of its cell; empty where there is none."""
    if value is None or value is False:
        return ""
    if column.kind == "yes":
        return "yes"
    if column.kind == "facts" and isinstance(value, Mapping):
        return "\n".join(f"{fact}: {_several(values)}" for fact, values in value.items())
    return _several(value) if column.kind == "texts" else str(value)


def _several(value: object) -> str:
    return ", ".join(str(v) for v in value) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def read(column: Column, text: str) -> object:
    """The YAML value of a cell, None where it is empty. Raises CellError."""
    if not text.strip():
        return None
    if column.kind == "yes":
        return _yes(text)
    if column.kind == "facts":
        return _facts(text)
    if column.kind == "texts":
        found = _list(text)
        return found if column.key == "binds" or len(found) != 1 else found[0]
    if column.choices:
        return _choice(column, text)
    return text.strip() if column.key in ("id", "context") else text


def _yes(text: str) -> bool | None:
    plain = text.strip().lower()
    if plain not in ("yes", "no", "true", "false"):
        raise CellError(f"“{text}” is neither yes nor empty", "Write yes, or leave the cell empty.")
    return True if plain in ("yes", "true") else None


def _facts(text: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for line in text.replace(";", "\n").splitlines():
        fact, colon, values = line.partition(":")
        if not line.strip():
            continue
        if not colon or not fact.strip() or not _list(values):
            how = "Write it like “account: personal” or “followers: <100”, one fact a line."
            raise CellError(f"“{line.strip()}” is not a fact with its values", how)
        if fact.strip() in found:
            raise CellError(f"the fact “{fact.strip()}” stands twice", "Write its values on one line, with commas.")
        several = _list(values)
        found[fact.strip()] = several if len(several) > 1 else several[0]
    return found


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", ",").split(",") if part.strip()]


def _choice(column: Column, text: str) -> str:
    plain = text.strip().lower().replace(" ", "-" if column.key == "force" else "_")
    if plain not in column.choices:
        raise CellError(f"“{text}” is none of the words for {column.name}", f"Use one of: {', '.join(column.choices)}.")
    return plain
