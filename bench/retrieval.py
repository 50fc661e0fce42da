"""What Askwell is held beside: the nearest passage by the encoder, and BM25 over the words."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from bot.guide import Askwell
from bot.understand.tidy import plain

K1, B = 1.5, 0.75
_WORD = re.compile(r"[a-z0-9']+")


class BM25:
    """Okapi BM25 over a few passages, with the idf that never falls below zero."""

    def __init__(self, passages: Sequence[str]) -> None:
        self._counts = [Counter(_WORD.findall(p.lower())) for p in passages]
        self._lengths = [c.total() for c in self._counts]
        self._mean = max(1.0, sum(self._lengths) / max(1, len(passages)))
        holding = Counter(word for counts in self._counts for word in counts)
        self._idf = {w: math.log(1 + (len(passages) - n + 0.5) / (n + 0.5)) for w, n in holding.items()}

    def ranked(self, query: str) -> list[int]:
        """The passages' numbers, best first."""
        words = [w for w in _WORD.findall(query.lower()) if w in self._idf]
        scores = [self._score(words, i) for i in range(len(self._counts))]
        return sorted(range(len(scores)), key=lambda i: -scores[i])

    def _score(self, words: Sequence[str], i: int) -> float:
        damp = K1 * (1 - B + B * self._lengths[i] / self._mean)
        counts = self._counts[i]
        return sum(self._idf[w] * counts[w] * (K1 + 1) / (counts[w] + damp) for w in words)


class Retrieval:
    """Both over the same clauses of one organisation: those that Askwell has vectors of, without mere context."""

    def __init__(self, askwell: Askwell, organisation: str) -> None:
        self._askwell, self._organisation = askwell, organisation
        clauses = askwell.knowledge.organisations[organisation].clauses
        self.texts = {c.id: c.text for c in clauses.values() if c.context is None}
        self._bm25 = BM25([plain(t) for t in self.texts.values()])

    def nearest(self, words: str) -> list[str]:
        """The clauses' texts by cosine to the message's vector, best first; none without the encoder."""
        near = self._askwell.understands.read(words, self._organisation).near
        return [self.texts[c] for c in sorted(near, key=lambda c: -near[c]) if c in self.texts]

    def bm25(self, words: str) -> list[str]:
        """The clauses' texts by BM25, best first; the words have their typos repaired first, as for Askwell."""
        texts = list(self.texts.values())
        return [texts[i] for i in self._bm25.ranked(self._askwell.understands.tidy.repaired(plain(words)))]
