"""A report of wrongdoing as its reader sees it on the board: what was said, by which side, in which words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.speakup.report import Case, Kind, Line, Naming, Report

FIELDS = (
    ("what", "What happened"), ("when", "When"), ("where", "Where"), ("who", "Who is part of it, or knows of it"), ("how_known", "How they know"),
    ("raised", "Whether it was raised before"), ("wish", "What they would like to happen"), ("reach", "How they can be reached"),
)  # fmt: skip
NAMES = {
    Naming.ANONYMOUS: "They gave no name. Don’t try to find out who it is.",
    Naming.CONFIDENTIAL: "In confidence: {name}. Tell nobody who it is without asking them first.",
    Naming.NAMED: "{name}",
}
SAID = {
    Kind.REPORT: "The report", Kind.ADDED: "They added", Kind.ANSWER: "They answered", Kind.WITHDRAWN: "They took the report back",
    Kind.REPLY: "{by} wrote", Kind.QUESTION: "{by} asked", Kind.JOINED: "{by} let somebody read it, too",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One message: its day, whose it is, and its words by label (no label: plain words)."""

    line: Line
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A report on the page."""

    case: Case
    said: tuple[Said, ...]


def shown(case: Case, names: Mapping[str, str]) -> Shown:
    """A report with the names of those who wrote."""
    return Shown(case, tuple(_said(line, case.lines, names) for line in case.lines))


def _said(line: Line, lines: tuple[Line, ...], names: Mapping[str, str]) -> Said:
    message = line.message
    title = SAID[message.kind].format(by=names.get(message.by, message.by))
    if message.report:
        return Said(line, title, _rows(message.report))
    asked = next((x.message.text for x in lines if message.kind == Kind.ANSWER and x.number == message.to), "")
    return Said(line, title, ((f"To “{asked}”" if asked else "", message.text),) if message.text else ())


def _rows(report: Report) -> tuple[tuple[str, str], ...]:
    rows = [(label, getattr(report, name)) for name, label in FIELDS]
    return (*((label, said) for label, said in rows if said), ("Their name", NAMES[report.naming].format(name=report.name)))
