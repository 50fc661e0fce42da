"""Publishing: what has to be mended, what changes for whom, who signs it off, and from which day it holds."""

import re
import shutil
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import by_hand
import numpy as np
import officer_copy
import pytest
from officer_copy import TODAY
from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot import archive, decide, effective, load, receipt, words
from bot.answer import coming_line, reading_line
from bot.findings import KnowledgeError
from bot.guide import Askwell
from bot.knowledge import Knowledge, Verdict
from bot.officer import folder, spoken, taught
from bot.officer.boxes import boxes
from bot.officer.changes import ROLES, changes
from bot.officer.folder import OfficerError
from bot.officer.publish import Plan, SignOff, plan, sign
from bot.officer.update import update
from bot.understand import build, head
from bot.understand.encoder import SIZE

DAY = date(2027, 1, 1)
HEADS = ("topics.npz", "topics-words.npz", "triage.npz", "triage-words.npz")
RULE = "  - id: picture-with-consent\n    on: photo-consent\n    when: {consent: all}\n    verdict: "


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that decides, made once."""
    return officer_copy.deciding(tmp_path_factory.mktemp("officer"))


@pytest.fixture
def root(template: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return shutil.copytree(template, tmp_path / "knowledge")


@pytest.fixture(scope="module")
def known(template: Path) -> Knowledge:
    """What stands there."""
    return load.load(template)


@pytest.fixture
def models(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the command teaches is written to a folder of the test's own."""
    made = officer_copy.models(tmp_path / "models", root)
    monkeypatch.setattr("adapters.terminal.officer.MODELS", made)
    return made


def rewritten(path: Path, old: str, new: str) -> None:
    """One passage of a file replaced."""
    path.write_text(officer_copy.swapped(path.read_text(encoding="utf-8"), (old, new)), encoding="utf-8")


def prepared(known: Knowledge, root: Path) -> Path:
    """A next version of sefton in which a picture with everybody's consent is plainly allowed."""
    update(known, root, "sefton", None, TODAY)
    path = folder.following(root, "sefton")
    rewritten(path / "sections" / "05-limits-publishing.yaml", f"{RULE}conditional", f"{RULE}allowed")
    scenario = path / "scenarios" / "03-publishing.yaml"
    text = scenario.read_text(encoding="utf-8")
    was = r"(name: A film of somebody who has expressly agreed may be used.*?verdict: )conditional"
    scenario.write_text(re.sub(was, r"\1allowed", text, flags=re.DOTALL), encoding="utf-8")
    return path


def published(known: Knowledge, root: Path, start: date, today: date = TODAY) -> tuple[Plan, bool]:
    """Signed off by Jo Hill."""
    done = plan(known, root, "sefton", today)
    return done, sign(root, done, SignOff("Jo Hill", "Chair", today, start))


def with_consent(known: Knowledge, organisation: str = "sefton") -> Verdict:
    """What holds for a picture to which everybody has agreed."""
    table = decide.table(known, known.organisations[organisation], "photo-consent", "staff")
    return decide.decide(table, {"consent": "all"}).result.outcome.verdict


def test_what_changes_is_said_for_whom_and_when(known: Knowledge, root: Path) -> None:
    """In a sentence with the topic's title, both verdicts, and the situation."""
    prepared(known, root)
    done = plan(known, root, "sefton", TODAY)
    assert done.findings == () and done.before and done.changes
    assert list(spoken.told(known, done.before, done.after, done.changes)) == [
        "Less strict than before: look at these twice:",
        "  Everybody asking about “Photos and films of people: permission”: was “yes, with conditions”, now “yes”",
        "      when consent is “Yes, everyone has agreed”",
    ]


def test_nothing_changes_where_nothing_was_changed(knowledge: Knowledge) -> None:
    """Of every policy beside itself."""
    for organisation in knowledge.organisations.values():
        found = changes(knowledge, organisation, organisation)
        assert found.nothing and list(spoken.told(knowledge, organisation, organisation, found)) == ["Nobody gets another answer than before."]


