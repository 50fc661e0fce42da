"""Dresses an answer where somebody may come to harm: what to do now, people and numbers, and that nobody was told."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from bot import words
from bot.answer import MOST_ALSO, Answer, signposts
from bot.choose import OWN, SURE_DANGER
from bot.decide import Known
from bot.knowledge import Flow, Knowledge, Organisation, Verdict
from bot.screen import danger_once, first_screen
from bot.understand.triage import Triage


@dataclass(frozen=True, slots=True)
class Told:
    """What the words tell besides: the facts; `images`, of a child may be spoken of; `another` than the asker is harassed; the asker's `own_life`."""

    known: Known = field(default_factory=dict)
    images: bool = False
    another: bool = False
    own_life: bool = False


TOLD_NOTHING = Told()


def dressed(
    knowledge: Knowledge, organisation: Organisation, role: str, answer: Answer, triage: Triage, today: date, told: Told = TOLD_NOTHING,
) -> Answer:  # fmt: skip
    """The answer with outside help, and with emergency lines and steps as its flow and triage demand."""
    flow = _flow(knowledge, answer, triage)
    posts = signposts(knowledge, organisation, answer.topic or "", role, today, told.known)
    answer = replace(answer, flow=flow, signposts=posts)
    own = answer.topic in OWN
    sure = triage.scores.get("danger", 0.0) >= SURE_DANGER
    more = words.EMERGENCY_QUIET if own else words.EMERGENCY_TELL if sure else words.EMERGENCY_MORE
    urgent = (words.EMERGENCY, more) if triage.urgent else ()
    if urgent or own or flow in (Flow.SAFEGUARDING, Flow.WHISTLEBLOWING):
        answer = _sensitive(organisation, replace(answer, urgent=urgent), flow, told, at_risk=Flow.SAFEGUARDING in triage.flows)
    return _said_once(answer)


def _sensitive(organisation: Organisation, answer: Answer, flow: Flow | None, told: Told, *, at_risk: bool) -> Answer:
    silent, own = answer.verdict == Verdict.NOT_COVERED, answer.topic in OWN
    headline = "" if own else answer.headline
    before = _before(answer, flow, silent, told)
    said, below = first_screen([headline, *before], _silent(flow, own) if silent else answer.say)
    contacts = () if silent and flow == Flow.WHISTLEBLOWING else answer.contacts  # nobody is named by a policy that is silent
    closing = (*_never(answer, flow, told), *_steps(organisation, answer, flow, at_risk=at_risk), words.NOBODY_TOLD)
    return replace(
        answer, headline=headline, say=(*before, *said), also=(*below, *answer.also)[:MOST_ALSO], closing=closing,
        contacts=contacts, sensitive=True, receipt=None, taken="", changes=(),
    )  # fmt: skip


def _said_once(answer: Answer) -> Answer:
    """Every number once: where the emergency lines say 999, no rule has to say it again, nor outside help what stands above it."""
    say, said = danger_once(answer.say, bool(answer.urgent))
    also, _ = danger_once(answer.also, said)
    above = " ".join(say)
    posts = tuple(p for p in answer.signposts if not (p.phone and re.search(rf"\b{p.phone}\b", above)))
    return replace(answer, say=tuple(say), also=tuple(also), signposts=posts)


def _silent(flow: Flow | None, own: bool) -> tuple[str, ...]:
    """What to do where the policy is silent: nobody is told to wait for somebody's leave."""
    return () if own or flow == Flow.WHISTLEBLOWING else (words.SAFEGUARDING_SILENT,)


def _flow(knowledge: Knowledge, answer: Answer, triage: Triage) -> Flow | None:
    """The flow that leads: what triage found is never taken back by what the rules say. Somebody at risk comes first, unless wrongdoing leads."""
    found = {answer.flow, *triage.flows, knowledge.topics[answer.topic].flow if answer.topic else None}
    first = Flow.WHISTLEBLOWING if answer.topic == "whistleblowing" else Flow.SAFEGUARDING
    return next((f for f in (first, Flow.SAFEGUARDING, Flow.WHISTLEBLOWING, Flow.MEDIA) if f in found), None)


def _before(answer: Answer, flow: Flow | None, silent: bool, told: Told) -> list[str]:
    if answer.topic in OWN:
        return [words.ANOTHERS_TROUBLE if told.another else words.OWN_DISTRESS, *_own_lines(answer, told)]
    if flow == Flow.WHISTLEBLOWING:
        return [words.WHISTLEBLOWING_CARE, *([words.WHISTLEBLOWING_SILENT] if silent else [])]
    return []


def _own_lines(answer: Answer, told: Told) -> list[str]:
    """What to do now, by what threatens the asker."""
    threat = words.THREATS.get(told.known.get("threat", ""))
    lines = [words.OWN_LINES] if told.own_life or (threat is None and (answer.topic == "own-distress" or not answer.signposts)) else []
    return [*lines, threat] if threat else lines


def _never(answer: Answer, flow: Flow | None, told: Told) -> list[str]:
    """That nobody may look at, copy or pass on a picture of a child."""
    return [words.IMAGES] if answer.topic == "illegal-images" or (told.images and flow == Flow.SAFEGUARDING) else []


def _steps(organisation: Organisation, answer: Answer, flow: Flow | None, *, at_risk: bool) -> list[str]:
    """What to do about somebody at risk; with wrongdoing only the ways outside, which need nobody here."""
    if not (flow == Flow.SAFEGUARDING or (flow == Flow.WHISTLEBLOWING and at_risk)) or answer.topic == "own-distress":
        return []
    first = {"hate-crime": [words.ABUSE_EVIDENCE], "harassment": [words.ABUSE_EVIDENCE]}
    local = [f"{place.name}: {place.phone or place.url}" for place in organisation.local] or [words.COUNCIL_FINDER]
    outside = words.SAFEGUARDING_OUTSIDE_TOO if answer.urgent else words.SAFEGUARDING_OUTSIDE
    steps = [words.SAFEGUARDING_STEPS] if flow == Flow.SAFEGUARDING else []
    return [*first.get(answer.topic or "", []), *steps, outside, *local]
