"""Word and character features of a text, hashed into a fixed number of buckets (the hashing trick).

scikit-learn has the same, but importing it would cost each start a second and 100 MB.
"""

import re
import zlib
from collections import Counter

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 15
_WORD = re.compile(r"[a-z0-9#@']+|[^\sa-z0-9]")

Buckets = NDArray[np.int32]
Weights = NDArray[np.float32]


def hashed(text: str) -> tuple[Buckets, Weights]:
    """Buckets and log-damped counts of words, word pairs and character 3- to 5-grams, the vector made unit length."""
    words = _WORD.findall(text.lower())
    grams: Counter[str] = Counter(f"w {w}" for w in words)
    grams.update(f"p {a} {b}" for a, b in zip(words, words[1:], strict=False))
    for word in words:
        padded = f"<{word}>"
        grams.update(padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1))
    counts: Counter[int] = Counter()
    for gram, count in grams.items():
        counts[zlib.crc32(gram.encode()) % BUCKETS] += count
    if not counts:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
    buckets = np.fromiter(counts.keys(), dtype=np.int32, count=len(counts))
    weights = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    return buckets, weights
