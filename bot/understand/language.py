"""What kind of message this is, apart from its topic: empty, not English, with an attachment, by somebody under 18."""

import re
from collections.abc import Set
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_FOREIGN = frozenset(
    # Common short words of the languages most spoken in UK teams; none of them is an English word staff would type.
    (
        "nie jest czy mogę moge można być że jestem do na się sie mnie proszę prosze dla este pot sunt pentru și si sau să que não nao posso uma "
        "um uma quero je peux pour une avec puedo el los las por una de la en mi un favor como foto è sono meu minha na você pode "
        "kya mein hai nahi karna kaise aur kar sakta galiu "
        "ich kann nicht das ist und der ydw dw dwi yn gallaf wo shi"
    ).split()
)
_ATTACHED = re.compile(
    r"\battached\b|\b(?:see|in|here(?:'s| is)?|look at|check) (?:the |this |my )?(?:attachment|screenshot|screen ?grab)\b"
    r"|\[(?:image|file|photo|voice)[^\]]*\]"
)  # fmt: skip
MARK = re.compile(r"\[(?:image|file|photo|voice)(?:: ?[\w-]{1,60}\.\w{2,4})?\]", re.IGNORECASE)  # what stands in for a file, with its name
_AGES = r"(?:1[0-7]|thirteen|fourteen|fifteen|sixteen|seventeen)"
_COUNTED = r"(?:years? (?:in|with|of)|months?|weeks?|days?|min(?:ute)?s?|h(?:ou)?rs?|posts?|followers|people|%)"
_YOUNG = re.compile(rf"\b(?:i'?m|i am) (?:only |just |still )?{_AGES}\b(?! {_COUNTED})")
_LATIN_END = 0x250  # from here on letters are of other scripts
_FEW = 3


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
    return Kind(not words, _is_foreign(words, known), bool(_ATTACHED.search(low)), bool(_YOUNG.search(low)))


def _is_foreign(words: list[str], known: Set[str]) -> bool:
    other_script = sum(not w.isascii() and any(ord(c) >= _LATIN_END for c in w) for w in words)
    if len(words) < _FEW:
        return bool(words) and other_script == len(words)
    english = sum(w in known or w.replace("'", "") in known for w in words)
    foreign = sum(w in _FOREIGN for w in words)
    return other_script > len(words) / 2 or (english < len(words) / 2 and foreign > 1)
