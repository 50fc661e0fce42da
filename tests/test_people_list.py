"""A staff list from a spreadsheet: read as people save it, every slip told at once, and nothing half taken."""

import time
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cells, staff
from bot.cells import CellError
from bot.guide import ROLES
from bot.people import Person
from bot.spreadsheet import LONGEST_CELL, Slip, SpreadsheetError
from bot.staff import Place

PLACES = {
    "sefton": Place(("Healthwatch Sefton",), ("safeguarding-lead", "manager", "chair")),
    "rutland": Place(("Healthwatch Rutland", "HWR"), ("safeguarding-lead", "board-member")),
}
HEADER = "name,email,organisation,role,manager,joined,channels,cover,leave,duties\n"
WHOLE = HEADER + (
    "Ann Lee,ann@example.org,sefton,manager,,2024-02-01,slack email,Mon-Fri 09:00-17:00,"
    "2026-12-24..2027-01-02; 2027-03-01,safeguarding lead; deputy chair\n"
    "Bob O’Hara,bob@example.org,sefton,staff,ann@example.org,,,,,\n"
)
ANN = Person(
    "sefton", "ann@example.org", "Ann Lee", "manager", None, date(2024, 2, 1), ("slack", "email"), "Mon-Fri 09:00-17:00",
    ((date(2026, 12, 24), date(2027, 1, 2)), (date(2027, 3, 1), date(2027, 3, 1))), ("safeguarding-lead", "deputy:chair"),
)  # fmt: skip
BOB = Person("sefton", "bob@example.org", "Bob O’Hara", "staff", "ann@example.org")


def people(text: str | bytes, organisation: str = "") -> tuple[Person, ...]:
    """The people in a spreadsheet."""
    return staff.read(text.encode() if isinstance(text, str) else text, PLACES, organisation).people


def slips(text: str | bytes, organisation: str = "") -> list[Slip]:
    """What is to mend in a spreadsheet."""
    with pytest.raises(SpreadsheetError) as caught:
        people(text, organisation)
    return caught.value.slips


def places(text: str, organisation: str = "") -> list[tuple[int, str]]:
    """Where there is something to mend."""
    return [(s.row, s.column) for s in slips(text, organisation)]


def row(**cells: str) -> str:
    """A list of one person."""
    values = {"name": "Ann", "email": "ann@example.org", "organisation": "sefton", "role": "staff", **cells}
    return ",".join(values) + "\n" + ",".join(f'"{v}"' for v in values.values()) + "\n"


def test_a_whole_list_is_read() -> None:
    """Every column becomes what the directory keeps."""
    assert people(WHOLE) == (ANN, BOB)


@pytest.mark.parametrize(
    "raw",
    [
        WHOLE.encode(), b"\xef\xbb\xbf" + WHOLE.encode(), WHOLE.encode("cp1252"), WHOLE.encode("utf-16"), WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace(",", "\t").encode(), ("\n\n" + WHOLE + "\n,,,\n").encode(),
    ],
    ids=["utf-8", "with a mark", "Excel's own", "unicode text", "Windows lines", "tabs", "blank rows"],
)  # fmt: skip
def test_it_is_read_however_it_was_saved(raw: bytes) -> None:
    """Encoding, line ends, tabs and blank rows do not matter."""
    assert people(raw) == (ANN, BOB)


def test_semicolons_are_read_as_continental_spreadsheets_write_them() -> None:
    """Where a cell holds one, it stands in quotes."""
    assert people('e-mail;Name;Role;leave\nann@example.org;Ann;staff;"2027-03-01; 2027-03-02"\n', "sefton")[0].leave[1][0] == date(2027, 3, 2)


def test_columns_come_in_any_order_under_their_usual_names() -> None:
    """What Askwell does not need is left out, and named."""
    found = staff.read(b"Payroll no,Line Manager,E-mail Address,ROLE,Full name\n7,,ann@example.org,Trustee,Ann  Lee\n", PLACES, "rutland")
    assert found.people == (Person("rutland", "ann@example.org", "Ann Lee", "director"),)
    assert found.ignored == ("Payroll no",)


