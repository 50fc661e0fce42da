"""Knowledge as it was: each version that gave a receipt is kept as one zip file, so that the receipt can be replayed."""

import tempfile
import zipfile
from datetime import date
from itertools import chain
from pathlib import Path

from bot import decide, effective, load, receipt, render
from bot.answer import Answer, answer, stale_line
from bot.knowledge import Knowledge
from bot.settings import settings


class NotArchivedError(LookupError):
    """Raised when the knowledge of a receipt was not kept on this machine."""


def folder() -> Path:
    """Where versions are kept: `ASKWELL_DATA`, by default `.askwell` in the home folder."""
    return settings().data / "knowledge"


def keep(root: Path, version: str) -> Path:
    """Keep the files that decisions are made of (examples and scenarios are not), once for each version."""
    target = folder() / f"{version}.zip"
    if target.exists():
        return target
    target.parent.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as handle, zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in load.files(root):
            archive.write(path, path.relative_to(root))
    Path(handle.name).replace(target)
    return target


def keep_editions(root: Path, knowledge: Knowledge) -> None:
    """Keep it under every version that it will give receipts with, now and when next versions take over."""
    for edition in effective.editions(knowledge):
        keep(root, edition.version)


def opened(name: str) -> Knowledge | None:
    """The knowledge kept under a name, or None where it was never kept on this machine."""
    path = folder() / f"{name}.zip"
    if not path.exists():
        return None
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(path) as archive:
        archive.extractall(place)
        return load.load(Path(place))


def find(number: int, root: Path) -> Knowledge:
    """The knowledge whose version begins with this number; raises NotArchivedError when it was never kept here."""
    kept = (opened(path.stem) for path in sorted(folder().glob(f"{number:06x}*.zip")))
    for knowledge in chain([load.load(root)], kept):
        for edition in effective.editions(knowledge) if knowledge else ():
            if receipt.version_number(edition.version) == number:
                return edition
    raise NotArchivedError(f"the knowledge of this receipt ({number:06x}) was not kept in {folder()}; look for it where the receipt was given")


def replayed(then: Knowledge, code: str, now: Knowledge, today: date) -> list[str]:
    """The decision as it was, and apart from it whether today's would differ and how old the policy is."""
    now = effective.on(now, today)
    held = receipt.unpack(then, code)
    before = _answer(then, held, today)
    lines = [f"{then.organisations[held.organisation].name}, {held.role}: {then.topics[held.topic].title}. Knowledge {then.version}."]
    lines += render.paragraphs(before)
    if then.version != now.version and held.organisation in now.organisations and held.topic in now.topics:
        same = _answer(now, held, today).verdict == before.verdict
        lines.append("Today: " + ("the verdict is the same." if same else "the verdict is another one; ask again."))
    stale = stale_line(then.organisations[held.organisation], today)
    return [*lines, *([f"Today: {stale}"] if stale else [])]


def _answer(knowledge: Knowledge, held: receipt.Receipt, today: date) -> Answer:
    organisation = knowledge.organisations[held.organisation]
    table = decide.table(knowledge, organisation, held.topic, held.role)
    known = {f: v for f, v in held.facts.items() if f in knowledge.topics[held.topic].facts}
    return answer(knowledge, organisation, held.role, decide.decide(table, known), today)
