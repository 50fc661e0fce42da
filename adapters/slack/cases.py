"""A case for whoever looks after it: the ping's buttons, the private view with what can be done, and what waits in Home."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from adapters.slack import blocks, fit, forms
from adapters.slack.blocks import MOST_TEXT, Block
from adapters.slack.choices import Choice
from adapters.slack.show import NEVER, Part
from adapters.slack.views import MOST_TITLE, View
from bot import flows, words
from bot.cases import Action, Case, Status, may
from bot.cover import LONDON
from bot.flows import FlowPlan
from bot.people import Person
from bot.reports import Opened
from bot.store.cases import Entry, Held

CASE, LOOK, TAKE = "case", "look", "take"
ACTION, TEXT, TO = "action", "text", "to"
FIELDS = {name: f"{CASE}.{name}" for name in (ACTION, TEXT, TO)}  # the blocks of the fields


def pinged(user: str, reference: str) -> list[Block]:
    """Open it, or take it at once."""
    return blocks.actions([_button(LOOK, words.CASE_OPEN, user, reference), _button(TAKE, words.CASE_TAKE, user, reference)])


def _button(action: str, label: str, user: str, reference: str) -> Block:
    return blocks.button(f"{action}.{reference}", label, Choice(user, 0, CASE, reference).text())


def waiting(user: str, held: Sequence[Held]) -> list[Block]:
    """References and by when, and nothing else."""
    due = [one.case for one in held if one.case.status != Status.CLOSED]
    if not due:
        return []
    rows = [block for case in due for block in (blocks.paragraph(_due(case)), *_open(user, case))]
    return [blocks.header(words.HOME_WAITING), *rows]


def _due(case: Case) -> str:
    by = [words.HOME_DUE.format(time=f"{_local(case.due):%H:%M, %-d %B}")] if case.due else []
    return " · ".join([words.HOME_CASE.format(reference=case.reference), *by])


def _open(user: str, case: Case) -> list[Block]:
    return blocks.actions([_button(LOOK, words.CASE_OPEN, user, case.reference)])


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(LONDON)


def said(line: str) -> View:
    """One sentence instead of a case."""
    return _modal([blocks.paragraph(line)])


def _modal(made: Sequence[Block]) -> View:
    shown = fit.view([Part(NEVER, tuple(made))])
    close = blocks.plain(words.CLOSE, MOST_TITLE)
    return {"type": "modal", "callback_id": CASE, "title": blocks.plain(words.CASE_TITLE, MOST_TITLE), "blocks": shown, "close": close}


def shown(found: Opened, plan: FlowPlan, people: Sequence[Person], me: str, user: str) -> View:
    """A case as its handler reads it, with what they may do. The view remembers its reference and nothing else."""
    case, names = found.held.case, {p.email: p.name for p in people}
    stands = words.CASE_STANDS[case.status.value].format(who=names.get(case.handler or "", case.handler))
    made = [blocks.header(plan.title), blocks.paragraph(f"{_due(case)}. {stands}")]
    made += [blocks.rich(blocks.line(blocks.words(asks)), blocks.quote(blocks.words(said))) for asks, said in flows.summary(plan, found.content)]
    made += [blocks.paragraph(_entry(one, names)) for one in found.entries]
    if may(case, me, Action.TAKE):
        return _modal([*made, *blocks.actions([_button(TAKE, words.CASE_TAKE, user, case.reference)])])
    if not may(case, me, Action.NOTE):
        return _modal(made)
    others = [(p.email, p.name) for p in people if p.email != me and p.email not in case.implicated]
    submit = {"submit": blocks.plain(words.CASE_SAVE, MOST_TITLE), "private_metadata": json.dumps({"reference": case.reference})}
    return {**_modal([*made, *_fields(others, found.held.version), *blocks.context([words.CASE_KEPT])]), **submit}


def _entry(one: Entry, names: Mapping[str, str]) -> str:
    what = words.CASE_ACTS.get(one.kind, one.kind)
    on = f"{_local(one.at):%-d %B, %H:%M}"
    return words.CASE_ENTRY.format(by=names.get(one.by, one.by), on=on, what=f"{what}: {one.text}")


def _fields(others: list[tuple[str, str]], version: int) -> list[Block]:
    """What to do, in which words, to whom. The ids change with the case, so that no words stay in a field that were saved."""
    acts = [{"text": blocks.plain(label, forms.MOST_OPTION), "value": value} for value, label in words.CASE_ACTS.items()]
    kept = [one for one in others if len(one[0]) <= forms.MOST_VALUE]
    made = [
        forms.field(f"{FIELDS[ACTION]}.{version}", words.CASE_DO, {"type": "radio_buttons", "action_id": ACTION, "options": acts}),
        forms.field(f"{FIELDS[TEXT]}.{version}", words.CASE_TEXT, forms.entry(TEXT, MOST_TEXT), optional=True),
    ]
    if not kept:
        return made
    to = {"type": "static_select", "action_id": TO, "placeholder": blocks.plain(words.CASE_TO), **forms.listed(kept)}
    return [*made, forms.field(f"{FIELDS[TO]}.{version}", words.CASE_TO, to, optional=True)]


def slip(what: Mapping[str, str], people: Sequence[Person]) -> tuple[str, str] | None:
    """What is missing from what a handler sent: the field, and what to do; None where nothing is."""
    match what.get(ACTION):
        case Action.HAND_OVER if what.get(TO) not in {p.email for p in people}:
            return TO, words.CASE_NEEDS_PERSON
        case Action.NOTE | Action.CLOSE if not what.get(TEXT, "").strip():
            return TEXT, words.CASE_NEEDS_TEXT
        case Action.NOTE | Action.CLOSE | Action.HAND_OVER:
            return None
        case _:
            return ACTION, words.CASE_DO
