"""Reporting conversations: for all answers, in any order, with going back and changing one's mind."""

from pathlib import Path

import pytest
import yaml
from encoded import KNOWLEDGE
from hypothesis import given
from hypothesis import strategies as st

from bot import load, plans
from bot.findings import KnowledgeError
from bot.flows import TYPED, Answers, FlowPlan, Problem, back, called_for, change, kept, progress, summary, take, where
from bot.knowledge import Flow, frozen

PLANS = plans.load(load.ROOT, KNOWLEDGE)
FLOWS = sorted(PLANS.flows)


@st.composite
def walks(draw: st.DrawFn) -> tuple[FlowPlan, Answers]:
    """A flow and some way through it: answers, steps back, changes of mind."""
    plan = PLANS.flows[draw(st.sampled_from(FLOWS))]
    answers: Answers = frozen({})
    for _ in range(draw(st.integers(0, 25))):
        step = where(plan, answers)
        turn = draw(st.integers(0, 9))
        if turn == 0:
            answers = back(plan, answers)
        elif turn == 1 and answers:
            answers = change(plan, answers, draw(st.sampled_from(sorted(answers))))
        elif step is not None:
            value = draw(st.sampled_from([v for v, _ in step.options])) if step.options else draw(st.text(max_size=40))
            found = take(plan, answers, step.id, value)
            answers = answers if isinstance(found, Problem) else found
    return plan, answers


@given(walks())
def test_only_what_is_called_for_is_kept(walk: tuple[FlowPlan, Answers]) -> None:
    """No answer stays to a question that a changed mind has done away with: nothing is sent that nobody sees."""
    plan, answers = walk
    assert set(answers) <= {s.id for s in called_for(plan, answers)}
    assert kept(plan, answers) == answers
    assert [q for q, _ in summary(plan, answers)] == [s.asks for s in called_for(plan, answers) if answers.get(s.id)]


@given(walks())
def test_every_flow_can_be_finished_from_anywhere(walk: tuple[FlowPlan, Answers]) -> None:
    """Answering whatever is open, with any choice and a few words, ends in a summary."""
    plan, answers = walk
    for _ in range(len(plan.steps) + 1):
        step = where(plan, answers)
        if step is None:
            break
        found = take(plan, answers, step.id, step.options[-1][0] if step.options else "some words")
        assert not isinstance(found, Problem)
        answers = found
    assert where(plan, answers) is None


@given(walks())
def test_going_back_takes_one_answer_and_the_place_shown_is_in_range(walk: tuple[FlowPlan, Answers]) -> None:
    """“Step 3 of 7” never exceeds itself."""
    plan, answers = walk
    assert len(back(plan, answers)) <= max(0, len(answers) - 1)
    number, of = progress(plan, answers)
    assert 1 <= number <= of


def test_the_whistleblowing_flow_takes_no_words() -> None:
    """By type: none of its steps can be typed into, and it files nothing."""
    plan = PLANS.flows[Flow.WHISTLEBLOWING]
    assert not plan.files and not [s for s in plan.steps if s.kind in TYPED]


def test_the_first_question_about_a_concern_is_open_and_danger_comes_before_it() -> None:
    """999 first, then what was seen or heard, in their own words; closed questions after that."""
    ids = [s.id for s in PLANS.flows[Flow.SAFEGUARDING].steps]
    assert ids[:2] == ["danger", "seen"]


def test_a_skipped_step_must_be_optional_and_a_choice_must_be_one() -> None:
    """What cannot be taken says what to do."""
    plan = PLANS.flows[Flow.SAFEGUARDING]
    assert isinstance(take(plan, frozen({}), "danger", "perhaps"), Problem)
    begun = take(plan, frozen({}), "danger", "no")
    assert not isinstance(begun, Problem)
    assert isinstance(take(plan, begun, "seen", "  "), Problem)
    assert isinstance(take(plan, begun, "wants", "to be left alone"), Problem)
    assert isinstance(take(plan, begun, "seen", "x" * 3_001), Problem)


@pytest.mark.parametrize(
    ("change_", "says"),
    [
        ({"when": {"later": ["x"]}}, "not asked before"),
        ({"kind": "text"}, "may take no words"),
        ({"options": {}}, "needs options"),
        ({"colour": "red"}, "not a key"),
    ],
)  # fmt: skip
def test_a_broken_flow_is_named_with_its_line(tmp_path: Path, change_: dict[str, object], says: str) -> None:
    """File, line and what to do; nothing is half-loaded."""
    (tmp_path / "flows").mkdir()
    for organisation in KNOWLEDGE.organisations:
        (tmp_path / "organisations" / organisation).mkdir(parents=True)
        (tmp_path / "organisations" / organisation / "chains.yaml").write_text("{}\n")
    raw = yaml.safe_load((load.ROOT / "flows" / "whistleblowing.yaml").read_text(encoding="utf-8"))
    raw["steps"][0].update(change_)
    (tmp_path / "flows" / "whistleblowing.yaml").write_text(yaml.safe_dump(raw), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        plans.load(tmp_path, KNOWLEDGE)
    assert says in str(caught.value) and "flows/whistleblowing.yaml:" in str(caught.value)
