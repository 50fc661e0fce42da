"""Leads from a finding in a file back to the cell of the spreadsheet that it came from."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path

from bot.findings import Finding
from bot.officer.columns import ANSWER, CLAUSE, PIECE, PROVIDED, RULE, RULES, TO, WHEN, Cells
from bot.officer.sheets import Sheet
from bot.officer.taking import CellFinding, Wanted
from bot.yaml_lines import Document, read

_NAMED = re.compile(r"['“]([^'”]+)['”]")
_SPOKEN_OF = {"the answer of": ANSWER, "refers to nobody": TO, "has `provided`": PROVIDED, "can never hold": WHEN}
_BEHIND = "\uffff"  # sorts behind every name


class Places:
    """The lines on which clauses and rules begin in a written copy, and the rows that asked for them."""

    def __init__(self, copy: Path, sheet: Sheet, wanted: Wanted) -> None:
        self.copy, self.sheet, self.wanted = copy, sheet, wanted

    @cached_property
    def lines(self) -> dict[str, list[tuple[int, str]]]:
        """The lines of each file on which something begins, with its name; read only when something was found."""
        paths = (*sorted((self.copy / "sections").glob("*.yaml")), *self.copy.glob("tensions.yaml"))
        found = [read(path, self.copy.parent.parent) for path in paths]
        return {document.file: sorted(_items(document)) for document in found}

    def cells(self, findings: Iterable[Finding]) -> Iterator[CellFinding]:
        """Each finding at its cell; what stands in no row keeps its place in a file."""
        for finding in findings:
            lines = self.lines.get(finding.file, [])
            at = bisect_right(lines, (finding.line, _BEHIND)) - 1
            name = lines[at][1] if at >= 0 else ""
            row = self.wanted.rows.get(name)
            if row is None:
                yield CellFinding(0, f"{finding.file}:{finding.line}" if finding.line else finding.file, finding.what, finding.mend)
            else:
                yield CellFinding(row.number, self.sheet.cell(row.number, _column(finding, name, row.cells)), finding.what, finding.mend)


def _column(finding: Finding, name: str, cells: Cells) -> str:
    """The column that holds what the finding names; otherwise the one it speaks of."""
    ruled = name.startswith("rule ")
    if spoken := next((column for part, column in _SPOKEN_OF.items() if part in finding.what), None):
        return spoken
    words = set(_NAMED.findall(finding.what))
    found = (c.name for c in (RULES if ruled else PIECE) if c.key != "id" and words & set(re.split(r"[\s,:|]+", cells[c.name])))
    return next(found, RULE if ruled else CLAUSE)


def _items(document: Document) -> Iterator[tuple[int, str]]:
    """The line on which each clause, rule and tension begins, with its name."""
    data = document.data if isinstance(document.data, dict) else {}
    for i, piece in enumerate(data.get("pieces") or []):
        yield document.line(("pieces", i)), f"clause {piece['id']}"
        for j, rule in enumerate(piece.get("rules") or []):
            yield document.line(("pieces", i, "rules", j)), f"rule {rule['id']}"
    for i, tension in enumerate(data.get("tensions") or []):
        yield document.line(("tensions", i)), f"rule {tension['id']}"
