"""Reads facts and the doer from words, by the cues that stand beside each fact."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge import Cue, Fact

_NUMBERS = {
    "half a": "0.5", "a couple of": "2", "a couple": "2", "couple of": "2", "a few": "3", "a dozen": "12",
    "zero": "0", "no": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16",
    "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
    "a": "1", "an": "1", "once": "1", "twice": "2", "seventeen": "17", "eighteen": "18", "nineteen": "19",
    "a hundred": "100", "hundred": "100", "hundreds": "200", "a thousand": "1000", "thousand": "1000",
}  # fmt: skip
MOST_BEFORE = 60  # characters before a match in which a cue's `not after` is looked for
MOST_READ = 3_000  # characters in which facts are looked for: of longer texts the beginning and the end
_UNSURE = re.compile(  # "I don't know if the parents agreed" states nothing
    r"\b(?:do ?n[o']?t know|dunno|not sure|unsure|no idea|can'?t (?:tell|remember)|have ?n[o']?t a clue|wonder(?:ing)?) (?:if|whether) "
    r"(?:[\w']+ ){0,5}$"
)
_MONTHS = {"day": 1 / 30, "week": 12 / 52, "fortnight": 24 / 52, "month": 1.0, "year": 12.0}


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact's value read from words, and the words it was read from."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A cue, compiled."""

    value: str
    says: re.Pattern[str]
    after: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def matches(self, text: str) -> Iterator[re.Match[str]]:
        """Where the text says it, one after the other."""
        if self.unless and self.unless.search(text):
            return
        start = 0
        while match := self.says.search(text, start):
            before = match.start()
            if _UNSURE.search(text, max(0, before - MOST_BEFORE), before) or (
                self.after and self.after.search(text, max(0, before - MOST_BEFORE), before)
            ):
                start = before + 1
            else:
                yield match
                start = max(match.end(), before + 1)


class Cues:
    """The cues of every fact, compiled when a fact is first asked for.

    Most messages state little: one pattern of all cues of a fact says first whether any of them can be found at all.
    """

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self.facts = facts
        self._any: dict[str, re.Pattern[str]] = {}
        self._each: dict[str, tuple[_Pattern, ...]] = {}

    def read(self, name: str, text: str) -> Seen | None:
        """The value of one fact that the text (lower case, single blanks) states, or None."""
        fact = self.facts[name]
        if name not in self._any:
            self._any[name] = re.compile(either([c.pattern for c in fact.cues]))
        if not self._any[name].search(text):
            return None
        if name not in self._each:
            self._each[name] = tuple(_compiled(c) for c in fact.cues)
        return _number(fact, self._each[name], text) if fact.unit else _value(fact, self._each[name], text)


def either(patterns: Sequence[str]) -> str:
    """One pattern for all; where a word begins is looked at once for all that begin with a word."""
    edge = r"\b"
    words = [p.removeprefix(edge) for p in patterns if p.startswith(edge)]
    return "|".join([*([rf"{edge}(?:{'|'.join(words)})"] if words else []), *(p for p in patterns if not p.startswith(edge))]) or "(?!)"


def _compiled(cue: Cue) -> _Pattern:
    return _Pattern(cue.value, re.compile(cue.pattern), re.compile(cue.after) if cue.after else None, re.compile(cue.unless) if cue.unless else None)


class Stated:
    """The facts that one message states, each read when it is first asked for: most topics turn on one or two."""

    def __init__(self, cues: Cues, text: str) -> None:
        low = " ".join(text.lower().split())
        half = MOST_READ // 2
        self._cues, self._text = cues, low if len(low) <= MOST_READ else f"{low[:half]} | {low[-half:]}"
        self._seen: dict[str, Seen | None] = {}

    def get(self, name: str) -> Seen | None:
        """What the message states about a fact, or None."""
        if name not in self._seen:
            self._seen[name] = self._cues.read(name, self._text)
        return self._seen[name]


def _value(fact: Fact, patterns: Sequence[_Pattern], text: str) -> Seen | None:
    """Of several matches the narrowest kind wins, then the riskiest value, then the one that stands last.

    A fact that is read from words may restrict at once, but where words say both it must not permit.
    """
    best: dict[str, re.Match[str]] = {}
    for pattern in patterns:
        for match in pattern.matches(text):
            if pattern.value not in best or _weight(match) > _weight(best[pattern.value]):
                best[pattern.value] = match
    wider = {w for v in best for w in fact.lineage(v) if w != v}
    left = {v: m for v, m in best.items() if v not in wider}
    if not left:
        return None
    risk = {v: i for i, v in enumerate(fact.riskier)}
    value = max(left, key=lambda v: (risk.get(v, -1), *_weight(left[v])))
    return Seen(value, left[value][0])


def _weight(match: re.Match[str]) -> tuple[int, int]:
    """What stands last counts, and of two that end together the longer."""
    return match.end(), match.end() - match.start()


def _number(fact: Fact, patterns: Sequence[_Pattern], text: str) -> Seen | None:
    for pattern in patterns:
        match = next(pattern.matches(text), None)
        number = number_of(match[1]) if match else None
        if match and number is not None:
            unit = match[2] if pattern.says.groups > 1 else None
            months = _MONTHS.get(unit.rstrip("s"), 1.0) if unit and fact.unit == "months" else 1.0
            return Seen(f"{number * months:g}", match[0])
    return None


def number_of(words: str) -> float | None:
    """'1,400', '2k', 'three', 'a couple' as a number; None when it is none."""
    words = words.strip().lower().replace(",", "")
    words = _NUMBERS.get(words, words)
    scale = 1000.0 if words.endswith("k") else 1.0
    digits = words.removesuffix("k")
    return float(digits) * scale if re.fullmatch(r"\d+(?:\.\d+)?", digits) else None


_ACTS = (
    r"(?:has|have|had|is|are|was|wants|keeps|just|put|puts|posted|posts|shared|wrote|tweeted|set|leaves|left|leaving|uses|used|runs|asked|asks|did|does|"
    r"thinks|says|said|got|been|needs|might|could|would|can|should|must)"
)
_PEOPLE = (
    ("volunteer", r"vol(?:unteer)?s?"),
    ("director", r"(?:director|trustee|board member|non[- ]exec|chair(?:man|woman|person)?)s?"),
    (
        "staff",
        r"(?:colleague|co-?worker|team ?mate|member of (?:my |our |the )?(?:staff|team)|staff member|new starter|officer|admin|nurse"
        r"|receptionist|apprentice|manager|boss|supervisor|chief exec(?:utive)?|ceo)s?",
    ),
)  # fmt: skip
_DOER = tuple(
    (role, re.compile(rf"\b(?:one of (?:my|our|the|your)|my|our|a|the|this|that|some|an|new) (?:\w+ ){{0,2}}?{who}\b(?: \w+){{0,3}}? {_ACTS}\b"))
    for role, who in _PEOPLE
)  # fmt: skip


def doer(text: str) -> str | None:
    """The role of somebody else whom the message speaks of as acting; None when it is the asker."""
    low = text.lower()
    found = [(match.start(), role) for role, pattern in _DOER if (match := pattern.search(low))]
    return min(found)[1] if found else None
