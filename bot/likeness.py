"""Puts questions together that ask the same: agglomerative, by the mean likeness of their words and of what they are about. Pure."""

from collections.abc import Sequence

import numpy as np

from bot.understand import features, tidy
from bot.understand.encoder import Encoder
from bot.understand.features import BUCKETS, Floats
from bot.understand.head import unit

# Chosen on the examples of knowledge/topics, with every fourth topic wrong on purpose: 78 of 100 pairs that are put together belong together.
SAME_TOPIC = 0.3  # what being about one topic adds to a cosine
ALIKE = 0.6  # from here on two groups are joined
ALIKE_WORDS = 0.3  # the same where there is no encoder: bare words tell little, so the topic decides


def groups(questions: Sequence[tuple[str, str | None]], encoder: Encoder | None) -> list[list[int]]:
    """The numbers of (question, topic) in groups that ask the same: largest first, otherwise in the order given."""
    if not questions:
        return []
    rows = _vectors([q for q, _ in questions], encoder)
    topics = np.array([t or f"none {i}" for i, (_, t) in enumerate(questions)])
    alike = rows @ rows.T + SAME_TOPIC * (topics[:, None] == topics[None, :])
    return joined(np.asarray(alike, dtype=np.float32), ALIKE_WORDS if encoder is None else ALIKE)


def _vectors(questions: Sequence[str], encoder: Encoder | None) -> Floats:
    """A row of unit length for each question: from the encoder, or from its words, the rare ones counting more."""
    read = [features.message(tidy.plain(q), encoder) for q in questions]
    if encoder is not None:
        return unit(np.stack([m.mean() for m in read]))
    rows = np.zeros((len(read), BUCKETS), dtype=np.float32)
    for row, message in zip(rows, read, strict=True):
        for buckets, weights in message.words:
            row[buckets] += weights
    return unit(rows * np.log((len(read) + 1) / ((rows > 0).sum(axis=0) + 1)))


def joined(alike: Floats, least: float) -> list[list[int]]:
    """Row numbers in groups: the two most alike are joined until none are alike enough. Changes `alike`."""
    members = [[i] for i in range(len(alike))]
    np.fill_diagonal(alike, -np.inf)
    while float(alike.max()) >= least:
        one, other = sorted(int(i) for i in np.unravel_index(int(alike.argmax()), alike.shape))
        both = members[one] + members[other]
        mean = (alike[one] * len(members[one]) + alike[other] * len(members[other])) / len(both)
        alike[one], alike[:, one] = mean, mean
        alike[one, one] = -np.inf
        alike[other], alike[:, other] = -np.inf, -np.inf
        members[one], members[other] = sorted(both), []
    return sorted((m for m in members if m), key=lambda m: (-len(m), m))
