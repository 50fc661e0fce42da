"""`askwell table import`: a spreadsheet taken over into the next version, all of it or nothing; what is wrong is named by its cell."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot import load
from bot.checks import every
from bot.findings import Finding, KnowledgeError
from bot.knowledge import Knowledge, Organisation, Place, frozen
from bot.officer import applying, folder, rewrite, sheets
from bot.officer.folder import Draft, OfficerError
from bot.officer.layout import Section
from bot.officer.places import Places
from bot.officer.sheets import Sheet
from bot.officer.taking import CellFinding, Taker, Wanted
from bot.officer.yaml_text import NotBlockStyleError


class TableError(ValueError):
    """Raised when a spreadsheet cannot be taken over; carries every finding, so that all can be mended at once."""

    def __init__(self, findings: Iterable[CellFinding]) -> None:
        self.findings = sorted(findings)
        super().__init__("\n".join(str(f) for f in self.findings))


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in: the rules by name, the clauses with other details, and what `askwell check` still finds, by cell."""

    folder: str
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]
    clauses: tuple[str, ...]
    left: tuple[CellFinding, ...]

    @property
    def nothing(self) -> bool:
        """Whether the spreadsheet says what is encoded already."""
        return not (self.new or self.changed or self.gone or self.clauses)


def take(known: Knowledge, root: Path, organisation: str, path: Path, today: date, *, write: bool = True) -> Taken:
    """Take a spreadsheet over. Raises TableError, OfficerError, SpreadsheetError or KnowledgeError, having written nothing."""
    sheet = sheets.read(path)
    with folder.drafting(root, organisation, today) as draft:
        before = load.organisation(known, draft.copy)
        sections = folder.sections(draft.copy)
        wanted = _wanted(sections, sheet)
        _apply(draft, sections, wanted)
        places = Places(draft.copy, sheet, wanted)
        try:
            after = load.organisation(known, draft.copy)
        except KnowledgeError as error:
            raise TableError(places.cells(error.findings)) from None
        taken = replace(_told(before, after), folder=f"organisations/{draft.copy.name}", left=tuple(places.cells(_left(known, draft, after))))
        if write and not taken.nothing:
            _reopen(draft)
            draft.keep(today)
    return taken


def _wanted(sections: Sequence[Section], sheet: Sheet) -> Wanted:
    wanted = Taker(sheet, [s.read for s in sections]).take()
    if wanted.findings:
        raise TableError(wanted.findings)
    return wanted


def _apply(draft: Draft, sections: Sequence[Section], wanted: Wanted) -> None:
    """Write what differs."""
    try:
        for section in sections:
            if (new := applying.section(section, wanted)) != section.text:
                folder.write(draft.copy / "sections" / section.name, new)
        path = draft.copy / "tensions.yaml"
        if path.exists() or wanted.tensions:
            text = folder.read(path) if path.exists() else "tensions: []\n"
            folder.write(path, applying.tensions(text, folder.tensions(draft.copy), wanted))
    except NotBlockStyleError as error:
        raise OfficerError(f"A file of {draft.source.name} is laid out in a way that cannot be changed by a program: {error}.") from None


def _reopen(draft: Draft) -> None:
    """What was changed is no longer what somebody confirmed."""
    path = draft.copy / "organisation.yaml"
    folder.write(path, rewrite.head(folder.read(path), details=False, doubt=False))


def _left(known: Knowledge, draft: Draft, after: Organisation) -> Iterator[Finding]:
    """What `askwell check` finds in the rules that came in; scenarios and silences are looked at when they stand in their place."""
    alone = replace(known, organisations=frozen({draft.copy.name: replace(after, id=draft.copy.name)}))
    for _, step in every.of_rules(alone):
        yield from (f for f in step() if f.file.startswith(f"organisations/{draft.copy.name}/"))


def _told(before: Organisation, after: Organisation) -> Taken:
    nowhere = Place("", 0)  # where a rule stands is not what it says
    old, new = ({r.id: replace(r, place=nowhere) for r in o.rules} for o in (before, after))
    clauses = (
        c.id for c in after.clauses.values()
        if (b := before.clauses[c.id]) and (b.force, b.binds, b.context, b.to_encode) != (c.force, c.binds, c.context, c.to_encode)
    )  # fmt: skip
    return Taken(
        "", tuple(r for r in new if r not in old), tuple(r for r in new if r in old and new[r] != old[r]), tuple(r for r in old if r not in new),
        tuple(clauses), (),
    )  # fmt: skip
