"""A spreadsheet saved as CSV, read as people save them: UTF-8 or Excel's cp1252; commas, semicolons or tabs; columns in any order. Pure."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

MOST_BYTES = 20_000_000
LONGEST_CELL = 4_000
ALIKE = 0.8  # from here on a column's name is taken for a slip of the pen
_MARKS = ",;\t"
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")  # .xlsx, .xls, .pdf
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_QUOTE = "Look for a quotation mark that is not closed."


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """One thing to mend. `row` counts from 1 as the spreadsheet does, the header being row 1; 0 means the file as a whole."""

    row: int
    column: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = ", ".join([f"row {self.row}"] * bool(self.row) + [self.column] * bool(self.column))
        return f"{place}: {self.what}\n    {self.mend}" if place else f"{self.what}\n    {self.mend}"


class SpreadsheetError(Exception):
    """Raised when a spreadsheet cannot be taken; carries every slip, so that all can be mended at once."""

    def __init__(self, slips: Sequence[Slip]) -> None:
        self.slips = sorted(slips)
        super().__init__("\n".join(map(str, self.slips)))


@dataclass(frozen=True, slots=True)
class Line:
    """One row by its columns, without blanks around the cells; a column that is not there is an empty text."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold anything, and the columns that were left out because nobody asked for them."""

    lines: tuple[Line, ...]
    ignored: tuple[str, ...]


def read(raw: bytes, columns: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Sheet:
    """The spreadsheet. `columns` maps each column to its other names. Raises SpreadsheetError."""
    rows = rows_of(raw)
    place = next((i for i, (_, cells) in enumerate(rows) if any(cells)), None)
    if place is None:
        raise SpreadsheetError([Slip(0, "", "The file is empty.", f"Its first row names the columns: {', '.join(columns)}.")])
    found, ignored = _header(*rows[place], columns, needed)
    body = [(n, cells) for n, cells in rows[place + 1 :] if any(c.strip() for c in cells)]
    lines = tuple(Line(n, {c: cells[i].strip() for c, i in found.items() if i < len(cells)}) for n, cells in body)
    if long := [Slip(x.row, c, "the cell is very long", _QUOTE) for x in lines for c in found if len(x[c]) > LONGEST_CELL]:
        raise SpreadsheetError(long)
    return Sheet(lines, ignored)


def rows_of(raw: bytes) -> list[tuple[int, list[str]]]:
    """Every row's cells as they stand, with the row's number. Raises SpreadsheetError."""
    return list(_rows(_text(raw)))


def _text(raw: bytes) -> str:
    """The file as text: by its mark, else UTF-8, else what Excel writes in this country."""
    wide = raw.startswith(_UTF16)
    if len(raw) > MOST_BYTES or raw.startswith(_OTHER_FILES) or (b"\0" in raw and not wide):
        raise SpreadsheetError([Slip(0, "", "This is not a CSV file.", "In Excel, choose Save as, “CSV UTF-8 (comma delimited)”.")])
    if wide:
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers, parted by the mark that the first line has most of."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_MARKS, key=first.count))
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise SpreadsheetError([Slip(reader.line_num, "", f"the row cannot be read ({error})", _QUOTE)]) from None


def _header(
    row: int, names: Sequence[str], columns: Mapping[str, Sequence[str]], needed: Sequence[str],
) -> tuple[dict[str, int], tuple[str, ...]]:  # fmt: skip
    """Where each column stands, and the names of those that nobody asked for. Raises SpreadsheetError."""
    by_name = {_plain(name): column for column, others in columns.items() for name in (column, *others)}
    found: dict[str, int] = {}
    ignored, slips = [], []
    for i, name in enumerate(n.strip() for n in names):
        column = by_name.get(_plain(name))
        if column in found:
            slips.append(Slip(row, name, f"the column {column} is there twice", "Delete one of the two."))
        elif column:
            found[column] = i
        elif close := get_close_matches(_plain(name), columns, 1, ALIKE):
            slips.append(Slip(row, name, "this column is not known", f"Did you mean {close[0]}? Rename it, or delete it."))
        elif name:
            ignored.append(name)
    for column in (c for c in needed if c not in found):
        others = f" It may also be called {', '.join(columns[column])}." if columns[column] else ""
        slips.append(Slip(row, column, "this column is missing", f"Add it.{others}"))
    if slips:
        raise SpreadsheetError(slips)
    return found, tuple(ignored)


def _plain(name: str) -> str:
    """A column's name without case, blanks, dashes and the like."""
    return "".join(c for c in name.lower() if c.isalnum())
