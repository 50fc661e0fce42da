"""Changes YAML text where it must change and nowhere else: comments, order, quotes and wrapping around it stay byte for byte.

Pure. A place is a path of keys and indexes from the top. What is put in is written on one line, except a list's new item.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import yaml

Path = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WIDE = 1_000_000
_ALIAS = re.compile(r"[:-] +[&*]\w")


class NotBlockStyleError(ValueError):
    """The text is laid out in a way that cannot be changed piece by piece."""


def dump(value: object) -> str:
    """A value on one line, quoted where YAML would take it for something else."""
    if isinstance(value, str) and "\n" in value:
        return json.dumps(value, ensure_ascii=False)
    text: str = yaml.safe_dump(value, allow_unicode=True, width=_WIDE, default_flow_style=True, sort_keys=False)
    return text.strip().removesuffix("...").strip()


def item(entries: Mapping[str, object], column: int) -> str:
    """A mapping as a list's item in block style, its dash in this column; a list of mappings inside it goes below its key."""
    lines: list[str] = []
    for key, value in entries.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines += [f"{key}:", *(line for one in value for line in item(one, 0).splitlines())]
        else:
            lines.append(f"{key}: {dump(value)}")
    return "".join(" " * column + ("- " if i == 0 else "  ") + line + "\n" for i, line in enumerate(lines))


def put(text: str, path: Path, key: str, value: object, after: Sequence[str] = ()) -> str:
    """The mapping at `path` with `key` set. A new key goes below the last of `after` that is there, otherwise to the end."""
    node = _mapping(text, path)
    if node.flow_style:
        return _rewritten(text, node, {**_plain(node), key: value})
    entries = {k.value: (k, v) for k, v in node.value}
    if key in entries:
        name, old = entries[key]
        start, end = old.start_mark.index, _end(text, old)
        return f"{text[: name.end_mark.index]}: {dump(value)}{text[end:]}" if start >= end else text[:start] + dump(value) + text[end:]
    below = next((entries[k][1] for k in reversed(after) if k in entries), node.value[-1][1])
    at = _line_end(text, _end(text, below))
    lead = "" if text[:at].endswith("\n") else "\n"
    return f"{text[:at]}{lead}{' ' * node.start_mark.column}{key}: {dump(value)}\n{text[at:]}"


def drop(text: str, path: Path, key: str) -> str:
    """The mapping at `path` without `key`; unchanged where it has none."""
    node = _mapping(text, path)
    found = next(((k, v) for k, v in node.value if k.value == key), None)
    if found is None:
        return text
    if node.flow_style:
        return _rewritten(text, node, {k: v for k, v in _plain(node).items() if k != key})
    start = text.rfind("\n", 0, found[0].start_mark.index) + 1
    return text[:start] + text[_line_end(text, max(_end(text, found[1]), found[0].end_mark.index)) :]


def add_item(text: str, path: Path, key: str, entries: Mapping[str, object]) -> str:
    """The mapping at `path` with one more item at the end of its list `key`."""
    node = _mapping(text, path)
    name, found = next(((k, v) for k, v in node.value if k.value == key), (None, None))
    if isinstance(found, yaml.SequenceNode) and found.value and not found.flow_style:
        at = _line_end(text, _end(text, found.value[-1]))
        return text[:at] + item(entries, found.start_mark.column) + text[at:]
    if node.flow_style or (found is not None and found.value):
        raise NotBlockStyleError(f"line {node.start_mark.line + 1}: write it in block style, one key a line")
    column = node.start_mark.column
    if name is not None:
        return f"{text[: name.end_mark.index]}:\n{item(entries, column)}{text[_line_end(text, name.end_mark.index) :]}"
    at = _line_end(text, _end(text, node))
    return f"{text[:at]}{' ' * column}{key}:\n{item(entries, column)}{text[at:]}"