def test_every_slip_is_told_at_once_with_its_place() -> None:
    """Nobody has to try ten times."""
    text = HEADER + (
        "Ann,ann(at)example.org,sefton,staff,,,,,,\n"
        ",bob@example.org,mars,king,nobody@example.org,31/02/2024,fax,whenever,2026-12-24..2026-12-01,pope\n"
        "Cy,cy@example.org,sefton,staff,nobody@example.org,,,,,pope\n"
        "Di,cy@example.org,sefton,staff,,,,,,\n"
    )
    assert places(text) == [
        (2, "email"), (3, "channels"), (3, "cover"), (3, "joined"), (3, "leave"), (3, "name"), (3, "organisation"), (3, "role"),
        (4, "duties"), (4, "manager"), (5, "email"),
    ]  # fmt: skip
    assert all(s.mend.endswith(".") and s.what for s in slips(text))
    assert "row 2, email: 'ann(at)example.org' is not an e-mail address\n    Write one address" in str(SpreadsheetError(slips(text)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "The file is empty."), ("\n\n", "The file is empty."), (HEADER, "Nobody is in the file."), ("nme,email,role\n", "Did you mean name?"),
        ("name,name,email,role\nA,A,a@example.org,staff\n", "is there twice"), ("role,name\nstaff,Ann\n", "this column is missing"),
        ("PK\x03\x04 and so on", "This is not a CSV file."), ("name,email\0,role\n", "This is not a CSV file."),
        ('name,email,role\n"Ann,ann@example.org,staff\n' + "x" * LONGEST_CELL, "quotation mark that is not closed"),
    ],
)  # fmt: skip
def test_what_is_no_staff_list_is_explained(text: str, says: str) -> None:
    """With what to do."""
    assert any(says in str(s) for s in slips(text, "sefton"))


def test_the_organisation_is_needed_unless_it_was_said() -> None:
    """In a column, by its id or its name; or for the whole list."""
    assert people(row(organisation="healthwatch  SEFTON"))[0].organisation == "sefton"
    assert people("name,email,role\nAnn,ann@example.org,staff\n", "rutland")[0].organisation == "rutland"
    assert places("name,email,role\nAnn,ann@example.org,staff\n") == [(1, "organisation")]
    assert places(row(organisation="")) == [(2, "organisation")]
    assert "leave out --org" in str(slips(row(), "rutland")[0])


@pytest.mark.parametrize(
    "said", [" Ann@Example.ORG ", "mailto:ann@example.org", "<ann@example.org>", "ann@exam\u200bple.org", "ann@example.org\u00a0"]
)
def test_an_address_is_kept_in_one_way(said: str) -> None:
    """So that it is the same person everywhere."""
    assert cells.email(said) == "ann@example.org"


@pytest.mark.parametrize(
    "said", ["", "ann", "ann@", "@example.org", "ann@example", "ann@exa mple.org", "ann@b@example.org", "ann@.org", "a" * 300 + "@example.org"]
)
def test_what_is_no_address_is_refused(said: str) -> None:
    """A manager or a link would not reach anybody."""
    with pytest.raises(CellError):
        cells.email(said)


@given(st.text(max_size=40))
def test_an_address_that_is_taken_stays_as_it_is(said: str) -> None:
    """Reading it again changes nothing, whatever was typed."""
    try:
        found = cells.email(said)
    except CellError:
        return
    assert cells.email(found) == found and found == found.lower() and " " not in found


