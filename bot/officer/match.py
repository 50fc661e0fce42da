"""A new text of a policy held beside the pieces of the old one: what stays, what changed, what is new, what is gone. Pure.

Pieces whose words stand in the new text are found first, in order and then anywhere (moved paragraphs); what is left of the
new text is cut into sentences, items and headings, and held against the old pieces that are left, by likeness.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from bot.officer.tokens import Word, bare, words
from bot.passages import BETWEEN

LIKE_HERE = 0.5  # from this likeness on a sentence between the same neighbours is the old one with other words
LIKE_ANYWHERE = 0.75  # from this likeness on it is the old one, wherever it stands
FEWEST = 0.25  # with a smaller share of words in common it is another sentence, however alike the letters
MOST_IN_HEADING = 12  # words
LONG = 4  # words: a shorter piece is not looked for out of its order


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the new text. `old` is the index of the old piece that it continues.

    `moved`: not where it was. `heading`: it stands alone and short, as headings do.
    """

    text: str
    old: int | None = None
    moved: bool = False
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """All pieces of the new text in its order, and the indexes of the old ones that are gone."""

    pieces: tuple[Piece, ...]
    gone: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    """Words [first, last) of the new text, with the old piece that they are."""

    first: int
    last: int
    old: int | None


def match(old: Sequence[str], text: str) -> Matched:
    """Hold a new text beside the old pieces."""
    new = words(text)
    keys = [bare(words(piece)) for piece in old]
    chain = _in_order(keys, new)
    spans = [*chain, *_moved(keys, new, chain)]
    spans += _alike(keys, new, spans)
    spans = sorted([*spans, *_rest(new, spans)], key=lambda s: s.first)
    there = {s.old for s in spans if s.old is not None}
    still = _rising([s.old for s in spans if s.old is not None])
    pieces = [
        Piece(text[new[s.first].start : new[s.last - 1].end], s.old, s.old is not None and s.old not in still, _heading(text, new, s))
        for s in spans
    ]  # fmt: skip
    return Matched(tuple(pieces), tuple(i for i in range(len(old)) if i not in there))


def _heading(text: str, new: list[Word], span: _Span) -> bool:
    """A short line without a full stop between two blank ones, or a numbered one."""
    first, last = new[span.first], new[span.last - 1]
    before = text[new[span.first - 1].end : first.start] if span.first else "\n\n"
    after = text[last.end : new[span.last].start] if span.last < len(new) else ""
    short = span.last - span.first <= MOST_IN_HEADING and "\n" not in text[first.start : last.end]
    alone = before.count("\n") > 1 and (after.count("\n") > 1 or first.number) and not set(before) & set(BETWEEN.strip())
    return short and alone and text[last.end - 1] not in '.?!:;,)-”"'


def _found(keys: list[tuple[str, ...]], new: list[Word]) -> list[_Span]:
    """Every place where the words of an old piece stand in the new text from one edge to another."""
    starts: dict[str, list[int]] = {}
    for at, word in enumerate(new):
        starts.setdefault(word.key, []).append(at)
    spans = [
        _Span(at, at + len(piece), i)
        for i, piece in enumerate(keys) if piece
        for at in starts.get(piece[0], ()) if tuple(w.key for w in new[at : at + len(piece)]) == piece
    ]  # fmt: skip
    firsts, lasts = {s.first for s in spans}, {s.last for s in spans}
    return [_numbered(s, new) for s in spans if _begins(new, s.first, lasts) and _ends(new, s.last, firsts)]


def _begins(new: list[Word], at: int, lasts: set[int]) -> bool:
    return new[at].edge or (at > 0 and new[at - 1].number) or (new[at].line and at in lasts)


def _ends(new: list[Word], at: int, firsts: set[int]) -> bool:
    return at == len(new) or new[at].edge or (new[at].line and at in firsts)


def _numbered(span: _Span, new: list[Word]) -> _Span:
    """With the number in front of it."""
    first = span.first
    while first > 0 and new[first - 1].number:
        first -= 1
    return replace(span, first=first)


def _in_order(keys: list[tuple[str, ...]], new: list[Word]) -> list[_Span]:
    """Of all places those that keep the old order, do not overlap, and hold the most words."""
    found = sorted(_found(keys, new), key=lambda s: (s.last, s.first))
    best: list[tuple[int, int]] = []  # words held by the best chain that ends here, and the span before in it
    for n, span in enumerate(found):
        before = [(best[m][0], m) for m in range(n) if found[m].last <= span.first and _index(found[m]) < _index(span)]
        most, previous = max(before, default=(0, -1))
        best.append((most + span.last - span.first, previous))
    chain: list[_Span] = []
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    while at >= 0:
        chain.append(found[at])
        at = best[at][1]
    return chain[::-1]


