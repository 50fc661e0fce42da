"""The rules as a spreadsheet: out and in without a loss, harmless as a file, and with what is wrong named by its cell."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import officer_copy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from officer_copy import ORGANISATIONS, TODAY
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from bot import load
from bot.knowledge import Knowledge
from bot.meaning import meaning
from bot.officer import columns, folder, sheets, table
from bot.officer.columns import (
    ALSO,
    ANSWER,
    CLAUSE,
    FLOW,
    FORCE,
    IN_WORDS,
    ON,
    ORDER,
    OVERRIDES,
    PROTECTED,
    RULE,
    SECTION,
    TO,
    TO_DO,
    VERDICT,
    WHEN,
    WORDS,
)
from bot.officer.folder import OfficerError
from bot.officer.importing import TableError, Taken, take
from bot.officer.update import update
from bot.spreadsheet import SpreadsheetError

Rows = list[dict[str, str]]


def exported(known: Knowledge, root: Path, organisation: str) -> Rows:
    """The rows of the newest version."""
    source = folder.newest(root, organisation)
    made = load.organisation(known, source)
    return [dict(row) for row in table.rows(known, made, [s.read for s in folder.sections(source)], folder.tensions(source))]


def taken(known: Knowledge, root: Path, rows: Rows, organisation: str = "sefton", name: str = "a.csv") -> Taken:
    """The rows written to a file and taken over."""
    sheets.save(root.parent / name, rows)
    return take(known, root, organisation, root.parent / name, TODAY)


def refused(known: Knowledge, root: Path, rows: Rows) -> list[str]:
    """What is said about rows that cannot be taken over; nothing is written."""
    before = officer_copy.contents(root)
    with pytest.raises(TableError) as error:
        taken(known, root, rows)
    assert officer_copy.contents(root) == before
    return [str(f) for f in error.value.findings]


@pytest.fixture
def sefton(tmp_path: Path) -> Path:
    """A copy to change."""
    return officer_copy.one(tmp_path, "sefton")


@pytest.mark.parametrize(("organisation", "name"), [*((o, "a.csv") for o in ORGANISATIONS), ("derbyshire", "a.xlsx"), ("rutland", "a.xlsx")])
def test_out_and_in_changes_nothing(knowledge: Knowledge, tmp_path: Path, organisation: str, name: str) -> None:
    """Nothing differs, so nothing is written."""
    root = officer_copy.one(tmp_path, organisation)
    done = taken(knowledge, root, exported(knowledge, root, organisation), organisation, name)
    assert done.nothing and not done.left and not folder.following(root, organisation).exists()


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_every_rule_written_anew_means_what_it_meant(knowledge: Knowledge, tmp_path: Path, organisation: str) -> None:
    """All rules are taken out and come back from the spreadsheet alone: each cell carries all of its key."""
    root = officer_copy.one(tmp_path, organisation)
    rows = exported(knowledge, root, organisation)
    bare = [{k: "" if k in {c.name for c in columns.RULES} else v for k, v in row.items()} for row in rows if row[SECTION] != "Tension"]
    taken(knowledge, root, bare, organisation)
    assert load.organisation(knowledge, folder.following(root, organisation)).rules == ()
    taken(knowledge, root, rows, organisation)
    assert meaning(load.organisation(knowledge, folder.following(root, organisation))) == meaning(knowledge.organisations[organisation])


def test_a_row_reads_like_a_sentence(knowledge: Knowledge, sefton: Path) -> None:
    """Section, clause, the policy's words, when in words, verdict and what we say."""
    row = next(r for r in exported(knowledge, sefton, "sefton") if r[RULE] == "account-consented")
    assert row[SECTION] == "Limits of use: Setting up, using and sharing accounts"
    assert row[WORDS].startswith("An official account on any social media website") and row[WHEN] == "agreed: yes"
    assert "“Yes" in row[IN_WORDS] and row[VERDICT] == "conditional" and row[OVERRIDES] == "consent-for-account"


