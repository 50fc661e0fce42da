"""What goes between a person and Askwell, whatever the channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot import words
from bot.answer import Answer
from bot.decide import Known
from bot.knowledge import Flow, frozen

TOPIC = "topic"  # the "fact" of a question about what was meant
FLOW = "flow"  # the "fact" of the offer to begin a report
RESUME, BEHALF = "resume", "behalf:"  # what to do with a report: go on with the open one; begin one for somebody else (`behalf:media`)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question back: about a fact, or (fact `topic`) about what was meant. Options are (value, label).

    `private`: asked on a sensitive topic, so not where others read along.
    """

    fact: str
    text: str
    options: tuple[tuple[str, str], ...]
    private: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One step of a report. `kind` is choice, text, when, link or person; `people` may be picked where it is person."""

    flow: Flow
    title: str
    step: str
    kind: str
    asks: str
    why: str
    options: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    optional: bool
    number: int
    of: int


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that would be sent, before it is: (step, question, answer); to whom (empty: nobody may see it), and what to know."""

    flow: Flow
    title: str
    rows: tuple[tuple[str, str, str], ...]
    who: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply: answers, a question, or plain lines. `notices` are said once (the policy's age, the draft reading).

    `offer` is the question that could be passed on to the policy's owner, if the person agrees; `start` the report that can be begun,
    `resume`: one is open, and they can go on with it.
    """

    answers: tuple[Answer, ...] = ()
    question: Asked | None = None
    lines: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    confidence: float = 1.0
    offer: str = ""
    form: Form | None = None
    review: Review | None = None
    start: Flow | None = None
    resume: bool = False

    @property
    def choices(self) -> tuple[Asked, ...]:
        """Everything that can be chosen: the open question, and what else may have been meant."""
        others = tuple(dict.fromkeys(o for a in self.answers for o in a.others))
        start = (Asked(FLOW, words.OFFER_FLOW[self.start], ((self.start.value, words.START_FLOW[self.start]),)),) if self.start else ()
        resume = (Asked(FLOW, words.RESUME_ASKS, ((RESUME, words.RESUME_IT),)),) if self.resume else ()
        return (*start, *resume, *((self.question,) if self.question else ()), *((Asked(TOPIC, words.OTHERS, others),) if others else ()))

    @property
    def late(self) -> bool:
        """Whether it only says that a press came too late."""
        return self.lines == (words.TOO_LATE,)

    @property
    def reporting(self) -> bool:
        """Whether it is a screen of a report that is being made."""
        return self.form is not None or self.review is not None

    @property
    def sensitive(self) -> bool:
        """Whether it may only be shown where nobody else reads along."""
        asked = self.question is not None and self.question.private
        return self.reporting or asked or words.EMERGENCY in self.before or any(a.sensitive or a.urgent for a in self.answers)


@dataclass(frozen=True, slots=True)
class Words:
    """Something typed. `source` is the platform's id of the message, so that it can be edited or deleted later."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Press:
    """A choice of the turn `number` that was pressed: a fact's value, or (fact `topic`) what was meant."""

    number: int
    fact: str
    value: str


@dataclass(frozen=True, slots=True)
class Edited:
    """A message of the person's that now reads otherwise; without text it was deleted."""

    source: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer to "was this right?" about the turn `number`."""

    number: int
    helpful: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PassOn:
    """Whether the question of the turn `number` may be passed on to the policy's owner, without a name."""

    number: int
    agreed: bool


@dataclass(frozen=True, slots=True)
class Filled:
    """An answer to a step of a report."""

    number: int
    step: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Steered:
    """What to do with a report: start:<flow>, behalf:<flow>, resume, back, change:<step>, save, cancel, send."""

    number: int
    what: str


Act = Words | Press | Edited | Judged | PassOn | Filled | Steered


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event, verified and converted by its channel. The same `event` never counts twice.

    `account` is the person on that channel; `home` their private conversation, where a sensitive matter goes on that was
    begun where others read along (`conversation` differs from `home`). `place` is what the channel needs to answer there.
    """

    event: str
    channel: str
    account: str
    conversation: str
    home: str
    act: Act
    place: Mapping[str, str] = field(default_factory=dict)

    @property
    def private(self) -> bool:
        """Whether nobody else reads along."""
        return self.conversation == self.home


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to the person of a conversation: the reply of turn `number`, or only a nudge to look at their `home`.

    `organisation` is whose policy was asked about, for links; empty where that is not known yet. `unasked`: it answers nothing
    that was just said, so what was on the screen then no longer counts.
    """

    number: int
    reply: Reply
    place: Mapping[str, str]
    private: bool
    nudge: bool = False
    organisation: str = ""
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A conversation: who asks, the words so far, the facts that were pressed or said in answer, and what is being asked.

    `version` is that of the knowledge it was decided under; `before` is the state to which "back" returns; `others` are the
    topics (id, title) that the last answer offered besides its own, and `said` is the gist of a grave one.
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
    others: tuple[tuple[str, str], ...] = ()
    said: str = ""

    @property
    def offered(self) -> Asked | None:
        """What a number or a label chooses: the open question, otherwise what else may have been meant."""
        return self.question or (Asked(TOPIC, words.OTHERS, self.others) if self.others else None)


@dataclass(frozen=True, slots=True)
class Turn:
    """The pure result of one message: the next state and the reply."""

    state: State
    reply: Reply
