"""Whose life it is that a message speaks of."""

import pytest

from bot.understand.own import whose_life


@pytest.mark.parametrize(
    "said",
    [
        "I want to end my life", "I want to kill myself", "I'm going to end it all", "I've got a plan to end it tonight", "I feel suicidal",
        "I'm suicidal", "ive been self harming", "I've been cutting again after what people wrote", "I wish I was dead", "i want to die",
        "I don't want to be here any more", "everyone would be better off without me", "I just want it all to stop", "I don’t think I can carry on",
        "My manager told me I'm useless and I want to kill myself", "I keep thinking about ending it",
    ],
)  # fmt: skip
def test_ones_own_life_is_heard(said: str) -> None:
    """In bare words and at the end of a story."""
    assert whose_life(said) == "own"


@pytest.mark.parametrize(
    "said",
    [
        "She wrote \"I don't want to be here any more\"", "he said I want to kill myself", "A follower posted 'I wish I was dead' under our post",
        "someone commented I feel suicidal", "I think she is going to end it all", "I'm worried that he will kill himself",
        "I want to end my subscription", "I could kill for a coffee", "I can't go on the course",
        "I'd like to stop the newsletter", "my brother wants to die",
    ],
)  # fmt: skip
def test_other_peoples_words_and_lives_are_theirs(said: str) -> None:
    """Whoever passes them on is told what to do for that person, and what only sounds so is nothing."""
    assert whose_life(said) != "own"
