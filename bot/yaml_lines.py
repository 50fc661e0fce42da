"""Reads YAML as plain strings, lists and mappings, and remembers on which line each thing stands.

Scalars stay strings: in our files `no` is a word, not a truth value. `null`, `~` and nothing are None.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.findings import Finding, KnowledgeError

Path_ = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """A file's data, and the line of each place in it (a path of keys and indexes)."""

    file: str
    data: object
    lines: dict[Path_, int]

    def line(self, path: Path_) -> int:
        """The line of the place, or of the nearest place around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(path: Path, root: Path) -> Document:
    """Read one file.

    Raises KnowledgeError when the file is missing, is not UTF-8 or is not YAML.
    """
    name = str(path.relative_to(root))
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        raise KnowledgeError([Finding(name, 0, "the file is missing", "Put it back, or copy it from another organisation.")]) from None
    except UnicodeDecodeError as error:
        raise KnowledgeError([Finding(name, 0, f"the file is not UTF-8 ({error.reason})", "Save it as UTF-8.")]) from None
    except yaml.YAMLError as error:
        raise KnowledgeError([_broken(name, error)]) from None
    lines: dict[Path_, int] = {}
    findings: list[Finding] = []
    data = _build(node, (), lines, findings, name) if node else None
    if findings:
        raise KnowledgeError(findings)
    return Document(name, data, lines)


def _broken(name: str, error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "it cannot be read"
    mend = "Look at the line and the one before it: indentation, a missing quote, or a colon inside an unquoted text."
    return Finding(name, mark.line + 1 if mark else 0, f"this is not YAML: {problem}", mend)


def _build(node: yaml.Node, path: Path_, lines: dict[Path_, int], findings: list[Finding], name: str) -> object:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return None if not node.style and node.value in ("", "~", "null") else node.value
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, i), lines, findings, name) for i, child in enumerate(node.value)]
    result: dict[str, object] = {}
    for key, value in node.value:
        if key.value in result:
            findings.append(Finding(name, key.start_mark.line + 1, f"the key '{key.value}' stands twice", "Keep one of them."))
        result[key.value] = _build(value, (*path, key.value), lines, findings, name)
        lines[(*path, key.value)] = key.start_mark.line + 1
    return result
