"""Reads the reporting conversations (`knowledge/flows/`) and who is asked about a report (`organisations/<id>/chains.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot import words
from bot.effective import NEXT
from bot.findings import KnowledgeError
from bot.flows import FlowPlan, Kind, Step, slips
from bot.knowledge import Flow, Knowledge, Place, frozen
from bot.load import Reader
from bot.routing import LINE_MANAGER, Level

COLLEAGUE = "safeguarding-colleague"


class StepFile(BaseModel):
    """One step."""

    model_config = ConfigDict(extra="forbid")
    id: str
    kind: Kind
    asks: str
    why: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    when: dict[str, list[str]] = Field(default_factory=dict)
    replies: dict[str, str] = Field(default_factory=dict)
    sealed: bool = False
    optional: bool = False
    behalf: bool = False


class FlowFile(BaseModel):
    """One reporting conversation."""

    model_config = ConfigDict(extra="forbid")
    flow: Flow
    title: str
    opening: list[str]
    steps: list[StepFile]
    closing: list[str]


class LevelFile(BaseModel):
    """One level of a chain."""

    model_config = ConfigDict(extra="forbid")
    duties: list[str] = Field(min_length=1)
    minutes: int = Field(gt=0)


class ChainsFile(RootModel[dict[str, list[LevelFile]]]):
    """Who is asked, by flow, or by a topic that has a way of its own."""


@dataclass(frozen=True, slots=True)
class Plans:
    """All reporting conversations, and every organisation's chains by flow or topic."""

    flows: Mapping[Flow, FlowPlan]
    chains: Mapping[str, Mapping[str, tuple[Level, ...]]]

    def chain(self, organisation: str, flow: Flow, topic: str, answers: Mapping[str, str]) -> tuple[Level, ...]:
        """The chain for a report: of a colleague's conduct, of its topic where that has one, or of its flow.

        Whether it is about a colleague is what the reporter answered; the topic is only what was read from their words.
        """
        mine = self.chains.get(organisation, {})
        about = answers.get("colleague") if flow == Flow.SAFEGUARDING else None
        ways = (COLLEAGUE if about == "yes" else "", "" if about == "no" and topic == COLLEAGUE else topic, flow.value)
        return next((mine[way] for way in ways if way in mine), ())

    def duties(self, organisation: str) -> frozenset[str]:
        """Every duty of an organisation's chains, whatever a report is about."""
        return frozenset(d for levels in self.chains.get(organisation, {}).values() for level in levels for d in level.duties)


def naming(plans: Plans, form: str) -> Plans:
    """The same with the address of the confidential form, the same for everybody, where wrongdoing is spoken of. Empty: without."""
    plan = plans.flows.get(Flow.WHISTLEBLOWING)
    if not form or plan is None:
        return plans
    line = words.SPEAKUP_LINK.format(form=form).replace("{", "{{").replace("}", "}}")  # openings are filled in
    return replace(plans, flows=frozen({**plans.flows, plan.flow: replace(plan, opening=(*plan.opening, line))}))


def load(root: Path, knowledge: Knowledge) -> Plans:
    """Read all; raises KnowledgeError with every finding at once."""
    reader = Reader(root)
    flows = {plan.flow: plan for plan in (_plan(reader, path) for path in sorted((root / "flows").glob("*.yaml"))) if plan}
    chains = {o: _chains(reader, _folder(root, o) / "chains.yaml", knowledge, o) for o in sorted(knowledge.organisations)}
    if reader.findings:
        raise KnowledgeError(reader.findings)
    return Plans(frozen(flows), frozen(chains))


def _folder(root: Path, organisation: str) -> Path:
    """The organisation's folder; a new one whose day has come still stands where it was prepared."""
    here = root / "organisations" / organisation
    return here if here.is_dir() else here.with_name(f"{organisation}{NEXT}")


def _plan(reader: Reader, path: Path) -> FlowPlan | None:
    found = reader.file(path, FlowFile)
    if found is None:
        return None
    raw, document = found
    plan = FlowPlan(raw.flow, raw.title, tuple(raw.opening), tuple(_step(s) for s in raw.steps), tuple(raw.closing))
    numbers = {step.id: i for i, step in enumerate(raw.steps)}
    for slip in slips(plan):
        reader.add(Place(document.file, document.line(("steps", numbers[slip.step]))), f"step '{slip.step}': {slip.says}", "Change the step.")
    return plan


def _step(raw: StepFile) -> Step:
    when = frozen({name: frozenset(values) for name, values in raw.when.items()})
    return Step(raw.id, raw.kind, raw.asks, raw.why, tuple(raw.options.items()), when, frozen(raw.replies), raw.sealed, raw.optional, raw.behalf)


def _chains(reader: Reader, path: Path, knowledge: Knowledge, organisation: str) -> Mapping[str, tuple[Level, ...]]:
    found = reader.file(path, ChainsFile)
    if found is None:
        return frozen({})
    raw, document = found
    known = {f.value for f in Flow} | set(knowledge.topics)
    duties = {LINE_MANAGER, "safeguarding-lead", *knowledge.organisations[organisation].roles}
    for name, levels in raw.root.items():
        if name not in known:
            reader.add(Place(document.file, document.line((name,))), f"'{name}' is neither a flow nor a topic", "Check its spelling.")
        for i, level in enumerate(levels):
            for duty in set(level.duties) - duties:
                place = Place(document.file, document.line((name, i)))
                reader.add(place, f"the duty '{duty}' is no role of people.yaml", "Name a role of people.yaml, safeguarding-lead or line-manager.")
    return frozen({name: tuple(Level(tuple(x.duties), x.minutes) for x in levels) for name, levels in raw.root.items()})
