"""`askwell train`: everything that understanding needs, from the examples, written to `bot/understand/model/`."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from bot.knowledge import Knowledge
from bot.understand import features, head
from bot.understand.corpus import Corpus, corpus
from bot.understand.encoder import SIZE, Encoder
from bot.understand.features import Message
from bot.understand.head import Head
from bot.understand.train import Examples, fit

Progress = Callable[[str], None]
STRENGTH = 3.0  # inverse regularisation; chosen on examples that the encoder was not tuned on


def build(knowledge: Knowledge, root: Path, encoder: Encoder, target: Path, progress: Progress) -> None:
    """Train all heads and write them with the vocabulary and the clauses' vectors; takes minutes, and says how far it is."""
    examples = corpus(knowledge, root)
    target.mkdir(parents=True, exist_ok=True)
    vocabulary = "\n".join(f"{word} {count}" for word, count in examples.vocabulary)
    (target / "vocabulary.txt").write_text(vocabulary + "\n", encoding="utf-8")
    for name, part in (("topics", examples.topics), ("triage", examples.triage)):
        progress(f"{name}: reading {len(part.texts)} examples")
        read = messages(part, encoder)
        _saved(fit(part, read, STRENGTH), target / f"{name}.npz", progress)
        plain = [Message(m.sentences, None, m.weights, m.words) for m in read]
        _saved(fit(part, plain, STRENGTH), target / f"{name}-words.npz", progress)
    passages(knowledge, encoder, target / "passages.npz")
    progress("wrote passages.npz")


def messages(examples: Examples, encoder: Encoder | None) -> list[Message]:
    """Each example as the heads see it."""
    return [features.message(text, encoder) for text in examples.texts]


def passages(knowledge: Knowledge, encoder: Encoder, path: Path) -> None:
    """The vector of every clause, so that the closest passage can be found without encoding the policy at each start."""
    arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]] = {}
    for organisation in {**knowledge.coming, **knowledge.organisations}.values():
        following = knowledge.coming.get(organisation.id, organisation)  # the next version too: it takes over without training
        clauses = [c for c in {**following.clauses, **organisation.clauses}.values() if c.context is None]
        rows = np.zeros((len(clauses), SIZE), dtype=np.float32)
        for row, clause in enumerate(clauses):
            rows[row] = head.unit(features.message(clause.text.lower(), encoder).mean()[None, :])[0]
        arrays[f"{organisation.id}/ids"] = np.array([c.id for c in clauses])
        arrays[f"{organisation.id}/vectors"] = rows.astype(np.float16)
    np.savez_compressed(path, allow_pickle=False, **arrays)


def stale(knowledge: Knowledge, root: Path, target: Path) -> Iterable[str]:
    """The heads whose training data has changed since they were trained."""
    examples: Corpus = corpus(knowledge, root)
    topics, triage = examples.topics, examples.triage
    parts = {"topics": topics, "topics-words": topics, "triage": triage, "triage-words": triage}
    for name, part in parts.items():
        path = target / f"{name}.npz"
        if not path.exists() or head.load(path).trained_on != part.digest:
            yield path.name


def _saved(trained: Head, path: Path, progress: Progress) -> None:
    trained.save(path)
    progress(f"wrote {path.name} ({path.stat().st_size / 1e6:.1f} MB, {len(trained.labels)} labels)")
