"""The frozen types of what Askwell knows. No input or output here, and no words of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar


class Verdict(StrEnum):
    """What a policy says about a question. The first six come from rules, the last two from their absence."""

    ALLOWED = "allowed"
    CONDITIONAL = "conditional"
    NOT_ALLOWED = "not_allowed"
    REQUIRED = "required"
    REFER = "refer"
    INFO = "info"
    NOT_COVERED = "not_covered"
    OUT_OF_SCOPE = "out_of_scope"


class Flow(StrEnum):
    """A reporting conversation that can be offered."""

    SAFEGUARDING = "safeguarding"
    WHISTLEBLOWING = "whistleblowing"
    MEDIA = "media"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the knowledge, for findings."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact; `parent` is the wider value that it is a kind of."""

    id: str
    label: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """One way in which a fact's value is stated, as regular expressions for lower-case text.

    It does not count where the text before it ends with `after`, nor in a text that holds `unless`.
    """

    value: str
    pattern: str
    after: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something a decision turns on: `asks` is the question back, `name` stands for it when it is shown back.

    A fact with `unit` is a number. `presume` is taken for granted until a cue says otherwise. `doable` is the value
    that the asker can honestly bring about (get consent, use the official account). `riskier` lists values from the safest to
    the riskiest.
    """

    id: str
    name: str
    asks: str
    values: tuple[Value, ...]
    unit: str | None = None
    presume: str | None = None
    doable: str | None = None
    cues: tuple[Cue, ...] = field(default=(), repr=False)
    riskier: tuple[str, ...] = ()

    def lineage(self, value: str) -> frozenset[str]:
        """The value and every wider value that it is a kind of."""
        parents = {v.id: v.parent for v in self.values}
        found = {value}
        while (parent := parents.get(value)) is not None and parent not in found:
            found.add(parent)
            value = parent
        return frozenset(found)

    def label(self, value: str) -> str:
        """The words on a button for this value."""
        return next((v.label for v in self.values if v.id == value), f"{value} {self.unit or ''}".strip())


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about, shared by all organisations. `facts` are those that a rule on it may turn on.

    `flow` is offered even where the policy is silent. `sensitive`: somebody could be harmed by a trace of the question.
    """

    id: str
    title: str
    mode: str
    kind: str
    means: str
    facts: tuple[str, ...]
    flow: Flow | None = None
    sensitive: bool = False
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one fact: its value is one of `values` (or a kind of one), or its number lies in [low, high)."""

    fact: str
    values: frozenset[str] = frozenset()
    low: float = float("-inf")
    high: float = float("inf")


@dataclass(frozen=True, slots=True)
class Rule:
    """On these topics, when all conditions hold, this verdict. Stands under its clause; a tension has two clauses."""

    id: str
    clauses: tuple[str, ...]
    topics: tuple[str, ...]
    when: tuple[Condition, ...]
    verdict: Verdict
    answer: str
    binds: frozenset[str]
    place: Place
    to: tuple[str, ...] = ()
    flow: Flow | None = None
    overrides: tuple[str, ...] = ()
    also: bool = False
    provided: tuple[Condition, ...] = ()
    by_analogy: str | None = None
    tension: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """One verbatim passage of a policy: `text` is cut out of policy.txt from `start` to `end`.

    `to_encode` says what somebody has yet to do about it after a new text came in.
    """

    id: str
    section: str
    title: str
    text: str
    start: int
    end: int
    force: str
    binds: frozenset[str]
    context: str | None
    place: Place
    to_encode: str | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody whom a policy names. `name` and `email` are what the policy prints, never a live recipient."""

    id: str
    title: str
    also_called: tuple[str, ...] = ()
    name: str | None = None
    email: str | None = None
    named_in: str | None = None
    implied: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The published document."""

    title: str
    owner: str
    source: str
    text: str
    adopted: date | None = None
    reviewed: date | None = None
    review_due: date | None = None
    to_encode: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Who at the organisation stands by our reading of its policy: name, role, day, and from which day it applies."""

    by: str
    role: str
    on: date
    effective_from: date


@dataclass(frozen=True, slots=True)
class Local:
    """A number that no policy has, filled in by somebody at the organisation."""

    id: str
    name: str
    phone: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation with its policy, whole.

    `reading` is draft, confirmed, or changed (since it was confirmed); `confirmed` is there with the last two.
    """

    id: str
    name: str
    short: str
    kind: str
    policy: Policy
    status: str
    status_note: str | None
    reading: str
    binds: frozenset[str]
    in_doubt_to: tuple[str, ...]
    in_doubt_clause: str | None
    roles: Mapping[str, Role]
    clauses: Mapping[str, Clause]
    rules: tuple[Rule, ...]
    local: tuple[Local, ...]
    on_topic: Mapping[str, tuple[Rule, ...]]
    confirmed: Confirmation | None = None


@dataclass(frozen=True, slots=True)
class Signpost:
    """A help line or a regulator outside the organisation, with the date until which it may be shown, where all of `when` is known to hold."""

    id: str
    name: str
    says: str
    phone: str | None
    url: str | None
    topics: tuple[str, ...]
    roles: frozenset[str]
    kinds: frozenset[str]
    when: tuple[Condition, ...]
    source: str
    grade: str
    verified_on: date
    verify_by: date
    place: Place


@dataclass(frozen=True, slots=True)
class LawNote:
    """A note about the law, never part of a quote, by role and with the date until which it may be shown.

    It goes only with these verdicts, and only where all of `when` is known to hold.
    """

    id: str
    says: str
    topics: tuple[str, ...]
    roles: frozenset[str]
    verdicts: frozenset[Verdict]
    when: tuple[Condition, ...]
    source: str
    verified_on: date
    verify_by: date
    place: Place


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that decisions and words are made of, under one version.

    `coming` are the next versions of organisations, by id; `bot.effective` says when they take over.
    """

    version: str
    topics: Mapping[str, Topic]
    facts: Mapping[str, Fact]
    organisations: Mapping[str, Organisation]
    signposts: tuple[Signpost, ...]
    law: tuple[LawNote, ...]
    coming: Mapping[str, Organisation] = field(default_factory=lambda: MappingProxyType({}))

    def only(self, organisation: str) -> "Knowledge":
        """The same with one organisation, which must be among them, and its next version."""
        coming = {o: following for o, following in self.coming.items() if o == organisation}
        return replace(self, organisations=frozen({organisation: self.organisations[organisation]}), coming=frozen(coming))


K = TypeVar("K")
V = TypeVar("V")


def frozen(mapping: dict[K, V]) -> Mapping[K, V]:
    """A read-only view, so that nothing can change what was loaded."""
    return MappingProxyType(mapping)
