"""What is measured on: the shared sample where it is there, our own cases, and the held-out sets, whose texts are never shown."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import track

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "exam"
SAMPLE = SHARED / "sample.jsonl"
EXAM = SHARED / "exam.py"
OWN_CASES = ROOT / "tests" / "cases"
HELD_OUT = ROOT / "tests" / "held_out"
ERR = Console(stderr=True, highlight=False)
_QUOTES = str.maketrans({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: "-"})
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """One exam case, as far as the benchmark needs it; `quotes` are already folded by `plain`."""

    id: str
    org: str
    role: str
    say: str
    followup: str
    quotes: tuple[str, ...]


def records(folder: Path) -> list[dict[str, Any]]:
    """Every JSON object of a file, or of the folder's .jsonl files in the order of their names."""
    files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else [folder] if folder.exists() else []
    return [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def cases(source: Path) -> list[Case]:
    """The cases of a file or folder; none where there is no such place."""
    return [
        Case(r["id"], r["org"], r["role"], r["say"], r.get("followup", ""), tuple(plain(q) for q in r["expect"].get("quotes") or ()))
        for r in records(source)
    ]  # fmt: skip


def sample() -> tuple[str, list[Case]]:
    """The shared sample with its name, or our own cases in its stead."""
    found = cases(SAMPLE)
    return ("shared sample", found) if found else ("tests/cases", cases(OWN_CASES))


def plain(text: str) -> str:
    """Quotes, dashes, white space, bullets and case folded as exam.py does, so that only the words count."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return re.sub(r"\s+", " ", re.sub(r"[*_·•]", " ", text)).strip().lower()


def holds(passage: str, quotes: Sequence[str]) -> bool:
    """Whether a passage counts as one of the quotes (folded already): it contains one, or is itself a good part of one."""
    folded = plain(passage)
    return any(quote in folded or (len(folded) > 25 and folded in quote) for quote in quotes)  # noqa: PLR2004 - exam.py's own number


def shown(items: Sequence[T], title: str) -> Iterable[T]:
    """The items, with progress on standard error."""
    return track(items, description=title, console=ERR)


@contextmanager
def unseen(case: str) -> Iterator[None]:
    """Keeps the texts of a held-out case out of an error's words: what went wrong is named by its type and the case's id."""
    try:
        yield
    except Exception as error:
        raise RuntimeError(f"{type(error).__name__} at the case {case}; its text is held out and not shown") from None
