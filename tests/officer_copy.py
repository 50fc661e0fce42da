"""A copy of the knowledge for an officer to change, and small changes to a policy's text."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.load import ROOT

TODAY = date(2026, 11, 21)
ORGANISATIONS = ("cambspboro", "derbyshire", "rutland", "sefton", "warrington")


def one(target: Path, organisation: str) -> Path:
    """A folder with one organisation only: topics and facts come from the knowledge that is loaded already."""
    root = target / "knowledge"
    shutil.copytree(ROOT / "organisations" / organisation, root / "organisations" / organisation)
    return root


def everything(target: Path) -> Path:
    """All of it."""
    return shutil.copytree(ROOT, target / "knowledge")


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
