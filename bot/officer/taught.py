"""What understanding has to learn before a version is published, and teaching it: new clauses in seconds, changed examples in minutes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from bot.knowledge import Clause, Knowledge, Organisation, frozen
from bot.officer import folder
from bot.officer.folder import OfficerError
from bot.officer.publish import Plan
from bot.understand import build
from bot.understand.build import Progress
from bot.understand.encoder import EncoderMissingError, MiniLM

MOST_SHOWN = 8
LATER = "Nothing was confirmed. With --no-train you can publish now and run `askwell train` later."


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is to be learnt. `knowledge` is the one in which the version holds; `heads` are stale, `clauses` are new or have another text."""

    knowledge: Knowledge
    heads: tuple[str, ...]
    clauses: tuple[str, ...]

    def told(self) -> Iterator[str]:
        """In sentences; until it is taught Askwell answers all the same, but finds the right topic or passage less often."""
        if self.heads:
            yield "examples that have changed since the last training"
        if self.clauses:
            yield f"clauses: {_some(self.clauses)}"


def lesson(done: Plan, root: Path, models: Path) -> Lesson:
    """What of a version understanding was not trained on yet."""
    knowledge = _holding(done)
    known = _known(models / "passages.npz", done.after.id)
    new = (c for c in done.after.clauses.values() if c.context is None and (c.id not in known or _reworded(done.before, c)))
    return Lesson(knowledge, tuple(build.stale(knowledge, root, models)), tuple(sorted(c.id for c in new)))


def teach(to_learn: Lesson, root: Path, models: Path, progress: Progress) -> None:
    """Write the clauses' vectors, or train everything where heads are stale.

    Raises OfficerError, having changed nothing, when this cannot be done here.
    """
    try:
        encoder = MiniLM()
    except (EncoderMissingError, ImportError) as error:
        raise OfficerError(f"Understanding cannot be taught without its language model: {error}, then run `make setup`. {LATER}") from None
    if to_learn.heads and find_spec("sklearn") is None:
        raise OfficerError(f"Understanding cannot be trained, because scikit-learn is not installed. Run `make setup`. {LATER}")
    with folder.working(models) as made:
        if to_learn.heads:
            _trained(to_learn, root, encoder, made, progress)
        else:
            progress("clauses: reading all policies; this takes some seconds")
            build.passages(to_learn.knowledge, encoder, made / "passages.npz")
            progress("wrote passages.npz")
        for path in sorted(made.iterdir()):
            path.replace(models / path.name)


def _trained(to_learn: Lesson, root: Path, encoder: MiniLM, target: Path, progress: Progress) -> None:
    try:
        build.build(to_learn.knowledge, root, encoder, target, progress)
    except RuntimeError as error:
        raise OfficerError(f"Understanding cannot be trained: {error}. Take back the examples that were changed last. {LATER}") from None


def _holding(done: Plan) -> Knowledge:
    """As it will be when the version holds. The one that it takes over from is known beside it, because it may answer for some time yet."""
    mine = done.after.id
    present = done.knowledge.organisations.get(mine)
    coming = {**done.knowledge.coming, **({mine: present} if present else {})}
    return replace(done.knowledge, organisations=frozen({**done.knowledge.organisations, mine: done.after}), coming=frozen(coming))


def _known(path: Path, organisation: str) -> frozenset[str]:
    """The clauses whose vectors were written; reads their names only."""
    if not path.exists():
        return frozenset()
    with np.load(path, allow_pickle=False) as data:
        return frozenset(str(i) for i in data[f"{organisation}/ids"]) if f"{organisation}/ids" in data.files else frozenset()


def _reworded(before: Organisation | None, clause: Clause) -> bool:
    was = before.clauses.get(clause.id) if before else None
    return was is not None and was.text != clause.text


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:MOST_SHOWN]) + (f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else "")
