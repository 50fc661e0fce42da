"""Talks to Askwell as the exam does: a question back is answered with the case's follow-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.material import Case
from bot.batch import as_json
from bot.guide import Askwell

MOST_TURNS = 2  # exam.py answers at most two questions
UNKNOWN = "I don't know"


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that is over: all that was said to Askwell, its last reply, and how many questions it asked."""

    said: tuple[str, ...]
    reply: dict[str, Any]
    questions: int


def talk(askwell: Askwell, case: Case, answers: Sequence[str]) -> Talk:
    """Say the case's message and answer each question with the next of `answers`, until there is a verdict or none is left."""
    said, questions = [case.say], 0
    state, reply = askwell.say(askwell.begin(case.org, case.role), case.say)
    left = list(answers)
    while reply.question and not reply.answers:
        questions += 1
        if not left:
            break
        said.append(left.pop(0))
        state, reply = askwell.say(state, said[-1])
    return Talk(tuple(said), as_json(reply), questions)


def as_exam(askwell: Askwell, case: Case) -> Talk:
    """The conversation that exam.py has."""
    return talk(askwell, case, [case.followup] * MOST_TURNS if case.followup else [])


def to_the_end(askwell: Askwell, case: Case) -> Talk:
    """The follow-up twice, then "I don't know" for as long as Askwell asks (it must stop long before the sixth)."""
    return talk(askwell, case, [*([case.followup] * MOST_TURNS if case.followup else []), *[UNKNOWN] * 6])
