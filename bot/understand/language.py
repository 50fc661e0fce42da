"""What kind of message this is, apart from its topic: empty, not English, with an attachment, by somebody under 18."""

import re
from collections.abc import Set
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FOREIGN = frozenset(
    ["nie", "jest", "czy", "mogę", "moge", "jak", "się", "sie", "mnie", "proszę", "prosze", "ale", "dla", "nu", "este", "pot", "eu", "sunt", "pentru", "ce", "și", "si", "sau", "să", "que", "não", "nao", "posso", "para", "uma", "com", "est", "je", "peux", "pour", "une", "avec", "dans", "puedo", "el", "los", "las", "por", "con", "una", "è", "posso", "sono", "con", "una", "che", "kya", "mein", "hai", "nahi", "karna", "kaise", "aur", "kar", "sakta", "ar", "galiu", "man", "yra", "ich", "kann", "nicht", "das", "ist", "und", "mit", "der", "die", "ydw", "dw", "dwi", "yn", "gallaf", "bu", "wo", "shi", "de"]
)
_ATTACHED = re.compile(r"\b(?:see|in|here(?:'s| is)?|look at|check) (?:the |this |my )?(?:attached|attachment|screenshot|screen ?grab|pic attached)\b|\battached\b|\[(?:image|file|photo|voice)[^\]]*\]")
_YOUNG = re.compile(r"\b(?:i'?m|i am|im only|as a) (?:only |just |still )?(?P<age>1[0-7]|thirteen|fourteen|fifteen|sixteen|seventeen)\b(?! (?:years? (?:in|with|of)|months?|weeks?|days?|minutes?|mins?|hours?|hrs?|posts?|followers|people|%))")


@dataclass(frozen=True, slots=True)
class Kind:
    """What was noticed about the message as such."""

    empty: bool = False
    foreign: bool = False
    attached: bool = False
    under_18: bool = False


def kind(text: str, known: Set[str]) -> Kind:
    """Look at a tidied message; `known` are the English words we know."""
    words = [w.lower() for w in _WORD.findall(text)]
    low = text.lower()
    return Kind(
        empty=not words,
        foreign=_is_foreign(words, known),
        attached=bool(_ATTACHED.search(low)),
        under_18=bool(_YOUNG.search(low)),
    )


def _is_foreign(words: list[str], known: Set[str]) -> bool:
    if len(words) < 3:
        return bool(words) and all(any(ord(c) > 0x250 for c in w) for w in words)
    other_script = sum(any(ord(c) > 0x250 for c in w) for w in words)
    english = sum(w in known or w.replace("'", "") in known for w in words)
    foreign = sum(w in _FOREIGN for w in words)
    return other_script > len(words) / 2 or (english < len(words) * 0.5 and foreign >= 2)
