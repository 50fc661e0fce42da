"""What staff could not find: grouped, readable, struck off."""

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot import gaps, likeness
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.session import Counted, Gap
from bot.store import records
from bot.store.database import Database
from bot.store.records import Kept
from bot.understand.encoder import EncoderMissingError

AUGUST, NOVEMBER = 1_786_000_000.0, 1_795_000_000.0  # 2026-08, 2026-11
ASKED = (
    ("may we open a Mastodon account for the charity", "new-official-account"),
    ("who may set up a new Mastodon account for us", "new-official-account"),
    ("can I use ChatGPT to write a post", "using-ai"),
    ("is it ok to let ChatGPT write our posts", "using-ai"),
    ("is there parking at the office", None),
)


ON_ONE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # where the database does not matter


@pytest.fixture(autouse=True)
def _here(address: str, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The commands work on a database of the test's own, and read the policies only once."""
    monkeypatch.setenv("ASKWELL_DATABASE", address)
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    monkeypatch.chdir(tmp_path)


def run(line: str) -> Result:
    """Type a line."""
    return CliRunner().invoke(app, shlex.split(line))


def fill(database: Database) -> None:
    """Questions that were passed on, and judgements."""
    with database.write() as connection:
        for i, (question, topic) in enumerate(ASKED):
            records.passed_on(connection, "sefton", Gap(question, topic, "it was about a new one" if i == 1 else ""), NOVEMBER if i else AUGUST)
        records.passed_on(connection, "rutland", Gap("what about TikTok", None), NOVEMBER)
        for topic, helpful in (("tone", False), ("tone", True), ("tone", False), ("branding", True), ("references", False)):
            records.counted(connection, "sefton", Counted(topic, "allowed", helpful), NOVEMBER)


@ON_ONE
def test_questions_that_ask_the_same_stand_together(askwell: Askwell) -> None:
    """By what they mean where the model is there, otherwise by topic; what nobody else asked stands alone."""
    for encoder in (askwell.understands.encoder, None):
        assert sorted(likeness.groups(ASKED, encoder)) == [[0, 1], [2, 3], [4]]


@ON_ONE
@given(st.lists(st.lists(st.floats(-1, 1, width=32), min_size=3, max_size=3), min_size=1, max_size=12), st.floats(-1, 1))
def test_every_question_is_in_one_group(rows: list[list[float]], least: float) -> None:
    """However alike they are; the largest group first."""
    vectors = np.array(rows, dtype=np.float32)
    found = likeness.joined((vectors @ vectors.T).astype(np.float32), least)
    assert sorted(i for group in found for i in group) == list(range(len(rows)))
    assert [len(g) for g in found] == sorted((len(g) for g in found), reverse=True)


@ON_ONE
def test_nothing_alike_stays_apart_and_everything_alike_comes_together() -> None:
    """The two ends of likeness."""
    assert likeness.joined(np.eye(4, dtype=np.float32), 0.5) == [[0], [1], [2], [3]]
    assert likeness.joined(np.ones((4, 4), dtype=np.float32), 0.5) == [[0, 1, 2, 3]]
    assert likeness.groups([], None) == []


def test_a_policy_officer_can_read_it(database: Database) -> None:
    """Questions with when and what was wrong, answers that were called wrong, silent topics; nothing of another organisation."""
    fill(database)
    done = run("gaps --org sefton")
    assert done.exit_code == 0, done.output
    shown = done.stdout
    assert "Healthwatch Sefton: what people could not find" in shown and "without their names" in shown
    assert "2 questions about “Opening a new official account”, since August 2026" in shown or "2 questions about “" in shown
    assert "since August 2026" in shown and "1 question, in November 2026" in shown
    assert "“may we open a Mastodon account for the charity”" in shown and "What was wrong: “it was about a new one”" in shown
    assert "wrong 2 of 3." in shown and "askwell explain sefton tone" in shown and "explain sefton branding" not in shown
    assert shown.index("wrong 1 of 1") < shown.index("wrong 2 of 3")
    assert "The policy says nothing on" in shown and "TikTok" not in shown


def test_programs_get_the_same_as_json(database: Database, knowledge: Knowledge) -> None:
    """Every organisation unless one is named."""
    fill(database)
    found = {one["organisation"]: one for one in json.loads(run("gaps --json").stdout)}
    assert set(found) == set(knowledge.organisations)
    sefton = found["sefton"]
    assert sorted(q["question"] for g in sefton["groups"] for q in g["questions"]) == sorted(q for q, _ in ASKED)
    assert sefton["judged"] == [{"topic": "references", "wrong": 1, "total": 1}, {"topic": "tone", "wrong": 2, "total": 3}]
    assert found["rutland"]["groups"][0]["questions"][0]["question"] == "what about TikTok"
    silent = set(found["sefton"]["silent"])
    assert silent and all(not knowledge.organisations["sefton"].on_topic[t] for t in silent)


def test_a_question_is_struck_off_by_what_stands_before_it(database: Database) -> None:
    """Once; a wrong or too short one strikes nothing."""
    fill(database)
    with database.read() as connection:
        (kept,) = records.gaps(connection, "rutland")
    for wrong in (kept.id[:4], "ffffffff", ""):
        assert run(f"gaps done '{wrong}'").exit_code == 2
    assert kept.id[:8] in run("gaps --org rutland").stdout
    assert run(f"gaps done {kept.id[:8].upper()} --org sefton").exit_code == 2
    assert run(f"gaps done {kept.id[:8].upper()}").stdout.strip() == "Struck off."
    assert "Nobody has passed a question on." in run("gaps --org rutland").stdout
    assert run(f"gaps done {kept.id[:8]}").exit_code == 2


def test_without_the_model_they_are_grouped_by_topic(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """And it says so."""

    def missing() -> None:
        raise EncoderMissingError

    monkeypatch.setattr("adapters.terminal.gaps.MiniLM", missing)
    fill(database)
    done = run("gaps --org sefton")
    assert "put together by topic" in done.stderr and done.stdout.count("2 questions") == 2


def test_what_people_wrote_is_neither_markup_nor_a_command_to_the_terminal(database: Database) -> None:
    """It is shown as it is."""
    with database.write() as connection:
        records.passed_on(connection, "sefton", Gap("is [bold]this\x1b[2J\nallowed[/bold]?", None), NOVEMBER)
    shown = run("gaps --org sefton").stdout
    assert "is [bold]this [2J allowed[/bold]?" in shown and "\x1b" not in shown


@ON_ONE
def test_a_topic_that_is_gone_from_the_knowledge_does_not_matter(knowledge: Knowledge) -> None:
    """The question stays; its old topic is not named."""
    kept = [Kept(Gap("why?", "no-longer-there"), "2026-11", "1" * 16)]
    found = gaps.gaps(knowledge, knowledge.organisations["sefton"], kept, [("2026-11", "no-longer-there", "allowed", 0, 1)], None)
    assert found.groups[0].topic is None and found.judged == ()