def test_another_answer_with_the_same_verdict_is_a_change(knowledge: Knowledge, tmp_path: Path) -> None:
    """A number that moves from 100 to 250 followers changes what people with 150 are told, and is said with its bounds."""
    root = officer_copy.one(tmp_path, "warrington")
    path = folder.present(root, "warrington") / "sections" / "10b-closure-foi-blogs.yaml"
    text = path.read_text(encoding="utf-8").replace("followers: '<100'", "followers: '<250'").replace("followers: '>=100'", "followers: '>=250'")
    path.write_text(text, encoding="utf-8")
    before, after = knowledge.organisations["warrington"], load.organisation(knowledge, folder.present(root, "warrington"))
    said = list(spoken.told(knowledge, before, after, changes(knowledge, before, after)))
    assert said[0] == "The same verdict, but other things are said with it:"
    few = next(i for i, line in enumerate(said) if "now told “It may be closed if it has fewer than 100 followers" in line)
    assert said[few].startswith("  Everybody asking about “Closing an official account”")
    assert said[few + 1].strip() == "when months active is 6 or more, and followers is 100 or more and under 250"
    assert any("no longer told “With 100 followers or more" in line for line in said)


@pytest.mark.parametrize(("one", "other"), [("derbyshire", "sefton"), ("warrington", "rutland")])
def test_every_changed_outcome_is_covered_and_no_other(knowledge: Knowledge, one: str, other: str) -> None:
    """Decided world by world: a role's world lies in a box with its two outcomes exactly where they differ."""
    before, after = knowledge.organisations[one], knowledge.organisations[other]
    found = changes(knowledge, before, after)
    assert len({c.topic for c in found.outcomes}) > 20
    for topic in list(knowledge.topics)[::7]:
        for role in ROLES:
            told = [c for c in found.outcomes if c.topic == topic and role in c.roles]
            first, second = (decide.table(knowledge, o, topic, role) for o in (before, after))
            both = decide.Table(topic, (*first.rules, *second.rules), tuple({f.id: f for f in (*first.facts, *second.facts)}.values()))
            for world in decide.worlds(both, {}):
                was, now = decide.result_in(first, world).outcome, decide.result_in(second, world).outcome
                holds = {(c.before, c.after) for c in told for b in c.boxes if all(world.get(f, "") in side for f, side in b.items())}
                assert holds == ({(was, now)} if was != now else set())


def test_boxes_are_wide_and_exact() -> None:
    """An L-shaped set of worlds is two boxes, a whole row is one."""
    spread = {"who": ("a", "b", "c"), "account": ("x", "y")}
    whole: set[tuple[str, ...]] = {("a", "x"), ("a", "y")}
    assert list(boxes(spread, whole)) == [{"who": frozenset("a")}]
    found = list(boxes(spread, whole | {("b", "x")}))
    assert found == [{"who": frozenset("a")}, {"who": frozenset("ab"), "account": frozenset("x")}] or len(found) == 2


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        (ROLES, "Everybody"), (("staff",), "Staff and managers"), (("director", "volunteer"), "Volunteers and directors"),
        (("staff", "volunteer"), "Staff, managers and volunteers"),
    ],
)  # fmt: skip
def test_roles_are_named_as_people_say_them(roles: tuple[str, ...], says: str) -> None:
    """Managers are staff."""
    assert spoken.who(roles) == says


def test_until_its_day_the_old_version_answers(known: Knowledge, root: Path) -> None:
    """The next one is announced; on its day it takes over, and is the one that was confirmed."""
    prepared(known, root)
    _, applies = published(known, root, DAY)
    loaded = load.load(root)
    assert not applies and list(loaded.coming) == ["sefton"]
    before, after = effective.on(loaded, DAY - timedelta(days=1)), effective.on(loaded, DAY)
    assert (with_consent(before), with_consent(after)) == (Verdict.CONDITIONAL, Verdict.ALLOWED)
    said = words.COMING.format(title="Healthwatch Sefton Social Media Policy", start="1 January 2027")
    assert coming_line(before, before.organisations["sefton"]) == said
    assert coming_line(after, after.organisations["sefton"]) is None
    assert before.version != after.version and before is loaded


def test_a_conversation_changes_over_at_midnight(askwell: Askwell, known: Knowledge, root: Path) -> None:
    """The same running engine, the injected day a day later; people read who confirmed the reading."""
    prepared(known, root)
    published(known, root, DAY)
    today = [DAY - timedelta(days=1)]
    running = Askwell(load.load(root), askwell.understands, lambda: today[0])
    first = by_hand.taken(running, "sefton", "scope").reply
    today[0] = DAY
    second = by_hand.taken(running, "sefton", "scope").reply
    assert any("takes over on 1 January 2027" in n for n in first.notices) and words.DRAFT.format(name="Healthwatch Sefton") in first.notices
    confirmed = words.CONFIRMED.format(by="Jo Hill", role="Chair", name="Healthwatch Sefton", on="21 November 2026")
    assert confirmed in second.notices and not any("takes over" in n for n in second.notices)


