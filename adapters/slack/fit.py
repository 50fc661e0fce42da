"""Keeps a message within what Slack takes: the least important parts are left out first, and a button shows them."""

from collections.abc import Sequence
from copy import deepcopy

from adapters.parts import Part, least
from adapters.payload import cut
from adapters.slack import blocks
from adapters.slack.blocks import Block

MOST_BLOCKS, MOST_IN_VIEW = 50, 100
MOST_CHARACTERS = 10_000  # Slack refuses a message somewhere above 13,000
MOST_CHARACTERS_IN_VIEW = 60_000  # Slack refuses a view above 250 kB


def message(parts: Sequence[Part], rest: Sequence[Block]) -> list[Block]:
    """The blocks of a message; with `rest` (a button that shows everything) where something was left out."""
    return _fitting(parts, rest, MOST_BLOCKS, MOST_CHARACTERS)


def view(parts: Sequence[Part]) -> list[Block]:
    """The blocks of a modal or of Home."""
    return _fitting(parts, (), MOST_IN_VIEW, MOST_CHARACTERS_IN_VIEW)


def _fitting(parts: Sequence[Part], rest: Sequence[Block], most: int, characters: int) -> list[Block]:
    kept = list(parts)
    whole = _blocks(kept)
    if len(whole) <= most and blocks.size(whole) <= characters:
        return whole
    room, space = most - len(rest), characters - blocks.size(rest)
    while (found := least(kept)) is not None and (len(_blocks(kept)) > room or blocks.size(_blocks(kept)) > space):
        del kept[found]
    return [*_cut(_blocks(kept)[:room], space), *rest]


def _blocks(parts: Sequence[Part]) -> list[Block]:
    return [one for p in parts for one in p.blocks]


def _cut(made: list[Block], space: int) -> list[Block]:
    """What must never be left out and is too long all the same is cut, the longest first, and the cut shows."""
    made = deepcopy(made)
    while (over := blocks.size(made) - space) > 0:
        longest = max(blocks.texts(made), key=lambda one: len(one["text"]))
        longest["text"] = cut(longest["text"], max(len(longest["text"]) - over, 1))
    return made
