"""Facts are read from words where they are stated, and only there."""

from pathlib import Path

import pytest
import yaml

from bot.knowledge import Knowledge
from bot.understand.facts import Cues, Stated, doer, number_of

FILES = sorted((Path(__file__).parent / "facts").glob("*.yaml"))
RIGHT = 0.97  # of the lines; what is not read is asked for, what is read wrongly is shown back


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_lines_with_their_facts(knowledge: Knowledge, path: Path) -> None:
    """Hundreds of messages and follow-ups, with traps in which a careless cue would match."""
    cues = Cues(knowledge.facts)
    lines = yaml.safe_load(path.read_text(encoding="utf-8"))
    mine = {f for line in lines for f in line["facts"]}
    wrong = []
    for line in lines:
        stated = Stated(cues, line["say"])
        found = {f: seen.value for f in mine & set(knowledge.topics[line["topic"]].facts) if (seen := stated.get(f))}
        if found != {f: str(v) for f, v in line["facts"].items() if f in knowledge.topics[line["topic"]].facts}:
            wrong.append((line["say"], line["facts"], found))
    assert len(wrong) <= (1 - RIGHT) * len(lines), wrong


@pytest.mark.parametrize(("words", "number"), [("1,400", 1400), ("2k", 2000), ("three", 3), ("a couple", 2), ("half a", 0.5), ("lots", None)])
def test_numbers_in_words(words: str, number: float | None) -> None:
    """People write numbers as they like."""
    assert number_of(words) == number


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("one of our volunteers has put a photo up", "volunteer"),
        ("a trustee keeps tweeting about it", "director"),
        ("my colleague wants to leave and keep the account", "staff"),
        ("can I share our post", None),
    ],
)
def test_the_doer_is_the_asker_unless_somebody_else_acts(text: str, who: str | None) -> None:
    """A clause is tested against whoever acts."""
    assert doer(text) == who


def test_the_last_word_counts(knowledge: Knowledge) -> None:
    """People correct themselves: what stands last is what they mean."""
    stated = Stated(Cues(knowledge.facts), "it's my own account. sorry, I mean it's the organisation's account")
    seen = stated.get("account")
    assert seen is not None
    assert seen.value == "official"
