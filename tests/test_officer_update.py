"""A new text of a policy: the next version is prepared beside the present one, whole or not at all."""

import os
import re
import time
from dataclasses import replace
from pathlib import Path

import officer_copy
import pytest
from officer_copy import TODAY, swapped

from bot import load
from bot.checks import encoded, reach, told
from bot.findings import KnowledgeError
from bot.knowledge import Knowledge, frozen
from bot.meaning import meaning
from bot.officer import folder, report
from bot.officer.add import Details, add
from bot.officer.folder import OfficerError
from bot.officer.update import Update, update

CONSENT = "Individuals should not be referenced online without their express consent."
WRITTEN = "Individuals must not be named or pictured online without their written consent."
COPYRIGHT = "· Copyright laws must be respected, with references or sources cited appropriately.\n"
CALM = "· Don’t be confrontational\n"
ROBOT = "Do not tell a chatbot anything about our work"
CHANGES = ((CONSENT, WRITTEN), (COPYRIGHT, ""), (CALM, f"{CALM}· {ROBOT}\n"))


@pytest.fixture
def sefton(tmp_path: Path) -> Path:
    """A copy to change."""
    return officer_copy.one(tmp_path, "sefton")


def changed(known: Knowledge, root: Path) -> Update:
    """One sentence changed, one taken out, one new."""
    return update(known, root, "sefton", swapped(officer_copy.text("sefton"), *CHANGES), TODAY)


def test_the_same_text_changes_nothing(knowledge: Knowledge, sefton: Path) -> None:
    """However its lines end; and nothing is written."""
    text = officer_copy.text("sefton").replace("\n", "\r\n")
    done = update(knowledge, sefton, "sefton", "\ufeff" + text, TODAY)
    count = len(knowledge.organisations["sefton"].clauses)
    assert done.nothing and list(report.lines(done)) == [f"Nothing has changed: all {count} sentences of the policy are as they are encoded."]
    assert not folder.following(sefton, "sefton").exists()


def test_what_changed_is_named_with_its_rules_and_scenarios(knowledge: Knowledge, sefton: Path) -> None:
    """Exactly the rules under the clause, each at the line where it stands, and the scenarios that quote it."""
    done = changed(knowledge, sefton)
    (one,) = done.changed
    mine = [r for r in knowledge.organisations["sefton"].rules if "consent" in r.clauses]
    assert (one.id, one.before, one.after) == ("consent", CONSENT, WRITTEN)
    assert [r.id for r in one.under.rules] == [r.id for r in mine] and mine
    for rule in one.under.rules:
        assert (sefton / rule.place.file).read_text(encoding="utf-8").splitlines()[rule.place.line - 1].strip() == f"- id: {rule.id}"
    for scenario in one.under.scenarios:
        assert scenario.name in (sefton / scenario.place.file).read_text(encoding="utf-8").splitlines()[scenario.place.line - 1]
    assert "A group photo that only some agreed to is not published" in {s.name for s in one.under.scenarios}


def test_new_and_gone_sentences_are_named(knowledge: Knowledge, sefton: Path) -> None:
    """The new one has an id of its own; the gone one takes its rules along."""
    done = changed(knowledge, sefton)
    after = load.organisation(knowledge, folder.following(sefton, "sefton"))
    assert [(n.text, after.clauses[n.id].force) for n in done.new] == [(ROBOT, "must-not")]
    (gone,) = done.gone
    assert gone.id == "copyright" and gone.under.rules and "copyright" not in after.clauses
    assert {r.id for r in after.rules}.isdisjoint(r.id for r in gone.under.rules)
    assert list(after.clauses).index(done.new[0].id) == list(after.clauses).index("not-confrontational") + 1


def test_everything_else_stays_as_it_was(knowledge: Knowledge, sefton: Path) -> None:
    """Ids, rules, words and comments of all other pieces; files in which nothing changes stay byte for byte."""
    changed(knowledge, sefton)
    before, after = knowledge.organisations["sefton"], load.organisation(knowledge, folder.following(sefton, "sefton"))
    touched = {"consent", "copyright"}
    assert [c for c in after.clauses if c in before.clauses] == [c for c in before.clauses if c != "copyright"]
    old, new = ({r.id: replace(r, place=before.rules[0].place) for r in o.rules if touched.isdisjoint(r.clauses)} for o in (before, after))
    assert old == new
    here, there = (officer_copy.contents(f(sefton, "sefton")) for f in (folder.present, folder.following))
    assert {n for n in here if here[n] != there[n]} == {
        "organisation.yaml", "policy.txt", "sections/05-limits-publishing.yaml", "sections/08-personal-use.yaml",
    }  # fmt: skip


