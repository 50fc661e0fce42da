"""A reporting conversation as knowledge: steps with conditions, answers by name, replayed. Pure.

Nothing is filed here. `where` tells where a conversation stands; whoever holds it decides what Send does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot import words
from bot.knowledge import Flow, frozen

MOST_TEXT = 3_000  # characters; Slack's fields take no more


class Kind(StrEnum):
    """How a step is answered."""

    CHOICE = "choice"
    TEXT = "text"
    WHEN = "when"
    LINK = "link"
    PERSON = "person"


TYPED = (Kind.TEXT, Kind.LINK, Kind.PERSON)
CHOSEN = (Kind.CHOICE, Kind.WHEN)


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `when` names earlier answers that call for it; `replies` is what is said at once to an answer.

    `behalf`: asked only where somebody writes down what another person told them.
    """

    id: str
    kind: Kind
    asks: str
    why: str = ""
    options: tuple[tuple[str, str], ...] = ()
    when: Mapping[str, frozenset[str]] = field(default_factory=lambda: frozen({}))
    replies: Mapping[str, str] = field(default_factory=lambda: frozen({}))
    sealed: bool = False
    optional: bool = False
    behalf: bool = False

    def label(self, value: str) -> str:
        """An answer as it is read back."""
        return dict(self.options).get(value, value)


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """A reporting conversation. `files`: it ends in a case; without it nothing is kept and no step takes words."""

    flow: Flow
    title: str
    opening: tuple[str, ...]
    steps: tuple[Step, ...]
    closing: tuple[str, ...]

    @property
    def files(self) -> bool:
        """Whether it ends in a case."""
        return self.flow != Flow.WHISTLEBLOWING

    def asked(self, *, behalf: bool) -> "FlowPlan":
        """As it is gone through: for oneself, or for somebody who told one."""
        return replace(self, title=words.BEHALF_ASKS) if behalf else replace(self, steps=tuple(s for s in self.steps if not s.behalf))


Answers = Mapping[str, str]


def endangered(answers: Answers) -> bool:
    """Whether somebody may be in danger: so it was answered, or they don't know."""
    return answers.get("danger") in ("yes", "unknown")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an answer cannot be taken: which, and what to do."""

    step: str
    says: str


def called_for(plan: FlowPlan, answers: Answers) -> tuple[Step, ...]:
    """The steps that these answers call for, in order. A step whose condition rests on one that is not called for is not either."""
    found: list[Step] = []
    reached: set[str] = set()
    for step in plan.steps:
        if all(name in reached and answers.get(name) in values for name, values in step.when.items()):
            found.append(step)
            reached.add(step.id)
    return tuple(found)


def where(plan: FlowPlan, answers: Answers) -> Step | None:
    """The first step without an answer; None when there is nothing more to ask."""
    return next((s for s in called_for(plan, answers) if s.id not in answers), None)


def progress(plan: FlowPlan, answers: Answers) -> tuple[int, int]:
    """Which step is shown, of how many, as far as can be told now."""
    steps = called_for(plan, answers)
    here = where(plan, answers)
    return (steps.index(here) + 1 if here else len(steps)), len(steps)


def take(plan: FlowPlan, answers: Answers, step_id: str, value: str) -> Answers | Problem:
    """The answers with this one taken in; what is no longer called for is dropped. An empty value skips an optional step."""
    step = next((s for s in called_for(plan, answers) if s.id == step_id), None)
    if step is None:
        return Problem(step_id, "This question is no longer asked. Please go on with the one that is shown.")
    said = value.strip()
    if step.kind in CHOSEN and said not in dict(step.options):
        return Problem(step_id, "Please choose one of the answers shown.")
    if not said and not step.optional:
        return Problem(step_id, "Please write a few words, or cancel.")
    if len(said) > MOST_TEXT:
        return Problem(step_id, f"That is too long: please keep it to {MOST_TEXT:,} characters, and add the rest later.")
    return kept(plan, {**answers, step_id: said})


def back(plan: FlowPlan, answers: Answers) -> Answers:
    """Without the last answer; what stood before it stays."""
    given = [s.id for s in called_for(plan, answers) if s.id in answers]
    return kept(plan, {name: value for name, value in answers.items() if name != given[-1]}) if given else answers


def change(plan: FlowPlan, answers: Answers, step_id: str) -> Answers:
    """Without one answer, so that it is asked again; the others stay."""
    return kept(plan, {name: value for name, value in answers.items() if name != step_id})


def kept(plan: FlowPlan, answers: Answers) -> Answers:
    """The answers in the order of the steps, without those that are no longer called for."""
    return frozen({s.id: answers[s.id] for s in called_for(plan, answers) if s.id in answers})


def summary(plan: FlowPlan, answers: Answers) -> tuple[tuple[str, str], ...]:
    """(question, answer) for everything that would be sent."""
    return tuple((s.asks, s.label(answers[s.id])) for s in called_for(plan, answers) if answers.get(s.id))


def slips(plan: FlowPlan) -> Sequence[Problem]:
    """What is wrong with a plan: conditions on steps that come later or on values that nobody can choose; words where none may be taken."""
    found = []
    before: dict[str, Step] = {}
    for step in plan.steps:
        for name, values in step.when.items():
            if name not in before:
                found.append(Problem(step.id, f"its condition names '{name}', which is not asked before it"))
            elif not values <= set(dict(before[name].options)):
                found.append(Problem(step.id, f"its condition names a value that '{name}' does not have"))
        if step.kind in CHOSEN and not step.options:
            found.append(Problem(step.id, "a choice needs options"))
        if step.kind in TYPED and not plan.files:
            found.append(Problem(step.id, "this flow may take no words: use a choice"))
        before[step.id] = step
    return found