def test_order_of_rows_and_columns_does_not_matter(knowledge: Knowledge, sefton: Path) -> None:
    """Sorted by topic, with the columns the other way round."""
    rows = sorted(exported(knowledge, sefton, "sefton"), key=lambda r: (r[ON], r[RULE]))
    path = sefton.parent / "a.csv"
    names = [c.name for c in reversed(ORDER)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    assert take(knowledge, sefton, "sefton", path, TODAY).nothing


def test_one_changed_cell_changes_one_line(knowledge: Knowledge, sefton: Path) -> None:
    """Everything else in the file stays byte for byte, comments included."""
    path = folder.present(sefton, "sefton") / "sections" / "05-limits-publishing.yaml"
    text = path.read_text(encoding="utf-8").replace("- id: consent\n", "# about consent\n- id: consent\n")
    path.write_text(text, encoding="utf-8")
    rows = exported(knowledge, sefton, "sefton")
    (row,) = [r for r in rows if r[RULE] == "picture-with-consent"]
    row[VERDICT] = "Not allowed"
    done = taken(knowledge, sefton, rows)
    after = (folder.following(sefton, "sefton") / "sections" / "05-limits-publishing.yaml").read_text(encoding="utf-8")
    differ = [(a, b) for a, b in zip(text.splitlines(), after.splitlines(), strict=True) if a != b]
    assert differ == [("    verdict: conditional", "    verdict: not_allowed")] and done.changed == ("picture-with-consent",)


def test_rules_come_and_go_with_their_rows(knowledge: Knowledge, sefton: Path) -> None:
    """A copied row with another name is a new rule; a deleted one is gone; what is left to mend is named by its cell."""
    rows = exported(knowledge, sefton, "sefton")
    at = next(i for i, r in enumerate(rows) if r[RULE] == "careful-with-details")
    rows.insert(at + 1, {**rows[at], RULE: "never-details", FORCE: "", WHEN: "", VERDICT: "not_allowed", ANSWER: "Pursuant to the policy, never."})
    rows = [r for r in rows if r[RULE] != "calm-words"]
    done = taken(knowledge, sefton, rows)
    assert (done.new, done.gone, done.changed) == (("never-details",), ("calm-words",), ())
    letter = get_column_letter([c.name for c in ORDER].index(ANSWER) + 1)
    assert [f"{f.cell}: {f.what}" for f in done.left] == [f"{letter}{at + 3}: the answer of 'never-details' says “Pursuant”"]


def test_a_new_text_can_be_encoded_in_the_spreadsheet(knowledge: Knowledge, sefton: Path) -> None:
    """The mark, the force and the rules of a new sentence, without opening a YAML file; its pattern goes."""
    text = officer_copy.swapped(officer_copy.text("sefton"), ("· Don’t be confrontational\n", "· Don’t be confrontational\n· Robots are not staff\n"))
    (new,) = update(knowledge, sefton, "sefton", text, TODAY).new
    rows = exported(knowledge, sefton, "sefton")
    (row,) = [r for r in rows if r[CLAUSE] == new.id]
    assert "it is new" in row[TO_DO]
    row.update({TO_DO: "", FORCE: "states", RULE: "robots", ON: "scope, definitions", VERDICT: "info", ALSO: "yes"})
    row[ANSWER] = "Robots do not count as staff here."
    done = taken(knowledge, sefton, rows)
    after = load.organisation(knowledge, folder.following(sefton, "sefton"))
    assert done.new == ("robots",) and done.clauses == (new.id,) and [f.cell for f in done.left] == ["organisations/sefton.next/organisation.yaml"]
    assert after.clauses[new.id].to_encode is None and "# rules:" not in (sefton / new.place.file).read_text(encoding="utf-8")


def cell(rows: Rows, number: int, column: str, value: str) -> Rows:
    """The rows with one cell changed; numbers count as the spreadsheet does."""
    rows[number - 2][column] = value
    return rows


def ruled(rows: Rows, rule: str) -> int:
    """The row of a rule, as the spreadsheet numbers it."""
    return next(i for i, r in enumerate(rows, 2) if r[RULE] == rule)


# Each slip in a row of its own, so that all are named at once: first what the sheet shows by itself, then what only the rules as a whole show.
ON_THE_SHEET = (
    ("what-for", WORDS, "Other words entirely.", "these are not the words of the clause"), ("no-rows", CLAUSE, "nothing", "“nothing” is no clause"),
    ("calm-words", RULE, "", "the rule has no name"), ("careful-with-details", RULE, "tell-manager", "the name “tell-manager” stands in row"),
    ("advice-spam", ON, "", "On is missing"), ("official-volunteer-chat", WHEN, "account personal", "is not a fact with its values"),
    ("account-consented", WHEN, "account: work\naccount: official", "stands twice"), ("advice-block", VERDICT, "maybe", "none of the words"),
    ("advice-hate", VERDICT, "", "Verdict is missing"), ("advice-duties", FLOW, "tears", "none of the words for Flow"),
    ("professional-tone", ALSO, "perhaps", "neither yes nor empty"), ("advice-phishing", ANSWER, "No.", "too short"),
    ("consent-for-account", FORCE, "gently", "none of the words for Force"), ("not-authorised", columns.ONLY, "pirates", "this cannot stand here"),
)  # fmt: skip
IN_THE_RULES = (
    ("what-for", ON, "frend-request", "'frend-request' is not a topic"), ("no-rows", WHEN, "colour: red", "'colour' is not a fact"),
    ("not-authorised", WHEN, "authorised: pink", "'pink' is not a value of 'authorised'"), ("advice-spam", TO, "king", "'king' is not a role"),
    ("account-consented", OVERRIDES, "nothing-there", "overrides 'nothing-there', which is no rule"), ("advice-block", TO, "", "refers to nobody"),
    ("calm-words", columns.PROVIDED, "consent: all", "has `provided`, but is not `allowed`"),
)  # fmt: skip


@pytest.mark.parametrize("slips", [ON_THE_SHEET, IN_THE_RULES], ids=["on the sheet", "in the rules"])
def test_what_is_wrong_is_named_by_its_cell(knowledge: Knowledge, sefton: Path, slips: tuple[tuple[str, str, str, str], ...]) -> None:
    """The letter of the column, the number of the row, what is wrong, and how to mend it; all of it at once, in the order of the rows."""
    rows = exported(knowledge, sefton, "sefton")
    places = [ruled(rows, rule) for rule, _, _, _ in slips]
    for number, (_, column, value, _) in zip(places, slips, strict=True):
        cell(rows, number, column, value)
    said = refused(knowledge, sefton, rows)
    for number, (_, column, _, says) in zip(places, slips, strict=True):
        place = f"{get_column_letter([c.name for c in ORDER].index(column) + 1)}{number}: "
        assert any(s.startswith(place) and says in s and "\n    " in s for s in said), (place, says)
    numbers = [int(re.sub(r"\D", "", s.split(":")[0])) for s in said if s[0].isupper() and s[1].isdigit()]
    assert numbers == sorted(numbers)


def test_a_clause_without_a_row_is_not_lost_by_mistake(knowledge: Knowledge, sefton: Path) -> None:
    """A filtered export must not take half the rules away."""
    rows = [r for r in exported(knowledge, sefton, "sefton") if r[CLAUSE] != "consent"]
    assert "the clause “consent” has no row any more" in refused(knowledge, sefton, rows)[0]


def test_two_rows_do_not_say_two_things_about_a_clause(knowledge: Knowledge, sefton: Path) -> None:
    """The force stands once."""
    rows = exported(knowledge, sefton, "sefton")
    said = refused(knowledge, sefton, cell(rows, ruled(rows, "picture-with-consent"), FORCE, "may"))
    assert "another row of “consent” says something else" in said[0]


FORMULAS = ("=1+1", "+44 20", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "'=1", " =1", "''@x")


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_text_like_a_formula_is_text_in_the_file_and_comes_back(tmp_path: Path, name: str) -> None:
    """No program runs it: in .xlsx it is a text cell, in .csv it begins with an apostrophe."""
    rows = [{c.name: text for c in ORDER} for text in FORMULAS]
    sheets.save(tmp_path / name, rows)
    if name.endswith("xlsx"):
        found = [row[1] for row in load_workbook(tmp_path / name)[sheets.SHEET].iter_rows(min_row=2)]
        assert [(c.data_type, c.value) for c in found] == [("s", text) for text in FORMULAS]
    else:
        raw = list(csv.reader(io.StringIO((tmp_path / name).read_text(encoding="utf-8-sig"), newline="")))
        assert all(c.startswith("'") for cells in raw[1:] for c in cells)
    back = sheets.read(tmp_path / name).rows
    assert [{k: v.strip() for k, v in row.cells.items()} for row in back] == [{k: v.strip() for k, v in row.items()} for row in rows]


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20))
def test_any_text_comes_back_from_a_guarded_cell(text: str) -> None:
    """Whatever it begins with."""
    guarded = next(csv.reader(io.StringIO(sheets.as_csv([{c.name: text for c in ORDER}]).split("\r\n", 1)[1], newline="")))[0]
    assert sheets.unguarded(guarded) == text
    assert not guarded.lstrip(" ").startswith(("=", "+", "-", "@"))