def test_the_present_version_is_not_touched(knowledge: Knowledge, sefton: Path) -> None:
    """It goes on answering; nothing of the work is left lying about."""
    before = officer_copy.contents(folder.present(sefton, "sefton"))
    changed(knowledge, sefton)
    assert officer_copy.contents(folder.present(sefton, "sefton")) == before
    assert {p.name for p in sefton.iterdir()} == {"organisations"}


def test_what_is_to_be_done_is_found_by_check_until_it_is_done(knowledge: Knowledge, sefton: Path) -> None:
    """The changed sentence, the new one and the policy's details are each marked, with their place; then they are not."""
    changed(knowledge, sefton)
    path = folder.following(sefton, "sefton")
    known = alone(knowledge, path)
    found = [str(f) for f in encoded.check(known)]
    assert len(found) == 3 and any(CONSENT in f for f in found) and all("to_encode" in f for f in found)
    for file in path.rglob("*.yaml"):
        file.write_text(re.sub(r" +to_encode: .*\n", "", file.read_text(encoding="utf-8")), encoding="utf-8")
    known = alone(knowledge, path)
    assert list(encoded.check(known)) == []
    assert ["no rule reaches" in f.what for f in reach.check(known)] == [True]  # the new sentence has lost its mark, but has no rule


def alone(knowledge: Knowledge, path: Path) -> Knowledge:
    """Only the organisation in this folder."""
    return replace(knowledge, organisations=frozen({path.name: replace(load.organisation(knowledge, path), id=path.name)}))


def test_scenarios_of_a_gone_clause_are_reported_by_check(knowledge: Knowledge, sefton: Path) -> None:
    """They are left for somebody to judge."""
    changed(knowledge, sefton)
    found = {f.what for f in told.check(alone(knowledge, folder.following(sefton, "sefton")), sefton)}
    assert any("copyright: no such clause" in f for f in found)


def test_rules_and_tensions_that_hung_on_a_gone_clause_are_freed(knowledge: Knowledge, tmp_path: Path) -> None:
    """What set a gone rule aside sets nothing aside; a tension loses its other half; whom to ask in doubt is to be looked at."""
    root = officer_copy.one(tmp_path, "rutland")
    before = knowledge.organisations["rutland"]
    doubt = before.in_doubt_clause or ""
    tense = next(r for r in before.rules if r.tension)
    gone = {doubt, tense.clauses[0]}
    text = before.policy.text
    for clause in sorted((before.clauses[c] for c in gone), key=lambda c: -c.start):
        text = text[: clause.start] + text[clause.end :]
    done = update(knowledge, root, "rutland", text, TODAY)
    after = load.organisation(knowledge, folder.following(root, "rutland"))
    assert {c.id for c in done.gone} == gone and after.in_doubt_clause is None
    assert tense.id not in {r.id for r in after.rules} and any(tense.id in note for note in done.notes) and any(doubt in note for note in done.notes)
    ids = {r.id for r in after.rules}
    assert all(o in ids for r in after.rules for o in r.overrides)


def test_a_renumbered_policy_keeps_its_rules(knowledge: Knowledge, tmp_path: Path) -> None:
    """Section 4 becomes 5 and a new one comes in between: nothing has to be read again but what is new."""
    root = officer_copy.one(tmp_path, "derbyshire")
    text = swapped(
        officer_copy.text("derbyshire"), ("\n4. Previous links", "\n4. Robots\n\n- 4.1 Robots stay outside.\n\n5. Previous links"),
        ("- 4.1 HWD recognises", "- 5.1 HWD recognises"), ("- 4.2 Where", "- 5.2 Where"),
    )  # fmt: skip
    done = update(knowledge, root, "derbyshire", text, TODAY)
    after = load.organisation(knowledge, folder.following(root, "derbyshire"))
    assert not done.changed and not done.gone and [n.text for n in done.new] == ["4. Robots", "4.1 Robots stay outside."]
    assert [c.id for c in done.small] == ["4-heading", "4.1", "4.2"]
    assert done.renamed == (("4 Previous links on social networks", "5 Previous links on social networks"),)
    assert (after.clauses["4.2"].section, after.clauses[done.new[1].id].section, after.clauses[done.new[1].id].title) == ("5", "4", "Robots")
    assert {r.id for r in after.rules} == {r.id for r in knowledge.organisations["derbyshire"].rules}


