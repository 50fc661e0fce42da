"""Many organisations out of few: a copy of the knowledge in which each organisation stands under many ids."""

import re
import shutil
from pathlib import Path

_ID = re.compile(r"^id:.*$", re.MULTILINE)


def multiply(root: Path, target: Path, count: int) -> dict[str, str]:
    """Copy the knowledge to `target` and its organisations until there are `count`; returns each copy's original."""
    shutil.copytree(root, target, ignore=shutil.ignore_patterns("scenarios"))
    folder = target / "organisations"
    originals = sorted(p.name for p in folder.iterdir() if p.is_dir())
    copies: dict[str, str] = {}
    for number in range(count - len(originals)):
        original = originals[number % len(originals)]
        copy = f"{original}-{number // len(originals) + 2}"
        shutil.copytree(folder / original, folder / copy)
        head = folder / copy / "organisation.yaml"
        head.write_text(_ID.sub(f"id: {copy}", head.read_text(encoding="utf-8"), count=1), encoding="utf-8")
        copies[copy] = original
    return copies
