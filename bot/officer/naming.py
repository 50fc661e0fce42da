"""Names and first guesses for sentences that a new text brings: an id, the force, the section. Pure."""

import re
from collections.abc import Collection

from bot.officer.tokens import bare, words

_SMALL = frozenset(
    "a an and any anyone anything are as at be by can do for from has have if in is it its may must not of on or other others our put shall should "
    "that the their they this to about all use using via who will with you your".split()
)
_FORCES = (
    ("must-not", r"(?:must|may|shall|will|should|can) (?:not|never)|cannot|can't|mustn't|do not|don't|never|prohibited|forbidden|not permitted"),
    ("must", r"must|shall|will|required|ensure|need to"),
    ("should", r"should|encouraged|expected|advised|consider"),
    ("may", r"may|can|free to|welcome to|allowed to"),
)  # fmt: skip
_NUMBER = re.compile(r"\(?(\d{1,3}(?:\.\d{1,3})*)[.)]?\s+(\D.*)", re.DOTALL)
LONGEST = 3  # words in an id


def slug(text: str, most: int = LONGEST) -> str:
    """The telling words of a text as an id: 'ai-tools-personal'."""
    plain = [re.sub(r"[^a-z0-9]+", "", w) for w in bare(words(text))]
    telling = [w for w in plain if w and w not in _SMALL] or [w for w in plain if w]
    return "-".join(telling[:most]) or "piece"


def fresh(text: str, taken: Collection[str], *, heading: bool = False) -> str:
    """An id that is not taken: the sentence's own number, or its telling words."""
    name = number(text)
    if heading or not name or name in taken:
        name = slug(text)
    return next(n for n in (name, *(f"{name}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)


def number(text: str) -> str:
    """'2.4' of '2.4 Staff will…'; empty where it has none."""
    found = _NUMBER.fullmatch(text.strip())
    return found[1] if found else ""


def unnumbered(text: str) -> str:
    """The text without the number at its beginning."""
    found = _NUMBER.fullmatch(text.strip())
    return " ".join((found[2] if found else text).split())


def force(text: str) -> str:
    """The force that the words suggest; somebody has to look at it."""
    return next((name for name, pattern in _FORCES if re.search(rf"\b(?:{pattern})\b", text.replace("’", "'"), re.IGNORECASE)), "states")
