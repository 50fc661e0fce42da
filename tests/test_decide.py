"""Decisions, over the whole fact space of every topic and organisation."""

from encoded import KNOWLEDGE
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import decide
from bot.checks.worlds import every_world
from bot.decide import CAUTION, PERMITS
from bot.knowledge import Condition, Verdict

TABLES = [
    decide.table(KNOWLEDGE, o, t, role)
    for o in KNOWLEDGE.organisations.values() for t in KNOWLEDGE.topics for role in ("staff", "volunteer", "director")
]  # fmt: skip
SPOKEN = [t for t in TABLES if t.rules]


@st.composite
def partial(draw: st.DrawFn) -> tuple[decide.Table, dict[str, str]]:
    """A table, and a world of it of which only some facts are known."""
    table = SPOKEN[draw(st.integers(0, len(SPOKEN) - 1))]
    everything = every_world(table)
    world = everything[draw(st.integers(0, len(everything) - 1))]
    kept = draw(st.sets(st.sampled_from(sorted(world)))) if world else set()
    return table, {f: v for f, v in world.items() if f in kept and v}


@settings(max_examples=400, deadline=None)
@given(partial())
def test_learning_a_fact_never_takes_a_permission_back(case: tuple[decide.Table, dict[str, str]]) -> None:
    """The cautious result permits no more than any world that the known facts leave open."""
    table, known = case
    permitted = PERMITS.get(decide.cautious(table, known).outcome.verdict, 0)
    worlds = [decide.result_in(table, w).outcome.verdict for w in decide.worlds(table, known)]
    assert all(CAUTION.index(decide.cautious(table, known).outcome.verdict) >= CAUTION.index(v) for v in worlds)
    assert permitted <= min((PERMITS.get(v, 0) for v in worlds if v in PERMITS), default=permitted)


@settings(max_examples=300, deadline=None)
@given(partial())
def test_asking_ends_settled(case: tuple[decide.Table, dict[str, str]]) -> None:
    """Whatever is answered, questions run out, and then all worlds agree or nothing relevant was left to ask."""
    table, known = case
    asked: frozenset[str] = frozenset()
    for _ in range(len(table.facts) + 1):
        question = decide.question(table, known, asked)
        if question is None:
            break
        assert question.fact in decide.relevant(table, known)
        assert question.fact not in known or len(question.options) > 1
        known, asked = {**known, question.fact: question.options[0]}, asked | {question.fact}
    assert decide.question(table, known, asked) is None


@settings(max_examples=300, deadline=None)
@given(partial())
def test_a_question_is_asked_only_when_the_answer_matters(case: tuple[decide.Table, dict[str, str]]) -> None:
    """Where all worlds agree there is nothing to ask; where they differ some fact is relevant."""
    table, known = case
    outcomes = {decide.result_in(table, w).outcome for w in decide.worlds(table, known)}
    assert bool(decide.relevant(table, known)) == (len(outcomes) > 1)


@settings(max_examples=300, deadline=None)
@given(partial(), st.randoms())
def test_the_order_of_rules_never_matters(case: tuple[decide.Table, dict[str, str]], random: object) -> None:
    """Shuffled rules give the same decision."""
    table, known = case
    rules = list(table.rules)
    random.shuffle(rules)  # type: ignore[attr-defined]  # hypothesis's Random
    shuffled = decide.Table(table.topic, tuple(rules), table.facts)
    assert decide.decide(shuffled, known).result == decide.decide(table, known).result


@settings(max_examples=200, deadline=None)
@given(partial())
def test_an_override_removes_only_what_it_names(case: tuple[decide.Table, dict[str, str]]) -> None:
    """A rule that holds and is not overridden, nor set aside by a tension, is either leading or goes along."""
    table, known = case
    facts = {f.id: f for f in table.facts}
    for world in decide.worlds(table, known):
        result = decide.result_in(table, world)
        shown = {r.id for r in (*result.leading, *result.also)}
        held = [r for r in table.rules if all(decide.holds(c, facts[c.fact], world[c.fact]) for c in r.when)]
        gone = {o for r in held for o in r.overrides}
        tense = {c for r in held if r.tension and r.id not in gone for c in r.clauses}
        expected = {r.id for r in held if r.id not in gone and (r.tension or tense.isdisjoint(r.clauses))}
        assert shown == expected


def test_changes_point_only_to_stricter_or_to_what_one_can_bring_about() -> None:
    """No suggested change is a way round the policy: it is stricter, or a fact that its file calls doable."""
    for table in SPOKEN:
        decision = decide.decide(table, {})
        now = CAUTION.index(decision.result.outcome.verdict)
        for flip in decide.flips(table, decision, {}):
            fact = KNOWLEDGE.facts[flip.fact]
            assert CAUTION.index(flip.result.outcome.verdict) > now or fact.doable == flip.value


def test_a_narrower_kind_meets_a_condition_on_the_wider() -> None:
    """A young person is somebody we serve; somebody we serve need not be a young person."""
    who = KNOWLEDGE.facts["who"]
    assert decide.holds(Condition("who", frozenset({"served"})), who, "young-person")
    assert not decide.holds(Condition("who", frozenset({"young-person"})), who, "served")


def test_nothing_holds_for_an_unknown_fact() -> None:
    """A condition on a number that nobody gave is not met."""
    assert not decide.holds(Condition("followers", high=100), KNOWLEDGE.facts["followers"], "")


def test_every_topic_of_every_organisation_has_an_outcome_in_every_world() -> None:
    """Totality: each world of each table comes to a verdict, and `not_covered` exactly when no rule is shown."""
    for table in TABLES:
        for world in every_world(table):
            result = decide.result_in(table, world)
            assert (result.outcome.verdict == Verdict.NOT_COVERED) == (not result.leading)
