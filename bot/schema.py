"""The shape of every YAML file, so that a mistake is found at its line before anything is built from it."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.knowledge import Flow, Verdict

Binding = Literal["staff", "volunteer", "director"]
Texts = str | list[str]


class _Strict(BaseModel):
    """Unknown keys are mistakes, not extras."""

    model_config = ConfigDict(extra="forbid")


class RuleFile(_Strict):
    """A rule under its clause."""

    id: str
    on: Texts
    when: dict[str, Texts] = Field(default_factory=dict)
    verdict: Literal["allowed", "conditional", "not_allowed", "required", "refer", "info"]
    to: Texts = Field(default_factory=list)
    flow: Flow | None = None
    overrides: Texts = Field(default_factory=list)
    provided: dict[str, Texts] = Field(default_factory=dict)
    also: bool = False
    by_analogy: str | None = None
    binds: list[Binding] | None = None
    answer: str = Field(min_length=10)


class PieceFile(_Strict):
    """A piece of the policy's text: a clause with its force, or context."""

    id: str
    says: str
    context: str | None = None
    force: Literal["must", "must-not", "should", "may", "states"] | None = None
    binds: list[Binding] | None = None
    to_encode: str | None = None
    rules: list[RuleFile] = Field(default_factory=list)


class SectionFile(_Strict):
    """One section of a policy."""

    section: str
    title: str
    pieces: list[PieceFile]


class TensionFile(_Strict):
    """A place where the policy says two things."""

    id: str
    on: Texts
    between: list[str] = Field(min_length=2)
    when: dict[str, Texts] = Field(default_factory=dict)
    verdict: Literal["refer", "conditional", "not_allowed", "required", "info"] = "refer"
    to: Texts = Field(default_factory=list)
    flow: Flow | None = None
    overrides: Texts = Field(default_factory=list)
    binds: list[Binding] | None = None
    answer: str = Field(min_length=10)


class TensionsFile(_Strict):
    """All tensions of an organisation."""

    tensions: list[TensionFile] = Field(default_factory=list)


class PolicyFile(_Strict):
    """What identifies the published document."""

    title: str
    owner: str
    source: str
    adopted: date | None = None
    reviewed: date | None = None
    review_due: date | None = None
    to_encode: str | None = None


class LifecycleFile(_Strict):
    """Whether the organisation uses this, shows it, or is no more."""

    status: Literal["demonstration", "active", "dissolved"]
    on: date | None = None
    successor: str | None = None
    note: str | None = None


class DraftFile(_Strict):
    """Nobody at the organisation has confirmed our reading of its policy."""

    status: Literal["draft"]


class ConfirmedFile(_Strict):
    """Who stands by our reading, since when; `of` is the digest of what they confirmed. `askwell publish` writes it."""

    status: Literal["confirmed"]
    by: str = Field(min_length=1)
    role: str = Field(min_length=1)
    on: date
    effective_from: date
    of: str


class InDoubtFile(_Strict):
    """Whom the policy names for doubts, and the clause that does, which is quoted. `says` is a note for whoever reads the file."""

    to: Texts = Field(default_factory=list)
    says: str
    clause: str | None = None


class OrganisationFile(_Strict):
    """organisation.yaml."""

    id: str
    name: str
    short: str
    kind: Literal["healthwatch", "cic", "nhs"]
    policy: PolicyFile
    lifecycle: LifecycleFile
    reading: DraftFile | ConfirmedFile = Field(discriminator="status")
    binds: list[Binding]
    in_doubt: InDoubtFile


class NamedFile(_Strict):
    """A name that the policy prints."""

    name: str
    email: str | None = None
    in_: str = Field(alias="in")


class RoleFile(_Strict):
    """One role."""

    id: str
    title: str
    also_called: list[str] = Field(default_factory=list)
    named: NamedFile | None = None
    implied: bool = False


class PeopleFile(_Strict):
    """people.yaml."""

    roles: list[RoleFile]


