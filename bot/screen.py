"""What fits on the first screen of a phone, and what is said only once. Pure; it cuts between sentences, never within one."""

import re
from collections.abc import Sequence

MOST_WORDS = 60  # before the quote, headline included
MOST_IN_HEADLINE = 5
_SENTENCE = re.compile(r"(?:“[^”]*”|\"[^\"]*\"|.)+?(?:[.!?…][”\")]*(?=\s|$)|$)\s*", re.DOTALL)
_DANGER = re.compile(r"\b999\b")


def sentences(text: str) -> list[str]:
    """The sentences of a text; an exact wording in quotation marks stays in one piece."""
    return [found.strip() for found in _SENTENCE.findall(text) if found.strip()]


def first_screen(fixed: Sequence[str], answers: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of the answers what fits beside the fixed words, and what goes below the quote.

    The first answer is cut after a sentence, and one sentence of it stays beside a mere headline; the others fit whole or not at all.
    """
    room = MOST_WORDS - _count(fixed)
    bare = _count(fixed) <= MOST_IN_HEADLINE
    distinct = list(dict.fromkeys(answers))
    kept: list[str] = []
    for text in sentences(distinct[0]) if distinct else []:
        if (kept or not bare) and _count([*kept, text]) > room:
            break
        kept.append(text)
    first = " ".join(kept)
    below = [distinct[0][len(first) :].strip()] if distinct and first != distinct[0] else []
    above = [first] if first else []
    for text in distinct[1:]:
        (below if below or _count([*above, text]) > room else above).append(text)
    return above, below


def _count(texts: Sequence[str]) -> int:
    return len(" ".join(texts).split())


def danger_once(lines: Sequence[str], said: bool) -> tuple[list[str], bool]:
    """The lines without a second "ring 999", and whether it has been said by now. A line of nothing else goes."""
    kept: list[str] = []
    for line in lines:
        parts: list[str] = []
        for sentence in sentences(line):
            speaks = bool(_DANGER.search(sentence))
            if not (speaks and said):
                parts.append(sentence)
            said = said or speaks
        kept += [" ".join(parts)] if parts else []
    return kept, said