def test_receipts_of_both_versions_are_replayed(known: Knowledge, root: Path) -> None:
    """What was kept for today's receipts serves those of the day on which the next version takes over."""
    prepared(known, root)
    published(known, root, DAY)
    loaded = load.load(root)
    archive.keep_editions(root, loaded)
    given = receipt.Receipt("sefton", "staff", "photo-consent", {"consent": "all"})
    codes = [receipt.pack(effective.on(loaded, day), given) for day in (TODAY, DAY)]
    (before, after) = (archive.find(receipt.version_of(code), root) for code in codes)
    assert (with_consent(before), with_consent(after)) == (Verdict.CONDITIONAL, Verdict.ALLOWED)
    rewritten(folder.present(root, "sefton") / "people.yaml", "title: Manager", "title: The Manager")  # now it is another knowledge
    kept = archive.find(receipt.version_of(codes[1]), root)
    assert kept.version == after.version
    assert archive.replayed(kept, codes[1], loaded, DAY)[1].startswith(words.HEADLINES[Verdict.ALLOWED])
    assert "Today: the verdict is another one; ask again." in archive.replayed(before, codes[0], loaded, DAY)


def test_a_version_that_applies_at_once_takes_the_old_one_s_place(known: Knowledge, root: Path) -> None:
    """No `.next` folder is left, and the reading is confirmed."""
    prepared(known, root)
    _, applies = published(known, root, TODAY)
    loaded = load.load(root)
    mine = loaded.organisations["sefton"]
    assert applies and not loaded.coming and with_consent(loaded) == Verdict.ALLOWED
    assert mine.reading == "confirmed" and "Jo Hill (Chair) confirmed" in reading_line(mine)


def test_a_version_whose_day_has_come_is_settled_by_the_next_command(known: Knowledge, root: Path) -> None:
    """The confirmed folder becomes the present one, and a new next one is made from it."""
    prepared(known, root)
    published(known, root, DAY)
    with pytest.raises(OfficerError, match="takes over on 1 January 2027"):
        update(known, root, "sefton", None, TODAY)
    update(known, root, "sefton", None, DAY)
    loaded = load.load(root)
    assert with_consent(loaded) == Verdict.ALLOWED and loaded.organisations["sefton"].reading == "confirmed"
    assert loaded.coming["sefton"].reading == "draft" and effective.on(loaded, DAY + timedelta(days=400)) is loaded


