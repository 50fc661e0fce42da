"""Presses and modals of reports and cases, read: who wants what. Pure."""

from collections.abc import Mapping
from typing import Any

from adapters.choices import Choice
from adapters.payload import deep, once, parsed
from adapters.slack import asking, cases, doing, forms
from adapters.slack.channel import ANSWERED, REPORT, VIEW
from adapters.slack.places import Spot
from adapters.slack.typed import block, field
from adapters.slack.wants import Act, Begin, Look, Reported, Typed, Want
from bot.handling import ACTION, FIELDS
from bot.messages import BEHALF, FLOW, Filled, Press, Steered
from bot.messages import Act as Done

_CHOICES = (asking.CHOOSE, forms.STEER, forms.SKIP, cases.LOOK, cases.TAKE, doing.DO)


def ours(kind: str, made: Choice) -> bool:
    """Whether a button belongs to a report or a case."""
    return kind in _CHOICES and (kind != asking.CHOOSE or made.reports)


def pressed(kind: str, made: Choice, here: Spot, trigger: str, key: str, view: str) -> Want | None:
    """A press. Only in a modal does a report go on: on a message none is ever shown."""
    if kind in (cases.LOOK, cases.TAKE):
        return Look(here, trigger, made.value, kind == cases.TAKE, view, key=key)
    if kind == doing.DO:
        return Look(here, trigger, made.value, view=view, doing=made.fact, key=key)
    if (made.fact == FLOW or made.value.startswith(BEHALF)) and not view:
        return Begin(here, trigger, here.incoming(key, _done(kind, made)))
    return Reported(here, here.incoming(key, _done(kind, made), **{VIEW: view, REPORT: "yes"}), view) if view else None


def _done(kind: str, made: Choice) -> Done:
    match kind:
        case forms.STEER:
            return Steered(made.number, made.value)
        case forms.SKIP:
            return Filled(made.number, made.value, "")
        case _:
            return Press(made.number, made.fact, made.value)


def _remembered(view: object) -> Mapping[str, Any]:
    """What a view keeps for us: numbers, names of steps, references."""
    return parsed(str(deep(view, "private_metadata")))


def typed(view: object, here: Spot) -> Want | None:
    """A step that was typed and sent."""
    kept = _remembered(view)
    number, step = kept.get("number"), kept.get("step")
    if not isinstance(number, int) or not isinstance(step, str):
        return None
    value = "\n".join(part for part in (field(view, forms.PICKED), field(view, forms.TYPED)) if part)
    key = once("step", deep(view, "id"), number, step)
    return Typed(here, here.incoming(key, Filled(number, step, value), **{ANSWERED: "yes", REPORT: "yes"}))


def handled(view: object, here: Spot) -> Want | None:
    """What a handler did with a case. The same fields of the same modal count once: their ids change with the case."""
    kept = _remembered(view)
    reference = kept.get("reference")
    if not isinstance(reference, str):
        return None
    what = {ACTION: str(kept.get(ACTION)), **{name: field(view, name) for name in FIELDS}}
    found = {name: block(view, name) for name in FIELDS}
    return Act(here, once("case", deep(view, "id"), reference, *found.values(), *what.values()), reference, what, found)