def test_a_formula_that_somebody_typed_is_not_taken(knowledge: Knowledge, sefton: Path) -> None:
    """Its cell is named."""
    rows = exported(knowledge, sefton, "sefton")
    path = sefton.parent / "a.xlsx"
    sheets.save(path, rows)
    book = load_workbook(path)
    at = ruled(rows, "no-rows")
    book[sheets.SHEET].cell(at, [c.name for c in ORDER].index(ANSWER) + 1).value = '=HYPERLINK("http://example.org")'
    book.save(path)
    with pytest.raises(TableError, match=rf"M{at}: this is a formula"):
        take(knowledge, sefton, "sefton", path, TODAY)


def test_protected_columns_are_named_and_grey(tmp_path: Path) -> None:
    """On the sheet, and in the guide beside it."""
    sheets.save(tmp_path / "a.xlsx", [{c.name: "x" for c in ORDER}])
    book = load_workbook(tmp_path / "a.xlsx")
    sheet = book[sheets.SHEET]
    grey = {sheet.cell(1, at).value for at in range(1, len(ORDER) + 1) if sheet.cell(2, at).fill.fgColor.rgb.endswith("EDEDED")}
    named = {row[0] for row in book[sheets.GUIDE].iter_rows(values_only=True) if "for reading only" in str(row[1])}
    assert grey == named == {c.name for c in PROTECTED}


