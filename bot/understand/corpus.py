"""The examples that understanding is trained on, as they stand in `knowledge/`."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.knowledge import Knowledge
from bot.understand import tidy
from bot.understand.train import Examples

CALM_KINDS = ("accounts", "official-content", "facts", "personal-posting", "scope", "craft", "security", "moderation", "conduct", "other")
UNCALM = (
    "moderate-offensive", "moderate-personal-details", "inappropriate-activity", "intimate-content", "arguments", "offensive-language",
    "whistleblow-online", "unauthorised-access", "breach-mine", "colleagues-comments", "child-image", "feedback-private", "complaints",
)  # fmt: skip
CALM_TOPICS = ("media-contact",)  # of another kind, but a journalist who writes is no harassment
TWINS = "triage/twins"  # harmless and grave messages in like words: only the second reader can tell them apart
SHORTEST = 12  # characters; shorter scraps say nothing
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All examples: for topics, and for triage (with harmless sentences of both).

    `vocabulary`: the words that typos are repaired towards, with their counts.
    """

    topics: Examples
    triage: Examples
    vocabulary: tuple[tuple[str, int], ...]


def corpus(knowledge: Knowledge, root: Path) -> Corpus:
    """All examples; lower-cased and repaired as messages are before they are read."""
    topics = [(e, t.id) for t in knowledge.topics.values() for e in t.examples]
    triage, in_context = triage_examples(root), triage_examples(root, context=True)
    policies = [o.policy.text for o in knowledge.organisations.values()]
    words = tidy.vocabulary([*(e for e, _ in topics), *(e for e, _ in [*triage, *in_context]), *policies])
    repairer = tidy.tidy([*tidy.english(), *(w for w, _ in words)], words)
    harmless = _harmless(_questions(knowledge), triage)
    return Corpus(_examples(topics, repairer), _examples([*triage, *harmless], repairer), tuple(words))


def second(knowledge: Knowledge, root: Path, repairer: tidy.Tidy) -> tuple[Examples, Examples]:
    """What the second reader learns from, as whole messages: the triage examples with their twins, and harmless questions."""
    lines = [*triage_examples(root), *triage_examples(root, context=True), *triage_examples(root, TWINS)]
    return _examples(lines, repairer), _examples(_questions(knowledge), repairer)


def _questions(knowledge: Knowledge) -> list[tuple[str, str]]:
    """The examples of topics that are never risky."""
    calm = [t for t in knowledge.topics.values() if (t.kind in CALM_KINDS and t.id not in UNCALM) or t.id in CALM_TOPICS]
    return [(e, "none") for t in calm for e in t.examples]


def _harmless(questions: list[tuple[str, str]], triage: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sentences on which triage must stay silent: of harmless questions, and of harmless messages."""
    texts = [text for text, label in [*questions, *triage] if label == "none"]
    parts = [text[a:b].strip() for text in texts for a, b in tidy.sentences(text)]
    known = {text for text, _ in triage}
    return [(text, "none") for text in dict.fromkeys([*texts, *parts]) if text not in known and len(text) > SHORTEST]


def triage_examples(root: Path, folder: str = "triage", *, context: bool = False) -> list[tuple[str, str]]:
    """The triage examples with their labels, file by file; or those whose sentences only mean what they say in `context`."""
    rows: list[tuple[str, str]] = []
    for path in sorted((root / folder).glob("*.yaml")):
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - the C version of the safe loader
        if "examples" in raw and bool(raw.get("context")) == context:
            rows += [(str(e), str(raw["label"])) for e in raw["examples"]]
    return rows


def _examples(rows: list[tuple[str, str]], repairer: tidy.Tidy) -> Examples:
    kept = [(repairer.repaired(tidy.plain(text)), label) for text, label in rows]
    kept = [(text, label) for text, label in kept if any(c.isalnum() for c in text)]
    return Examples(tuple(t for t, _ in kept), tuple(label for _, label in kept))
