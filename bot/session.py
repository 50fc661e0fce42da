"""What a conversation is while it lasts, and what one event in it comes to. Pure.

Nothing that an event gives out addresses anybody but the asker: see `Effect`.
"""

from dataclasses import dataclass
from typing import Protocol

from bot.messages import Reply, State
from bot.plans import Plans
from bot.report import Around, Filing, Running

MOST_HEARD = 20  # messages of which the id is remembered, for edits; and that wait until we know who asks


@dataclass(frozen=True, slots=True)
class Gap:
    """A question to which there was no answer, or a wrong one. It holds no person, and is kept only when they agree."""

    question: str
    topic: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Introduced:
    """The asker said where they belong. It changes wording, never authority."""

    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """With the asker's yes: the question, for the policy owner's list."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether an answer was right, for the count by topic and verdict. It holds no words."""

    topic: str | None
    verdict: str
    helpful: bool


Effect = Introduced | PassedOn | Counted | Filing


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of a conversation while it lasts. `number` counts the turns; `heard` are (message id, words).

    `judged` is the turn of which the person said last whether it was right; `running` a report that is being made, and `saved`
    whether it is kept for later.
    """

    number: int = 0
    state: State | None = None
    heard: tuple[tuple[str, str], ...] = ()
    waiting: tuple[str, ...] = ()
    organisation: str = ""
    last: Reply | None = None
    gap: Gap | None = None
    judged: int = 0
    running: Running | None = None
    saved: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What one event comes to. No reply where none is due."""

    session: Session
    reply: Reply | None = None
    effects: tuple[Effect, ...] = ()


class Desk(Protocol):
    """What a conversation needs where reports can be made: the plans, and what the organisation has around one."""

    @property
    def plans(self) -> Plans:
        """The plans."""

    def around(self, running: Running) -> Around:
        """The people, the chain and who is on duty, for this report."""
