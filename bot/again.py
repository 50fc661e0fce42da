"""What is said to a further question about something grave: what was said already is not said a second time. Pure."""

import re
import zlib
from dataclasses import replace

from bot import words
from bot.answer import Answer
from bot.choose import OWN
from bot.screen import sentences

_KEPT = tuple(s for line in (*words.THREATS.values(), words.OWN_LINES, words.ANOTHER_ONE) for s in sentences(line))
_SPARES = words.NOT_TO_THEM.split("{", maxsplit=1)[0]
_MUTES = re.compile(
    r"\b(?:can|may|could|should|shall|do) (?:i|we) (?:just )?(?:mute|block|unfriend|unfollow|ignore)\b|"
    r"\b(?:ok|okay|fine|allowed) to (?:mute|block|unfriend|unfollow|ignore)\b"
)
_ELSE = re.compile(
    r"\b(?:who|anyone|anybody|someone|somebody|somewhere|where) else\b|"
    r"\b(?:not|don'?t (?:want to (?:tell|go to|ask)|trust)) (?:to )?(?:him|them|my (?:manager|boss))\b(?! (?:to|fault))"
)
_KNOWS = re.compile(
    r"\b(?:confidential(?:ly)?|anonymous(?:ly)?|in confidence|(?:will|would|could|might|can) (?:\w+ ){1,3}(?:know|find out|hear|be told)|"
    r"(?:keep|stay)s? (?:it |this )?(?:secret|private))\b"
)


def gist(answer: Answer) -> str:
    """What a grave answer comes to, to tell whether the next one would only repeat it.

    Empty for any other answer, and where somebody may be in danger: that is always told whole.
    """
    if not answer.sensitive or answer.urgent:
        return ""
    parts = (
        answer.topic, answer.verdict, answer.facts, answer.closing, _kept(answer), [c.role for c in answer.contacts],
        [p.id for p in answer.signposts], [n.id for n in answer.law], sorted(q.clause for q in answer.quotes),
    )  # fmt: skip
    return f"{zlib.crc32(repr(parts).encode()):08x}"


def shortened(answer: Answer, asked: str) -> Answer:
    """The answer without what was said before: what is new to this question, and the people and numbers again."""
    low = asked.lower().replace("’", "'")
    say = [words.STILL_HOLDS]
    if answer.topic == "harassment" and _MUTES.search(low):
        say = [words.MAY_MUTE, *say]
    elif _KNOWS.search(low):
        say = [words.WHO_KNOWS, *say]
    elif answer.topic in OWN and _ELSE.search(low):
        say = [words.WHO_ELSE]
    return replace(answer, headline="", say=(*_kept(answer), *say), quotes=(), quotes_intro="", also=(), closing=(words.NOBODY_TOLD,), facts=())


def _kept(answer: Answer) -> tuple[str, ...]:
    """The sentences that are said each time: what to do about a threat, the lines to ring, and to whom not to go."""
    lines = (" ".join(s for s in sentences(line) if s in _KEPT or s.startswith(_SPARES)) for line in answer.say)
    return tuple(filter(None, lines))