def test_moved_sections_keep_their_names(knowledge: Knowledge, sefton: Path) -> None:
    """The guidance for personal use goes to the end: its pieces are still quoted under its title, in the text's order."""
    text = officer_copy.text("sefton")
    start, end = text.index("Guidance for Personal Use"), text.index("Unacceptable behaviour")
    moved = text[:start] + text[end:].rstrip() + "\n\n" + text[start:end]
    done = update(knowledge, sefton, "sefton", moved, TODAY)
    before, after = knowledge.organisations["sefton"], load.organisation(knowledge, folder.following(sefton, "sefton"))
    assert not (done.changed or done.new or done.gone) and "clients" in done.moved
    assert {c.id: (c.section, c.title) for c in after.clauses.values()} == {c.id: (c.section, c.title) for c in before.clauses.values()}
    assert [c.start for c in after.clauses.values()] == sorted(c.start for c in after.clauses.values())


@pytest.mark.parametrize("organisation", ["rutland", "warrington"])  # aliases and comments, and the longest one
def test_turned_round_and_back_a_policy_is_as_it_was(knowledge: Knowledge, tmp_path: Path, organisation: str) -> None:
    """The paragraphs in another order, and then in the old one: not a word, rule or section is lost on the way."""
    root = officer_copy.one(tmp_path, organisation)
    text = officer_copy.text(organisation)
    parts = text.split("\n\n")
    middle = len(parts) // 2
    update(knowledge, root, organisation, "\n\n".join([*parts[middle:], *parts[:middle]]), TODAY)
    update(knowledge, root, organisation, text, TODAY)
    after = meaning(load.organisation(knowledge, folder.following(root, organisation)))
    before = meaning(knowledge.organisations[organisation])
    lost = [key for key in before if after[key] != before[key] and key not in ("policy", "clauses", "rules")]
    assert not lost
    assert {r["id"]: r for r in after["rules"]} == {r["id"]: r for r in before["rules"]}  # type: ignore[attr-defined]  # plain data
    old, new = before["clauses"], after["clauses"]
    assert {i: (c["text"].split(), c["force"]) for i, c in new.items()} == {i: (c["text"].split(), c["force"]) for i, c in old.items()}  # type: ignore[attr-defined]  # the same


def test_work_on_the_next_version_is_kept_when_the_text_is_corrected(knowledge: Knowledge, sefton: Path) -> None:
    """A second new text is held beside the version that is being prepared, not beside the old one."""
    done = changed(knowledge, sefton)
    path = sefton / done.changed[0].place.file
    path.write_text(path.read_text(encoding="utf-8").replace("- id: consent\n", "- id: consent   # read by Jo\n"), encoding="utf-8")
    again = update(knowledge, sefton, "sefton", swapped(officer_copy.text("sefton"), *CHANGES, (ROBOT, f"{ROBOT} or our people")), TODAY)
    assert [c.id for c in again.changed] == [done.new[0].id] and not again.new and not again.gone
    assert "# read by Jo" in path.read_text(encoding="utf-8")


def test_without_a_text_the_present_version_is_copied(knowledge: Knowledge, sefton: Path) -> None:
    """To change the rules under the same words: nothing but who confirmed it can differ."""
    update(knowledge, sefton, "sefton", None, TODAY)
    here, there = (officer_copy.contents(f(sefton, "sefton")) for f in (folder.present, folder.following))
    assert here == there


def test_a_dry_run_writes_nothing(knowledge: Knowledge, sefton: Path) -> None:
    """It says what a real one would."""
    text = swapped(officer_copy.text("sefton"), *CHANGES)
    dry = update(knowledge, sefton, "sefton", text, TODAY, write=False)
    assert not folder.following(sefton, "sefton").exists()
    assert dry == update(knowledge, sefton, "sefton", text, TODAY)


def test_another_document_is_not_taken_by_mistake(knowledge: Knowledge, sefton: Path) -> None:
    """It says how little was found; --anyway takes it."""
    other = officer_copy.text("derbyshire")
    with pytest.raises(OfficerError, match=r"Only \d+ % .* --anyway"):
        update(knowledge, sefton, "sefton", other, TODAY)
    assert not folder.following(sefton, "sefton").exists()
    assert update(knowledge, sefton, "sefton", other, TODAY, anyway=True).gone


