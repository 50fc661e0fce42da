"""The encoded policies: whole, verbatim, without contradiction, and clear about what is wrong with them."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.checks import dates, names, reach, readable, silences, told, worlds
from bot.findings import KnowledgeError
from bot.knowledge import Knowledge
from bot.load import ROOT, load

TODAY = date(2026, 11, 21)
EMPTY = {"signposts.yaml": "signposts: []\n", "law.yaml": "notes: []\n"}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the knowledge with one organisation, to break."""
    root = tmp_path / "knowledge"
    shutil.copytree(ROOT / "topics", root / "topics")
    shutil.copytree(ROOT / "facts", root / "facts")
    shutil.copytree(ROOT / "organisations" / "derbyshire", root / "organisations" / "derbyshire")
    for name, text in EMPTY.items():
        (root / name).write_text(text)
    return root


def broken(root: Path) -> str:
    """What loading says."""
    with pytest.raises(KnowledgeError) as error:
        load(root)
    return str(error.value)


def test_every_sentence_of_every_policy_is_accounted_for(knowledge: Knowledge) -> None:
    """The pieces, with only white space and bullets between them, are the text; every quote stands in it verbatim."""
    for organisation in knowledge.organisations.values():
        text = organisation.policy.text
        covered: set[int] = set()
        for clause in organisation.clauses.values():
            assert text[clause.start : clause.end] == clause.text
            covered.update(range(clause.start, clause.end))
        left = "".join(c for i, c in enumerate(text) if i not in covered)
        assert set(left) <= set(" \n\t\r-·•\u00a0\ufeff")


def test_every_normative_clause_is_reached(knowledge: Knowledge) -> None:
    """No clause is silently lost."""
    assert list(reach.check(knowledge)) == []


def test_no_world_contradicts_itself_and_no_risk_permits_more(knowledge: Knowledge) -> None:
    """The definitions over all worlds."""
    assert list(worlds.check(knowledge)) == []


def test_scenarios_come_out_right(knowledge: Knowledge) -> None:
    """Hundreds of cases beside the policies."""
    assert list(told.check(knowledge, ROOT)) == []


def test_silences_are_as_printed(knowledge: Knowledge) -> None:
    """A new hole shows up in a diff."""
    assert list(silences.check(knowledge, ROOT)) == []


def test_our_words_are_readable_and_name_no_replaced_body(knowledge: Knowledge) -> None:
    """Short answers without jargon; no number of a body that is gone."""
    assert [*readable.check(knowledge), *readable.shared(knowledge, ROOT), *names.check(knowledge)] == []


def test_signposts_and_law_notes_are_in_date_and_run_out(knowledge: Knowledge) -> None:
    """Today none has run out; in ten years all have, and the checker says so."""
    assert list(dates.check(knowledge, TODAY)) == []
    assert len(list(dates.check(knowledge, date(2036, 1, 1)))) == len(knowledge.signposts) + len(knowledge.law) > 0


def test_one_changed_character_of_a_policy_is_found(copy: Path) -> None:
    """The finding names the file, the line, and both texts."""
    path = copy / "organisations" / "derbyshire" / "policy.txt"
    path.write_text(path.read_text().replace("will not add any current", "will now add any current"))
    said = broken(copy)
    assert "sections/" in said and "will now add any current" in said and "Copy the passage" in said


def test_broken_yaml_is_named_with_its_line(copy: Path) -> None:
    """An unclosed bracket stops everything, with the place."""
    path = copy / "organisations" / "derbyshire" / "people.yaml"
    path.write_text(path.read_text() + "\n- [unclosed\n")
    assert "people.yaml:" in broken(copy)


def test_all_findings_come_at_once(copy: Path) -> None:
    """Two mistakes in two files are both reported."""
    people = copy / "organisations" / "derbyshire" / "people.yaml"
    people.write_text(people.read_text() + "colour: blue\n")
    fact = copy / "facts" / "who.yaml"
    fact.write_text(fact.read_text().replace("is: served", "is: nobody", 1))
    said = broken(copy)
    assert "people.yaml" in said and "facts/who.yaml" in said


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("on: friend-request", "on: frend-request", "'frend-request' is not a topic"),
        ("verdict: not_allowed", "verdict: forbidden", "verdict"),
        ("force: must-not", "force: mustnot", "force"),
        ("answer:", "anser:", "'anser' is not a key"),
    ],
)
def test_a_slip_in_a_rule_says_what_and_where(copy: Path, old: str, new: str, wanted: str) -> None:
    """Topic, verdict, force and key names are checked; the message carries file and line."""
    for path in sorted((copy / "organisations" / "derbyshire" / "sections").glob("*.yaml")):
        text = path.read_text()
        if old in text and "friend-request" in text:
            path.write_text(text.replace(old, new, 1))
            said = broken(copy)
            assert path.name in said
            assert wanted.rsplit(".", maxsplit=1)[-1] in said
            return
    pytest.fail(f"no file holds {old}")


LAW_NOTE = """notes:
- {id: slip, says: A note., on: [friend-request], source: x, verified_on: 2026-11-01, verify_by: 2027-05-01, verdicts: [allowed], when: {WHEN}}
"""


@pytest.mark.parametrize(
    ("when", "wanted"),
    [("{whoo: served}", "'whoo' is not a fact"), ("{who: serfed}", "'serfed' is not a value of 'who'"), ("{age: young}", "'young' is not a bound")],
)
def test_a_slip_in_a_law_note_says_what_and_where(copy: Path, when: str, wanted: str) -> None:
    """The facts that a note hangs on are checked like a rule's."""
    (copy / "law.yaml").write_text(LAW_NOTE.replace("{WHEN}", when), encoding="utf-8")
    said = broken(copy)
    assert "law.yaml:2" in said and wanted in said


def test_yes_and_no_are_words(knowledge: Knowledge) -> None:
    """YAML's yes and no are not turned into truth values."""
    assert {v.id for v in knowledge.facts["consent"].values} == {"all", "some", "none"}
    assert {v.id for v in knowledge.facts["agreed"].values} == {"yes", "no"}
