"""A case for whoever looks after it: the ping's buttons, the private view with what can be done, and what waits in Home."""

from collections.abc import Sequence

from adapters.casewords import due, entry, stands
from adapters.casework import Reader
from adapters.choices import Choice
from adapters.parts import NEVER, Part
from adapters.slack import blocks, doing, forms
from adapters.slack.blocks import Block
from adapters.slack.views import View, modal
from bot import flows, words
from bot.cases import Action, Case, Status, may
from bot.flows import FlowPlan
from bot.messages import BEHALF
from bot.reports import Opened
from bot.store.cases import Held

CASE, LOOK, TAKE, SHEET = "case", "look", "take", "sheet"
MOST_WAITING, MOST_ENTRIES = 20, 30  # cases in Home, entries in a case; the board has all


def pinged(user: str, reference: str) -> list[Block]:
    """Open it, or take it at once."""
    return blocks.actions([_button(LOOK, words.CASE_OPEN, user, reference), _button(TAKE, words.CASE_TAKE, user, reference)])


def _button(action: str, label: str, user: str, reference: str) -> Block:
    return blocks.button(f"{action}.{reference}", label, Choice(user, 0, CASE, reference).text())


def waiting(user: str, held: Sequence[Held]) -> list[Block]:
    """References and by when, and nothing else."""
    open_ = [one.case for one in held if one.case.status != Status.CLOSED]
    if not open_:
        return []
    rows = [block for case in open_[:MOST_WAITING] for block in (blocks.paragraph(due(case)), *_open(user, case))]
    return [blocks.header(words.HOME_WAITING), *rows, *blocks.context([words.HOME_MORE] if open_[MOST_WAITING:] else [])]


def behalf(user: str) -> list[Block]:
    """For somebody with a duty: buttons to write down what another person told them."""
    made = [
        blocks.button(
            f"{forms.STEER}.{BEHALF}{flow}", label, Choice(user, 0, forms.STEER, f"{BEHALF}{flow}").text(), f"{label} ({words.BEHALF_ASKS})"
        )
        for flow, label in words.BEHALF_IT.items()
    ]
    return [blocks.paragraph(words.BEHALF_ASKS, bold=True), *blocks.actions(made), *blocks.context([words.BEHALF_WHY])]


def _open(user: str, case: Case) -> list[Block]:
    return blocks.actions([_button(LOOK, words.CASE_OPEN, user, case.reference)])


def said(line: str) -> View:
    """One sentence instead of a case."""
    return _modal([blocks.paragraph(line)])


def _modal(made: Sequence[Block]) -> View:
    return modal(CASE, words.CASE_TITLE, [Part(NEVER, tuple(made))])


def shown(found: Opened, plan: FlowPlan, reader: Reader, places: Sequence[str] = (), lines: Sequence[str] = ()) -> View:
    """A case as its handler reads it, with a button for each thing that they may do. `places`: who outside may have to know."""
    case, names = found.held.case, reader.names
    made = [*map(blocks.paragraph, lines), blocks.header(words.CASE_KINDS[case.flow.value]), blocks.paragraph(_stands(found, reader))]
    made += _doable(case, reader)
    made += [blocks.rich(blocks.line(blocks.words(asks)), blocks.quote(blocks.words(said))) for asks, said in flows.summary(plan, found.content)]
    made += [] if found.content else [blocks.paragraph(words.CASE_PURGED)]
    made += blocks.context([words.CASE_EARLIER] if found.entries[:-MOST_ENTRIES] else [])
    made += [blocks.paragraph(entry(one, names)) for one in found.entries[-MOST_ENTRIES:]]
    made += _outside(places) if case.status != Status.CLOSED else []
    made += _linked(found, reader)
    sheet = [blocks.opens(SHEET, words.CASE_SHEET, f"{reader.board}/{case.reference}/sheet")] if reader.board else []
    return _modal([*made, *blocks.actions(sheet), *blocks.context([words.CASE_KEPT])])


def _stands(found: Opened, reader: Reader) -> str:
    """How it stands, and whom or what it waits for where nothing happened since."""
    case, last = found.held.case, found.entries[-1] if found.entries else None
    waits = words.CASE_WAITS.format(what=last.text.rstrip(".")) if last and last.kind == Action.WAIT and case.status == Status.TAKEN else ""
    return " ".join(part for part in (stands(case, reader), waits) if part)


def _doable(case: Case, reader: Reader) -> list[Block]:
    if may(case, reader.me, Action.TAKE):
        return blocks.actions([_button(TAKE, words.CASE_TAKE, reader.user, case.reference)])
    return doing.buttons(reader.user, case.reference, reader.around) if may(case, reader.me, Action.NOTE) else []


def _outside(places: Sequence[str]) -> list[Block]:
    if not places:
        return []
    rows = blocks.bullets(blocks.line(blocks.words(place)) for place in places)
    return [blocks.header(words.CASE_OUTSIDE), blocks.rich(rows), *blocks.context([words.REFER_YOURS])]


def _linked(found: Opened, reader: Reader) -> list[Block]:
    if not found.linked:
        return []
    rows = [_button(LOOK, one.case.reference, reader.user, one.case.reference) for one in found.linked]
    return [blocks.header(words.CASE_LINKED), *blocks.actions(rows)]


def done(held: Held, action: str, reader: Reader) -> View:
    """The fields for one thing that is done with a case."""
    reference = held.case.reference
    back = blocks.actions([_button(LOOK, words.CASE_BACK, reader.user, reference)])
    made = [blocks.header(words.CASE_ACTS[action]), *doing.fields(action, reader.around, reference, held.version), *back]
    return {**_modal([*made, *blocks.context([words.CASE_KEPT])]), **doing.ends(action, reference)}
