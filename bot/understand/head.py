"""A trained head: logistic regression over groups of sentences, in plain numpy.

A group's features are sums over its sentences (vectors weighed by tokens, hashed features by count), so that every
sentence and every pair is read without encoding anything twice.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.understand.encoder import SIZE
from bot.understand.features import Floats, Message

MODELS = Path(__file__).parent / "model"
DENSE_SCALE = 1.2  # how much the vector counts beside the hashed features; chosen on tests/cases


@dataclass(frozen=True, slots=True)
class Head:
    """Weights for each label: on the vector, on the hashed features, and the bias. `trained_on` hashes the data."""

    labels: tuple[str, ...]
    dense: Floats
    sparse: Floats
    bias: Floats
    idf: Floats
    trained_on: str

    def probabilities(self, message: Message, groups: Sequence[Sequence[int]]) -> Floats:
        """A row for each group of sentences, a column for each label."""
        scores: Floats = self.bias + self._words(message, groups)
        if message.vectors is not None:
            scores += DENSE_SCALE * unit(summed(message.vectors * message.weights[:, None], groups)) @ self.dense.T
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        result: Floats = raised / raised.sum(axis=1, keepdims=True)
        return result

    def _words(self, message: Message, groups: Sequence[Sequence[int]]) -> Floats:
        scores = np.zeros((len(message.sentences), len(self.labels)), dtype=np.float32)
        squares = np.zeros((len(message.sentences), 1), dtype=np.float32)
        for row, (buckets, weights) in enumerate(message.words):
            weighed = weights * self.idf[buckets]
            squares[row] = weighed @ weighed
            scores[row] = weighed @ self.sparse[buckets]
        return np.asarray(summed(scores, groups) / np.sqrt(np.maximum(summed(squares, groups), 1e-9)), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write the head as one compressed file of arrays (no pickles)."""
        meta = json.dumps({"labels": self.labels, "trained_on": self.trained_on})
        np.savez_compressed(
            path, meta=np.array(meta), dense=self.dense.astype(np.float16), sparse=self.sparse.astype(np.float16),
            bias=self.bias, idf=self.idf.astype(np.float16),
        )  # fmt: skip


def summed(rows: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """The sum of each group's rows."""
    members = np.fromiter((i for group in groups for i in group), dtype=np.int64)
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])])
    return np.asarray(np.add.reduceat(rows[members], starts, axis=0), dtype=np.float32)


def unit(rows: Floats) -> Floats:
    """Rows made unit length; a row of zeros stays one."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    result: Floats = rows / np.maximum(lengths, 1e-9)
    return result


def load(path: Path) -> Head:
    """Read a head; raises FileNotFoundError when it was never trained."""
    with np.load(path, allow_pickle=False) as data:
        meta = json.loads(str(data["meta"]))
        arrays = {name: np.ascontiguousarray(data[name], dtype=np.float32) for name in ("dense", "sparse", "bias", "idf")}
    if arrays["dense"].shape[1] != SIZE:
        raise ValueError(f"{path.name} was trained for another encoder: run `askwell train`")
    return Head(tuple(meta["labels"]), arrays["dense"], arrays["sparse"], arrays["bias"], arrays["idf"], meta["trained_on"])
