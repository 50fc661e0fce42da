"""What a handler does with a case: a button for each thing, and then a modal with the fields that it needs and no others."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.choices import Choice
from adapters.slack import blocks, forms
from adapters.slack.blocks import MOST_TEXT, Block
from adapters.slack.views import MOST_TITLE, View
from bot import words
from bot.cases import Action
from bot.handling import ACTION, ON, OUTCOME, TEXT, TO, UNTIL
from bot.links import LINK, UNLINK
from bot.reports import DECISION
from bot.waits import days

DO = "do"
SOLE = {Action.NOTE: words.CASE_TEXT, DECISION: words.CASE_WHY}  # what takes words and nothing else


@dataclass(frozen=True, slots=True)
class Around:
    """What a handler can choose from: people to hand it to, references to link it with, references that are linked. `now` as in `bot.waits`."""

    people: Sequence[tuple[str, str]]
    linkable: Sequence[str]
    linked: Sequence[str]
    now: float


def buttons(user: str, reference: str, around: Around) -> list[Block]:
    """A button for each thing that can be done."""
    there = {Action.HAND_OVER.value: around.people, LINK: around.linkable, UNLINK: around.linked}
    offered = [(action, label) for action, label in words.CASE_ACTS.items() if there.get(action, True)]
    return blocks.actions([blocks.button(f"{DO}.{action}", label, Choice(user, 0, action, reference).text()) for action, label in offered])


def fields(action: str, around: Around, reference: str, version: int) -> list[Block]:
    """The fields for one thing. Their ids change with the case, so that no words stay in a field that were saved."""
    made: list[Block] = []
    at = f"{reference}.{version}"
    match action:
        case Action.WAIT:
            first, last = days(around.now)
            day = {"type": "datepicker", "action_id": UNTIL, "placeholder": blocks.plain(words.CASE_UNTIL, forms.MOST_OPTION)}
            made = [
                _chosen(ON, words.CASE_ON, list(words.WAITS.items()), at),
                forms.field(f"{UNTIL}.{at}", words.CASE_UNTIL, day, f"{first:%-d %B} – {last:%-d %B}"),
            ]
        case Action.HAND_OVER:
            made = [_chosen(TO, words.CASE_TO, around.people, at)]
        case "link" | "unlink":
            refs = around.linkable if action == LINK else around.linked
            return [_chosen(TO, words.CASE_WHICH, [(one, one) for one in refs], at, words.CASE_LINK_WHY if action == LINK else "")]
        case Action.CLOSE:
            made = [_chosen(OUTCOME, words.CASE_OUTCOME, list(words.OUTCOMES.items()), at)]
    free = {Action.WAIT: words.CASE_SAID, Action.HAND_OVER: words.CASE_KNOW}
    label = free.get(Action(action)) if action in (Action.WAIT, Action.HAND_OVER) else SOLE.get(action, words.CASE_DONE)
    optional = action in (Action.WAIT, Action.HAND_OVER)
    return [*made, forms.field(f"{TEXT}.{at}", str(label), forms.entry(TEXT, MOST_TEXT), optional=optional)]


def _chosen(name: str, label: str, options: Sequence[tuple[str, str]], at: str, hint: str = "") -> Block:
    kept = [one for one in options if len(one[0]) <= forms.MOST_VALUE]
    one = {"type": "static_select", "action_id": name, "placeholder": blocks.plain(label, forms.MOST_OPTION), **forms.listed(kept)}
    return forms.field(f"{name}.{at}", label, one, hint)


def ends(action: str, reference: str) -> View:
    """How the modal is sent, and what it remembers: the reference and what is done, nothing else."""
    return {"submit": blocks.plain(words.CASE_SAVE, MOST_TITLE), "private_metadata": json.dumps({"reference": reference, ACTION: action})}
