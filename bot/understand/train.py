"""Fits the heads on the examples in `knowledge/`. Needs scikit-learn (the `train` extra).

A head carries the hash of what it was trained on; a test fails when that is stale.
"""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.understand import features
from bot.understand.encoder import SIZE
from bot.understand.features import Floats, Message
from bot.understand.head import DENSE_SCALE, Head, unit


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled texts, in a fixed order."""

    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def digest(self) -> str:
        """A hash of texts and labels, to tell whether a head is stale."""
        lines = sorted(f"{label}\t{text}" for label, text in zip(self.labels, self.texts, strict=True))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def fit(examples: Examples, messages: Sequence[Message], strength: float) -> Head:
    """Fit a head on whole messages; raises RuntimeError when the optimiser has not converged."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    matrix, idf = design(messages)
    model = LogisticRegression(C=strength, tol=1e-6, max_iter=5000)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            model.fit(matrix, np.array(examples.labels))
        except ConvergenceWarning as warning:
            raise RuntimeError(f"training has not converged: {warning}") from None
    weights, bias = _rows(model.coef_), _rows(model.intercept_)
    return Head(
        tuple(str(c) for c in model.classes_), np.ascontiguousarray(weights[:, :SIZE]), np.ascontiguousarray(weights[:, SIZE:].T),
        bias, idf, examples.digest,
    )  # fmt: skip


def _rows(learnt: Any) -> Floats:  # noqa: ANN401 - what scikit-learn gives
    """A row for each label; scikit-learn gives only the second one's where there are two."""
    found = np.asarray(learnt, dtype=np.float32)
    return np.concatenate([np.zeros_like(found), found]) if len(found) == 1 else found


def design(messages: Sequence[Message]) -> tuple[Any, Floats]:
    """The matrix that the head sees (as `Head.probabilities` computes it for the group of all sentences), and the idf."""
    from scipy import sparse

    seen = np.zeros(features.BUCKETS)
    for message in messages:
        seen[np.unique(np.concatenate([b for b, _ in message.words]))] += 1
    idf = (np.log((1 + len(messages)) / (1 + seen)) + 1).astype(np.float32)
    rows, columns, values = [], [], []
    for row, message in enumerate(messages):
        weighed = [w * idf[b] for b, w in message.words]
        norm = float(np.sqrt(max(sum(float(w @ w) for w in weighed), 1e-9)))
        columns += [b for b, _ in message.words]
        values += [w / norm for w in weighed]
        rows += [np.full(len(w), row) for w in weighed]
    shape = (len(messages), features.BUCKETS)
    words = sparse.coo_matrix((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=shape).tocsr()
    dense = np.stack([m.mean() for m in messages])
    return sparse.hstack([sparse.csr_matrix(DENSE_SCALE * unit(dense)), words], format="csr"), idf
