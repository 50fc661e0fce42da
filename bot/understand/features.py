"""What the heads see of a message: for each sentence its vector and its hashed word and character features.

The hashing trick is scikit-learn's too, but importing it would cost each start a second and 100 MB.
"""

import itertools
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.understand.encoder import MOST_KEPT, SIZE, Encoder
from bot.understand.tidy import sentences

BUCKETS = 1 << 15
_WORD = re.compile(r"[a-z0-9#@']+|[^\sa-z0-9]")

Floats = NDArray[np.float32]
Words = tuple[NDArray[np.int32], Floats]


@dataclass(frozen=True, slots=True)
class Message:
    """A message as its sentences: texts, vectors (None without an encoder), token counts and hashed features."""

    sentences: tuple[str, ...]
    vectors: Floats | None
    weights: Floats
    words: tuple[Words, ...]

    def mean(self) -> Floats:
        """The mean of the sentences' vectors, each counting by its tokens; zeros without an encoder. Not made unit length."""
        if self.vectors is None:
            return np.zeros(SIZE, dtype=np.float32)
        result: Floats = self.weights @ self.vectors
        return result


def message(text: str, encoder: Encoder | None) -> Message:
    """Split a text and look at each sentence by itself."""
    parts = tuple(text[a:b].strip() for a, b in sentences(text))
    words = tuple(hashed(p) for p in parts)
    if encoder is None:
        return Message(parts, None, np.ones(len(parts), dtype=np.float32), words)
    vectors, weights = encoder.encode(parts)
    return Message(parts, vectors, weights, words)


@lru_cache(maxsize=MOST_KEPT)
def hashed(text: str) -> Words:
    """Buckets and log-damped counts of words, word pairs and character 3- to 5-grams."""
    words = _WORD.findall(text.lower())
    grams: Counter[str] = Counter(f"w {w}" for w in words)
    grams.update(f"p {a} {b}" for a, b in itertools.pairwise(words))
    for word in words:
        padded = f"<{word}>"
        grams.update(padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1))
    counts: Counter[int] = Counter()
    for gram, count in grams.items():
        counts[zlib.crc32(gram.encode()) % BUCKETS] += count
    buckets = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
    return buckets, 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
