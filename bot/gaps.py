"""What staff could not find, for whoever owns the policy: questions that ask the same together, silent topics, answers called wrong. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import decide, likeness
from bot.checks.worlds import ROLES
from bot.knowledge import Knowledge, Organisation, Topic
from bot.store.records import Kept
from bot.understand.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same, the newest first, and the topic that most of them were taken to be about."""

    topic: Topic | None
    questions: tuple[Kept, ...]

    @property
    def since(self) -> str:
        """The month of the oldest."""
        return min(q.month for q in self.questions)


@dataclass(frozen=True, slots=True)
class Judged:
    """How often the answers on a topic were called wrong, of how many that were judged."""

    topic: Topic
    wrong: int
    total: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """All of it, for one organisation."""

    organisation: Organisation
    groups: tuple[Group, ...]
    judged: tuple[Judged, ...]
    silent: tuple[Topic, ...]


def gaps(
    knowledge: Knowledge, organisation: Organisation, kept: Sequence[Kept], judgements: Iterable[tuple[str, str, str, int, int]],
    encoder: Encoder | None,
) -> Gaps:  # fmt: skip
    """Put together. `judgements` are (month, topic, verdict, right, wrong)."""
    asked = [(k.gap.question, k.gap.topic) for k in kept]
    found = tuple(_group(knowledge, [kept[i] for i in group]) for group in likeness.groups(asked, encoder))
    return Gaps(organisation, found, _judged(knowledge, judgements), _silent(knowledge, organisation))


def _group(knowledge: Knowledge, questions: Sequence[Kept]) -> Group:
    topics = Counter(q.gap.topic for q in questions if q.gap.topic in knowledge.topics)
    most = topics.most_common(1)
    return Group(knowledge.topics[most[0][0]] if most and most[0][0] else None, tuple(questions))


def _judged(knowledge: Knowledge, judgements: Iterable[tuple[str, str, str, int, int]]) -> tuple[Judged, ...]:
    right, wrong = Counter[str](), Counter[str]()
    for _, topic, _, yes, no in judgements:
        right[topic] += yes
        wrong[topic] += no
    found = [Judged(knowledge.topics[t], no, no + right[t]) for t, no in wrong.items() if no and t in knowledge.topics]
    return tuple(sorted(found, key=lambda j: (-j.wrong / j.total, -j.total, j.topic.id)))


def _silent(knowledge: Knowledge, organisation: Organisation) -> tuple[Topic, ...]:
    """Topics on which the policy says nothing to anybody."""
    return tuple(
        t for t in knowledge.topics.values() if t.kind != "other" and not any(decide.table(knowledge, organisation, t.id, r).rules for r in ROLES)
    )


def as_json(found: Gaps) -> dict[str, object]:
    """The same for programs."""
    return {
        "organisation": found.organisation.id,
        "groups": [
            {
                "topic": g.topic.id if g.topic else None, "since": g.since,
                "questions": [{"id": q.id, "month": q.month, "question": q.gap.question, "reason": q.gap.reason} for q in g.questions],
            }
            for g in found.groups
        ],
        "judged": [{"topic": j.topic.id, "wrong": j.wrong, "total": j.total} for j in found.judged],
        "silent": [t.id for t in found.silent],
    }  # fmt: skip
