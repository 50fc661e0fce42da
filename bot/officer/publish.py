"""`askwell publish`: what has to be mended first, what changes for whom, and the sign-off by somebody at the organisation."""

import tempfile
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot import archive, effective, load, meaning, schema
from bot.checks import every
from bot.findings import Finding
from bot.knowledge import Knowledge, Organisation, frozen
from bot.officer import folder, yaml_text
from bot.officer.changes import Changes, changes
from bot.officer.folder import OfficerError


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be published: the version in `folder`, beside the one that people know (None: there is none, or it was not kept).

    `known_as` says which that is. `changes` is None without it. `findings` have to be mended first.
    """

    folder: Path
    knowledge: Knowledge
    after: Organisation
    before: Organisation | None
    known_as: str
    findings: tuple[Finding, ...]
    changes: Changes | None

    @property
    def next(self) -> bool:
        """Whether it is a next version, which may wait for its day."""
        return self.folder.name.endswith(effective.NEXT)


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who confirms the reading, in which role, on which day, and from which day it applies."""

    by: str
    role: str
    on: date
    effective_from: date


def plan(knowledge: Knowledge, root: Path, organisation: str, today: date) -> Plan:
    """What publishing would do. Raises OfficerError or KnowledgeError; writes nothing."""
    source = folder.newest(root, organisation)
    after = load.organisation(knowledge, source)
    before, known_as = _known(knowledge, source, after)
    findings = tuple(_findings(root, knowledge, source, after, today))
    found = changes(knowledge, before, after) if before else None
    return Plan(source, knowledge, after, before, known_as, findings, found)


def _known(knowledge: Knowledge, source: Path, after: Organisation) -> tuple[Organisation | None, str]:
    """The version that people know: the present one beside a next one, otherwise the one that was last published."""
    if source.name.endswith(effective.NEXT):
        present = knowledge.organisations.get(after.id)
        return present, "the version that answers now" if present else ""
    state = folder.reading(source)
    if not isinstance(state, schema.ConfirmedFile):
        return None, ""
    kept = archive.opened(_name(after.id, state.of))
    there = [kept.organisations.get(after.id), kept.coming.get(after.id)] if kept else []
    return next((o for o in there if o and meaning.digest(o) == state.of), None), f"what {state.by} confirmed on {state.on:%-d %B %Y}"


def _name(organisation: str, digest: str) -> str:
    return f"published-{organisation}-{digest}"


def _findings(root: Path, knowledge: Knowledge, source: Path, after: Organisation, today: date) -> list[Finding]:
    """Everything to mend in this version and in what all organisations share."""
    alone = replace(knowledge, organisations=frozen({source.name: replace(after, id=source.name)}))
    return [finding for _, step in every.content(alone, root, today) for finding in step()]


def sign(root: Path, done: Plan, signed: SignOff) -> bool:
    """Write who confirmed the version, and keep it; returns whether it already applies.

    Raises OfficerError, having written nothing, when it cannot be signed off like this.
    """
    _signable(done, signed)
    digest = meaning.digest(done.after)
    head = done.folder / "organisation.yaml"
    entry = {"status": "confirmed", "by": signed.by.strip(), "role": signed.role.strip(), "on": signed.on, "effective_from": signed.effective_from,
             "of": digest}  # fmt: skip
    _replace(head, yaml_text.put(head.read_text(encoding="utf-8"), (), "reading", entry))
    archive.keep(root, _name(done.after.id, digest))
    if done.next:
        return folder.settle(root, done.after.id, signed.on)
    return True


def _signable(done: Plan, signed: SignOff) -> None:
    if done.findings:
        raise OfficerError(f"{len(done.findings)} to mend before anybody can confirm this version. `askwell check` lists them.")
    if not signed.by.strip() or not signed.role.strip():
        raise OfficerError("Somebody at the organisation has to confirm this: give their name with --by and their role with --role.")
    if not done.next and signed.effective_from > signed.on:
        raise OfficerError(
            f"The rules in organisations/{done.folder.name} answer already, so they cannot wait for {signed.effective_from:%-d %B %Y}. "
            f"To prepare a version that waits, run `askwell update {done.after.id}`, and make the changes there."
        )


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".work-") as place:
        new = Path(place) / path.name
        new.write_text(text, encoding="utf-8", newline="\n")
        new.rename(path)
