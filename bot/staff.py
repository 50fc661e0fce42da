"""An organisation's people from a spreadsheet: every slip at once, or people that can be taken as they are. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TypeVar

from bot import cells, spreadsheet
from bot.people import Person
from bot.spreadsheet import Line, Sheet, Slip, SpreadsheetError

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("full name", "staff name", "employee name", "employee", "person"),
    "email": ("e-mail", "email address", "work email", "mail", "user principal name"),
    "organisation": ("organization", "org", "employer", "company"),
    "role": ("type", "staff or volunteer", "person type"),
    "manager": ("line manager", "manager email", "line manager email", "reports to", "supervisor"),
    "joined": ("join date", "start date", "started", "date joined", "employment start date"),
    "channels": ("channel", "reach on", "contact by"),
    "cover": ("cover hours", "hours", "working hours", "on duty"),
    "leave": ("annual leave", "away", "holiday", "holidays", "absence"),
    "duties": ("duty", "responsibilities", "policy roles"),
}
NEEDED = ("name", "email", "role")
_MANAGER_HOW = "Add a row for them, or leave the manager empty."
_DOUBLE_HOW = "Give each person one row, and their own address."
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation as a staff list may call it, and the roles of its policy that somebody can hold."""

    names: tuple[str, ...]
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Staff:
    """What a spreadsheet holds: people, and the columns that were left out."""

    people: tuple[Person, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What taking a spreadsheet would change. `changed` are (before, after)."""

    new: tuple[Person, ...]
    changed: tuple[tuple[Person, Person], ...]
    gone: tuple[Person, ...]


def read(raw: bytes, places: Mapping[str, Place], organisation: str = "") -> Staff:
    """The people in a CSV. `places` are the organisations by id; `organisation`: the one it is for, where no column says so.

    Raises SpreadsheetError with every slip.
    """
    sheet: Sheet = spreadsheet.read(raw, COLUMNS, NEEDED if organisation else (*NEEDED, "organisation"))
    if not sheet.lines:
        raise SpreadsheetError([Slip(0, "", "Nobody is in the file.", "To take everybody out, use `askwell people forget` for each.")])
    slips: list[Slip] = []
    which = partial(cells.organisation, {key: (key, *place.names) for key, place in places.items()}, organisation)
    rows = [(line, _person(line, which, slips)) for line in sheet.lines]
    people = _managed(rows, slips)
    slips += [*_doubles(rows), *_duties(rows, places)]
    slips += _circles(sheet.lines, people) if not slips else []
    if slips:
        raise SpreadsheetError(slips)
    return Staff(tuple(people), sheet.ignored)


def compare(before: Iterable[Person], after: Iterable[Person]) -> Change:
    """Who is new, changed and gone."""
    old, now = ({(p.organisation, p.email): p for p in people} for people in (before, after))
    return Change(
        tuple(p for key, p in now.items() if key not in old),
        tuple((old[key], p) for key, p in now.items() if key in old and old[key] != p),
        tuple(p for key, p in old.items() if key not in now),
    )


def differences(before: Person, after: Person) -> tuple[str, ...]:
    """The columns in which a person changed."""
    return tuple(f.name for f in fields(Person) if getattr(before, f.name) != getattr(after, f.name))


def _person(line: Line, organisation: Callable[[str], str], slips: list[Slip]) -> Person:
    """One row. What cannot be read is noted in `slips`; the person is then not used."""

    def cell(column: str, read: Callable[[str], T], instead: T) -> T:
        try:
            return read(line[column])
        except cells.CellError as error:
            slips.append(Slip(line.row, column, error.what, error.mend))
            return instead

    return Person(
        organisation=cell("organisation", organisation, ""),
        email=cell("email", cells.email, ""),
        name=cell("name", cells.name, ""),
        role=cell("role", cells.role, ""),
        manager=line["manager"] or None,
        joined=cell("joined", cells.joined, None),
        channels=cell("channels", cells.channels, ()),
        cover=cell("cover", cells.cover, ""),
        leave=cell("leave", cells.leave, ()),
        duties=cells.duties(line["duties"]),
    )


def _managed(rows: Sequence[tuple[Line, Person]], slips: list[Slip]) -> list[Person]:
    """Everybody with the address of their manager, who must be in the file, too."""
    known = {(p.organisation, p.email) for _, p in rows}
    by_name: dict[tuple[str, str], list[str]] = {}
    for _, one in rows:
        by_name.setdefault((one.organisation, one.name.lower()), []).append(one.email)
    found = []
    for line, one in rows:
        said = " ".join((one.manager or "").lower().split())
        named = by_name.get((one.organisation, said), [])
        address = said if (one.organisation, said) in known else named[0] if len(named) == 1 else None
        if said and address is None and one.organisation:
            many = len(named) > 1
            what = f"{len(named)} people are called '{one.manager}'" if many else f"'{one.manager}' is not in the file for {one.organisation}"
            slips.append(Slip(line.row, "manager", what, "Write the manager's address as it stands in the email column." if many else _MANAGER_HOW))
        found.append(replace(one, manager=address))
    return found


def _doubles(rows: Sequence[tuple[Line, Person]]) -> list[Slip]:
    """An address stands for one person, and by it they are known on every channel."""
    first: dict[str, int] = {}
    slips = []
    for line, one in rows:
        if one.email and first.setdefault(one.email, line.row) != line.row:
            slips.append(Slip(line.row, "email", f"{one.email} is in row {first[one.email]}, too", _DOUBLE_HOW))
    return slips


def _duties(rows: Sequence[tuple[Line, Person]], places: Mapping[str, Place]) -> list[Slip]:
    """Duties that the policy of a person's organisation knows nothing of."""
    return [
        Slip(line.row, "duties", f"'{duty}' is no role in {one.organisation}'s policy", f"These are: {', '.join(places[one.organisation].duties)}.")
        for line, one in rows if one.organisation
        for duty in one.duties if duty.removeprefix(cells.DEPUTY) not in places[one.organisation].duties
    ]  # fmt: skip


def _circles(lines: Sequence[Line], people: Sequence[Person]) -> list[Slip]:
    """Nobody may be, in the end, their own manager. Each circle is told once."""
    row = {p.email: line.row for line, p in zip(lines, people, strict=True)}
    boss = {p.email: p.manager for p in people}
    done: set[str] = set()
    slips = []
    for start in boss:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = boss[at]
        if at in way:
            circle = list(way)[list(way).index(at) :]
            what = " → ".join([*circle, circle[0]]) + ": they manage each other in a circle" if circle[1:] else f"{at} is their own manager"
            slips.append(Slip(row[circle[0]], "manager", what, "Leave the manager empty for whoever has none."))
        done |= set(way)
    return slips
