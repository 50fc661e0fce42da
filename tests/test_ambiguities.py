"""Where a policy is unclear, silent or at odds with itself, the answer says so instead of smoothing it over.

The places stand in `ambiguities.yaml`. What is looked at is what a person is told, decided from facts, without any model.
"""

from datetime import date
from pathlib import Path
from typing import Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot import answer, decide
from bot.knowledge import Knowledge, Verdict

TODAY = date(2026, 11, 21)


class Case(BaseModel):
    """One situation, and what has to be told in it; what is left out is not looked at."""

    model_config = ConfigDict(extra="forbid")
    topic: str
    role: Literal["staff", "volunteer", "director"] = "staff"
    facts: dict[str, str] = Field(default_factory=dict)
    verdict: Verdict | None = None
    clauses: list[str] = Field(default_factory=list)
    to: list[str] = Field(default_factory=list)
    words: list[str] = Field(default_factory=list)
    quotes: list[str] = Field(default_factory=list)
    asks: str | None = None


class Unclear(BaseModel):
    """One place where a policy is unclear."""

    model_config = ConfigDict(extra="forbid")
    unclear: str
    cases: list[Case] = Field(min_length=1)


PLACES = TypeAdapter(dict[str, list[Unclear]]).validate_python(
    yaml.safe_load(Path(__file__).with_suffix("").with_name("ambiguities.yaml").read_text(encoding="utf-8"))
)
ALL = [pytest.param(o, p.cases, id=f"{o}: {p.unclear}") for o, places in PLACES.items() for p in places]


def missing(knowledge: Knowledge, organisation: str, case: Case) -> list[str]:
    """What a person should be told and is not."""
    policy = knowledge.organisations[organisation]
    table = decide.table(knowledge, policy, case.topic, case.role)
    decision = decide.decide(table, case.facts)
    told = answer.answer(knowledge, policy, case.role, decision, TODAY)
    said = " ".join([told.headline, *told.say, told.quotes_intro, *told.also])
    quoted = {q.clause: " ".join(q.text.split()) for q in told.quotes}
    asked = decide.question(table, case.facts)
    return [
        *([f"{case.verdict}, not {told.verdict}"] if case.verdict not in (None, told.verdict) else []),
        *(f"a quote of {c}" for c in case.clauses if c not in quoted),
        *(f"to go to {r}" for r in case.to if policy.roles[r].title not in {c.role for c in told.contacts}),
        *(f"“{w}”" for w in case.words if w not in said),
        *(f"“{q}” in a quote" for q in case.quotes if not any(q in text for text in quoted.values())),
        *([f"to ask for {case.asks}"] if case.asks and (asked is None or asked.fact != case.asks) else []),
    ]


@pytest.mark.parametrize(("organisation", "cases"), ALL)
def test_what_is_unclear_is_said_to_be(knowledge: Knowledge, organisation: str, cases: list[Case]) -> None:
    """Both clauses are quoted, what is left open is named, and where it is silent nothing is made up."""
    assert [(c.topic, found) for c in cases if (found := missing(knowledge, organisation, c))] == []


def test_facts_and_topics_are_those_that_there_are(knowledge: Knowledge) -> None:
    """So that no case passes because of a slip."""
    for case in (c for places in PLACES.values() for p in places for c in p.cases):
        for fact, value in case.facts.items():
            assert fact in knowledge.topics[case.topic].facts
            assert knowledge.facts[fact].unit or value in {v.id for v in knowledge.facts[fact].values}
