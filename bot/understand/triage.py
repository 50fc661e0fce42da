"""Triage: whether a message speaks of danger, of somebody at risk, of wrongdoing, or of the asker's own distress.

Separate from topics and one-sided: every sentence and every pair is read by itself, and the highest reading counts.
They are read with low thresholds. Only a doubtful alarm can be taken back, by the second reader, which reads the message as a
whole ("a man was shouting outside. It was the band"); a reading that is `sure`, as that of every listed phrase, never is, so
adding one to a message never removes anything.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.knowledge import Flow
from bot.understand.encoder import MOST_SENTENCE
from bot.understand.features import Floats, Message, message
from bot.understand.head import Head
from bot.understand.own import whose_life

LABELS = ("danger", "safeguarding", "hate-crime", "whistleblowing", "distress", "harassment")
OWN_LIFE = "own-life"  # among the scores where somebody speaks of their own life
RISK = ("danger", "safeguarding", "hate-crime")
MOST_PAIRED = 150  # sentences; 8,000 characters of chat have fewer


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which reading on a label counts; chosen on tests/triage, never on the held-out set; low, since a miss costs more than an alarm.

    A reading from `sure` on stands. The second reader dissolves a weaker one with log-odds of `calm` for harmless, and more of
    them the stronger it was: `weight` for each of its own.
    """

    danger: float = 0.005
    risk: float = 0.012
    whistleblowing: float = 0.009
    distress: float = 0.05
    sure: float = 0.97
    calm: float = 1.0
    weight: float = 0.3


FAINTEST = 1e-4
SHORT = 4  # words; from fewer little can be read, and "no" or "cancel" must not alarm
FEW_WORDS = Thresholds(danger=0.12, risk=0.12, whistleblowing=0.9, distress=0.15)


@dataclass(frozen=True, slots=True)
class Triage:
    """What was found: `urgent` puts 999 first; `flows` are offered; `own` is the asker's own distress or harassment."""

    urgent: bool
    flows: frozenset[Flow]
    own: bool
    scores: Mapping[str, float]


def groups(count: int) -> list[tuple[int, ...]]:
    """Each sentence and each pair, neighbours or not: a sentence put between two can then not part them."""
    single = [(i,) for i in range(count)]
    reach = count if count <= MOST_PAIRED else 3
    return single + [(i, j) for i in range(count) for j in range(i + 1, min(count, i + reach))]


class Second(Protocol):
    """Whoever reads a doubtful message once more."""

    def harmless(self, text: str) -> float:
        """How likely a text, read as a whole, is harmless, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads with the trained head, with words alone where there is no encoder or no time, and always with the list."""

    head: Head
    words_head: Head
    lexical: Mapping[str, re.Pattern[str]]
    thresholds: Thresholds
    second: Second | None  # None without an encoder

    def read(self, near: Message, far: str = "", whole: str = "") -> Triage:
        """The triage of a message; `far` is what stands after the part that is encoded, read by its words.

        The list is searched in the `whole` text and in its sentences line by line, so that neither a line's end nor the next
        line can hide a phrase.
        """
        best = dict.fromkeys((*LABELS, "risk"), 0.0)
        for part in (near, message(far, None)):
            if part.sentences:
                head = self.head if part.vectors is not None else self.words_head
                rows = head.probabilities(part, groups(len(part.sentences)))
                for label, score in _highest(head.labels, rows).items():
                    best[label] = max(best[label], score)
        texts = {" ".join(whole.lower().split()), "\n".join(near.sentences).lower()}
        for label, phrases in self.lexical.items():
            if any(phrases.search(text) for text in texts):
                best[label] = 1.0
                best["risk"] = max(best["risk"], float(label in RISK))
        if (whose := whose_life(whole)) is not None:
            best["danger"] = best["risk"] = 1.0
        if whose == "own":
            best["distress"] = best[OWN_LIFE] = 1.0
        if not far and len(" ".join(near.sentences).split()) < SHORT:
            return judged(best, FEW_WORDS)
        if not far and self._taken_back(near, best):
            best = dict.fromkeys(best, 0.0)
        return judged(best, self.thresholds)

    def _taken_back(self, near: Message, best: Mapping[str, float]) -> bool:
        found = judged(best, self.thresholds)
        doubtful = (found.urgent or found.flows or found.own) and max(best.values()) < self.thresholds.sure
        if self.second is None or not doubtful:
            return False
        least = self.thresholds.calm + self.thresholds.weight * odds(max(best.values()))
        return all(odds(self.second.harmless(part)) >= least for part in stretches(near))


def odds(probability: float) -> float:
    """The logarithm of the odds, from about -9 to 9."""
    kept = min(max(probability, FAINTEST), 1 - FAINTEST)
    return math.log(kept / (1 - kept))


def stretches(near: Message) -> list[str]:
    """A message as stretches of sentences that can be read in one piece; most have one."""
    found: list[str] = []
    room = 0.0
    for sentence, tokens in zip(near.sentences, near.weights.tolist(), strict=True):
        if found and tokens <= room:
            found[-1] += f" {sentence}"
        else:
            found.append(sentence)
            room = float(MOST_SENTENCE)
        room -= tokens
    return found


def _highest(labels: tuple[str, ...], rows: Floats) -> dict[str, float]:
    columns = {label: rows[:, labels.index(label)] for label in LABELS}
    scores = {label: float(column.max()) for label, column in columns.items()}
    scores["risk"] = float(np.sum([columns[label] for label in RISK], axis=0).max())
    return scores


def judged(scores: Mapping[str, float], at: Thresholds) -> Triage:
    """Scores to findings. Every step is monotone: a higher score never removes anything."""
    flows = set()
    urgent = scores["danger"] >= at.danger
    if scores["risk"] >= at.risk or urgent:
        flows.add(Flow.SAFEGUARDING)
    if scores["whistleblowing"] >= at.whistleblowing:
        flows.add(Flow.WHISTLEBLOWING)
    own = max(scores["distress"], scores["harassment"]) >= at.distress
    return Triage(urgent, frozenset(flows), own, dict(scores))