def workbook(path: Path) -> Path:
    """A spreadsheet of something else."""
    book = Workbook()
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda p: p, "cannot be read"), (lambda p: written(p, b"PK\x03\x04rubbish"), "CSV"), (workbook, "Row 1 lacks|empty"),
        (lambda p: written(p.with_suffix(".xlsx"), b"rubbish"), "CSV"), (lambda p: written(p, b""), "empty"),
        (lambda p: written(p, b"a,b\n1,2\n"), "Row 1 lacks the columns Section"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_of_ours_is_refused_in_words(knowledge: Knowledge, sefton: Path, make: Callable[[Path], Path], says: str) -> None:
    """With what to do."""
    with pytest.raises((OfficerError, SpreadsheetError), match=says):
        take(knowledge, sefton, "sefton", make(sefton.parent / "x.csv"), TODAY)


def written(path: Path, content: bytes) -> Path:
    """A file with this in it."""
    path.write_bytes(content)
    return path


def test_another_kind_of_file_is_not_written(tmp_path: Path) -> None:
    """Nor one that cannot be."""
    with pytest.raises(OfficerError, match=r"neither \.xlsx nor \.csv"):
        sheets.save(tmp_path / "a.pdf", [])
    with pytest.raises(OfficerError, match="cannot be written"):
        sheets.save(tmp_path / "missing" / "a.csv", [])
