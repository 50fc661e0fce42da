"""What goes between a person and Askwell, whatever the channel."""

from dataclasses import dataclass, field

from bot.answer import Answer
from bot.decide import Known
from bot.knowledge import frozen


@dataclass(frozen=True, slots=True)
class Asked:
    """A question back: about a fact, or (fact `topic`) about what was meant. Options are (value, label)."""

    fact: str
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: answers, a question, or plain lines. `notices` are said once (the policy's age, the draft reading)."""

    answers: tuple[Answer, ...] = ()
    question: Asked | None = None
    lines: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class State:
    """A conversation: who asks, the words so far, the facts that were pressed or said in answer, and what is being asked.

    `version` is that of the knowledge it was decided under; `before` is the state to which "back" returns.
    """

    organisation: str
    role: str
    version: str
    words: tuple[str, ...] = ()
    topic: str | None = None
    facts: Known = field(default_factory=lambda: frozen({}))
    asked: frozenset[str] = frozenset()
    question: Asked | None = None
    told: bool = False
    before: "State | None" = None


@dataclass(frozen=True, slots=True)
class Turn:
    """The pure result of one message: the next state and the reply."""

    state: State
    reply: Reply
