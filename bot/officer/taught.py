"""What of a version understanding was not trained on yet: it still answers, but finds the right topic or passage less often."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from bot.knowledge import Knowledge, Organisation

MOST_SHOWN = 8


def missing(knowledge: Knowledge, organisation: Organisation, models: Path) -> Iterator[str]:
    """In sentences what `askwell train` would teach; reads the names in the trained files, not their weights."""
    topics = set(knowledge.topics) - set(_labels(models / "topics.npz"))
    if topics:
        yield f"topics: {_some(topics)}"
    clauses = {c.id for c in organisation.clauses.values() if c.context is None} - _passages(models / "passages.npz", organisation.id)
    if clauses:
        yield f"clauses: {_some(clauses)}"


def _labels(path: Path) -> list[str]:
    with np.load(path, allow_pickle=False) as data:
        return [str(label) for label in json.loads(str(data["meta"]))["labels"]]


def _passages(path: Path, organisation: str) -> set[str]:
    with np.load(path, allow_pickle=False) as data:
        return {str(i) for i in data[f"{organisation}/ids"]} if f"{organisation}/ids" in data.files else set()


def _some(names: set[str]) -> str:
    found = sorted(names)
    return ", ".join(found[:MOST_SHOWN]) + (f" and {len(found) - MOST_SHOWN} more" if len(found) > MOST_SHOWN else "")
