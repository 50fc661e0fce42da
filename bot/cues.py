"""Cues as people write them, made into patterns: phrases in which lists of words stand by their names.

A cue is a regular expression with three differences that make it readable: `(a|b)` only groups, `{friend}` is any one of the
words of that name, and what stands between `<` and `>` is the number that is read (a second time: its unit).
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.knowledge import Cue
from bot.schema import CueFile, FactFile
from bot.yaml_lines import Path_

Words = Mapping[str, str]
BETWEEN = " | "  # what parts the words of a list, so that it can be wrapped and read
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])+\]|\(\?<?[=!]|\{[a-z][^}]*\}|[(<>]")
_PLAIN = {"(": "(?:", "<": "(", ">": ")"}
_STARTS_WITH_A_MARK = re.compile(r"""\[?[@'"#](?!\?)|\\\W""")
_ENDS_WITH_A_MARK = re.compile(r"\\\W$|\$$")


class CueError(ValueError):
    """Raised for a cue that is no pattern, or that names words which are nowhere listed."""


def every(raw: FactFile, shared: Words) -> tuple[tuple[Cue, ...], list[tuple[Path_, str]]]:
    """All cues of a fact, and what is wrong with the others, each with its path in the file."""
    made: list[Cue] = []
    wrong: list[tuple[Path_, str]] = []
    for path, value, written in _written(raw):
        try:
            made.append(cue(value, written, {**shared, **raw.words}))
        except CueError as error:
            wrong.append((path, str(error)))
    return tuple(made), wrong


def _written(raw: FactFile) -> Iterator[tuple[Path_, str, str | CueFile]]:
    for i, one in enumerate(raw.numbers):
        yield ("numbers", i), "#", one
    for value, spec in raw.values.items():
        for i, one in enumerate(spec.cues):
            yield ("values", value, "cues", i), value, one


def cue(value: str, written: str | CueFile, words: Words) -> Cue:
    """A cue of a fact's value: it counts as whole words, unless it begins or ends with a mark. Raises CueError."""
    raw = CueFile(says=written) if isinstance(written, str) else written
    start = "" if _STARTS_WITH_A_MARK.match(raw.says) else r"\b"
    end = "" if _ENDS_WITH_A_MARK.search(raw.says) else r"\b"
    pattern = start + expanded(raw.says, words) + end + _not_before(raw.not_before, words)
    after = rf"(?<!\w){_any(raw.not_after, words)} ?$" if raw.not_after else ""
    unless = rf"\b{_any(raw.unless, words)}" if raw.unless else ""
    for part in (pattern, after, unless):
        try:
            re.compile(part)
        except re.error as error:
            raise CueError(f"the cue '{raw.says}' is not a pattern: {error}") from None
    return Cue(value, pattern, after, unless)


def _not_before(listed: str, words: Words) -> str:
    """What must not follow, as whole words; a blank between may be left out of the list."""
    ways = [("" if one.startswith(".") else " ?") + expanded(one, words) for one in listed.split(BETWEEN) if one]
    return rf"(?!(?:{'|'.join(ways)})(?!\w))" if ways else ""


def _any(listed: str, words: Words) -> str:
    return f"(?:{'|'.join(expanded(one, words) for one in listed.split(BETWEEN))})"


def expanded(text: str, words: Words, within: Sequence[str] = ()) -> str:
    """The text as a regular expression, with the words of every `{name}` in its place; raises CueError."""

    def replaced(match: re.Match[str]) -> str:
        token = match[0]
        return _listed(token[1:-1], words, within) if token[0] == "{" else _PLAIN.get(token, token)

    return _TOKEN.sub(replaced, text)


def _listed(name: str, words: Words, within: Sequence[str]) -> str:
    if name not in words:
        raise CueError(f"'{{{name}}}' is nowhere listed")
    if name in within:
        raise CueError(f"the words of '{{{name}}}' lead back to themselves")
    return f"(?:{'|'.join(expanded(one, words, (*within, name)) for one in words[name].split(BETWEEN))})"
