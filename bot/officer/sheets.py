"""Rows as a spreadsheet file (.xlsx or .csv) and back. A cell is always text: nothing in it is ever run as a formula.

Excel and LibreOffice run a CSV cell that begins like a formula, so it gets an apostrophe in front, which is taken off again.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot import spreadsheet
from bot.officer.columns import ORDER, PROTECTED, Cells
from bot.officer.folder import OfficerError

SHEET, GUIDE = "Rules", "How to use this"
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_GREY, _HEAD = PatternFill("solid", fgColor="EDEDED"), PatternFill("solid", fgColor="D9E6F2")
_HOW = (
    "One row is one rule. Change what stands in the white columns; the grey ones are for reading and cannot be changed here.",
    "A new rule: copy a row of its clause, give it a name of its own in the column Rule, and change the rest.",
    "Take a rule away: delete its row, but leave each clause one row, with the columns from Rule on empty.",
    "What stands for a clause as a whole (Force, Binds, Context, To do) is written on its first row only.",
    "Then run `askwell table import`. Nothing is taken over unless all of it can be read; what is wrong is named by its cell.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the spreadsheet (the header is row 1), and the columns that held a formula."""

    number: int
    cells: Cells
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows that hold anything, and where each column stands, counted from 1."""

    rows: tuple[Row, ...]
    columns: dict[str, int]

    def cell(self, row: int, column: str) -> str:
        """'B17'."""
        return f"{get_column_letter(self.columns.get(column, 1))}{row}"


def save(path: Path, rows: Iterable[Cells]) -> None:
    """Write the file; its name says which kind. Raises OfficerError for another kind, or where it cannot be written."""
    try:
        if path.suffix.lower() == ".xlsx":
            _workbook(rows).save(path)
        elif path.suffix.lower() == ".csv":
            path.write_text(as_csv(rows), encoding="utf-8-sig", newline="")  # Excel takes it for UTF-8 by the mark
        else:
            raise OfficerError(f"{path.name} is neither .xlsx nor .csv. Let the file's name end in one of them.")
    except OSError as error:
        raise OfficerError(f"{path} cannot be written ({error.strerror}). Is it open in another program?") from None


def as_csv(rows: Iterable[Cells]) -> str:
    """The rows with a header, commas between cells."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(c.name for c in ORDER)
    writer.writerows([_guarded(row[c.name]) for c in ORDER] for row in rows)
    return text.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.lstrip(" '").startswith(_RISKY) else text


def unguarded(text: str) -> str:
    """A cell of a CSV file as it was before it was guarded."""
    return text[1:] if text.startswith("'") and text.lstrip(" '").startswith(_RISKY) else text


def _workbook(rows: Iterable[Cells]) -> Workbook:
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a sheet")
    sheet.title = SHEET
    found = [[c.name for c in ORDER], *([row[c.name] for c in ORDER] for row in rows)]
    for number, cells in enumerate(found, 1):
        for at, text in enumerate(cells, 1):
            if text or ORDER[at - 1] in PROTECTED:
                _fill(sheet, number, at, text)
    _layout(sheet, len(found))
    _guide(book.create_sheet(GUIDE))
    return book


def _fill(sheet: Worksheet, row: int, column: int, text: str) -> None:
    cell = sheet.cell(row, column, text)
    cell.data_type = "s"  # openpyxl would make a formula of what begins with =
    cell.number_format = "@"  # so that Excel keeps 2.10 as it is
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if row == 1:
        cell.font, cell.fill = Font(bold=True), _HEAD
    elif ORDER[column - 1] in PROTECTED:
        cell.fill = _GREY


def _layout(sheet: Worksheet, rows: int) -> None:
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(ORDER))}{rows}"
    for at, column in enumerate(ORDER, 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        if column.choices:
            rule = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            rule.error = f"Use one of: {', '.join(column.choices)}"
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{rows + 200}")


def _guide(sheet: Worksheet) -> None:
    lines = [(line, "") for line in _HOW] + [("", "")] + [(c.name, f"{c.says}{' (for reading only)' if c in PROTECTED else ''}") for c in ORDER]
    for number, line in enumerate(lines, 1):
        for at, text in enumerate(line, 1):
            sheet.cell(number, at, text).data_type = "s"
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 100


def read(path: Path) -> Sheet:
    """The rows of a file. Raises OfficerError or SpreadsheetError when it is not one of ours."""
    try:
        if path.suffix.lower() == ".xlsx":
            return _found(list(_book_rows(path)))
        return _found([(n, [unguarded(c) for c in cells], ()) for n, cells in spreadsheet.rows_of(path.read_bytes())])
    except OSError as error:
        raise OfficerError(f"{path} cannot be read ({error.strerror}).") from None
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        if isinstance(error, OfficerError):
            raise
        raise OfficerError(f"{path.name} is not a spreadsheet that can be read. Save it as .xlsx or as “CSV UTF-8”.") from None


def _book_rows(path: Path) -> Iterable[tuple[int, list[str], tuple[int, ...]]]:
    book = load_workbook(path)
    name = SHEET if SHEET in book.sheetnames else book.sheetnames[0]
    for number, cells in enumerate(book[name].iter_rows(), 1):
        formulas = tuple(at for at, cell in enumerate(cells) if cell.data_type == "f")
        yield number, [_text(cell.value) for cell in cells], formulas


def _text(value: object) -> str:
    """What somebody typed as text: Excel makes numbers and truth values of some of it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _found(rows: Sequence[tuple[int, Sequence[str], Sequence[int]]]) -> Sheet:
    """The rows by their columns, in whatever order they stand."""
    if not rows:
        raise OfficerError("The spreadsheet is empty. Export it anew with `askwell table export`.")
    header = [name.strip() for name in rows[0][1]]
    columns = {name: at for at, name in enumerate(header, 1) if name in {c.name for c in ORDER}}
    missing = [c.name for c in ORDER if c.name not in columns]
    if missing:
        raise OfficerError(f"Row 1 lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}. Export it anew, or put the name back.")
    found = []
    for number, cells, formulas in rows[1:]:
        named = {name: cells[at - 1] if at <= len(cells) else "" for name, at in columns.items()}
        if any(text.strip() for text in named.values()):
            found.append(Row(number, named, tuple(header[at] for at in formulas if header[at] in columns)))
    return Sheet(tuple(found), columns)
