"""Small things that words tell."""

import pytest

from bot.understand.told import speaks_of_child, speaks_of_images, troubles_another


@pytest.mark.parametrize(
    "said",
    [
        "a colleague of mine is being bullied in the group chat", "one of my volunteers keeps getting harassed by a follower",
        "she's being picked on by two of the others", "our receptionist was abused on facebook", "My mate has been getting threatened online",
    ],
)  # fmt: skip
def test_another_is_troubled(said: str) -> None:
    """A colleague, a volunteer, a friend, or somebody who was spoken of before."""
    assert troubles_another(said)


@pytest.mark.parametrize(
    "said",
    [
        "I'm being bullied by a colleague", "a colleague is being nasty to me", "my manager and I have been getting abused online, she shouts at me",
        "the other volunteers pick on me", "was she bullied into it? no idea", "our team is being abused by a troll",
        "she was being bullied and now I am bullied too", "he has been threatened with the sack for harassing me",
    ],
)  # fmt: skip
def test_the_asker_is_troubled_or_nobody(said: str) -> None:
    """In doubt it is the asker, who is then met with kindness."""
    assert not troubles_another(said)


def test_a_picture_of_a_child_needs_both() -> None:
    """A child alone or a picture alone is none."""
    assert speaks_of_images("someone sent a video of a lad from the club")
    assert not speaks_of_images("someone sent a video of the mayor")
    assert speaks_of_child("she is 14 years old")
    assert speaks_of_child("me and our baby")
    assert not speaks_of_child("she is 41 years old")
    assert not speaks_of_child("he has hit me for 10 years")
