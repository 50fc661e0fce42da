"""What is kept of reports of wrongdoing, as one whole: readers' keys, reports, and who is to be told to look.

Days, never times. What people wrote stands here only sealed to the readers' keys, or to the key that a receipt leads to.
"""

from dataclasses import dataclass, field

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.speakup.slow import Wrapped

_BYTES = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")


class UnreadableError(Exception):
    """It was written by another version."""


@dataclass(frozen=True, slots=True)
class Key:
    """A reader's key: the public half, and the private one under their passphrase. `channel`: how they want to be told to look; empty: not at all."""

    organisation: str
    email: str
    public: bytes
    wrapped: Wrapped
    made: str
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One message, twice: sealed to the readers, and to the reporter (who gets their own back without its words)."""

    day: str
    readers: bytes
    reporter: bytes


@dataclass(frozen=True, slots=True)
class Stored:
    """One report. `wraps` hold its private key for each reader, and nothing for the places that are free; nobody can tell which are.

    `lookup` is the slow hash of its receipt, empty once that has run out. `note` is for the readers, `card` for the reporter.
    """

    reference: str
    organisation: str
    public: bytes
    wraps: tuple[bytes, ...]
    note: bytes
    lookup: bytes
    reporter: bytes
    card: bytes
    entries: tuple[Entry, ...]
    read: bool = False
    ended: str = ""  # the day on which it was deleted by a reader, or withdrawn
    hold: bool = False

    @property
    def last(self) -> str:
        """The day of the last word."""
        return self.ended or self.entries[-1].day


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who is to be told to look, on the next working morning."""

    organisation: str
    email: str


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it."""

    __pydantic_config__ = _BYTES

    keys: tuple[Key, ...] = ()
    reports: tuple[Stored, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    told: str = ""  # the last day on which readers were told to look


@dataclass(frozen=True, slots=True)
class Note:
    """What the readers of a report have to know besides its words: who may read it, with the key they had then, and who must not."""

    __pydantic_config__ = _BYTES

    readers: dict[str, bytes] = field(default_factory=dict)
    implicated: tuple[str, ...] = ()


_KEPT, _NOTE = TypeAdapter(Kept), TypeAdapter(Note)


def kept_json(kept: Kept) -> bytes:
    """All of it as JSON."""
    return _KEPT.dump_json(kept, exclude_defaults=True)


def kept(text: bytes) -> Kept:
    """All of it from JSON; raises UnreadableError."""
    try:
        return _KEPT.validate_json(text)
    except ValidationError:
        raise UnreadableError from None


def note_json(note: Note) -> bytes:
    """A note as JSON."""
    return _NOTE.dump_json(note)


def note(text: bytes) -> Note:
    """A note from JSON."""
    return _NOTE.validate_json(text)
