"""Presses, modals, shortcuts and commands, read: who wants what. Every press is checked against whom its button was made for. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.choices import Choice, choice
from adapters.payload import deep, once
from adapters.slack import asking, blocks, cases, forms, steering, views
from adapters.slack.channel import QUIET, SETTLE, VIEW
from adapters.slack.places import Spot, spot
from adapters.slack.text import plain
from adapters.slack.wants import Ask, Introduce, Open, Rest, Say, Stranger, Want, Wrong
from bot import words
from bot.messages import Judged, PassOn, Press, Words

Payload = Mapping[str, Any]


def interaction(payload: Payload) -> Want | None:
    """One interaction; None for whatever is not ours, or asks for nothing."""
    match payload.get("type"):
        case "block_actions":
            return _pressed(payload)
        case "message_action" if payload.get("callback_id") == views.ASK:
            here = spot(_team(payload), deep(payload, "user", "id"))
            return Ask(here, str(payload.get("trigger_id")), plain(str(deep(payload, "message", "text") or ""))) if here else None
        case "view_submission" | "view_closed":
            return _sent(payload)
        case _:
            return None


def command(form: Payload) -> Want | None:
    """`/askwell …`: answered to this person only."""
    here = spot(form.get("team_id"), form.get("user_id"), form.get("channel_id"), respond=str(form.get("response_url") or ""))
    if here is None or not here.respond:
        return None
    return Say(here, here.incoming(once("command", form.get("trigger_id")), Words(plain(str(form.get("text") or "")) or words.HELLO)))


def _team(payload: Payload) -> object:
    return deep(payload, "team", "id") or deep(payload, "user", "team_id") or deep(payload, "enterprise", "id")


def _spot(payload: Payload) -> Spot | None:
    """Where a button was pressed: on a message, on one that only this person sees, or in a view."""
    container = payload.get("container")
    thread = deep(payload, "message", "thread_ts") or deep(container, "thread_ts")
    hidden = bool(deep(container, "is_ephemeral"))
    return spot(
        _team(payload), deep(payload, "user", "id"), deep(payload, "channel", "id") or "", thread=str(thread or ""), threaded=bool(thread),
        respond=str(payload.get("response_url") or "") if hidden else "",
    )  # fmt: skip


def _pressed(payload: Payload) -> Want | None:
    found = payload.get("actions")
    action = found[0] if isinstance(found, list) and found else {}
    here, made = _spot(payload), choice(deep(action, "value"))
    if here is None or made is None:
        return None
    if made.user != here.user:
        return Stranger(here)
    trigger = str(payload.get("trigger_id"))
    view = str(deep(payload, "view", "id") or "") if deep(payload, "view", "type") == "modal" else ""  # nothing goes on in Home itself
    key = once("press", trigger, view or None, action.get("action_id"), action.get("action_ts"))
    if steering.ours(kind := str(action.get("action_id")).partition(".")[0], made):
        return steering.pressed(kind, made, here, trigger, key, view)
    return _wanted(kind, payload, action, here, made, trigger, key)


def _wanted(kind: str, payload: Payload, action: Payload, here: Spot, made: Choice, trigger: str, key: str) -> Want | None:
    match kind:
        case asking.CHOOSE:
            return Say(here, here.incoming(key, Press(made.number, made.fact, made.value), **_more(payload, action, here)))
        case asking.PASS_ON:
            return Say(here, here.incoming(key, PassOn(made.number, made.value == asking.YES), **_more(payload, action, here)))
        case asking.OPEN:
            return Open(here, trigger, made.number)
        case asking.REST:
            return Rest(here, trigger, made.number)
        case asking.JUDGE:
            return _judged(here, made, trigger, key)
        case _:
            return _at_home(here, made, kind, key)


def _judged(here: Spot, made: Choice, trigger: str, key: str) -> Want:
    if made.value == asking.YES:
        return Say(here, here.incoming(key, Judged(made.number, helpful=True), **{QUIET: "yes"}))
    return Wrong(here, trigger, made.number, here.incoming(key, Judged(made.number, helpful=False)))


def _at_home(here: Spot, made: Choice, kind: str, key: str) -> Want | None:
    match kind:
        case views.SUGGEST if made.value.isdecimal() and int(made.value) < len(words.SUGGESTED):
            return Say(here, here.incoming(key, Words(words.SUGGESTED[int(made.value)])))
        case views.RESTART:
            return Say(here, here.incoming(key, Words(words.HOME_RESTART)))
        case views.INTRODUCE:
            return Introduce(here, here.incoming(key, Words(words.HELLO)))
        case _:
            return None


def _more(payload: Payload, action: Payload, here: Spot) -> dict[str, str]:
    """What becomes of the buttons: in a modal it goes on, on a message they give way to what was chosen."""
    if view := deep(payload, "view", "id"):
        return {VIEW: str(view)}
    if here.respond:
        return {"again": "yes"}
    return {SETTLE: json.dumps(settled(payload["message"], action))} if isinstance(payload.get("message"), Mapping) else {}


def settled(message: Payload, action: Payload) -> dict[str, Any]:
    """A message in which one row of buttons has become a line that says what was chosen."""
    label = words.CHOSEN.format(label=deep(action, "text", "text") or "")
    shown: Sequence[Any] = message.get("blocks") or []
    used = [blocks.context([label])[0] if deep(one, "block_id") == action.get("block_id") else one for one in shown]
    return {"ts": message.get("ts"), "text": message.get("text") or "", "blocks": used}


def _sent(payload: Payload) -> Want | None:
    view = payload.get("view")
    closed = payload.get("type") == "view_closed"
    written = str(deep(view, "state", "values", views.FIELD, views.FIELD, "value") or "")
    key = once("view", deep(view, "id"), deep(view, "callback_id"))
    match deep(view, "callback_id"):
        case (forms.STEP | cases.CASE) as name if not closed:
            here = spot(_team(payload), deep(payload, "user", "id"))
            read = steering.typed if name == forms.STEP else steering.handled
            return read(view, here) if here else None
        case views.WRONG:
            return _reasoned(payload, key, "" if closed else written)
        case views.ASK if not closed:
            here = spot(_team(payload), deep(payload, "user", "id"))
            text = "\n".join(part for part in (written.strip(), _quoted(view)) if part)
            return Say(here, here.incoming(key, Words(text or words.HELLO))) if here else None
        case _:
            return None


def _reasoned(payload: Payload, key: str, reason: str) -> Want | None:
    """Why it was not right. The view remembers nothing but where to answer."""
    try:
        place = json.loads(str(deep(payload, "view", "private_metadata")))
        number = int(place["number"])
    except (ValueError, KeyError, TypeError):
        return None
    here = spot(
        _team(payload), deep(payload, "user", "id"), deep(place, "channel") or "", thread=str(deep(place, "thread") or ""),
        threaded=bool(deep(place, "threaded")), respond=str(deep(place, "respond") or ""),
    )  # fmt: skip
    return Say(here, here.incoming(key, Judged(number, helpful=False, reason=reason))) if here else None


def _quoted(view: object) -> str:
    """The message that the modal quotes."""
    shown = deep(view, "blocks") or []
    return "".join(str(deep(one, "text", "text")) for one in shown if str(deep(one, "block_id")).startswith(f"{views.QUOTED}."))
