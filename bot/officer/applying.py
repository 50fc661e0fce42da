"""What the rows of a spreadsheet ask for, written into the text of section files and tensions.yaml. Pure.

Only what differs is written: everything else, comments included, stays byte for byte.
"""

from collections.abc import Mapping, Sequence

from bot import schema
from bot.officer import yaml_text
from bot.officer.columns import KEYS, PIECE, RULES, Column, tense, written
from bot.officer.layout import Section, without_stub
from bot.officer.rewrite import flat
from bot.officer.taking import Entries, Wanted

_PIECE_KEYS = ("id", "says", "to_encode", "context", "force", "binds")


def section(one: Section, wanted: Wanted) -> str:
    """A section file as the rows want it."""
    blocks = zip(one.blocks, one.read.pieces, strict=True)
    return one.head + "".join(_block(block, piece, wanted.pieces.get(piece.id, {}), wanted.rules.get(piece.id, {})) for block, piece in blocks)


def tensions(text: str, read: Sequence[schema.TensionFile], wanted: Wanted) -> str:
    """tensions.yaml as the rows want it."""
    columns = [c for c in RULES if tense(c)]
    for at, one in enumerate(read):
        if one.id in wanted.tensions:
            new = wanted.tensions[one.id]
            text = _keys(text, ("tensions", at), columns, one, new)
            text = text if list(one.between) == new["between"] else yaml_text.put(text, ("tensions", at), "between", new["between"])
    gone = [at for at, one in enumerate(read) if one.id not in wanted.tensions]
    for at in reversed(gone):
        text = yaml_text.drop_item(text, ("tensions",), at) if len(gone) < len(read) else text
    text = "tensions: []\n" if gone and len(gone) == len(read) else text
    known = {one.id for one in read}
    for name, entries in wanted.tensions.items():
        if name not in known:
            text = yaml_text.add_item(text, (), "tensions", _ordered(entries))
    return text


def _block(block: str, piece: schema.PieceFile, whole: Entries, rules: Mapping[str, Entries]) -> str:
    block = _keys(block, (0,), PIECE, piece, whole)
    for at, rule in enumerate(piece.rules):
        if rule.id in rules:
            block = _keys(block, (0, "rules", at), RULES, rule, rules[rule.id])
    for at in reversed([at for at, rule in enumerate(piece.rules) if rule.id not in rules]):
        block = yaml_text.drop_item(block, (0, "rules"), at)
    known = {rule.id for rule in piece.rules}
    for name, entries in rules.items():
        if name not in known:
            block = yaml_text.add_item(without_stub(block), (0,), "rules", _ordered(entries))
    return block


def _keys(text: str, path: yaml_text.Path, columns: Sequence[Column], before: object, after: Entries) -> str:
    """The mapping at `path` with the keys that differ set or dropped."""
    order = _PIECE_KEYS if columns is PIECE else KEYS
    for column in columns:
        was, now = written(column, getattr(before, column.key)), written(column, after.get(column.key))
        if flat(was) == flat(now):
            continue
        if now:
            text = yaml_text.put(text, path, column.key, _value(column, after[column.key]), after=order[: order.index(column.key)])
        else:
            text = yaml_text.drop(text, path, column.key)
    return text


def _value(column: Column, value: object) -> object:
    return flat(value) if column.kind == "text" and isinstance(value, str) else value


def _ordered(entries: Entries) -> Entries:
    order = ("id", "on", "between", *KEYS[2:])
    return {key: flat(value) if isinstance(value, str) else value for key in order if (value := entries.get(key)) is not None}
