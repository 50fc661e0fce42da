"""Section files as blocks of text, one for each piece, and how they are laid out for a new text. Pure.

What is not touched stays byte for byte. A file that no longer holds together (a moved section) is cut, and the parts are
named so that they sort in the policy's order.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from bot import schema
from bot.officer import naming, yaml_text
from bot.officer.match import Piece

_STUB = """\
  # rules:
  # - id: a-short-name
  #   on: {topic}
  #   when: {{account: personal}}    # facts of the topic; left out: always
  #   verdict: not_allowed         # allowed, conditional, not_allowed, required, refer (with `to:`) or info
  #   answer: What to do, and then why, in your own words.
"""


_STUBBED = re.compile(r"  # rules:\n(?:  # .*\n)+")
_WITHOUT_NUMBER = re.compile(r"^\d+[a-z]?[-_]")


@dataclass(frozen=True, slots=True)
class Section:
    """A section file: its name, what stands above the pieces, and the pieces, as text and as they are read."""

    name: str
    head: str
    blocks: tuple[str, ...]
    read: schema.SectionFile

    @property
    def text(self) -> str:
        """The whole file, with aliases spelt out."""
        return self.head + "".join(self.blocks)


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece of the new text as it will stand in a file. `source` is the index of the file it comes from."""

    block: str
    piece: Piece
    source: int | None = None
    leads: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    """Neighbouring pieces that will share a file."""

    source: int | None
    placed: tuple[Placed, ...]


def cut(name: str, text: str, read: schema.SectionFile) -> Section:
    """A file cut into its pieces. Raises NotBlockStyleError when it is laid out in another way than all others."""
    head, blocks = yaml_text.blocks(yaml_text.spelt_out(text), "pieces")
    return Section(name, head, tuple(blocks), read)


def laid_out(sections: Sequence[Section], placed: Sequence[Placed], renamed: dict[tuple[str, str], tuple[str, str]]) -> dict[str, str]:
    """The new files by name. `renamed` are sections whose number or title changed."""
    files: dict[str, str] = {}
    last = ""
    runs = _runs(placed)
    keeping = _keeping(runs)
    for n, run in enumerate(runs):
        keeps = n in keeping and run.source is not None
        if keeps and run.source is not None:
            name = sections[run.source].name
            last = PurePath(name).stem
        else:
            name = _after(last, len(files), run)
        files[name] = _head(sections, run, keeps, renamed) + "".join(p.block for p in run.placed)
    if sorted(files) == list(files):
        return files
    return {f"{i:02}-{_WITHOUT_NUMBER.sub('', name)}": text for i, (name, text) in enumerate(files.items(), 1)}


def _keeping(runs: Sequence[_Run]) -> frozenset[int]:
    """The runs that keep their file's name: of those that stand in the old order, the ones that hold the most pieces."""
    best: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    for n, run in enumerate(runs):
        source = run.source
        if source is not None:
            held, chain = max(b for b in best if not b[1] or (runs[b[1][-1]].source or 0) < source)
            best.append((held + len(run.placed), (*chain, n)))
    return frozenset(max(best)[1])


def _after(stem: str, number: int, run: _Run) -> str:
    """A name that sorts behind the file before it: an underscore stands behind the full stop of `.yaml`."""
    title = naming.slug(naming.unnumbered(run.placed[0].piece.text))
    return f"{stem}_{number:02}-{title}.yaml" if stem else f"{number:02}-{title}.yaml"


def _runs(placed: Sequence[Placed]) -> list[_Run]:
    """Where a file begins: with what comes from another file, and with a new heading that has something below it.

    A piece alone that moved stays among its new neighbours.
    """
    first = next((p.source for p in placed if p.source is not None), None)
    runs: list[_Run] = []
    for n, one in enumerate(placed):
        current = runs[-1].source if runs else first
        follows = n + 1 < len(placed) and placed[n + 1].source is None and not placed[n + 1].piece.heading
        fresh = one.source is None and one.piece.heading and follows and (bool(naming.number(one.piece.text)) or first is None)
        elsewhere = one.source is not None and one.source != current and (one.leads or not one.piece.moved)
        if not runs or fresh or elsewhere:
            runs.append(_Run(None if fresh else one.source if one.source is not None else first, (one,)))
        else:
            runs[-1] = replace(runs[-1], placed=(*runs[-1].placed, one))
    return runs


def _head(sections: Sequence[Section], run: _Run, keeps: bool, renamed: dict[tuple[str, str], tuple[str, str]]) -> str:
    if run.source is None:
        text = run.placed[0].piece.text if run.placed[0].piece.heading else "Beginning"
        title = naming.unnumbered(text)
        return header(naming.number(text) or title, title)
    known = sections[run.source]
    before = (known.read.section, known.read.title)
    after = renamed.get(before, before)
    if not keeps:
        return header(*after)
    head = f"{known.head}- id: x\n"  # so that it can be read by itself
    for key, old, new in zip(("section", "title"), before, after, strict=True):
        head = head if old == new else yaml_text.put(head, (), key, new)
    return head.removesuffix("- id: x\n")


def header(section: str, title: str) -> str:
    """What stands above the pieces of a file."""
    return f"section: {yaml_text.dump(section)}\ntitle: {yaml_text.dump(title)}\npieces:\n"


def stub(name: str, piece: Piece, topics: Sequence[str] = ()) -> str:
    """A new sentence as a piece that somebody has to encode: with its guessed force, the likely topics, and a pattern for its rules."""
    head = {"id": name, "says": " ".join(piece.text.split())}
    if piece.heading:
        return yaml_text.item({**head, "to_encode": "it is new and looks like a heading. If it is only that, nothing else is to do.",
                               "context": "heading"}, 0)  # fmt: skip
    likely = f" Topics that it may belong to: {', '.join(topics)}." if topics else ""
    guess = naming.force(piece.text)
    todo = f"it is new. Its force ({guess}) is a guess. Say whom it binds and write its rules, or say in `context` why it needs none.{likely}"
    return yaml_text.item({**head, "to_encode": todo, "force": guess}, 0) + _STUB.format(topic=topics[0] if topics else "a-topic")


def without_stub(block: str) -> str:
    """A piece without the pattern for its rules, once it has rules of its own."""
    return _STUBBED.sub("", block)