def test_a_manager_may_be_named_if_only_one_person_has_that_name() -> None:
    """Otherwise by address; and they must be in the list, in the same organisation."""
    lines = "Ann Lee,ann@example.org,sefton,manager,\nBob,bob@example.org,sefton,staff,{0}\n"
    head = "name,email,organisation,role,manager\n"
    assert people(head + lines.format("ann  lee"))[1].manager == "ann@example.org"
    assert people(head + lines.format("ANN@example.org"))[1].manager == "ann@example.org"
    assert places(head + lines.format("ann lee") + "Ann Lee,other@example.org,sefton,staff,\n") == [(3, "manager")]
    assert places(head + lines.format("kim@example.org") + "Kim,kim@example.org,rutland,staff,\n") == [(3, "manager")]


@pytest.mark.parametrize(
    ("bosses", "told"),
    [
        ("a>a", ["a@example.org is their own manager"]),
        ("a>b b>a", ["manage each other in a circle"]),
        ("a>b b>c c>d d>b", ["in a circle"]),
        ("a>b b>c", []),
    ],
)
def test_nobody_is_in_the_end_their_own_manager(bosses: str, told: list[str]) -> None:
    """Each circle is told once, with who is in it."""
    boss = dict(pair.split(">") for pair in bosses.split())
    lines = [f"{p},{p}@example.org,staff,{f'{boss[p]}@example.org' if p in boss else ''}" for p in "abcd"]
    text = "name,email,role,manager\n" + "\n".join(lines)
    found = slips(text, "sefton") if told else []
    assert len(found) == len(told) and all(say in str(slip) for say, slip in zip(told, found, strict=True))
    if not told:
        assert len(people(text, "sefton")) == 4


@pytest.mark.parametrize("said", ["2026-11-30", "30/11/2026", "30.11.2026", "30 Nov 2026", "30 November 2026", "30-Nov-2026"])
def test_dates_are_read_as_people_here_write_them(said: str) -> None:
    """Day before month."""
    assert people(row(joined=said))[0].joined == date(2026, 11, 30)


def test_roles_are_those_that_policies_speak_to() -> None:
    """Each by its name, and by common names for it; none by two."""
    assert set(cells.ROLES) == set(ROLES)
    every = [name for role, others in cells.ROLES.items() for name in (role, *others)]
    assert len(every) == len(set(every)) and all(cells.role(name.upper()) in ROLES for name in every)


def test_duties_are_those_of_the_organisations_own_policy() -> None:
    """Somebody may deputise."""
    assert people(row(duties="Board member, deputy safeguarding lead", organisation="rutland"))[0].duties == (
        "board-member",
        "deputy:safeguarding-lead",
    )
    assert "These are: safeguarding-lead, board-member." in str(slips(row(duties="chair", organisation="rutland"))[0])


def test_what_changes_is_told_person_by_person() -> None:
    """New, changed and gone; and in what."""
    moved = replace(BOB, role="manager", manager=None)
    new = replace(BOB, email="cy@example.org")
    change = staff.compare([ANN, BOB], [moved, new])
    assert (change.new, change.changed, change.gone) == ((new,), ((BOB, moved),), (ANN,))
    assert staff.differences(BOB, moved) == ("role", "manager")
    assert staff.compare([ANN, BOB], [BOB, ANN]) == staff.Change((), (), ())


def test_ten_thousand_people_are_read_in_seconds() -> None:
    """The bound is generous, for a slow machine; one second is usual."""
    lines = (f"P {i},p{i}@example.org,sefton,staff,{f'p{i - 1}@example.org' if i else ''},Mon-Fri 09:00-17:00" for i in range(10_000))
    begun = time.perf_counter()
    assert len(people("name,email,organisation,role,manager,cover\n" + "\n".join(lines))) == 10_000
    assert time.perf_counter() - begun < 20


@given(st.binary(max_size=200))
def test_no_file_makes_it_stumble(raw: bytes) -> None:
    """It is read, or explained."""
    try:
        staff.read(raw, PLACES, "sefton")
    except SpreadsheetError as error:
        assert error.slips


def test_every_column_of_a_person_can_be_filled() -> None:
    """The list and the directory know the same things."""
    assert set(staff.COLUMNS) == set(Person.__slots__)