def drop_item(text: str, path: Path, index: int) -> str:
    """The list at `path` without one item and the comment lines right above it; a list that is left empty goes with its key."""
    node = _at(text, path)
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise NotBlockStyleError(f"line {node.start_mark.line + 1}: write the list in block style, one item a line")
    if len(node.value) == 1 and path:
        return drop(text, path[:-1], str(path[-1]))
    one = node.value[index]
    start = text.rfind("\n", 0, one.start_mark.index) + 1
    while (above := text.rfind("\n", 0, start - 1) + 1) < start and text[above:start].lstrip().startswith("#"):
        start = above
    return text[:start] + text[_line_end(text, _end(text, one)) :]


def spelt_out(text: str) -> str:
    """The text with each alias (`*name`) written as what it stands for, so that every item can be read by itself."""
    if not _ALIAS.search(text):
        return text
    known: dict[str, str] = {}
    edits: list[tuple[int, int, str]] = []
    for event in yaml.parse(text, Loader=_Loader):
        anchor, mark = getattr(event, "anchor", None), event.start_mark
        if not anchor or mark is None:
            continue
        if isinstance(event, yaml.AliasEvent) and anchor in known:
            edits.append((mark.index, mark.index + len(anchor) + 1, dump(known[anchor])))
        elif isinstance(event, yaml.ScalarEvent):
            known[anchor] = event.value
            edits.append((mark.index, mark.index + len(anchor) + 1, ""))
        else:
            raise NotBlockStyleError(f"line {mark.line + 1}: only texts can be named with & and used again with *")
    for start, end, new in reversed(edits):
        text = text[:start] + new + (text[end:] if new else text[end:].lstrip(" "))
    return text


def blocks(text: str, key: str) -> tuple[str, list[str]]:
    """A file cut before each item of its last key's list: what stands above, and each item with the comments above it.

    Raises NotBlockStyleError when the list is not the last thing in the file, or not in block style.
    """
    top = yaml.compose(text, Loader=_Loader)
    if not isinstance(top, yaml.MappingNode) or top.value[-1][0].value != key:
        raise NotBlockStyleError(f"`{key}:` must be the last key of the file")
    node = top.value[-1][1]
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise NotBlockStyleError(f"line {node.start_mark.line + 1}: write the list in block style, one item a line")
    head = _line_end(text, top.value[-1][0].end_mark.index)
    cuts = [_past_indented(text, _line_end(text, _end(text, one))) for one in node.value[:-1]]
    edges = [head, *cuts, len(text)]
    return text[:head], [text[a:b] for a, b in pairwise(edges)]


def plain(text: str) -> object:
    """What the text says, with every scalar as the words that stand there, as all our files are read."""
    node = yaml.compose(text, Loader=_Loader)
    return _value(node) if node else None


def _past_indented(text: str, at: int) -> int:
    """Comments that are indented belong to the item above them."""
    while text[at : at + 1] == " " and text[at : _line_end(text, at)].lstrip().startswith("#"):
        at = _line_end(text, at)
    return at


def _at(text: str, path: Path) -> yaml.Node:
    node = yaml.compose(text, Loader=_Loader)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next(v for k, v in node.value if k.value == step)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
    if node is None:
        raise NotBlockStyleError("the file is empty")
    return node


def _mapping(text: str, path: Path) -> yaml.MappingNode:
    node = _at(text, path)
    if not isinstance(node, yaml.MappingNode):
        raise NotBlockStyleError(f"line {node.start_mark.line + 1}: here must be keys and values")
    return node


def _plain(node: yaml.MappingNode) -> dict[str, object]:
    return {k.value: _value(v) for k, v in node.value}


def _value(node: yaml.Node) -> object:
    if isinstance(node, yaml.MappingNode):
        return _plain(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(x) for x in node.value]
    if not isinstance(node, yaml.ScalarNode) or node.style is not None:
        return node.value
    if node.value in ("", "~", "null"):
        return None
    return node.value == "true" if node.value in ("true", "false") else node.value


def _rewritten(text: str, node: yaml.Node, entries: Mapping[str, object]) -> str:
    return text[: node.start_mark.index] + dump(dict(entries)) + text[node.end_mark.index :]


def _end(text: str, node: yaml.Node) -> int:
    """Where a node's own text ends: YAML counts the blank lines and comments below a block as part of it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1]) if isinstance(last, tuple) else _end(text, last)
    return int(node.start_mark.index) + len(text[node.start_mark.index : node.end_mark.index].rstrip())


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1
