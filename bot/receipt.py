"""Receipts: a short code that contains organisation, role, knowledge version, topic and facts, with check letters.

No database stands behind it: `askwell replay` unpacks the code and decides again from the archived knowledge.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.knowledge import Fact, Knowledge

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O or U to misread
_ROLES = ("staff", "manager", "volunteer", "director")
_CHECK = 1 << 10
_VERSION = 1 << 24
_NUMBERS = 1 << 14  # a number is kept in quarters, up to 4,095


class BadReceiptError(ValueError):
    """The code was mistyped, or is of another knowledge than the one given."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a code contains."""

    organisation: str
    role: str
    topic: str
    facts: Mapping[str, str]


def version_number(version: str) -> int:
    """The part of a knowledge version that a code carries (its first 24 bits)."""
    return int(version[:6], 16)


def pack(knowledge: Knowledge, receipt: Receipt) -> str:
    """The code, in groups of four letters."""
    organisations, topics = sorted(knowledge.organisations), sorted(knowledge.topics)
    number = 0
    for name in reversed(knowledge.topics[receipt.topic].facts):
        fact = knowledge.facts[name]
        number = number * _size(fact) + _index(fact, receipt.facts.get(name))
    number = number * len(topics) + topics.index(receipt.topic)
    number = number * len(organisations) + organisations.index(receipt.organisation)
    number = (number * len(_ROLES) + _ROLES.index(receipt.role)) * _VERSION + version_number(knowledge.version)
    return _spelt(number * _CHECK + _check(number))


def version_of(code: str) -> int:
    """The version number in a code; raises BadReceiptError when the check letters do not fit."""
    return _number(code) % _VERSION


def unpack(knowledge: Knowledge, code: str) -> Receipt:
    """What the code contains; raises BadReceiptError when it was mistyped or belongs to another version."""
    number = _number(code)
    if number % _VERSION != version_number(knowledge.version):
        raise BadReceiptError(f"this receipt was given under another version of the knowledge ({number % _VERSION:06x})")
    number, role = divmod(number // _VERSION, len(_ROLES))
    organisations, topics = sorted(knowledge.organisations), sorted(knowledge.topics)
    number, organisation = divmod(number, len(organisations))
    number, topic = divmod(number, len(topics))
    facts = {}
    for name in knowledge.topics[topics[topic]].facts:
        fact = knowledge.facts[name]
        number, index = divmod(number, _size(fact))
        if index:
            facts[name] = f"{(index - 1) / 4:g}" if fact.unit else fact.values[index - 1].id
    return Receipt(organisations[organisation], _ROLES[role], topics[topic], facts)


def _size(fact: Fact) -> int:
    return _NUMBERS if fact.unit else len(fact.values) + 1


def _index(fact: Fact, value: str | None) -> int:
    if value is None:
        return 0
    if fact.unit:
        return min(round(float(value) * 4) + 1, _NUMBERS - 1)
    return [v.id for v in fact.values].index(value) + 1


def _check(number: int) -> int:
    return zlib.crc32(str(number).encode()) % _CHECK


def _spelt(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number, 32)
        letters = _LETTERS[rest] + letters
    letters = letters.rjust(-(-len(letters) // 4) * 4, "0")
    return "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))


def _number(code: str) -> int:
    letters = code.upper().replace("-", "").replace(" ", "").translate(str.maketrans("ILO", "110"))
    if not letters or any(c not in _LETTERS for c in letters):
        raise BadReceiptError("a receipt has only digits and letters, in groups of four")
    number = 0
    for letter in letters:
        number = number * 32 + _LETTERS.index(letter)
    number, check = divmod(number, _CHECK)
    if check != _check(number):
        raise BadReceiptError("the check letters do not fit: look for a mistyped or missing letter")
    return number