def _index(span: _Span) -> int:
    return -1 if span.old is None else span.old


def _moved(keys: list[tuple[str, ...]], new: list[Word], chain: list[_Span]) -> list[_Span]:
    """Pieces that stand elsewhere, the longest first."""
    taken = list(chain)
    for span in sorted(_found(keys, new), key=lambda s: s.first - s.last):
        if len(keys[_index(span)]) >= LONG and span.old not in {s.old for s in taken} and _free(span, taken):
            taken.append(span)
    return taken[len(chain) :]


def _free(span: _Span, taken: Sequence[_Span]) -> bool:
    return all(span.last <= s.first or s.last <= span.first for s in taken)


def _rest(new: list[Word], taken: Sequence[_Span]) -> list[_Span]:
    """What no span holds, cut into sentences, items and headings."""
    spans: list[_Span] = []
    for first, last in _gaps(len(new), taken):
        cuts = [first, *(at for at in range(first + 1, last) if new[at].unit and not new[at - 1].number), last]
        spans += [_Span(a, b, None) for a, b in pairwise(cuts)]
    return spans


def _gaps(count: int, taken: Sequence[_Span]) -> Iterator[tuple[int, int]]:
    at = 0
    for span in sorted(taken, key=lambda s: s.first):
        if span.first > at:
            yield at, span.first
        at = span.last
    if at < count:
        yield at, count


def _alike(keys: list[tuple[str, ...]], new: list[Word], taken: list[_Span]) -> list[_Span]:
    """Old pieces with other words: the likest first, first of all between the neighbours that they had."""
    units = _rest(new, taken)
    left = [i for i in range(len(keys)) if i not in {s.old for s in taken} and keys[i]]
    found: list[_Span] = []
    for least, here in ((LIKE_HERE, True), (LIKE_ANYWHERE, False)):
        scored = [
            (likeness, span)
            for i in left for span in _windows(units, keys[i], new, i)
            if (not here or _between(span, i, [*taken, *found])) and (likeness := _likeness(keys[i], span, new, least)) >= least
        ]  # fmt: skip
        for _, span in sorted(scored, key=lambda pair: (-pair[0], pair[1].last - pair[1].first, pair[1].first)):
            if span.old not in {s.old for s in found} and _free(span, found):
                found.append(span)
        left = [i for i in left if i not in {s.old for s in found}]
    return found


def _windows(units: list[_Span], piece: tuple[str, ...], new: list[Word], old: int) -> Iterator[_Span]:
    """Each run of neighbouring units that is about as long as the piece."""
    for n, unit in enumerate(units):
        last = unit.last
        yield _Span(unit.first, last, old)
        for following in units[n + 1 :]:
            if following.first != last or new[following.first].line or following.last - unit.first > 2 * len(piece):
                break
            last = following.last
            yield _Span(unit.first, last, old)


def _between(span: _Span, old: int, taken: Sequence[_Span]) -> bool:
    """Whether the nearest old pieces around the place are the nearest ones around the piece."""
    before = max((s for s in taken if s.last <= span.first), key=lambda s: s.last, default=None)
    after = min((s for s in taken if s.first >= span.last), key=lambda s: s.first, default=None)
    return (before is None or _index(before) < old) and (after is None or old < _index(after))


def _likeness(piece: tuple[str, ...], span: _Span, new: list[Word], least: float) -> float:
    """How much of both is the same, from 0 to 1, by words and by letters; 0 where it cannot reach the least that is asked for."""
    other = bare(new[span.first : span.last])
    by_words = SequenceMatcher(None, piece, other, autojunk=False)
    if by_words.real_quick_ratio() < FEWEST or by_words.quick_ratio() < FEWEST or (share := by_words.ratio()) < max(FEWEST, 2 * least - 1):
        return 0.0
    return (share + SequenceMatcher(None, " ".join(piece), " ".join(other), autojunk=False).ratio()) / 2


def _rising(numbers: Sequence[int]) -> frozenset[int]:
    """The longest part of a sequence that keeps rising: what stayed in order."""
    best: list[list[int]] = [[]]
    for number in numbers:
        best.append([*_longest(b for b in best if not b or b[-1] < number), number])
    return frozenset(_longest(best))


def _longest(chains: Iterable[list[int]]) -> list[int]:
    return max(chains, key=lambda chain: len(chain))  # noqa: PLW0108 - mypy does not take `len` as a key here
