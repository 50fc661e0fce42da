"""What is said in a report, and what either side sees of it. Types only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter

from bot.speakup.veto import Nobody


class Naming(StrEnum):
    """Whether a reporter gives a name. Confidential: to the readers only, and to nobody without asking first."""

    ANONYMOUS = "anonymous"
    CONFIDENTIAL = "confidential"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody reports, in their words. All but `what` may be empty; together at most some 24,000 letters."""

    what: str
    when: str = ""
    where: str = ""
    who: str = ""
    how_known: str = ""
    raised: str = ""
    wish: str = ""
    naming: Naming = Naming.ANONYMOUS
    name: str = ""
    reach: str = ""


class Kind(StrEnum):
    """What a message is. The first four and WITHDRAWN come from the reporter, the others from a reader."""

    REPORT = "report"
    ADDED = "added"
    ANSWER = "answer"
    WITHDRAWN = "withdrawn"
    REPLY = "reply"
    QUESTION = "question"
    JOINED = "joined"  # a reader let somebody else read it, too: `text` says who


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it is sealed. `to`: the number of the question that it answers; `by`: the reader who wrote it."""

    kind: Kind
    text: str = ""
    report: Report | None = None
    to: int | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as it is shown; `number` counts from 0. What the reporter wrote themselves has no text for them."""

    number: int
    day: date
    message: Message


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who could open a report. `id`: their address, or for a recovery holder from outside their name."""

    id: str
    name: str
    role: str
    recovery: bool = False


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody who could open a report, after the veto. Nobody: only the ways outside are left, and why.

    `pressed`: whoever runs the server answers to somebody implicated; say so before the first word.
    """

    people: tuple[Reader, ...] = ()
    nobody: Nobody | None = None
    pressed: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """To show `SpeakUp.file` whom the reporter agreed to."""
        return frozenset(r.id for r in self.people)


@dataclass(frozen=True, slots=True)
class Thread:
    """A report as its reporter sees it with the receipt.

    `read`: somebody has opened it; `until`: the last day of the receipt; `deleted`: a reader has deleted it.
    """

    readers: tuple[str, ...]
    lines: tuple[Line, ...]
    read: bool
    until: date
    deleted: bool = False

    @property
    def questions(self) -> tuple[Line, ...]:
        """Questions that have no answer yet."""
        answered = {line.message.to for line in self.lines if line.message.kind == Kind.ANSWER}
        return tuple(line for line in self.lines if line.message.kind == Kind.QUESTION and line.number not in answered)


@dataclass(frozen=True, slots=True)
class Case:
    """A report as a reader sees it, whole. `others`: (address, name) of readers with a key whom they may still let in.

    `reachable`: whether its receipt still works; `deleted`: the day on which a reader deleted its words.
    """

    reference: str
    lines: tuple[Line, ...]
    readers: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    reachable: bool = True
    hold: bool = False
    deleted: str = ""


_MESSAGE = TypeAdapter(Message)


def message_json(message: Message) -> bytes:
    """A message as JSON."""
    return _MESSAGE.dump_json(message, exclude_defaults=True)


def message(text: bytes) -> Message:
    """A message from JSON."""
    return _MESSAGE.validate_json(text)
