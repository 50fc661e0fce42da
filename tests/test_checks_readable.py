"""What people read is held to be short and plain, wherever it stands, and a finding names the line."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.checks import every, readable
from bot.findings import Finding
from bot.knowledge import Knowledge
from bot.load import ROOT, load

TODAY = date(2026, 11, 21)
LONG = " ".join(["word"] * 26) + "."
PARTS = ("topics", "facts", "flows", "law.yaml", "signposts.yaml", "organisations/derbyshire")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the knowledge with one organisation."""
    root = tmp_path_factory.mktemp("whole") / "knowledge"
    for part in PARTS:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, root / part)
    return root


@pytest.fixture
def broken(whole: Path) -> Iterator[Path]:
    """The copy, to break; what was broken is put back."""
    kept = {path: path.read_bytes() for path in whole.rglob("*.yaml")}
    yield whole
    for path, text in kept.items():
        path.write_bytes(text)


def lengthen(path: Path, start: str, end: str = "") -> int:
    """Put a sentence of 26 words behind the first `start` of a line; returns the line's number."""
    lines = path.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith(start))
    lines[number] = f"{start}\n    {LONG}" if start.endswith(">-") else f"{start} {LONG}{end}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return number + 1


def too_long(findings: Iterator[Finding], file: str) -> list[tuple[int, str]]:
    """(line, what it is) of the findings about a sentence that is too long, all of which have to be in this file."""
    found = [f for f in findings if "has a sentence of" in f.what]
    assert {f.file for f in found} <= {file} and all("Make two of it" in f.mend for f in found)
    return [(f.line, f.what.split(" has a ")[0]) for f in found]


@pytest.mark.parametrize(
    ("file", "start", "end", "what"),
    [
        ("law.yaml", "  says: >-", "", "the law note 'going-public'"),
        ("signposts.yaml", "  says:", "", "the signpost 'iwf'"),
        ("signposts.yaml", "  name:", "", "the name of 'iwf'"),
        ("topics/friend-request.yaml", "title:", "", "the title of 'friend-request'"),
        ("facts/who.yaml", "asks:", "", "the question of 'who'"),
        ("facts/who.yaml", "name:", "", "the name of 'who'"),
        ("facts/account.yaml", "    label:", "", "the label of 'personal'"),
        ("flows/media.yaml", "title:", "", "the title of 'media'"),
        ("flows/media.yaml", "- Please don't reply", "", "the opening"),
        ("flows/media.yaml", "  asks:", "", "the question of 'teller'"),
        ("flows/media.yaml", "  why:", "", "the reason of 'teller'"),
        ("flows/media.yaml", "  options: {message:", "}", "the label of 'message'"),
        ("flows/safeguarding.yaml", "  replies: {'yes':", "}", "the reply to 'yes'"),
        ("flows/whistleblowing.yaml", "- I have kept nothing", "", "the closing"),
    ],
)
def test_a_long_sentence_is_found_at_its_line(knowledge: Knowledge, broken: Path, file: str, start: str, end: str, what: str) -> None:
    """Law notes, signposts, topics, facts and reports."""
    line = lengthen(broken / file, start, end)
    assert too_long(readable.shared(knowledge.only("derbyshire"), broken), file) == [(line, what)]


def test_a_long_note_on_an_organisation_is_found_at_its_line(knowledge: Knowledge, broken: Path) -> None:
    """It stands below every answer of a body that is no more."""
    file = "organisations/derbyshire/organisation.yaml"
    path = broken / file
    path.write_text(path.read_text(encoding="utf-8").replace("{status: demonstration}", "\n  status: demonstration\n  note: "), encoding="utf-8")
    line = lengthen(path, "  note:")
    assert too_long(readable.shared(knowledge.only("derbyshire"), broken), file) == [(line, "the note on the organisation")]


def test_a_long_answer_and_a_long_analogy_are_found_at_their_rule(broken: Path) -> None:
    """And `askwell check` looks at both the rules and what stands around them."""
    file = "organisations/derbyshire/sections/02a-directors-and-staff.yaml"
    line = lengthen(broken / file, "    answer:")
    path = broken / file
    path.write_text(path.read_text(encoding="utf-8").replace(f"    answer: {LONG}", f"    by_analogy: {LONG}\n    answer: {LONG}"), encoding="utf-8")
    known = load(broken)
    rule = next(r for r in known.organisations["derbyshire"].rules if r.answer == LONG)
    assert rule.place.line < line
    wanted = [(rule.place.line, f"the answer of '{rule.id}'"), (rule.place.line, f"the analogy of '{rule.id}'")]
    assert too_long(readable.check(known), file) == wanted
    steps = [step for title, step in every.steps(known, broken, TODAY) if "can be read" in title]
    assert [len(list(step())) for step in steps] == [2, 0]


def test_the_programs_own_sentences_are_looked_at_too(tmp_path: Path) -> None:
    """Plain, in a group, and put together of parts; mails to whoever runs Askwell are not."""
    path = tmp_path / "words.py"
    path.write_text(
        f'"""Words."""\nFIRST = "Short."\nSAID = "{LONG}"\nBY = {{\n    "one": "{LONG}",\n}}\nALARM_X = "{LONG}"\nBOTH = f"{{FIRST}} {LONG}"\n'
    )
    assert too_long(readable.in_code(path), "bot/words.py") == [(3, "SAID"), (5, "BY"), (8, "BOTH")]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["word"] * 25) + ".",
        f"Say “{LONG} {LONG}” first.",
        f"Say “{LONG}” " + "This is what else holds. " * 3,
        "One of ten words stands here, as you can see. " * 6,
        "Is it yours? " + " ".join(["word"] * 24) + ".",
    ],
)
def test_what_is_short_enough_or_an_exact_wording_is_left_alone(text: str) -> None:
    """Twenty-five words are the most for a sentence and sixty for a text; what stands in quotation marks counts for neither."""
    assert list(readable.faults(text)) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (LONG, "a sentence of 26 words"),
        ("Here is a list: " + "one thing; " * 12 + "and no more.", "a sentence of 31 words"),
        (" ".join(["word"] * 20) + " “Don't.” and " + " ".join(["word"] * 9) + ".", "a sentence of 30 words"),
        ("One of ten words stands here, as you can see. " * 6 + "More.", "61 words"),
        ("Ask prior to posting.", "says “prior to”"),
        ("It stands in section 4.", "names “section 4…”"),
    ],
)
def test_what_is_hard_to_read_is_named(text: str, wanted: str) -> None:
    """A colon or a semicolon ends no sentence, nor does a quotation within one."""
    (what, mend), *more = readable.faults(text)
    assert wanted in what and mend and not more
