"""Cleans a message before anything reads it: one kind of quote and blank, no invisible characters, typos repaired."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from symspellpy import SymSpell, Verbosity

MOST_CHARACTERS = 8_000
LONG = 240
LEAST_ENGLISH, LEAST_OTHER = 3, 15  # texts in which a word must stand to be repaired towards
SHORTEST_REPAIRED, TWO_SLIPS = 4, 6  # letters: shorter words are left alone; from here on two slips are repaired
_QUOTES = str.maketrans({"‘": "'", "’": "'", "ʼ": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."})
_FILLERS = "\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5"
_WORD = re.compile(r"[a-z][a-z']*")
_SENTENCE = re.compile(r"[^.!?\n;]+[.!?;]*\s*|\n")
_PLAINLY = re.compile(r"[\n -~]*")
_RUNS = re.compile(r"(.)\1{3,}")


def plain(text: str) -> str:
    """NFKC, without control and format characters (a zero-width blank must not hide a word), straight quotes."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    kept = text if _PLAINLY.fullmatch(text) else "".join(map(_seen, text))
    kept = _RUNS.sub(r"\1\1\1", kept)
    return re.sub(r"[^\S\n]+", " ", kept).strip()


def cut(text: str) -> int:
    """Where the part ends that is read in full: at a blank before `MOST_CHARACTERS`, so that no word is parted."""
    if len(text) <= MOST_CHARACTERS:
        return len(text)
    blank = text.rfind(" ", 0, MOST_CHARACTERS)
    return blank if blank > 0 else MOST_CHARACTERS


def _seen(char: str) -> str:
    """The character, a blank for a tab, nothing for what nobody sees."""
    if char == "\n" or not _unseen(char):
        return char
    return " " if char in "\t\r" else ""


def _unseen(char: str) -> bool:
    """Control, format and private characters, variation selectors, joiners and fillers: nobody sees them, and they can hide a word."""
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs") or char in _FILLERS or "\ufe00" <= char <= "\ufe0f"


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence; what runs on without a stop is cut at a blank before `LONG` characters."""
    spans: list[tuple[int, int]] = []
    for match in _SENTENCE.finditer(text):
        start, end = match.span()
        while end - start > LONG:
            cut = text.rfind(" ", start + LONG // 2, start + LONG)
            cut = cut if cut > 0 else start + LONG
            spans.append((start, cut))
            start = cut
        if text[start:end].strip():
            spans.append((start, end))
    return spans


@dataclass(frozen=True, slots=True)
class Tidy:
    """Repairs typos towards words that our examples and policies use; words that people know are left alone."""

    known: frozenset[str]
    speller: SymSpell

    def repaired(self, text: str) -> str:
        """The lower-cased text with unknown words replaced by the nearest word of the vocabulary, if one is near."""
        return _WORD.sub(lambda match: self._word(match[0]), text.lower())

    def _word(self, word: str) -> str:
        if len(word) < SHORTEST_REPAIRED or word in self.known or word.replace("'", "") in self.known:
            return word
        near = self.speller.lookup(word, Verbosity.TOP, max_edit_distance=1 if len(word) < TWO_SLIPS else 2)
        return near[0].term if near else word


def tidy(known: Iterable[str], vocabulary: Iterable[tuple[str, int]]) -> Tidy:
    """A repairer: `known` words stay, `vocabulary` (with counts) is what may replace an unknown one."""
    speller = SymSpell(max_dictionary_edit_distance=2, prefix_length=6)
    for word, count in vocabulary:
        speller.create_dictionary_entry(word, count)
    return Tidy(frozenset(known), speller)


def load(path: Path) -> Tidy:
    """The repairer from the `word count` lines that `askwell train` wrote, and the English words that symspellpy brings."""
    rows = [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]
    own = [(word, int(count)) for word, count in rows]
    return tidy([*english(), *(word for word, _ in own)], own)


def english() -> list[str]:
    """The words of symspellpy's frequency dictionary (82,000, MIT)."""
    source = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    return [line.split(" ", 1)[0] for line in source.read_text(encoding="utf-8-sig").splitlines()]


def vocabulary(texts: Iterable[str]) -> list[tuple[str, int]]:
    """The words to repair towards, with their counts: English words of our texts, and what is in no dictionary but said often.

    A slip that many people make (“volunter”) stands in several texts and must not become a word of its own.
    """
    dictionary = frozenset(english())
    counts = Counter(word for text in texts for word in set(_WORD.findall(plain(text).lower())))
    kept = ((w, c) for w, c in counts.items() if len(w) > 1 and c >= (LEAST_ENGLISH if w in dictionary else LEAST_OTHER))
    return sorted(kept, key=lambda row: (-row[1], row[0]))
