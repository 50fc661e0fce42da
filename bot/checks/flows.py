"""Every reporting conversation can be used, and leads somewhere: to people who are asked, or to a number that anybody may ring."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot import plans
from bot.answer import signposts
from bot.checks.worlds import ROLES
from bot.findings import Finding, KnowledgeError
from bot.flows import TYPED
from bot.knowledge import Flow, Knowledge
from bot.load import Reader
from bot.plans import FlowFile, Plans
from bot.yaml_lines import Document, read

URGENT = Flow.SAFEGUARDING
DANGER = "danger"  # the step from whose answer it is told whether somebody may be in danger
_999 = re.compile(r"\b999\b")


def usable(knowledge: Knowledge, root: Path) -> Iterator[Finding]:
    """What is wrong with flows/*.yaml and with each organisation's chains.yaml, and flows that are offered but not there."""
    try:
        found = plans.load(root, knowledge)
    except KnowledgeError as error:
        yield from error.findings
        return
    for flow in Flow:
        if flow not in found.flows:
            yield Finding(f"flows/{flow}.yaml", 0, f"the flow '{flow}' is offered, but there is no such conversation", "Put the file back.")


def ends(knowledge: Knowledge, root: Path, today: date) -> Iterator[Finding]:
    """Flows at whose end nobody is asked and no number stands, and an urgent flow that asks for details before it says 999."""
    try:
        found = plans.load(root, knowledge)
    except KnowledgeError:  # `usable` says what is wrong
        return
    for organisation in sorted(knowledge.organisations):
        yield from _asked(found, root, organisation)
    reader = Reader(root)
    for path in sorted((root / "flows").glob("*.yaml")):
        if read_in := reader.file(path, FlowFile):
            yield from _numbers(knowledge, found, today, *read_in)
            yield from _urgent(*read_in)


def _asked(found: Plans, root: Path, organisation: str) -> Iterator[Finding]:
    """Reports for which nobody at an organisation would be asked."""
    chains = found.chains[organisation]
    file = f"organisations/{organisation}/chains.yaml"
    mend = "Name who is asked, in order, with the minutes that each has."
    for name, levels in chains.items():
        if not levels:
            yield Finding(file, read(root / file, root).line((name,)), f"nobody is asked about a report of '{name}'", mend)
    for flow, plan in found.flows.items():
        if plan.files and flow.value not in chains:
            yield Finding(file, 0, f"nobody is asked about a report of '{flow}'", mend)


def _numbers(knowledge: Knowledge, found: Plans, today: date, raw: FlowFile, document: Document) -> Iterator[Finding]:
    """People for whom a flow that files nothing ends without a number outside."""
    if found.flows[raw.flow].files:
        return
    for topic in (t.id for t in knowledge.topics.values() if t.flow == raw.flow):
        for organisation in knowledge.organisations.values():
            for role in ROLES:
                if not any(s.phone for s in signposts(knowledge, organisation, topic, role, today)):
                    yield Finding(
                        document.file, document.line(("flow",)), f"on {topic}, it ends without a number ({role} of {organisation.id})",
                        "Nobody is asked here, so add a signpost with a `phone` on this topic, for this role and kind of organisation.",
                    )  # fmt: skip


def _urgent(raw: FlowFile, document: Document) -> Iterator[Finding]:
    """Where an urgent flow asks for details before it has said 999, or does not say it to somebody who may be in danger."""
    if raw.flow != URGENT:
        return
    if not raw.opening or not _999.search(raw.opening[0]):
        yield Finding(document.file, document.line(("opening", 0)), "999 is not the first thing that it says", "Begin the `opening` with it.")
    typed = next((i for i, s in enumerate(raw.steps) if s.kind in TYPED), len(raw.steps))
    number = next((i for i, s in enumerate(raw.steps[:typed]) if s.id == DANGER), None)
    if number is None:
        yield Finding(
            document.file, document.line(("steps", typed)), f"it asks for details before it asks about danger (the step '{DANGER}')",
            "Put that step before every step into which somebody writes.",
        )  # fmt: skip
        return
    for value in ("yes", "unknown"):
        if not _999.search(raw.steps[number].replies.get(value, "")):
            yield Finding(
                document.file, document.line(("steps", number, "replies", value)), f"whoever answers '{value}' about danger is not told 999",
                f"Say it in `replies` to '{value}'.",
            )  # fmt: skip
