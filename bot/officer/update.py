"""`askwell update`: a new text of a policy. The next version is prepared beside the present one, which goes on answering.

Sentences that stay keep their ids and rules, changed ones keep them too and are marked for reading, new ones become pieces that
somebody has to encode, and what is gone is taken out with its rules. Nothing is written unless everything could be.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot import load, schema
from bot.knowledge import Knowledge, Organisation, Place
from bot.load import Reader
from bot.officer import folder, layout, rewrite, touched
from bot.officer.folder import Draft, OfficerError
from bot.officer.match import Matched, match
from bot.officer.rewrite import Suggest, alike, flat
from bot.officer.tokens import clean
from bot.officer.touched import Under
from bot.scenarios import Scenario, scenarios

ANOTHER = 0.2  # with a smaller part of the old words found again, a text is taken for another document


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence with other words than before, or that is gone, and what hangs on it."""

    id: str
    before: str
    after: str
    place: Place
    under: Under


@dataclass(frozen=True, slots=True)
class New:
    """A sentence that was not there, with the id that it got."""

    id: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Update:
    """What a new text does to the encoded policy. `small`: numbers, capitals or punctuation only; `notes`: what else was taken out."""

    organisation: str
    folder: str
    same: int
    small: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    new: tuple[New, ...] = ()
    gone: tuple[Change, ...] = ()
    moved: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the new text is the old one."""
        return not (self.small or self.changed or self.new or self.gone or self.moved)


def update(
    known: Knowledge, root: Path, organisation: str, text: str | None, today: date, *,
    write: bool = True, anyway: bool = False, suggest: Suggest | None = None,
) -> Update:  # fmt: skip
    """Prepare the next version for a new text, or for other rules under the same text (None). `known` is what stands under `root`.

    Raises OfficerError or KnowledgeError, having written nothing. `anyway`: even if hardly anything of the old text is in the new.
    `suggest` names topics that a new sentence may belong to.
    """
    with folder.drafting(root, organisation, today) as draft:
        done = _reopened(draft.copy) if text is None else _retold(known, draft, clean(text), suggest or _nothing, anyway)
        if write and not (text is not None and done.nothing):
            draft.keep(today)
    return done


def _nothing(_: str) -> Sequence[str]:
    return ()


def _reopened(copy: Path) -> Update:
    """The same text, for other rules."""
    folder.write(copy / "organisation.yaml", rewrite.head(folder.read(copy / "organisation.yaml"), details=False, doubt=False))
    return Update(copy.name.removesuffix(".next"), f"organisations/{copy.name}", len(rewrite.pieces(folder.sections(copy))))


def _retold(known: Knowledge, draft: Draft, text: str, suggest: Suggest, anyway: bool) -> Update:
    source, copy = draft.source, draft.copy
    before = load.organisation(known, source)
    sections = folder.sections(source)
    old = rewrite.pieces(sections)
    matched = match([p.says for p in old], text)
    if not anyway:
        _same_document(old, matched)
    gone = {old[i].id for i in matched.gone}
    gone_rules = {r.id for r in before.rules if gone.intersection(r.clauses)}
    renamed = rewrite.renamed(sections, matched)
    _lay_out(copy, text, sections, layout.laid_out(sections, rewrite.placed(sections, matched, gone_rules, suggest), renamed))
    if (copy / "tensions.yaml").exists():
        folder.write(copy / "tensions.yaml", rewrite.tensions(folder.read(copy / "tensions.yaml"), folder.tensions(copy), gone, gone_rules))
    head = rewrite.head(folder.read(copy / "organisation.yaml"), details=True, doubt=before.in_doubt_clause in gone)
    folder.write(copy / "organisation.yaml", head)
    done = _told(old, matched, before, load.organisation(known, copy), _reached(known, before, source))
    titles = tuple((_title(a), _title(b)) for a, b in renamed.items())
    return replace(done, renamed=titles, notes=rewrite.notes(before, gone, gone_rules))


def _same_document(old: Sequence[schema.PieceFile], matched: Matched) -> None:
    total = sum(len(p.says.split()) for p in old) or 1
    kept = sum(len(old[p.old].says.split()) for p in matched.pieces if p.old is not None)
    if kept < ANOTHER * total:
        raise OfficerError(
            f"Only {100 * kept // total} % of the policy's words were found in this text, so it looks like another document. "
            "If it is the new policy, run the command again with --anyway."
        )


def _lay_out(copy: Path, text: str, before: Sequence[layout.Section], files: dict[str, str]) -> None:
    """Write what differs; a file in which nothing changes is not touched."""
    folder.write(copy / "policy.txt", text)
    known = {s.name: s.text for s in before}
    for name in known.keys() - files.keys():
        (copy / "sections" / name).unlink()
    for name, content in files.items():
        if known.get(name) != content:
            folder.write(copy / "sections" / name, content)


def _reached(known: Knowledge, before: Organisation, source: Path) -> list[tuple[Scenario, frozenset[str]]]:
    """The scenarios of the version that was read, at the place where they will stand, each with the clauses that it comes to."""
    reader = Reader(source.parent.parent)
    mine = (s for s in scenarios(reader, reader.root) if s.organisation == source.name)
    there = (replace(s, place=replace(s.place, file=f"organisations/{before.id}.next/scenarios/{Path(s.place.file).name}")) for s in mine)
    return touched.reached(known, before, there)


def _told(
    old: Sequence[schema.PieceFile], matched: Matched, before: Organisation, after: Organisation,
    reached: list[tuple[Scenario, frozenset[str]]],
) -> Update:  # fmt: skip
    changes = [
        _change(old[p.old].id, flat(old[p.old].says), flat(p.text), after, reached)
        for p in matched.pieces if p.old is not None and flat(old[p.old].says) != flat(p.text)
    ]  # fmt: skip
    return Update(
        organisation=before.id,
        folder=f"organisations/{before.id}.next",
        same=len(old) - len(matched.gone) - len(changes),
        small=tuple(c for c in changes if alike(c.before, c.after)),
        changed=tuple(c for c in changes if not alike(c.before, c.after)),
        new=tuple(New(c.id, flat(c.text), c.place) for c in after.clauses.values() if c.id not in before.clauses),
        gone=tuple(_change(old[i].id, flat(old[i].says), "", before, reached) for i in matched.gone),
        moved=tuple(old[p.old].id for p in matched.pieces if p.moved and p.old is not None),
    )


def _change(name: str, before: str, after: str, where: Organisation, reached: list[tuple[Scenario, frozenset[str]]]) -> Change:
    return Change(name, before, after, where.clauses[name].place, touched.under(where, name, reached))


def _title(section: tuple[str, str]) -> str:
    return section[1] if section[0] == section[1] else f"{section[0]} {section[1]}"
