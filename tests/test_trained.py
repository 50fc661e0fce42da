"""The trained heads belong to the examples beside them."""

from bot.knowledge import Knowledge
from bot.load import ROOT
from bot.understand import build
from bot.understand.head import MODELS


def test_the_heads_are_not_stale(knowledge: Knowledge) -> None:
    """Whoever changes examples runs `make train`; a head carries the hash of what it was trained on."""
    assert list(build.stale(knowledge, ROOT, MODELS)) == []