class LocalEntry(_Strict):
    """A local number, by whom it was checked and when."""

    name: str
    phone: str | None = None
    url: str | None = None
    verified_on: date
    by: str


class LocalFile(_Strict):
    """local.yaml: what no policy has."""

    council_children: LocalEntry | None = None
    council_adults: LocalEntry | None = None
    out_of_hours: LocalEntry | None = None
    lado: LocalEntry | None = None
    police_force: LocalEntry | None = None


class TopicFile(_Strict):
    """topics/<id>.yaml."""

    id: str
    title: str
    mode: Literal["may", "must", "who", "what", "happens", "do", "other"]
    kind: str = "other"
    flow: Flow | None = None
    sensitive: bool = False
    means: str
    facts: list[str] = Field(default_factory=list)
    examples: list[str] = Field(default_factory=list)


class CueFile(_Strict):
    """One way in which a value is stated, and where it does not count: right after or before these words, or with these anywhere."""

    says: str
    not_after: str = Field(default="", alias="not after")
    not_before: str = Field(default="", alias="not before")
    unless: str = ""


class ValueFile(_Strict):
    """One value of a fact."""

    label: str
    is_: str | None = Field(default=None, alias="is")
    cues: list[str | CueFile] = Field(default_factory=list)


class WordsFile(RootModel[dict[str, str]]):
    """facts/shared/words.yaml: the lists of words that cues share, by name."""


class FactFile(_Strict):
    """facts/<id>.yaml. `words` are lists that its cues name; `numbers` are cues with the number between < and >, for a fact with a unit."""

    id: str
    name: str
    asks: str
    doable: str | None = None
    presume: str | None = None
    unit: str | None = None
    words: dict[str, str] = Field(default_factory=dict)
    values: dict[str, ValueFile] = Field(default_factory=dict)
    numbers: list[str | CueFile] = Field(default_factory=list)
    riskier: list[str] = Field(default_factory=list)


class SignpostFile(_Strict):
    """One entry of signposts.yaml."""

    id: str
    name: str
    says: str
    phone: str | None = None
    url: str | None = None
    on: list[str] = Field(default_factory=list)
    roles: list[Binding] | None = None
    kinds: list[Literal["healthwatch", "cic", "nhs"]] | None = None
    when: dict[str, Texts] = Field(default_factory=dict)
    source: str
    grade: Literal["A", "A-", "B"]
    verified_on: date
    verify_by: date


class SignpostsFile(_Strict):
    """signposts.yaml."""

    signposts: list[SignpostFile]


class LawFile(_Strict):
    """One entry of law.yaml."""

    id: str
    says: str
    on: list[str]
    roles: list[Binding] | None = None
    verdicts: list[Verdict] = Field(default_factory=lambda: list(Verdict))
    when: dict[str, Texts] = Field(default_factory=dict)
    source: str
    verified_on: date
    verify_by: date


class LawNotesFile(_Strict):
    """law.yaml."""

    notes: list[LawFile]


class TriageFile(_Strict):
    """triage/<name>.yaml: examples for triage. With `context`, and in `triage/twins`, only for the second reader.

    Harmless messages with `context` have a sentence that would sound grave alone; twins are grave and harmless ones in like words.
    """

    label: Literal["none", "danger", "safeguarding", "hate-crime", "whistleblowing", "distress", "harassment"]
    part: int | None = None
    means: str | None = None
    context: bool = False
    examples: list[str]


class ExpectFile(_Strict):
    """What a scenario wants; what is left out is not checked."""

    verdict: Verdict | list[Verdict] | None = None
    clauses: list[str] | None = None
    to: list[str] | None = None
    flow: Flow | Literal["none"] | None = None


class ScenarioFile(_Strict):
    """A case that must come out right: by facts on a topic."""

    name: str
    topic: str
    role: Literal["staff", "manager", "volunteer", "director"] = "staff"
    facts: dict[str, str] = Field(default_factory=dict)
    expect: ExpectFile
