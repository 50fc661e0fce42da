"""Whom a message complains of, and an answer that sends nobody to them. Pure.

It only ever leaves people out: whoever is named by mistake is one contact fewer, and the others and the ways outside stay.
"""

import re
from collections.abc import Sequence
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
_SEVERAL = re.compile(r"(?:an?|another) ")  # of whom another can be chosen
_HEARD = frozenset("tell told telling ask asked asking to with see ring rang email emailed inform informed".split())
MOST_NAMED = 2  # to go to instead
_NEAR = 3  # words before somebody's name in which being told something stands
_ALLOWS = re.compile(
    r"\s*(?:said|says|agreed|agrees|approved|signed|knows|does ?n[o']?t know|has agreed|has approved|is (?:away|off|on leave)|was (?:away|off)|"
    r"wants to know|(?:'s|s') (?:permission|consent|approval|leave|agreement))\b"
)  # fmt: skip
_ASKS_FOR_SELF = re.compile(
    r"\b(?:can|may|could|am|are|should|shall|must|do) (?:i|we)\b(?! (?:tell|do|report|say|go|ask|speak|complain|contact|raise))"
)
_DEEDS = re.compile(  # what somebody does when they are told of
    r"(?:'s| is| has| have| keeps?| was| were)?(?: been| just| always| never)? (?:shar|post|put|giv|gav|tweet|writ|wrot|slag|bull|us(?:ed|ing)|repl|"
    r"argu|fiddl|keeps?\b|e?mail|sen[dt]|messag|delet|leak|shout|call(?:s|ed|ing)|laugh|record|film|nam(?:ed|ing))"
)


def complained_of(text: str, organisation: Organisation, *, grave: bool) -> tuple[str, ...]:
    """The ids of the roles whom a message speaks of as doing something. Where nothing grave is told, only who plainly does something.

    Whoever asks what they may do themselves complains of nobody.
    """
    low = " ".join(text.lower().replace("’", "'").split())
    if not grave and _ASKS_FOR_SELF.search(low):
        return ()
    return tuple(r.id for r in organisation.roles.values() if any(_does(low, m, grave) for m in _called(r).finditer(low)))


def _does(low: str, mention: re.Match[str], grave: bool) -> bool:
    """Whether it is somebody who does something: not one who is told or asked, and not one who only says or allows."""
    if not grave and not _DEEDS.match(low, mention.end()):
        return False
    before = re.split(r"[.,:;?!]", low[: mention.start()])[-1].split()[-_NEAR:]
    return _HEARD.isdisjoint(before) and not _ALLOWS.match(low, mention.end())


@lru_cache(maxsize=256)
def _called(role: Role) -> re.Pattern[str]:
    """What a role is called in a message, and its holder's name, in lower case."""
    titles = frozenset(_SMALL.sub("", n.lower()) for n in (role.title, *role.also_called)) - _PLACES
    alike = (group for group in _ALIKE if not group.isdisjoint(titles))
    found = titles.union((role.name.lower(),) if role.name else (), *alike)
    return re.compile("|".join(rf"\b{re.escape(n)}\b" for n in sorted(found, key=len, reverse=True)) or r"(?!)")


def spared(organisation: Organisation, answer: Answer, who: Sequence[str]) -> Answer:
    """The answer without sending anybody to these roles: they are no contacts, and no step leads to them."""
    if not who:
        return answer
    roles = [organisation.roles[i] for i in who if not _SEVERAL.match(organisation.roles[i].title)]

    def leads(line: str) -> bool:
        return any(_called(r).search(line.lower()) for r in roles)

    titles = {r.title for r in roles}
    left = tuple(c for c in answer.contacts if c.role not in titles)
    steps = [" ".join(s for s in sentences(line) if s in words.OWN_DISTRESS or not leads(s)) for line in answer.say]
    changed = [i for i, (old, new) in enumerate(zip(answer.say, steps, strict=True)) if " ".join(sentences(old)) != new]
    if (left != answer.contacts or changed) and answer.topic != "whistleblowing":  # there nobody inside is named anyway
        others = " or ".join(named(c.role) for c in left[:MOST_NAMED]) if left else words.SOMEBODY_ELSE
        steps.insert(changed[0] if changed else len(steps), words.NOT_TO_THEM.format(others=others))
    if any(_SEVERAL.match(c.role) for c in left) and "choose another" not in " ".join(steps):
        steps.append(words.ANOTHER_ONE)
    also = tuple(line for line in answer.also if not leads(line))
    return replace(answer, contacts=left, say=tuple(filter(None, steps)), also=also)
