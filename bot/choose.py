"""From a reading to candidates: what each likely topic would come to, added up by outcome. Pure.

Several topics that lead to the same outcome strengthen each other; only where candidates differ and one of them permits
must the person be asked what they meant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot import decide
from bot.decide import Decision, Outcome, Table
from bot.knowledge import Flow, Knowledge, Organisation, Verdict
from bot.understand.reading import NEAR_SCOPE, OUT_OF_SCOPE, Reading
from bot.understand.told import speaks_of_child
from bot.understand.triage import OWN_LIFE

LEAST = 0.02
SILENT_PRIOR = 0.35  # how much a topic counts on which the policy says nothing
SURE_DANGER = 0.5  # from this reading on danger leads the answer; below it 999 still stands first
MEDIA = 0.15
STRONG = 0.85  # from this reading on triage leads the answer, whatever else is asked
SURE_WRONGDOING = 0.97  # from this reading on wrongdoing leads an answer in which somebody's risk is not as sure
LIKELY = 0.1  # from this probability on a topic is among those that may be meant
CLEAR = 0.4  # from this probability on a topic is clearly asked about
SAFETY = ("safeguarding-concern", "safeguarding-colleague", "illegal-images", "hate-crime")
OWN = {"harassment": "harassment", "own-distress": "distress"}  # the topic, and what triage calls it
SPOKEN = ("media-contact", *SAFETY, *OWN, "whistleblowing")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One topic with what it comes to for this person. `table` is None for the two topics that have no rules."""

    topic: str
    mass: float
    table: Table | None
    known: Mapping[str, str]
    decision: Decision
    role: str = ""

    def table_role(self, asker: str) -> str:
        """The role that the decision was taken for: the doer's, which may not be the asker's."""
        return self.role or asker

    @property
    def outcome(self) -> Outcome:
        """What it comes to."""
        return self.decision.result.outcome


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates with one outcome, likeliest first."""

    mass: float
    members: tuple[Candidate, ...]

    @property
    def best(self) -> Candidate:
        """The likeliest of them."""
        return self.members[0]


def known_facts(knowledge: Knowledge, topic: str, reading: Reading, confirmed: Mapping[str, str]) -> dict[str, str]:
    """The facts of the topic that were said, pressed or read; what was pressed counts most."""
    wanted = knowledge.topics[topic].facts
    read = {f: seen.value for f in wanted if (seen := reading.facts.get(f))}
    return {**read, **{f: v for f, v in confirmed.items() if f in wanted}}


def _others_breach(organisation: Organisation, topic: str, reading: Reading) -> str:
    """A breach by somebody else is for whoever looks after conduct: only one's own can be taken down."""
    elsewhere = topic == "breach-mine" and reading.doer is not None and bool(organisation.on_topic.get("inappropriate-activity"))
    return "inappropriate-activity" if elsewhere else topic


def doer_for(knowledge: Knowledge, topic: str, reading: Reading, role: str) -> str:
    """Who acts: the asker, unless the message speaks of somebody else and the topic is not about a relationship of the asker's."""
    if reading.doer is None or knowledge.topics[topic].kind in ("relationships", "reporting", "facts"):
        return role
    return reading.doer


def candidate(
    knowledge: Knowledge, organisation: Organisation, role: str, reading: Reading, topic: str, mass: float, confirmed: Mapping[str, str],
) -> Candidate:  # fmt: skip
    """What one topic comes to."""
    if topic in (NEAR_SCOPE, OUT_OF_SCOPE):
        verdict = Verdict.NOT_COVERED if topic == NEAR_SCOPE else Verdict.OUT_OF_SCOPE
        return Candidate(topic, mass, None, {}, Decision(topic, decide.Result(Outcome(verdict), (), ()), (), ()))
    topic = _others_breach(organisation, topic, reading)
    doer = doer_for(knowledge, topic, reading, role)
    table = decide.table(knowledge, organisation, topic, doer)
    known = known_facts(knowledge, topic, reading, confirmed)
    return Candidate(topic, mass, table, known, decide.decide(table, known), doer)