def test_nothing_is_half_done_when_something_cannot_be_read(knowledge: Knowledge, sefton: Path) -> None:
    """A broken file is named, and the folder stays as it was."""
    path = folder.present(sefton, "sefton") / "sections" / "09-unacceptable.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "- [unclosed\n", encoding="utf-8")
    before = officer_copy.contents(sefton)
    with pytest.raises(KnowledgeError, match=r"09-unacceptable\.yaml"):
        changed(knowledge, sefton)
    assert officer_copy.contents(sefton) == before


def test_a_folder_that_cannot_be_put_in_place_leaves_the_old_one(sefton: Path) -> None:
    """The old one is put back."""
    (sefton / "work").mkdir()
    before = officer_copy.contents(folder.present(sefton, "sefton"))
    folder.present(sefton, "sefton").rename(folder.following(sefton, "sefton"))
    with pytest.raises(OSError, match="missing"):
        folder.take(sefton / "work" / "missing", sefton, "sefton")
    assert officer_copy.contents(folder.following(sefton, "sefton")) == before


def test_what_a_killed_command_left_behind_is_cleared_away(knowledge: Knowledge, sefton: Path) -> None:
    """Once it is old enough to belong to nobody; it never counts as an organisation."""
    for name, age in ((".work-old", 7200), (".work-new", 0)):
        (sefton / name).mkdir()
        os.utime(sefton / name, (time.time() - age,) * 2)
    update(knowledge, sefton, "sefton", None, TODAY)
    assert {p.name for p in sefton.iterdir()} == {"organisations", ".work-new"}


def test_an_unknown_organisation_is_said_with_those_that_are_known(knowledge: Knowledge, sefton: Path) -> None:
    """Also where the name would lead out of the folder."""
    for name in ("mars", "", "../organisations/sefton", ".sefton"):
        with pytest.raises(OfficerError, match="these are: sefton"):
            update(knowledge, sefton, name, "x", TODAY)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "holds no text"), (b"a\0b", "holds no text"), (b"\xff\xfe\xfa", "encoding UTF-8"), (None, "cannot be read")],
)
def test_a_file_that_is_no_text_is_refused_in_words(tmp_path: Path, content: bytes | None, says: str) -> None:
    """With what to do in the word processor."""
    path = tmp_path / "new.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(OfficerError, match=says):
        folder.text_of(path)


def test_the_words_that_differ_are_marked() -> None:
    """In both sentences, in brackets."""
    assert report.marked("within 24 hours of it", "within 48 hours") == ("within [24] hours [of it]", "within [48] hours")


@pytest.mark.parametrize("organisation", officer_copy.ORGANISATIONS)
def test_a_new_organisation_is_every_sentence_of_its_text(knowledge: Knowledge, tmp_path: Path, organisation: str) -> None:
    """Each is marked to be encoded, none is lost, and it answers nothing yet."""
    (tmp_path / "organisations").mkdir()
    made = add(knowledge, tmp_path, Details("new", "New: a body", "cic"), officer_copy.text(organisation))
    assert all(c.to_encode for c in made.clauses.values()) and made.policy.to_encode and not made.rules
    left = "".join(made.policy.text.split())
    for clause in made.clauses.values():
        left = left.replace("".join(clause.text.split()), "", 1)
    assert set(left) <= set("-·•")
    assert folder.following(tmp_path, "new").is_dir() and not folder.present(tmp_path, "new").exists()


@pytest.mark.parametrize(
    ("details", "says"),
    [
        (Details("Harrow!", "H", "cic"), "small letters"), (Details("harrow.next", "H", "cic"), "small letters"),
        (Details("harrow", "H", "zoo"), "healthwatch"), (Details("harrow", " ", "cic"), "--name"),
        (Details("sefton", "H", "cic"), "askwell update sefton"),
    ],
)  # fmt: skip
def test_a_new_organisation_needs_a_usable_name(knowledge: Knowledge, sefton: Path, details: Details, says: str) -> None:
    """What is wrong is said, and nothing is written."""
    before = officer_copy.contents(sefton)
    with pytest.raises(OfficerError, match=says):
        add(knowledge, sefton, details, "A text.")
    assert officer_copy.contents(sefton) == before
