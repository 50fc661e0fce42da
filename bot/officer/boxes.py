"""Sets of worlds as few, wide boxes, so that they can be said in a sentence. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

Box = Mapping[str, frozenset[str]]  # facts with the values for which something holds; a fact that is not there does not matter


def boxes(spread: Mapping[str, Sequence[str]], chosen: set[tuple[str, ...]]) -> Iterator[Box]:
    """The worlds that were chosen as few, wide boxes: each allows some values of some facts, and leaves the others open."""
    names = list(spread)
    left = set(chosen)
    while left:
        sides = [frozenset({value}) for value in min(left)]
        for at, name in enumerate(names):
            whole = [*sides[:at], frozenset(spread[name]), *sides[at + 1 :]]
            sides = whole if _inside(whole, chosen) else sides
        for at, name in enumerate(names):
            for value in spread[name]:
                wider = [*sides[:at], sides[at] | {value}, *sides[at + 1 :]]
                sides = wider if _inside(wider, chosen) else sides
        left -= set(product(*sides))
        yield {name: side for name, side in zip(names, sides, strict=True) if side != frozenset(spread[name])}


def _inside(sides: Sequence[frozenset[str]], chosen: set[tuple[str, ...]]) -> bool:
    return all(world in chosen for world in product(*sides))