def candidates(
    knowledge: Knowledge, organisation: Organisation, role: str, reading: Reading, confirmed: Mapping[str, str],
) -> tuple[Candidate, ...]:  # fmt: skip
    """Every topic that is likely enough, with the organisation's prior, likeliest first."""
    masses = {t: p * (1.0 if _spoken(organisation, t) else SILENT_PRIOR) for t, p in reading.topics if p >= LEAST / 4}
    total = sum(masses.values()) or 1.0
    made = [
        candidate(knowledge, organisation, role, reading, t, m / total, confirmed)
        for t, m in masses.items() if m / total >= LEAST
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda c: -c.mass))


def _spoken(organisation: Organisation, topic: str) -> bool:
    return topic in SPOKEN or topic in (NEAR_SCOPE, OUT_OF_SCOPE) or bool(organisation.on_topic.get(topic))


def grouped(found: Iterable[Candidate]) -> tuple[Group, ...]:
    """Candidates added up by outcome, heaviest group first."""
    groups: dict[tuple[Verdict, tuple[str, ...], Flow | None], list[Candidate]] = {}
    for one in found:
        groups.setdefault((one.outcome.verdict, one.outcome.to, one.outcome.flow), []).append(one)
    made = [Group(sum(c.mass for c in members), tuple(members)) for members in groups.values()]
    return tuple(sorted(made, key=lambda g: -g.mass))


def safety_topic(reading: Reading) -> str | None:
    """The topic that a triaged message is answered under.

    None when triage found nothing, and where it is not sure while the words clearly ask about something else: then that is
    answered, and the flow that triage found is offered with it all the same.
    """
    found = reading.triage
    own = max((found.scores.get(label, 0.0) for label in OWN.values()), default=0.0)
    risk = found.scores.get("risk", 0.0)
    wrongdoing = found.scores.get("whistleblowing", 0.0)
    mine = OWN_LIFE in found.scores
    if mine or found.scores.get("danger", 0.0) >= SURE_DANGER:
        return _own(reading) if mine or own >= STRONG else _at_risk(reading)
    if wrongdoing >= SURE_WRONGDOING and risk < STRONG:
        return "whistleblowing"
    if _asks_something_else(reading) and max(own, risk, wrongdoing) < STRONG:
        return None
    if Flow.SAFEGUARDING in found.flows and not (found.own and own > risk):
        return _at_risk(reading)
    if found.own:
        return _own(reading)
    return "whistleblowing" if Flow.WHISTLEBLOWING in found.flows else None


def _hurt_at_home(reading: Reading) -> bool:
    """Whether somebody close hurts the asker, and no child is spoken of: nobody may then be told what to do about somebody else."""
    threat = reading.facts.get("threat")
    return threat is not None and threat.value == "at-home" and not reading.kind.under_18 and not speaks_of_child(reading.text)


def _asks_something_else(reading: Reading) -> bool:
    topic, sure = reading.topics[0] if reading.topics else (NEAR_SCOPE, 0.0)
    return sure >= CLEAR and topic not in (NEAR_SCOPE, OUT_OF_SCOPE, *SAFETY, *OWN, "whistleblowing")


def speaks_of_media(reading: Reading) -> bool:
    """Whether the words may tell of a journalist: then the media flow is offered with whatever else is answered."""
    return dict(reading.topics).get("media-contact", 0.0) >= MEDIA


def _at_risk(reading: Reading) -> str:
    """The likeliest topic about somebody at risk; where the words speak of none of them, the plain one, or hate crime if that was read."""
    if _hurt_at_home(reading):
        return "own-distress"
    likely = dict(reading.topics)
    best = max(SAFETY, key=lambda t: (likely.get(t, 0.0), -SAFETY.index(t)))
    scores = reading.triage.scores
    in_danger = scores.get("danger", 0.0) > scores.get("safeguarding", 0.0)  # a colleague who is in danger, not one who does wrong
    if likely.get(best, 0.0) >= LIKELY and not (best == "safeguarding-colleague" and in_danger):
        return best
    return "hate-crime" if scores.get("hate-crime", 0.0) > max(scores.get(x, 0.0) for x in ("danger", "safeguarding")) else SAFETY[0]


def _own(reading: Reading) -> str:
    """Whether the asker is harassed, or is in a bad way whatever the cause."""
    likely, scores = dict(reading.topics), reading.triage.scores
    if OWN_LIFE in scores or _hurt_at_home(reading):
        return "own-distress"
    return max(OWN, key=lambda t: likely.get(t, 0.0) + scores.get(OWN[t], 0.0))
