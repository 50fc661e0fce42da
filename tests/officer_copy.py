"""A copy of the knowledge for an officer to change, and small changes to a policy's text."""

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import yaml

from bot import load
from bot.load import ROOT
from bot.understand.corpus import corpus
from bot.understand.encoder import SIZE
from bot.understand.head import MODELS, Head

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
TODAY = date(2026, 11, 21)
PASSAGES = "passages.npz"
ORGANISATIONS = ("cambspboro", "derbyshire", "rutland", "sefton", "warrington")


def one(target: Path, organisation: str) -> Path:
    """A folder with one organisation only: topics and facts come from the knowledge that is loaded already."""
    root = target / "knowledge"
    shutil.copytree(ROOT / "organisations" / organisation, root / "organisations" / organisation)
    return root


def deciding(target: Path) -> Path:
    """All that decides for sefton. Without examples and cues, by which only words are understood, it loads in a fraction of the time."""
    root = one(target, "sefton")
    shutil.copytree(ROOT / "flows", root / "flows")
    for name in ("signposts.yaml", "law.yaml", "triage/lexical.yaml", "facts/shared/words.yaml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    for folder in ("topics", "facts"):
        (root / folder).mkdir(exist_ok=True)
        for path in sorted((ROOT / folder).glob("*.yaml")):
            kept = _wordless(yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader))  # noqa: S506 - the base loader makes only strings
            (root / folder / path.name).write_text(yaml.safe_dump(kept, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return root


def _wordless(data: object) -> object:
    if isinstance(data, dict):
        return {key: _wordless(value) for key, value in data.items() if key not in ("examples", "cues", "numbers")}
    return [_wordless(x) for x in data] if isinstance(data, list) else data


def models(target: Path, root: Path) -> Path:
    """Models that were trained on a copy's examples, for `askwell publish` to write to: heads that know nothing, and the clauses' real vectors."""
    examples = corpus(load.load(root), root)
    target.mkdir()
    shutil.copy(MODELS / PASSAGES, target / PASSAGES)
    for name, part in (("topics", examples.topics), ("triage", examples.triage)):
        empty = Head(("none",), np.zeros((1, SIZE), np.float32), np.zeros((1, 1), np.float32), *(np.zeros(1, np.float32),) * 2, part.digest)
        for file in (f"{name}.npz", f"{name}-words.npz"):
            empty.save(target / file)
    return target


def text(organisation: str) -> str:
    """The policy as it is published."""
    return (ROOT / "organisations" / organisation / "policy.txt").read_text(encoding="utf-8")


def swapped(said: str, *changes: tuple[str, str]) -> str:
    """A text with passages replaced, each of which must be there."""
    for old, new in changes:
        if old not in said:
            pytest.fail(f"the policy no longer says “{old}”")
        said = said.replace(old, new, 1)
    return said


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