def test_what_was_confirmed_and_then_changed_is_said_to_have_changed(known: Knowledge, root: Path) -> None:
    """Nobody's name stands under what they have not seen; publishing again shows the difference and mends it."""
    published(known, root, TODAY)
    path = folder.present(root, "sefton") / "sections" / "05-limits-publishing.yaml"
    path.write_text("# a remark changes nothing\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load.load(root).organisations["sefton"].reading == "confirmed"
    rewritten(path, f"{RULE}conditional", f"{RULE}refer\n    to: manager")
    loaded = load.load(root)
    mine = loaded.organisations["sefton"]
    assert mine.reading == "changed" and "has changed since Jo Hill" in reading_line(mine)
    done = plan(loaded, root, "sefton", TODAY)
    assert done.known_as == "what Jo Hill confirmed on 21 November 2026" and done.changes
    assert [c.topic for c in done.changes.outcomes] == ["photo-consent"]


def test_a_confirmed_version_that_was_changed_does_not_take_over(known: Knowledge, root: Path) -> None:
    """Not even on its day."""
    path = prepared(known, root)
    published(known, root, DAY)
    rewritten(path / "sections" / "05-limits-publishing.yaml", f"{RULE}allowed", f"{RULE}not_allowed")
    loaded = load.load(root)
    assert effective.on(loaded, DAY) is loaded and loaded.coming["sefton"].reading == "changed"


def test_a_draft_that_cannot_be_read_holds_nothing_up(known: Knowledge, root: Path) -> None:
    """It is left out, and reported where drafts are asked for; once confirmed, it must not silently stay out."""
    path = prepared(known, root)
    (path / "sections" / "99.yaml").write_text("pieces: [\n", encoding="utf-8")
    assert not load.load(root).coming
    with pytest.raises(KnowledgeError, match=r"sefton\.next/sections/99\.yaml"):
        load.load(root, drafts=True)
    (path / "sections" / "99.yaml").unlink()
    published(known, root, DAY)
    (path / "sections" / "99.yaml").write_text("pieces: [\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"sefton\.next/sections/99\.yaml"):
        load.load(root)


def test_nothing_is_signed_off_while_something_is_to_mend(known: Knowledge, root: Path) -> None:
    """A broken scenario, a missing name, or a day that cannot be waited for: said, and nothing is written."""
    before = officer_copy.contents(root)
    plain = plan(known, root, "sefton", TODAY)
    for signed, says in (
        (SignOff(" ", "Chair", TODAY, TODAY), "--by"), (SignOff("Jo", "", TODAY, TODAY), "--role"),
        (SignOff("Jo", "Chair", TODAY, DAY), "askwell update sefton"),
    ):  # fmt: skip
        with pytest.raises(OfficerError, match=says):
            sign(root, plain, signed)
    assert officer_copy.contents(root) == before
    path = prepared(known, root)
    (path / "silences.txt").unlink()
    done = plan(known, root, "sefton", TODAY)
    with pytest.raises(OfficerError, match="1 to mend"):
        sign(root, done, SignOff("Jo", "Chair", TODAY, DAY))
    assert b"confirmed" not in (path / "organisation.yaml").read_bytes()


def test_the_details_of_a_confirmation_must_be_whole(known: Knowledge, root: Path) -> None:
    """Written by hand without a name, it is a finding and no confirmation."""
    path = folder.present(root, "sefton") / "organisation.yaml"
    rewritten(path, "reading: {status: draft}", "reading: {status: confirmed, on: 2026-11-21}")
    with pytest.raises(KnowledgeError, match="'by' is missing"):
        load.load(root)


def test_the_next_version_is_beside_the_present_one_only_to_be_tried(known: Knowledge, root: Path) -> None:
    """Nobody is offered it; by its own name it can be checked and asked."""
    prepared(known, root)
    loaded = load.load(root)
    beside = effective.everything(loaded)
    assert "sefton.next" not in loaded.organisations and with_consent(beside, "sefton.next") == Verdict.ALLOWED
    assert replace(beside.organisations["sefton.next"], id="sefton") == loaded.coming["sefton"]


def test_the_command_asks_before_it_confirms(known: Knowledge, root: Path, models: Path) -> None:
    """Without --yes a "no" leaves everything as it was; with it the sign-off is written. Where nothing is new nothing is taught."""
    prepared(known, root)
    before = officer_copy.contents(root)
    start = f"{date.today() + timedelta(days=30)}"
    arguments = ["publish", "sefton", "--from", start, "--knowledge", str(root)]
    done = CliRunner().invoke(app, arguments, input="Jo Hill\nChair\nn\n")
    assert done.exit_code == 1 and "Nothing was confirmed." in done.stderr and officer_copy.contents(root) == before
    done = CliRunner().invoke(app, arguments, input="Jo Hill\nChair\ny\n")
    assert done.exit_code == 0 and "was “yes, with conditions”, now “yes”" in done.stdout and "by itself" in done.stdout
    assert re.search(rf"reading: {{status: confirmed, by: Jo Hill, role: Chair, 'on': .*, effective_from: {start}, of: '?\w{{12}}'?}}",
                     (folder.following(root, "sefton") / "organisation.yaml").read_text(encoding="utf-8"))  # fmt: skip
    assert "nderstanding" not in done.stdout and {p.name for p in models.iterdir()} == {officer_copy.PASSAGES, *HEADS}


def publishing(root: Path, *more: str) -> Result:
    """The command, with everything answered."""
    return CliRunner().invoke(app, ["publish", "sefton", "--by", "Jo Hill", "--role", "Chair", "--yes", *more, "--knowledge", str(root)])


def signed(root: Path) -> bool:
    """Whether the present version was confirmed."""
    return "status: confirmed" in (folder.present(root, "sefton") / "organisation.yaml").read_text(encoding="utf-8")


def forgotten(models: Path) -> dict[str, bytes]:
    """The vectors of sefton's clauses taken out, as if all of them were new; what is there now."""
    with np.load(models / officer_copy.PASSAGES) as data:
        np.savez(models / officer_copy.PASSAGES, **{name: data[name] for name in data.files if not name.startswith("sefton/")})
    return officer_copy.contents(models)


def with_examples(root: Path) -> None:
    """A few examples, on which a training takes no time."""
    for topic in ("tone", "photo-consent"):
        path = root / "topics" / f"{topic}.yaml"
        path.write_text(path.read_text(encoding="utf-8") + f"examples: [what about {topic}, 'a question on {topic}, please']\n", encoding="utf-8")
    (root / "triage" / "few.yaml").write_text("label: danger\nexamples: [somebody has a knife here, he is going to kill her]\n", encoding="utf-8")
    (root / "triage" / "none.yaml").write_text("label: none\nexamples: [may we bring the cake knife, what a lovely day it is]\n", encoding="utf-8")


@pytest.mark.whole
def test_new_clauses_are_taught_before_the_sign_off(root: Path, models: Path) -> None:
    """Only their vectors are written, the heads are as they were; the next time there is nothing to teach."""
    before = forgotten(models)
    done = publishing(root)
    assert done.exit_code == 0 and signed(root), done.output
    assert done.stdout.index("Understanding is taught clauses: ") < done.stdout.index("wrote passages.npz") < done.stdout.index("Confirmed by")
    assert "minutes" not in done.stdout
    after = officer_copy.contents(models)
    assert {name for name in after if after[name] != before.get(name)} == {officer_copy.PASSAGES}
    with np.load(models / officer_copy.PASSAGES) as data:
        ids = set(data["sefton/ids"].tolist())
        assert data["sefton/vectors"].shape == (len(ids), SIZE) and data["sefton/vectors"].any(axis=1).all()
    assert ids == {c.id for c in load.load(root).organisations["sefton"].clauses.values() if c.context is None}
    assert "nderstanding" not in publishing(root).stdout


def test_a_clause_with_another_text_is_new(known: Knowledge, root: Path, models: Path) -> None:
    """Though it is called as before."""
    done = plan(known, root, "sefton", TODAY)
    one = next(c for c in done.after.clauses.values() if c.context is None)
    before = replace(done.after, clauses={**done.after.clauses, one.id: replace(one, text="Another text.")})
    assert taught.lesson(replace(done, before=before), root, models).clauses == (one.id,)
    assert taught.lesson(replace(done, before=done.after), root, models).clauses == ()


@pytest.mark.whole
def test_changed_examples_are_trained_on_before_the_sign_off(root: Path, models: Path) -> None:
    """Everything is trained, after saying that it takes minutes; then the heads belong to the examples."""
    with_examples(root)
    assert len(list(build.stale(load.load(root), root, models))) == len(HEADS)
    done = publishing(root)
    assert done.exit_code == 0 and signed(root), done.output
    said = [done.stdout.index(words) for words in ("examples that have changed", "some minutes", "topics: reading 4 examples", "Confirmed by")]
    assert said == sorted(said)
    assert list(build.stale(load.load(root), root, models)) == [] and head.load(models / "topics.npz").labels == ("photo-consent", "tone")
    assert {p.name for p in models.iterdir()} == {officer_copy.PASSAGES, *HEADS, "vocabulary.txt"}


@pytest.mark.whole
def test_teaching_can_be_left_for_later(root: Path, models: Path) -> None:
    """With --no-train nothing is written, and the command that is left to run is named; a dry run only says what it would teach."""
    with_examples(root)
    before = forgotten(models)
    done = publishing(root, "--dry-run")
    assert done.exit_code == 0 and "Understanding would be taught examples that have changed" in done.stdout and not signed(root)
    done = publishing(root, "--no-train")
    assert done.exit_code == 0 and signed(root) and officer_copy.contents(models) == before
    assert "does not know these yet: clauses: " in done.stdout and "Run `askwell train`" in done.stdout


@pytest.mark.parametrize("missing", ["scikit-learn", "encoder.onnx"])
def test_nothing_is_signed_where_understanding_cannot_be_taught(root: Path, models: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """What is missing is named before anything is trained, with how to mend it; models and knowledge are as they were."""
    with_examples(root)
    before, kept = officer_copy.contents(root), officer_copy.contents(models)
    if missing == "scikit-learn":
        monkeypatch.setitem(sys.modules, "sklearn", None)
    else:
        monkeypatch.setattr("bot.understand.encoder.MODEL", root / missing)
    done = publishing(root)
    assert done.exit_code == 2 and missing in done.stderr and "`make setup`" in done.stderr and "--no-train" in done.stderr
    assert officer_copy.contents(root) == before and officer_copy.contents(models) == kept


def test_a_training_that_fails_changes_nothing(root: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even the files that it had written already."""
    with_examples(root)
    before, kept = officer_copy.contents(root), officer_copy.contents(models)
    monkeypatch.setattr(build, "passages", failing)
    done = publishing(root)
    assert done.exit_code == 2 and "it does not converge" in done.stderr and "wrote triage-words.npz" in done.stdout
    assert officer_copy.contents(root) == before and officer_copy.contents(models) == kept


def failing(*_: object) -> None:
    """The last step of a training that does not work."""
    raise RuntimeError("it does not converge")
