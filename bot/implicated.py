"""Whom a message complains of, and an answer that sends nobody to them. Pure.

It only ever leaves people out: whoever is named by mistake is one contact fewer, and the others and the ways outside stay.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from bot import words
from bot.answer import Answer, named
from bot.knowledge import Organisation, Role
from bot.screen import sentences

_ALIKE = (
    frozenset(("chief executive", "chief exec", "ceo", "chief executive officer")),
    frozenset(("manager", "line manager", "boss", "supervisor", "gaffer", "team leader")),
    frozenset(("chair", "chairman", "chairwoman", "chairperson", "chair of the board")),
    frozenset(("director", "trustee", "board member")),
)
_PLACES = frozenset(("the office", "office", "police", "platform", "service provider", "info@", "info email", "info address"))
_SMALL = re.compile(r"^(?:your|my|the|an?|another) ")
_HEARD = frozenset("tell told telling ask asked asking to with see ring rang email emailed inform informed".split())
MOST_NAMED = 2  # to go to instead
_NEAR = 3  # words before somebody's name in which being told something stands
_ALLOWS = re.compile(
    r"\s*(?:said|says|agreed|agrees|approved|signed|knows|does ?n[o']?t know|has agreed|has approved|is (?:away|off|on leave)|was (?:away|off)|"
    r"wants to know|(?:'s|s') (?:permission|consent|approval|leave|agreement))\b"
)  # fmt: skip


def complained_of(text: str, organisation: Organisation, *, grave: bool) -> tuple[str, ...]:
    """The ids of the roles whom a message speaks of as doing something. Where nothing grave is told, only people by their names."""
    low = " ".join(text.lower().replace("’", "'").split())
    return tuple(r.id for r in organisation.roles.values() if any(_does(low, m) for m in _mentions(r, low, grave)))


def _mentions(role: Role, low: str, grave: bool) -> Iterator[re.Match[str]]:
    found = _called(role) if grave else _names(role)
    return re.finditer("|".join(rf"\b{re.escape(n)}\b" for n in sorted(found, key=len, reverse=True)), low) if found else iter(())


def _does(low: str, mention: re.Match[str]) -> bool:
    """Whether it is somebody who does something: not one who is told or asked, and not one who only says or allows."""
    before = re.split(r"[.,:;?!]", low[: mention.start()])[-1].split()[-_NEAR:]
    return _HEARD.isdisjoint(before) and not _ALLOWS.match(low, mention.end())


@lru_cache(maxsize=256)
def _called(role: Role) -> frozenset[str]:
    """What a role is called in a message, and its holder's name."""
    titles = frozenset(_SMALL.sub("", n.lower()) for n in (role.title, *role.also_called)) - _PLACES
    return titles.union(_names(role), *(alike for alike in _ALIKE if not alike.isdisjoint(titles)))


def _names(role: Role) -> frozenset[str]:
    return frozenset((role.name.lower(),)) if role.name else frozenset()


def spared(organisation: Organisation, answer: Answer, who: Sequence[str]) -> Answer:
    """The answer without sending anybody to these roles: they are no contacts, and no step leads to them."""
    roles = [organisation.roles[i] for i in who]
    named_there = re.compile("|".join(rf"\b{re.escape(n)}\b" for r in roles for n in _called(r)) or r"(?!)", re.IGNORECASE)
    titles = {r.title for r in roles}
    left = tuple(c for c in answer.contacts if c.role not in titles)
    steps = [" ".join(s for s in sentences(line) if s in words.OWN_DISTRESS or not named_there.search(s)) for line in answer.say]
    changed = [i for i, (old, new) in enumerate(zip(answer.say, steps, strict=True)) if " ".join(sentences(old)) != new]
    if left == answer.contacts and not changed:
        return answer
    if answer.topic != "whistleblowing":  # there nobody inside is named anyway
        others = " or ".join(named(c.role) for c in left[:MOST_NAMED]) if left else words.SOMEBODY_ELSE
        steps.insert(changed[0] if changed else len(steps), words.NOT_TO_THEM.format(others=others))
    also = tuple(line for line in answer.also if not named_there.search(line))
    return replace(answer, contacts=left, say=tuple(filter(None, steps)), also=also)
