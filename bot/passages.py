"""Finds each piece of a policy in its text, in order, and says what was left out or changed."""

from dataclasses import dataclass

BETWEEN = " -·•"
MOST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Gap:
    """The text and the pieces part company: `found` stands in the text where `wanted` was expected."""

    index: int
    found: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Passages:
    """Start and end of each piece in the text (None where it was not found), and where they part company."""

    spans: tuple[tuple[int, int] | None, ...]
    gaps: tuple[Gap, ...]


def folded(text: str) -> tuple[str, list[int]]:
    """The text with each run of white space as one blank, and where each of its characters stands in the original."""
    chars: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        blank = char.isspace() or char in "﻿\u200b"
        if blank and (not chars or chars[-1] == " "):
            continue
        chars.append(" " if blank else char)
        offsets.append(offset)
    return "".join(chars), offsets


def locate(text: str, pieces: list[str]) -> Passages:
    """Walk through the text with the pieces; only white space and bullet marks may stand between two."""
    flat, offsets = folded(text)
    at = 0
    spans: list[tuple[int, int] | None] = []
    gaps: list[Gap] = []
    for index, piece in enumerate(pieces):
        words = " ".join(piece.split())
        here = _skip(flat, at)
        if not flat.startswith(words, here):
            found = flat.find(words, here)
            gaps.append(Gap(index, _excerpt(flat, here, found if found >= 0 else None), words[:MOST_SHOWN]))
            if found < 0:
                spans.append(None)
                continue
            here = found
        at = here + len(words)
        spans.append((offsets[here], offsets[at - 1] + 1))
    rest = _skip(flat, at)
    if rest < len(flat):
        gaps.append(Gap(len(pieces), _excerpt(flat, rest, None), "the end of the policy"))
    return Passages(tuple(spans), tuple(gaps))


def _skip(flat: str, at: int) -> int:
    while at < len(flat) and flat[at] in BETWEEN:
        at += 1
    return at


def _excerpt(flat: str, start: int, end: int | None) -> str:
    text = flat[start:end]
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…"
