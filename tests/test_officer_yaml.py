"""YAML is changed where it must change, and stays byte for byte around it."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from bot.load import ROOT
from bot.officer import yaml_text
from bot.officer.yaml_text import NotBlockStyleError

FILE = """\
# the head
section: '2'   # a remark
title: Staff
pieces:
# about the first
- id: '2.4'
  says: Staff will not
    add anybody.  # wrapped
  force: must-not
  rules:
  - id: no-adding   # why
    when: {who: [served, 'yes'], account: personal}
    verdict: not_allowed
    answer: >-
      Please don't.
      It is kinder.

  # the second rule
  - {id: short, also: true, overrides: [no-adding]}

- id: two
  says: |-
    A list
    of things
  context: heading
"""
SECOND = "  # the second rule\n  - {id: short, also: true, overrides: [no-adding]}\n"


def test_a_value_is_replaced_and_nothing_else() -> None:
    """Remarks, quotes, wrapping and blank lines around it stay."""
    changed = yaml_text.put(FILE, ("pieces", 0), "says", "No: never")
    assert changed == FILE.replace("Staff will not\n    add anybody.", "'No: never'")


@pytest.mark.parametrize(
    ("edit", "old", "new"),
    [
        (lambda t: yaml_text.put(t, ("pieces", 1), "says", "One line"), "|-\n    A list\n    of things", "One line"),
        (lambda t: yaml_text.put(t, ("pieces", 0), "binds", ["staff"], ("says", "force")), "must-not\n", "must-not\n  binds: [staff]\n"),
        (lambda t: yaml_text.put(t, ("pieces", 0, "rules", 0), "to", "chair", ("verdict",)), "not_allowed\n", "not_allowed\n    to: chair\n"),
        (lambda t: yaml_text.drop(t, ("pieces", 0), "force"), "  force: must-not\n", ""),
        (lambda t: yaml_text.drop(t, ("pieces", 0, "rules", 0), "answer"), "    answer: >-\n      Please don't.\n      It is kinder.\n", ""),
        (lambda t: yaml_text.drop(t, (), "nothing"), "", ""),
        (lambda t: yaml_text.put(t, ("pieces", 0, "rules", 1), "also", "no"), "{id: short, also: true, ", "{id: short, also: 'no', "),
        (lambda t: yaml_text.drop_item(t, ("pieces", 0, "rules"), 1), SECOND, ""),
        (lambda t: yaml_text.put(t, (), "title", "=1+1"), "title: Staff", "title: =1+1"),
    ],
)  # fmt: skip
def test_each_edit_touches_its_own_lines(edit: Callable[[str], str], old: str, new: str) -> None:
    """Set, add and take out, in block and in flow style."""
    assert edit(FILE) == FILE.replace(old, new, 1)


def test_a_rule_is_added_below_the_last_one() -> None:
    """In the column of its list, with its own lists on one line."""
    changed = yaml_text.add_item(FILE, ("pieces", 0), "rules", {"id": "new", "when": {"who": ["a", "b"]}, "answer": "No: it isn't."})
    assert "  - id: new\n    when: {who: [a, b]}\n    answer: 'No: it isn''t.'\n\n- id: two" in changed
    assert changed.replace("  - id: new\n    when: {who: [a, b]}\n    answer: 'No: it isn''t.'\n", "") == FILE


def test_a_first_rule_brings_its_key_and_a_last_one_takes_it_along() -> None:
    """`rules:` is there exactly while there are rules."""
    with_rule = yaml_text.add_item(FILE, ("pieces", 1), "rules", {"id": "new"})
    assert with_rule.endswith("  context: heading\n  rules:\n  - id: new\n")
    assert yaml_text.drop_item(with_rule, ("pieces", 1, "rules"), 0) == FILE


def test_a_file_is_cut_before_each_piece_with_its_comments() -> None:
    """The cuts put together are the file."""
    head, blocks = yaml_text.blocks(FILE, "pieces")
    assert head + "".join(blocks) == FILE
    assert [b.split("\n")[0] for b in blocks] == ["# about the first", ""]


@pytest.mark.parametrize("path", sorted(ROOT.glob("organisations/*/sections/*.yaml")), ids=lambda p: f"{p.parts[-3]}/{p.name}")
def test_every_section_file_can_be_cut(path: Path) -> None:
    """As all are laid out today; each piece by itself reads as it does in the file, aliases spelt out."""
    text = path.read_text(encoding="utf-8")
    spelt = yaml_text.spelt_out(text)
    _, blocks = yaml_text.blocks(spelt, "pieces")
    whole = yaml.load(text, Loader=yaml.BaseLoader)["pieces"]  # noqa: S506 - the base loader makes only strings
    assert [yaml.load(b, Loader=yaml.BaseLoader)[0] for b in blocks] == whole  # noqa: S506 - the same


@pytest.mark.parametrize("text", ["pieces: [{id: a}]\n", "pieces:\n- id: a\ntitle: b\n", "- a\n", "pieces: {}\n"])
def test_another_layout_is_refused(text: str) -> None:
    """Rather than guessed at."""
    with pytest.raises(NotBlockStyleError):
        yaml_text.blocks(text, "pieces")


@pytest.mark.parametrize("value", ["yes", "2.10", "null", "~", "a: b", "# no", "'quoted'", "two\nlines", "“curly” – é", "@x", "- y", "[z]", ""])
def test_what_is_written_reads_as_it_was(value: str) -> None:
    """Whatever somebody types, in block and in flow style."""
    assert yaml_text.plain(f"a: {yaml_text.dump(value)}\n") == {"a": value}
    assert yaml_text.plain(yaml_text.dump({"a": [value]})) == {"a": [value]}
