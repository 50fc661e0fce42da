"""A policy's text as words with places, and where a sentence, a list item or a heading may begin. Pure."""

import re
import string
from dataclasses import dataclass, replace

from bot.passages import BETWEEN

_TRIMMED = string.punctuation + "“”‘’…–—·•▪●"
_NUMBERED = re.compile(r"\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)]|\((?:[a-z]|[ivx]{1,4}|\d{1,3})\)|(?:[a-z]|[ivx]{1,4})[.)]", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?][”\"’')\]]*$")
_PAUSE = re.compile(r"[:;][”\"’')\]]*$")
_SHORTENED = frozenset(("e.g.", "i.e.", "mr.", "mrs.", "ms.", "dr.", "no.", "vs.", "inc.", "st."))
WRAPPED_BELOW = 130  # characters: a text whose longest line is shorter was wrapped by a program


@dataclass(frozen=True, slots=True)
class Word:
    """A word: how it is compared and where it stands. `number`: it numbers what follows.

    `line`: it is the first of a line. `edge`: a piece may begin with it. `unit`: a sentence, an item or a heading does.
    """

    key: str
    start: int
    end: int
    number: bool = False
    line: bool = False
    edge: bool = False
    unit: bool = False


def clean(text: str) -> str:
    """A text as it is kept: without byte order mark, lines and pages ended in one way."""
    return re.sub(r"\r\n?|[\v\f]", "\n", text.removeprefix("\ufeff"))


def key(token: str) -> str:
    """A token without capitals and the punctuation around it."""
    return token.casefold().replace("’", "'").strip(_TRIMMED)


def words(text: str) -> list[Word]:
    """All words in order. Bullets between them are left out; a lone sign belongs to the word beside it."""
    found: list[Word] = []
    width = max(map(len, text.splitlines()), default=0)
    held: int | None = None  # where lone signs at the beginning of a line started
    for match in re.finditer(r"\S+", text):
        token = match[0]
        before = text[found[-1].end : match.start()] if found else "\n"
        if not token.strip(BETWEEN):
            continue
        start = match.start() if held is None else held
        if not key(token) and not token.strip(string.punctuation + "▪●–—…"):
            if "\n" in before:
                held = start
            elif found:
                found[-1] = replace(found[-1], end=match.end())
            continue
        start = start + len(text[start : match.end()]) - len(text[start : match.end()].lstrip(BETWEEN))
        edge, unit = _begins(text, found, start, token, width)
        number = edge and bool(_NUMBERED.fullmatch(token))
        found.append(Word(key(token), start, match.end(), number, not found or "\n" in before, edge, unit))
        held = None
    return found


def _begins(text: str, found: list[Word], start: int, token: str, width: int) -> tuple[bool, bool]:
    """Whether a piece may begin at this token, and whether one surely does."""
    if not found:
        return True, True
    last = text[found[-1].start : found[-1].end]
    between = text[found[-1].end : start]
    if found[-1].number:
        return "\n\n" in between, False
    ends = bool(_SENTENCE_END.search(last)) and last.lower().lstrip("(") not in _SHORTENED and not _initial(last)
    starts = not token.lstrip(_TRIMMED)[:1].islower()
    if "\n" not in between:
        return (ends and starts) or bool(_PAUSE.search(last)), ends and starts
    hard = between.count("\n") > 1 or bool(set(between) & set(BETWEEN.strip())) or ends or not _wrapped(text, found[-1].end, start, token, width)
    return hard, hard


def _wrapped(text: str, end: int, start: int, token: str, width: int) -> bool:
    """Whether a line goes on in the next one: it does so in lower case, or because the next word no longer fitted."""
    last = text[text.rfind("\n", 0, end) + 1 : end]
    if token[:1].islower() and not _PAUSE.search(last):
        return True
    return width <= WRAPPED_BELOW and len(last) + 1 + len(token) > width


def _initial(token: str) -> bool:
    return len(token) == 2 and token[0].isupper()  # noqa: PLR2004 - a letter and a full stop: "J. Smith"


def bare(found: list[Word]) -> tuple[str, ...]:
    """The words as they are compared, without the numbers at the beginning."""
    rest = list(found)
    while len(rest) > 1 and rest[0].number:
        rest.pop(0)
    return tuple(w.key for w in rest if w.key)
