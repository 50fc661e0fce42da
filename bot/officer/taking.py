"""Rows of a spreadsheet as the pieces and rules that they stand for, with what is wrong named by its cell. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from bot import schema
from bot.officer.columns import CLAUSE, PIECE, RULE, RULES, WORDS, CellError, Column, read, tense
from bot.officer.rewrite import flat
from bot.officer.sheets import Row, Sheet
from bot.officer.table import JOIN

Entries = dict[str, object]


@dataclass(frozen=True, slots=True, order=True)
class CellFinding:
    """One thing to mend in a spreadsheet: the row and its cell ('B17'; empty: the whole sheet)."""

    row: int
    cell: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.cell}: {self.what}\n    {self.mend}" if self.cell else f"{self.what}\n    {self.mend}"


@dataclass(slots=True)
class Wanted:
    """What the rows ask for: the keys of each clause as a whole, the rules under it, the tensions; and where each one stands."""

    pieces: dict[str, Entries] = field(default_factory=dict)
    rules: dict[str, dict[str, Entries]] = field(default_factory=dict)
    tensions: dict[str, Entries] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)  # of each rule and clause; rules and clauses do not share names: "rule x", "clause y"
    findings: list[CellFinding] = field(default_factory=list)


class Taker:
    """Goes through the rows and gathers what they ask for."""

    def __init__(self, sheet: Sheet, sections: Sequence[schema.SectionFile]) -> None:
        self.sheet = sheet
        self.words = {p.id: flat(p.says) for s in sections for p in s.pieces}
        self.wanted = Wanted()

    def take(self) -> Wanted:
        """Everything that the rows ask for, with all findings."""
        for row in self.sheet.rows:
            self._row(row)
        for clause in self.words:
            if clause not in self.wanted.pieces:
                what = f"the clause “{clause}” has no row any more: “{self.words[clause][:60]}”"
                mend = "Put its row back. To take its rules away, leave one row with the columns from Rule on empty."
                self.wanted.findings.append(CellFinding(0, "", what, mend))
        return self.wanted

    def _row(self, row: Row) -> None:
        for column in row.formulas:
            self._add(row, column, "this is a formula", "Write its text, or put an apostrophe in front of it.")
        clause = row.cells[CLAUSE].strip()
        tension = JOIN.strip() in clause
        if not tension and clause not in self.words:
            self._add(row, CLAUSE, f"“{clause}” is no clause of this policy", "Copy the row of a clause: the grey columns cannot be changed here.")
            return
        entries = self._entries(row, RULES)
        if tension:
            self._tension(row, clause, entries)
            return
        self._protected(row, clause)
        self._piece(row, clause)
        if entries:
            self._rule(row, entries, schema.RuleFile, self.wanted.rules.setdefault(clause, {}))

    def _protected(self, row: Row, clause: str) -> None:
        words = flat(row.cells[WORDS])
        if words and words != self.words[clause]:
            self._add(row, WORDS, f"these are not the words of the clause “{clause}”", "Undo the change: a new text comes in with `askwell update`.")

    def _piece(self, row: Row, clause: str) -> None:
        """What stands on any row of a clause stands for all of it; two rows must not say two things."""
        entries = self.wanted.pieces.setdefault(clause, {})
        self.wanted.rows.setdefault(f"clause {clause}", row)
        for key, value in self._entries(row, PIECE).items():
            if entries.setdefault(key, value) != value:
                name = next(c.name for c in PIECE if c.key == key)
                self._add(row, name, f"another row of “{clause}” says something else", "Write it on the clause's first row only.")

    def _tension(self, row: Row, clause: str, entries: Entries) -> None:
        between = [part.strip() for part in clause.split(JOIN.strip())]
        unknown = [part for part in between if part not in self.words]
        if unknown:
            self._add(row, CLAUSE, f"“{unknown[0]}” is no clause of this policy", f"Write the names of two clauses, with{JOIN}between.")
        for column in (c for c in RULES if not tense(c) and row.cells[c.name].strip()):
            self._add(row, column.name, "a tension has no such thing", "Leave the cell empty.")
        kept = {c.key: entries[c.key] for c in RULES if tense(c) and c.key in entries}
        self._rule(row, {**kept, "between": between}, schema.TensionFile, self.wanted.tensions)

    def _rule(
        self, row: Row, entries: Entries, model: type[schema.RuleFile] | type[schema.TensionFile], into: dict[str, Entries],
    ) -> None:  # fmt: skip
        name = str(entries.get("id") or "")
        if not name:
            self._add(row, RULE, "the rule has no name", "Give it a short name of its own, like no-adding.")
            return
        if other := self.wanted.rows.get(f"rule {name}"):
            self._add(row, RULE, f"the name “{name}” stands in row {other.number} too", "Give each rule a name of its own.")
            return
        self.wanted.rows[f"rule {name}"] = row
        into[name] = {k: v for k, v in entries.items() if v is not None}
        try:
            model.model_validate(into[name])
        except ValidationError as error:
            for one in error.errors(include_url=False):
                column = next((c.name for c in RULES if c.key == one["loc"][0]), RULE)
                said = {"missing": f"{column} is missing", "string_too_short": "this is too short to help anybody"}
                what = said.get(one["type"], f"this cannot stand here ({one['msg'].lower()})")
                self._add(row, column, what, "The sheet “How to use this” says what goes there.")

    def _entries(self, row: Row, columns: Sequence[Column]) -> Entries:
        entries: Entries = {}
        for column in columns:
            try:
                value = read(column, row.cells[column.name])
            except CellError as error:
                self._add(row, column.name, error.what, error.mend)
                continue
            if value is not None:
                entries[column.key] = value
        return entries

    def _add(self, row: Row, column: str, what: str, mend: str) -> None:
        """Note one finding; the first about a cell is the one to mend."""
        cell = self.sheet.cell(row.number, column)
        if all(f.cell != cell for f in self.wanted.findings):
            self.wanted.findings.append(CellFinding(row.number, cell, what, mend))
