"""The examples that understanding is trained on, as they stand in `knowledge/`."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.knowledge import Knowledge
from bot.understand import tidy
from bot.understand.train import Examples

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Corpus:
    """Topic utterances, triage utterances, and the words that typos are repaired towards."""

    topics: Examples
    triage: Examples
    vocabulary: tuple[tuple[str, int], ...]


def corpus(knowledge: Knowledge, root: Path) -> Corpus:
    """All examples; lower-cased and repaired as messages are before they are read."""
    topics = [(e, t.id) for t in knowledge.topics.values() for e in t.examples]
    triage = triage_examples(root)
    policies = [o.policy.text for o in knowledge.organisations.values()]
    words = tidy.vocabulary([*(e for e, _ in topics), *(e for e, _ in triage), *policies])
    repairer = tidy.tidy([*tidy.english(), *(w for w, _ in words)], words)
    return Corpus(_examples(topics, repairer), _examples(triage, repairer), tuple(words))


def triage_examples(root: Path) -> list[tuple[str, str]]:
    """The triage examples with their labels, file by file."""
    rows: list[tuple[str, str]] = []
    for path in sorted((root / "triage").glob("*.yaml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - the C version of the safe loader
        if "examples" in raw:
            rows += [(str(e), str(raw["label"])) for e in raw["examples"]]
    return rows


def _examples(rows: list[tuple[str, str]], repairer: tidy.Tidy) -> Examples:
    kept = [(repairer.repaired(tidy.plain(text)), label) for text, label in rows]
    kept = [(text, label) for text, label in kept if any(c.isalnum() for c in text)]
    return Examples(tuple(t for t, _ in kept), tuple(label for _, label in kept))
