"""Whether what was written speaks of danger: by the list of phrases alone, which needs no model and keeps nothing.

Help is shown above the next page. It changes nothing else, and nobody is told.
"""

import re
from collections.abc import Mapping

from bot import words
from bot.understand.own import whose_life
from bot.understand.tidy import plain

Phrases = Mapping[str, re.Pattern[str]]
AT_RISK = ("danger", "safeguarding", "hate-crime")


def help_lines(text: str, phrases: Phrases) -> tuple[str, ...]:
    """What is shown at once; nothing where no phrase of the list stands in the text."""
    read = " ".join(plain(text).lower().split())
    found = {label for label, pattern in phrases.items() if pattern.search(read)}
    found |= {"danger"} if whose_life(read) else set()
    risk = (words.EMERGENCY, words.EMERGENCY_MORE) if found & set(AT_RISK) else ()
    outside = (words.SAFEGUARDING_OUTSIDE,) if "safeguarding" in found else ()
    return (*risk, *outside, *((words.OWN_LINES,) if found & {"distress", "danger"} else ()))
