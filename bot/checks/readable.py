"""Our own words can be read by a worried person on a phone: short, without jargon, without a bare section number."""

import re
from collections.abc import Iterator

from bot.findings import Finding
from bot.knowledge import Knowledge

MOST_WORDS = 60
MOST_IN_SENTENCE = 32
_JARGON = re.compile(
    r"\b(?:pursuant|hereby|aforementioned|utilis\w+|in accordance with|with regard to|prior to|henceforth|stakeholders?|leverage|going forward|"
    r"the policy states that|please note that|it should be noted)\b", re.IGNORECASE,
)  # fmt: skip
_SECTION = re.compile(r"\b(?:section|clause|paragraph) \d", re.IGNORECASE)


def check(knowledge: Knowledge) -> Iterator[Finding]:
    """Answers that are too long, with sentences that are too long, or with words nobody says."""
    for organisation in knowledge.organisations.values():
        for rule in organisation.rules:
            for what, mend in faults(rule.answer):
                yield Finding(rule.place.file, rule.place.line, f"the answer of '{rule.id}' {what}", mend)


def faults(text: str) -> Iterator[tuple[str, str]]:
    """What is hard to read in a text, and how to mend it. Exact wordings in quotation marks do not count."""
    own = re.sub(r"[“\"][^”\"]*[”\"]", "", text)
    if (count := len(own.split())) > MOST_WORDS:
        yield f"has {count} words", f"Say what to do first, and stop at {MOST_WORDS}."
    for sentence in re.split(r"(?<=[.!?;:])\s+", own):
        if (count := len(sentence.split())) > MOST_IN_SENTENCE:
            yield f"has a sentence of {count} words", "Make two sentences of it."
    if found := _JARGON.search(own):
        yield f"says “{found[0]}”", "Say it as you would to a colleague."
    if found := _SECTION.search(own):
        yield f"names “{found[0]}…”", "The quote shows where it stands; leave the number out."
