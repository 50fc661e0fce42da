"""What a handler does with a case: a button for each thing, and then a modal with the fields that it needs and no others."""

import json
from collections.abc import Sequence

from adapters.casewords import WORDED, possible
from adapters.casework import Around
from adapters.choices import Choice
from adapters.slack import blocks, forms
from adapters.slack.blocks import MOST_TEXT, Block
from adapters.slack.views import MOST_TITLE, View
from bot import words
from bot.cases import Action
from bot.handling import ACTION, ON, OUTCOME, TEXT, TO, UNTIL
from bot.waits import days

DO = "do"
WORDLESS = (Action.WAIT.value, Action.HAND_OVER.value)  # where it may be left empty


def buttons(user: str, reference: str, around: Around) -> list[Block]:
    """A button for each thing that can be done."""
    offered = [(action, label) for action, label in words.CASE_ACTS.items() if possible(action, around)]
    return blocks.actions([blocks.button(f"{DO}.{action}", label, Choice(user, 0, action, reference).text()) for action, label in offered])


def fields(action: str, around: Around, reference: str, version: int) -> list[Block]:
    """The fields for one thing. Their ids change with the case, so that no words stay in a field that were saved."""
    at = f"{reference}.{version}"
    if action not in WORDED:
        return _choices(action, around, at)
    worded = forms.field(f"{TEXT}.{at}", WORDED[action], forms.entry(TEXT, MOST_TEXT), optional=action in WORDLESS)
    return [*_choices(action, around, at), worded]


def _choices(action: str, around: Around, at: str) -> list[Block]:
    match action:
        case Action.WAIT:
            return [_chosen(ON, words.CASE_ON, list(words.WAITS.items()), at), _day(around.now, at)]
        case Action.HAND_OVER:
            return [_chosen(TO, words.CASE_TO, around.people, at)]
        case Action.CLOSE:
            return [_chosen(OUTCOME, words.CASE_OUTCOME, list(words.OUTCOMES.items()), at)]
        case "link":
            return [_chosen(TO, words.CASE_WHICH, [(one, one) for one in around.linkable], at, words.CASE_LINK_WHY)]
        case "unlink":
            return [_chosen(TO, words.CASE_WHICH, [(one, one) for one in around.linked], at)]
        case _:
            return []


def _day(now: float, at: str) -> Block:
    first, last = days(now)
    picker = {"type": "datepicker", "action_id": UNTIL, "placeholder": blocks.plain(words.CASE_UNTIL, forms.MOST_OPTION)}
    return forms.field(f"{UNTIL}.{at}", words.CASE_UNTIL, picker, f"{first:%-d %B} – {last:%-d %B}")


def _chosen(name: str, label: str, options: Sequence[tuple[str, str]], at: str, hint: str = "") -> Block:
    kept = [one for one in options if len(one[0]) <= forms.MOST_VALUE]
    one = {"type": "static_select", "action_id": name, "placeholder": blocks.plain(label, forms.MOST_OPTION), **forms.listed(kept)}
    return forms.field(f"{name}.{at}", label, one, hint)


def ends(action: str, reference: str) -> View:
    """How the modal is sent, and what it remembers: the reference and what is done, nothing else."""
    return {"submit": blocks.plain(words.CASE_SAVE, MOST_TITLE), "private_metadata": json.dumps({"reference": reference, ACTION: action})}
