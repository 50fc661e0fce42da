"""Cues as people write them: readable phrases, lists of words by name, and clear findings for slips."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from bot.cues import CueError, cue, every
from bot.findings import KnowledgeError
from bot.knowledge import Fact, Knowledge, Value
from bot.load import ROOT, Reader, load
from bot.schema import CueFile, FactFile, WordsFile
from bot.understand.facts import Cues, Stated

WORDS = {"friend": "mate | pal | (best )?friend", "who": "my {friend}", "first": "{second}", "second": "{first}"}
MOST_IN_LINE = 160


def read(*written: str | dict[str, str], text: str, unit: str | None = None) -> str | None:
    """What a fact with one value `yes` and these cues reads from a text."""
    raw = [w if isinstance(w, str) else CueFile.model_validate(w) for w in written]
    fact = Fact("f", "f", "f?", () if unit else (Value("yes", "Yes"),), unit, cues=tuple(cue("yes", w, WORDS) for w in raw))
    seen = Stated(Cues({"f": fact}), text).get("f")
    return seen.value if seen else None


@pytest.mark.parametrize(
    ("text", "found"),
    [("It's my mate", True), ("it's MY  PAL", True), ("my best friend", True), ("my mates", False), ("dummy pal", False), ("my neighbour", False)],
)
def test_a_cue_is_a_phrase_of_whole_words_with_lists_by_name(text: str, found: bool) -> None:
    """Lists may stand in lists; case and blanks do not matter, a part of a word does not count."""
    assert bool(read("{who}", text=text)) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("they agreed", True), ("if they agreed", False), ("as long as they agreed", False), ("they agreed yesterday", True),
        ("they agreed to differ", False), ("they agreed, apparently", False), ("if it helps: they agreed", True),
        ("if they agreed. well, they agreed", True), ("stiff they agreed", True), ("they agreed to-day", False),
    ],
)  # fmt: skip
def test_a_cue_does_not_count_beside_what_takes_it_back(text: str, found: bool) -> None:
    """Right after, right before, or with certain words anywhere; another place in the same text still counts."""
    written = {"says": "they agreed", "not after": "if | as long as", "not before": "to", "unless": "apparent"}
    assert bool(read(written, text=text)) == found


@pytest.mark.parametrize(
    ("text", "number"), [("for 3 weeks", "0.692308"), ("for a year", "12"), ("for 18 months", "18"), ("for ages", None), ("not for 3 years", None)]
)
def test_a_number_and_its_unit_stand_between_angle_brackets(text: str, number: str | None) -> None:
    """The second pair is the unit, which is turned into months."""
    assert read({"says": r"for <\d+|a> <week|month|year>s?", "not after": "not"}, text=text, unit="months") == number


@pytest.mark.parametrize(("text", "found"), [("@nurse22 says", True), ("mail@nurse22", True), ("nurse22", False), ("aged (12) or so", True)])
def test_a_mark_at_the_edge_of_a_cue_needs_no_word_boundary(text: str, found: bool) -> None:
    """Handles and brackets begin or end without a letter."""
    assert bool(read(r"@[a-z]+\d+", r"\(\d+\)", text=text)) == found


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{freind}", "'{freind}' is nowhere listed"), ("{first}", "lead back to themselves"), ("(a|b", "is not a pattern"),
        ("(?:a|b)", "is not a pattern"), ("+a", "is not a pattern"),
    ],
)  # fmt: skip
def test_a_slip_in_a_cue_says_what_is_wrong(written: str, says: str) -> None:
    """An unknown list, a list within itself, a bracket that is left open."""
    with pytest.raises(CueError, match=says.replace("{", r"\{")):
        cue("yes", written, WORDS)


def test_a_slip_in_a_fact_file_is_a_finding_with_its_line(tmp_path: Path) -> None:
    """Both slips are found at once, each at the line of its cue, with where to read on."""
    for name in ("topics", "facts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "signposts.yaml").write_text("signposts: []\n", encoding="utf-8")
    (tmp_path / "law.yaml").write_text("notes: []\n", encoding="utf-8")
    path = tmp_path / "facts" / "age.yaml"
    text = path.read_text(encoding="utf-8").replace("unit: years\n", "unit: years\n").rstrip() + "\n- aged {yeers}\n- (left open\n"
    path.write_text(text, encoding="utf-8")
    last = len(text.splitlines())
    with pytest.raises(KnowledgeError) as error:
        load(tmp_path)
    said = str(error.value)
    assert f"facts/age.yaml:{last - 1}: '{{yeers}}' is nowhere listed" in said and f"facts/age.yaml:{last}: the cue '(left open'" in said
    assert "docs/encoding.md" in said


@pytest.mark.parametrize(
    ("text", "found"),
    [("signed by all of them", True), ("the client have all agreed", True), ("if they all agreed", False), ("her agreed to meet", False)],
)
def test_the_example_of_the_guide_reads_as_it_says(tmp_path: Path, text: str, found: bool) -> None:
    """The fact that docs/encoding.md shows is one that loads and reads."""
    guide = (ROOT.parent / "docs" / "encoding.md").read_text(encoding="utf-8").split("## A fact:")[1]
    (tmp_path / "consent.yaml").write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    raw = Reader(tmp_path).file(tmp_path / "consent.yaml", FactFile)
    shared = Reader(ROOT).file(ROOT / "facts" / "shared" / "words.yaml", WordsFile)
    assert raw and shared
    cues, wrong = every(raw[0], shared[0].root)
    fact = Fact("consent", "consent", "Have they agreed?", (Value("all", "All"),), cues=cues)
    assert not wrong and bool(Stated(Cues({"consent": fact}), text).get("consent")) == found


def test_no_text_can_make_a_cue_run_on(knowledge: Knowledge) -> None:
    """Nothing but single characters repeats without a bound, so no group can be matched in ever more ways."""
    patterns = [p for fact in knowledge.facts.values() for c in fact.cues for p in (c.pattern, c.after, c.unless)]
    assert len(patterns) > 1_000 and [p for p in patterns if re.search(r"(?<!\\)\)(?:[+*]|\{\d*,\})", p)] == []


def test_no_line_of_a_fact_is_long_and_no_list_is_dead() -> None:
    """A policy officer reads these files: short lines, and every list of words is used by some cue."""
    files = sorted((ROOT / "facts").rglob("*.yaml"))
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    assert [f"{path.name}:{i}" for path in files for i, line in enumerate(texts[path].splitlines(), 1) if len(line) > MOST_IN_LINE] == []
    everything = "".join(texts.values())
    for path in files:
        raw = yaml.safe_load(texts[path])
        within = everything if path.parent.name == "shared" else texts[path]
        names = raw if path.parent.name == "shared" else raw.get("words", {})
        assert [n for n in names if "{" + n + "}" not in within.replace("''", "'")] == [], path.name
