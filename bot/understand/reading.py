"""One message read: which topics, which facts, whose deed, and what triage found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import RootModel

from bot import words
from bot.findings import KnowledgeError
from bot.knowledge import Knowledge, Place
from bot.load import Reader
from bot.understand import features, head, tidy, triage
from bot.understand.encoder import Encoder, EncoderMissingError, MiniLM
from bot.understand.facts import Cues, Stated, doer, either
from bot.understand.features import Floats, Message
from bot.understand.head import MODELS, Head, unit
from bot.understand.language import MARK, Kind, kind
from bot.understand.second import SecondReader

OUT_OF_SCOPE, NEAR_SCOPE = "out-of-scope", "near-scope"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood. `topics` are (topic, probability), likeliest first; `near` likeness of clauses by id."""

    text: str
    topics: tuple[tuple[str, float], ...]
    parts: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]
    facts: Stated
    doer: str | None
    triage: triage.Triage
    kind: Kind
    near: Mapping[str, float]
    lexical: bool


class Understanding:
    """The trained parts, loaded once. Without the encoder's files the lexical heads serve."""

    def __init__(self, knowledge: Knowledge, root: Path, encoder: Encoder | None, second: triage.Second | None = None) -> None:
        self.knowledge = knowledge
        self.encoder = encoder
        name = "topics" if encoder else "topics-words"
        self.topics: Head = head.load(MODELS / f"{name}.npz")
        self.cues = Cues(knowledge.facts)
        self.tidy = tidy.load(MODELS / "vocabulary.txt")
        words_head = head.load(MODELS / "triage-words.npz")
        with_encoder = head.load(MODELS / "triage.npz") if encoder else words_head
        self.triage = triage.Reader(with_encoder, words_head, lexical(root), triage.Thresholds(), second)

    def read(self, text: str, organisation: str) -> Reading:
        """Read a message of any length; beyond 8,000 characters only triage reads on."""
        clean = tidy.plain(text)
        cut = tidy.cut(clean)
        near, far = clean[:cut], clean[cut:]
        repaired = self.tidy.repaired(MARK.sub(" ", near.replace(words.FILE, " ")))  # the mark of a file says nothing about the question
        message = features.message(repaired, self.encoder)
        whole = [tuple(range(len(message.sentences)))] if message.sentences else []
        alone = [(i,) for i in range(len(message.sentences))] if len(message.sentences) > 1 else []
        rows = self.topics.probabilities(message, [*whole, *alone]) if whole else np.zeros((0, len(self.topics.labels)), np.float32)
        ranked = [self._ranked(row) for row in rows]
        return Reading(
            text=near,
            topics=ranked[0] if ranked else (),
            parts=tuple(zip(message.sentences, ranked[1:], strict=False)),
            facts=Stated(self.cues, repaired),
            doer=doer(repaired),
            triage=self.triage.read(message, far.lower(), clean),
            kind=kind(near, self.tidy.known),
            near=self._likeness(message, organisation),
            lexical=self.encoder is None,
        )

    def _ranked(self, row: Floats) -> tuple[tuple[str, float], ...]:
        order = np.argsort(-row)[:12]
        return tuple((self.topics.labels[i], float(row[i])) for i in order)

    def _likeness(self, message: Message, organisation: str) -> dict[str, float]:
        found = self.passages.get(organisation)
        if message.vectors is None or not len(message.sentences) or found is None:
            return {}
        ids, vectors = found
        mine = unit(message.mean()[None, :])[0]
        return dict(zip(ids, (vectors @ mine).tolist(), strict=True))

    @cached_property
    def passages(self) -> dict[str, tuple[tuple[str, ...], Floats]]:
        """The vectors of every clause, by organisation, as `askwell train` wrote them."""
        path = MODELS / "passages.npz"
        with np.load(path, allow_pickle=False) as data:
            return {
                o: (tuple(data[f"{o}/ids"].tolist()), data[f"{o}/vectors"].astype(np.float32))
                for o in sorted({name.split("/")[0] for name in data.files})
            }  # fmt: skip


class Phrases(RootModel[dict[Literal["danger", "safeguarding", "hate-crime", "whistleblowing", "distress", "harassment"], list[str]]]):
    """triage/lexical.yaml."""


def lexical(root: Path) -> dict[str, re.Pattern[str]]:
    """The phrases that always count, one pattern a label; they need no model. Raises KnowledgeError when the file has a slip."""
    reader = Reader(root)
    found = reader.file(root / "triage" / "lexical.yaml", Phrases)
    kept: dict[str, list[str]] = {}
    for label, phrases in found[0].root.items() if found else ():
        for i, phrase in enumerate(phrases):
            try:
                re.compile(phrase)
                kept.setdefault(label, []).append(phrase)
            except re.error as error:
                place = Place("triage/lexical.yaml", found[1].line((label, i)) if found else 0)
                reader.add(place, f"the phrase '{phrase}' is not a pattern: {error}", "Look at its brackets.")
    if reader.findings:
        raise KnowledgeError(reader.findings)
    return {label: re.compile(either(phrases), re.MULTILINE) for label, phrases in kept.items()}


def understanding(knowledge: Knowledge, root: Path) -> Understanding:
    """With the encoder where it is installed, otherwise lexical; `Understanding.encoder is None` tells which."""
    try:
        return Understanding(knowledge, root, MiniLM(), _second())
    except (EncoderMissingError, ImportError):
        return Understanding(knowledge, root, None)


def _second() -> SecondReader | None:
    """The second reader; without its files every doubt stands, so that there are more alarms but nothing is missed."""
    try:
        return SecondReader()
    except EncoderMissingError:
        return None
