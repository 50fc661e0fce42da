"""Keeps a card within what Teams takes: the least important parts are left out first, and a button shows them."""

from collections.abc import Sequence
from copy import deepcopy

from adapters.parts import Part, least
from adapters.payload import cut
from adapters.teams import cards
from adapters.teams.cards import Card

MOST = 20_000  # characters of a card in a message, as JSON; Teams refuses a message above 80 KB of UTF-16
MOST_IN_DIALOG = 40_000
MOST_FALLBACK = 6_000  # characters of plain text that a card carries for clients that cannot show it


def message(parts: Sequence[Part], rest: Sequence[Card], fallback: str = "") -> Card:
    """The card of a message; with `rest` (a button that shows everything) where something was left out."""
    return _fitting(parts, rest, cut(fallback, MOST_FALLBACK), MOST)


def dialog(parts: Sequence[Part]) -> Card:
    """The card of a dialog."""
    return _fitting(parts, (), "", MOST_IN_DIALOG)


def _fitting(parts: Sequence[Part], rest: Sequence[Card], fallback: str, most: int) -> Card:
    kept = list(parts)
    whole = cards.card(_blocks(kept), fallback)
    if cards.size(whole) <= most:
        return whole
    space = most - cards.size(cards.card(rest, fallback))
    while (found := least(kept)) is not None and cards.size(_blocks(kept)) > space:
        del kept[found]
    return cards.card([*_cut(_blocks(kept), space), *rest], fallback)


def _blocks(parts: Sequence[Part]) -> list[Card]:
    return [one for p in parts for one in p.blocks]


def _cut(made: list[Card], space: int) -> list[Card]:
    """What must never be left out and is too long all the same is cut, the longest first, and the cut shows."""
    made = deepcopy(made)
    while (over := cards.size(made) - space) > 0:
        longest = max(cards.texts(made), key=lambda one: len(one["text"]))
        if len(longest["text"]) <= 1:
            break  # nothing is left to cut: the buttons alone are too many, and Teams may refuse them
        longest["text"] = cut(longest["text"], max(len(longest["text"]) - over, 1))
    return made
