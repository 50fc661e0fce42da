"""The folders of an organisation: the version that holds, and the next one beside it; changed on a copy, all or nothing."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import schema
from bot.effective import NEXT
from bot.findings import Finding, KnowledgeError
from bot.load import Reader
from bot.officer import layout
from bot.officer.yaml_text import NotBlockStyleError

_WORK = ".work-"
_LEFT = 3600  # seconds after which a working folder belongs to no command that still runs


class OfficerError(ValueError):
    """Something that an officer has to mend or decide first: what is wrong, where, and what to do."""


def present(root: Path, organisation: str) -> Path:
    """The folder of the version that holds, or held until the next one took over."""
    return root / "organisations" / organisation


def following(root: Path, organisation: str) -> Path:
    """The folder of the next version, which may not be there."""
    return root / "organisations" / f"{organisation}{NEXT}"


def newest(root: Path, organisation: str) -> Path:
    """The next version where there is one, otherwise the present one; raises OfficerError for an unknown organisation."""
    found = next((f for f in (following(root, organisation), present(root, organisation)) if f.is_dir()), None)
    if found is None or not organisation or "/" in organisation or organisation.startswith("."):
        known = sorted({p.name.removesuffix(NEXT) for p in (root / "organisations").glob("*") if p.is_dir() and not p.name.startswith(".")})
        raise OfficerError(f"'{organisation}' is not an organisation that is encoded here; these are: {', '.join(known)}")
    return found


def reading(folder: Path) -> schema.DraftFile | schema.ConfirmedFile:
    """Who confirmed the version in a folder, if anybody; raises KnowledgeError when organisation.yaml cannot be read."""
    reader = Reader(folder.parent.parent)
    found = reader.file(folder / "organisation.yaml", schema.OrganisationFile)
    if found is None:
        raise KnowledgeError(reader.findings)
    return found[0].reading


def settle(root: Path, organisation: str, today: date) -> bool:
    """Put a confirmed next version in the place of the one that it took over from, once its day has come."""
    folder = following(root, organisation)
    if not folder.is_dir():
        return False
    state = reading(folder)
    if not isinstance(state, schema.ConfirmedFile) or state.effective_from > today:
        return False
    with working(root) as place:
        _swap(folder, present(root, organisation), place / "before")
    return True


@dataclass(frozen=True, slots=True)
class Draft:
    """A next version in the making: a copy of `source` that nobody sees until it is kept."""

    root: Path
    organisation: str
    source: Path
    copy: Path

    def keep(self, today: date) -> None:
        """Put the copy in its place, whole."""
        target = following(self.root, self.organisation)
        if self.source == target:
            settle(self.root, self.organisation, today)
        _swap(self.copy, target, self.copy.parent / "before")


@contextmanager
def drafting(root: Path, organisation: str, today: date) -> Iterator[Draft]:
    """Work on a copy of the newest version, at a path that ends as its place will, so that findings name that place.

    Raises OfficerError for an unknown organisation, and where a version that was confirmed waits for its day.
    """
    source = newest(root, organisation)
    state = reading(source)
    if source == following(root, organisation) and isinstance(state, schema.ConfirmedFile) and state.effective_from > today:
        raise OfficerError(
            f"The version that {state.by} confirmed takes over on {state.effective_from:%-d %B %Y}. Wait for that day, or take it back by deleting "
            f"the folder organisations/{source.name}."
        )
    with working(root) as place:
        copy = following(place, organisation)
        shutil.copytree(source, copy)
        yield Draft(root, organisation, source, copy)


@contextmanager
def working(root: Path) -> Iterator[Path]:
    """A hidden folder on the same disk as the knowledge, so that what is made in it can be put in place by renaming it.

    What a killed command left behind is cleared away first.
    """
    for left in root.glob(f"{_WORK}*"):
        if time.time() - left.stat().st_mtime > _LEFT:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=_WORK) as place:
        yield Path(place)


def take(made: Path, root: Path, organisation: str) -> None:
    """Put a finished folder in the place of the next version."""
    _swap(made, following(root, organisation), made.parent / "before")


def _swap(new: Path, target: Path, aside: Path) -> None:
    """Two renames on one disk: whoever looks sees the old folder or the new one, never half of one."""
    if target.exists():
        target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise


def sections(folder: Path) -> list[layout.Section]:
    """The section files in the policy's order, cut into their pieces; raises KnowledgeError with all findings."""
    reader = Reader(folder.parent.parent)
    found: list[layout.Section] = []
    for path in sorted((folder / "sections").glob("*.yaml")):
        if read := reader.file(path, schema.SectionFile):
            try:
                found.append(layout.cut(path.name, path.read_text(encoding="utf-8"), read[0]))
            except NotBlockStyleError as error:
                reader.findings.append(Finding(read[1].file, 0, f"the file cannot be changed by a program: {error}", "Look at another section file."))
    if reader.findings:
        raise KnowledgeError(reader.findings)
    return found


def tensions(folder: Path) -> list[schema.TensionFile]:
    """The tensions of a version, none where it has no such file."""
    path = folder / "tensions.yaml"
    reader = Reader(folder.parent.parent)
    found = reader.file(path, schema.TensionsFile) if path.exists() else None
    if reader.findings:
        raise KnowledgeError(reader.findings)
    return found[0].tensions if found else []


def text_of(path: Path) -> str:
    """A text file that somebody handed in; raises OfficerError when it is not one."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise OfficerError(f"{path} cannot be read ({error.strerror}). Give the file with the new text.") from None
    except UnicodeDecodeError:
        raise OfficerError(f"{path} is not plain text. Save it from your word processor as “Plain text”, encoding UTF-8.") from None
    if not text.strip() or "\0" in text:
        raise OfficerError(f"{path} holds no text. Save it from your word processor as “Plain text”, encoding UTF-8.")
    return text


def read(path: Path) -> str:
    """A file of ours."""
    return path.read_text(encoding="utf-8")


def write(path: Path, text: str) -> None:
    """A file of ours, with the same ends of lines on every machine."""
    path.write_text(text, encoding="utf-8", newline="\n")
