"""One report as it is kept: made, gone on with, opened by a reader or with a receipt. What each side writes is sealed to both.

A report has a key pair of its own: what is said is sealed to its public half, and its private half is sealed to each reader. The reporter's
copy of a message is sealed to a key that only the receipt leads to, and holds their own messages without the words: whoever finds a receipt
reads what was answered, and never what was reported.
"""

import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.speakup import records, report
from bot.speakup.office import MOST_READERS
from bot.speakup.receipts import Opened
from bot.speakup.records import Entry, Note, Stored
from bot.speakup.report import Kind, Line, Message
from bot.speakup.sealing import NOTE, NotOpenedError, bare, made, padded, public, seal, unseal

MOST_ENTRIES = 60  # messages of one report, so that one receipt cannot fill everything
_KEY = 32  # bytes
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
OWN = (Kind.REPORT, Kind.ADDED, Kind.ANSWER, Kind.WITHDRAWN)


class EndedError(Exception):
    """Nothing can be added to this report any more."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A reader as the reporter saw them: an id, and name and role."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, repr=False)
class Private:
    """An opened report: its private key, and its note."""

    stored: Stored
    key: bytes
    note: Note


def begun(
    organisation: str, readers: Mapping[str, bytes], implicated: frozenset[str], shown: Sequence[Shown], receipt: Opened,
) -> Stored:  # fmt: skip
    """A report without a message yet. `readers`: their public keys by id; `shown`: as the reporter saw them."""
    key, reference = made(), "".join(secrets.choice(_ALPHABET) for _ in range(8))
    empty = Stored(reference, organisation, public(key), (), b"", receipt.lookup, public(receipt.private), b"", ())
    return carded(kept_for(empty, key, Note(dict(readers), tuple(sorted(implicated)))), shown)


def kept_for(stored: Stored, key: bytes, note: Note) -> Stored:
    """The report with its key sealed to exactly these readers."""
    place = _place(stored, "key")
    theirs = [seal(p, key, *place) for p in note.readers.values()]
    free = [seal(public(made()), secrets.token_bytes(_KEY), *place) for _ in range(MOST_READERS - len(theirs))]
    wraps = [*theirs, *free]
    random.SystemRandom().shuffle(wraps)
    return replace(stored, wraps=tuple(wraps), note=seal(stored.public, padded(records.note_json(note), NOTE), *_place(stored, "note")))


def carded(stored: Stored, shown: Sequence[Shown]) -> Stored:
    """The report with who could open it sealed to the reporter."""
    text = "\n".join(f"{one.id}\t{one.label}" for one in shown).encode()
    return replace(stored, card=seal(stored.reporter, padded(text, NOTE), *_place(stored, "card")))


def said(stored: Stored, message: Message, day: str) -> Stored:
    """With one more message; raises EndedError or TooLongError."""
    if stored.ended or (len(stored.entries) >= MOST_ENTRIES and message.kind != Kind.WITHDRAWN):
        raise EndedError
    mine = replace(message, text="", report=None) if message.kind in OWN else replace(message, by="")
    whole, without = (padded(report.message_json(m)) for m in (message, mine))
    readers = seal(stored.public, whole, *_place(stored, "readers", day))
    entry = Entry(day, readers, seal(stored.reporter, without, *_place(stored, "reporter", day)))
    return replace(stored, entries=(*stored.entries, entry))


def opened(stored: Stored, reader: bytes) -> Private | None:
    """The report for whoever has this private key; None where it is not sealed to them."""
    for wrap in stored.wraps:
        try:
            key = unseal(reader, wrap, *_place(stored, "key"))
            return Private(stored, key, records.note(bare(unseal(key, stored.note, *_place(stored, "note")))))
        except NotOpenedError:
            continue
    return None


def for_reader(private: Private) -> tuple[Line, ...]:
    """Every message, whole."""
    stored = private.stored
    return _lines([(e.day, unseal(private.key, e.readers, *_place(stored, "readers", e.day))) for e in stored.entries])


def for_reporter(stored: Stored, private: bytes) -> tuple[Line, ...]:
    """Every message as the reporter sees it: their own without the words."""
    return _lines([(e.day, unseal(private, e.reporter, *_place(stored, "reporter", e.day))) for e in stored.entries])


def card(stored: Stored, private: bytes) -> tuple[Shown, ...]:
    """Who could open it, as the reporter saw them."""
    text = bare(unseal(private, stored.card, *_place(stored, "card"))).decode()
    return tuple(Shown(*line.split("\t", 1)) for line in text.splitlines())


def emptied(stored: Stored, day: str) -> Stored:
    """Without any message: only that it was there, and when it was deleted."""
    return replace(stored, entries=(), ended=day)


def _lines(found: list[tuple[str, bytes]]) -> tuple[Line, ...]:
    return tuple(Line(i, date.fromisoformat(day), report.message(bare(text))) for i, (day, text) in enumerate(found))


def _place(stored: Stored, *what: str) -> tuple[str, ...]:
    return (stored.organisation, stored.reference, *what)
