"""Whether somebody speaks of their own life: of ending it, or of hurting themselves. Pure.

Somebody is in danger then, whoever it is; and nobody in despair may be told what to do about somebody else.
"""

import re
from typing import Literal

_OTHERS = r"(?!(?:he|she|they|him|her|them|his|their|someone|somebody|my|our|a|the|who|people)\b)"
_SOME = rf"(?:{_OTHERS}[\w']+ ){{0,6}}"
_I = rf"\bi(?:'m|'ve|'d| am| have|m|ve)? {_SOME}"
_LIFE = re.compile(
    "|".join((
        rf"{_I}(?:kill|hang|drown|cut|cutt|hurt|harm|top|topp|do away with)(?:ing)? (?:myself|meself|mysel)\b",
        rf"{_I}(?:end(?:ing)?|take|taking) (?:it all|it tonight|my (?:own )?life|it now)\b",
        rf"{_I}(?:think|thinking|thought|thoughts) (?:about|of) (?:ending it|suicide|dying|not being here)",
        rf"{_I}(?:suicidal|self[- ]?harm(?:ing|ed)?|better off dead)\b",
        r"\bi(?:'ve| have|'m| am)? (?:been |started )?cutting again\b",
        r"\bi(?:'ve| have)?(?: got)? (?:a plan|the pills|the tablets|everything ready) to (?:end it|do it|die)\b",
        rf"{_I}(?:wish i (?:was|were) dead|(?:want|wanna) (?:to )?die|wouldn'?t wake up)\b",
        rf"\bi {_SOME}(?:do ?n[o']?t|dont|do not) (?:want|wanna) (?:to )?(?:be here any ?more|be alive|live|wake up|go on|exist)\b",
        rf"\bi {_SOME}want (?:it|this|everything) (?:all )?to (?:stop|end|be over)\b",
        r"\bi (?:don'?t think i can|can'?t|cannot) (?:carry on|go on)(?! (?:leave|holiday|the|with the|to)\b)",
        r"\b(?:better off|best) (?:without me|if i (?:was|were) (?:dead|gone))\b",
    ))
)  # fmt: skip
_PASSED_ON = re.compile(
    r"\b(?:said|says|saying|wrote|writes|written|posted|posts|puts?|commented|comment|texted|messaged|message|tweeted|reads|that says|like)\W*$"
)
_QUOTES = re.compile(r"[\"“”]|(?<!\w)['‘](?=\w)|(?<=\w|[.!?,])['’](?!\w)")
_BEFORE = 2  # words


def whose_life(text: str) -> Literal["own", "other"] | None:
    """Whose life such words are about; None where there are none. Another's are what the asker only passes on."""
    low = " ".join(text.lower().replace("’", "'").split())
    found = [_passed_on(low[: m.start()]) for m in _LIFE.finditer(low)]
    return None if not found else "other" if all(found) else "own"


def _passed_on(before: str) -> bool:
    nearest = before.split()[-_BEFORE:]
    return len(_QUOTES.findall(before)) % 2 == 1 or any(_PASSED_ON.search(word) for word in nearest)
