"""Dresses an answer where somebody may come to harm: what to do now, people and numbers, and that nobody was told."""

from dataclasses import replace
from datetime import date

from bot import words
from bot.answer import Answer, signposts
from bot.knowledge import Flow, Knowledge, Organisation, Verdict
from bot.understand.triage import Triage

_OWN = ("own-distress", "harassment")


def dressed(knowledge: Knowledge, organisation: Organisation, role: str, answer: Answer, triage: Triage, today: date) -> Answer:
    """The answer with emergency lines, steps and signposts, as its flow and triage demand."""
    flow = _flow(knowledge, answer, triage)
    own = answer.topic in _OWN
    urgent = (words.EMERGENCY, words.EMERGENCY_MORE) if triage.urgent else ()
    if not urgent and flow != Flow.SAFEGUARDING and flow != Flow.WHISTLEBLOWING and not own:
        return replace(answer, flow=flow)
    posts = signposts(knowledge, organisation, answer.topic or "", role, today)
    closing = [*_steps(organisation, answer, flow), words.NOBODY_TOLD]
    before = [words.OWN_DISTRESS, words.OWN_LINES] if own else []
    if flow == Flow.WHISTLEBLOWING:
        before = [words.WHISTLEBLOWING_CARE, *([words.WHISTLEBLOWING_SILENT] if answer.verdict == Verdict.NOT_COVERED else [])]
    return replace(
        answer, flow=flow, urgent=urgent, say=(*before, *answer.say), signposts=posts, closing=tuple(closing), sensitive=True,
        headline="" if own and answer.verdict == Verdict.NOT_COVERED else answer.headline,
    )  # fmt: skip


def _flow(knowledge: Knowledge, answer: Answer, triage: Triage) -> Flow | None:
    """The flow that leads: what triage found is never taken back by what the rules say."""
    found = {answer.flow, *triage.flows, knowledge.topics[answer.topic].flow if answer.topic else None}
    return next((f for f in (Flow.SAFEGUARDING, Flow.WHISTLEBLOWING, Flow.MEDIA) if f in found), None)


def _steps(organisation: Organisation, answer: Answer, flow: Flow | None) -> list[str]:
    if flow != Flow.SAFEGUARDING:
        return []
    lines = [words.SAFEGUARDING_STEPS, words.SAFEGUARDING_OUTSIDE]
    lines += [f"{local.name}: {local.phone or local.url}" for local in organisation.local] or [words.COUNCIL_FINDER]
    if answer.topic == "illegal-images":
        lines.insert(0, words.IMAGES)
    if answer.topic in ("hate-crime", "harassment"):
        lines.insert(0, words.ABUSE_EVIDENCE)
    return lines
