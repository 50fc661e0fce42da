"""A policy laid out to be read: its own words in its own order, in sections, blocks and passages that can be linked to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.answer import section_name
from bot.knowledge import Clause, Organisation

HEADINGS = ("heading", "title page")


@dataclass(frozen=True, slots=True)
class Block:
    """A `heading`, a `paragraph`, or a `list`: its items, each of one passage or more. `numbered`: the items bring their own numbers."""

    kind: str
    items: tuple[tuple[Clause, ...], ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One section. `name` is ours, for sections to which the policy gives no heading of its own; otherwise empty."""

    number: int
    title: str
    name: str
    blocks: tuple[Block, ...]


def sections(organisation: Organisation) -> list[Section]:
    """The whole policy."""
    made: list[Section] = []
    for clauses in _runs(organisation.clauses.values()):
        blocks = tuple(_blocks(organisation, clauses))
        named = blocks[0].kind == "heading"
        title = clauses[0].text if named else section_name(clauses[0])
        made.append(Section(len(made) + 1, title, "" if named else title, blocks))
    return made


def _runs(clauses: Iterable[Clause]) -> list[list[Clause]]:
    runs: list[list[Clause]] = []
    for clause in clauses:
        if runs and (runs[-1][-1].section, runs[-1][-1].title) == (clause.section, clause.title):
            runs[-1].append(clause)
        else:
            runs.append([clause])
    return runs


def _blocks(organisation: Organisation, clauses: list[Clause]) -> list[Block]:
    blocks: list[Block] = []
    for clause in clauses:
        kind, last = _kind(organisation, clause), blocks[-1] if blocks else None
        if last and kind == "on" and last.kind != "heading":
            blocks[-1] = replace(last, items=(*last.items[:-1], (*last.items[-1], clause)))
        elif last and kind == last.kind == "list":
            blocks[-1] = replace(last, items=(*last.items, (clause,)), numbered=last.numbered and _numbered(clause))
        else:
            blocks.append(Block("paragraph" if kind == "on" else kind, ((clause,),), _numbered(clause)))
    return blocks


def _kind(organisation: Organisation, clause: Clause) -> str:
    """What stands between a passage and the one before it says how it goes on; `on`: in the same paragraph."""
    if heading(organisation, clause):
        return "heading"
    before = _between(organisation, clause)
    if any(mark in before for mark in "-·•"):
        return "list"
    return "paragraph" if "\n" in before or not before else "on"


def _between(organisation: Organisation, clause: Clause) -> str:
    """The white space and bullets before a passage, as the text has them."""
    text, at = organisation.policy.text, clause.start
    while at > 0 and (text[at - 1].isspace() or text[at - 1] in "-·•"):
        at -= 1
    return text[at : clause.start]


def heading(organisation: Organisation, clause: Clause) -> bool:
    """Whether a passage is a heading of the policy's own."""
    if clause.context in HEADINGS or clause.text == organisation.policy.title:
        return True
    return clause.text.endswith(clause.title) and len(clause.text) <= len(clause.section) + len(clause.title) + 2


def _numbered(clause: Clause) -> bool:
    return clause.text[:1].isdigit()
