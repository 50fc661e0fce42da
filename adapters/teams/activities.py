"""Activities of Teams, read: who wants what. Every press is checked against whom its button was made for. Pure."""

from dataclasses import replace
from typing import Any

from adapters.choices import Choice, choice
from adapters.payload import deep
from adapters.teams import asking, cases, doing, forms
from adapters.teams.channel import ANSWERED, PRESSED, QUIET, REPORT
from adapters.teams.places import Activity, Spot, spot
from adapters.teams.text import from_html, plain
from adapters.teams.wants import Act, Ask, Hello, Left, Look, Open, Pressed, Refused, Reported, Rest, Say, Take, Told, Unknown, Want, Wrong
from bot import words
from bot.handling import ACTION, FIELDS
from bot.messages import Act as Done
from bot.messages import Edited, Filled, Judged, PassOn, Press, Steered, Words

ASK, ABOUT = "ask", "about"  # the message action; the message that is asked about, in its dialog
MOST_CHOSEN = 200  # characters of a value that is chosen from a list
MOST_QUOTED = 6_000  # characters of that message
_IN_DIALOGS = ("task/fetch", "task/submit", "composeExtension/submitAction")


def read(activity: Activity) -> Want | None:
    """What an activity wants of us; None for whatever we do not listen to."""
    here = spot(activity)
    if activity.get("type") == "invoke":
        return (_invoked(activity, here) if here else None) or Unknown()
    if here is None:
        return None
    match activity.get("type"):
        case "message":
            return _said(activity, here)
        case "messageUpdate" | "messageDelete" as how:
            return _amended(activity, here, gone=how == "messageDelete")
        case "conversationUpdate" | "installationUpdate":
            return _installed(activity, here)
        case _:
            return None


def _said(activity: Activity, here: Spot) -> Want:
    source = str(activity.get("id") or "")
    return Say(here, here.incoming(here.once("message", source), Words(plain(activity) or words.HELLO, source)))


def _amended(activity: Activity, here: Spot, *, gone: bool) -> Want:
    """A message that reads otherwise now, is gone, or is back."""
    source = str(activity.get("id") or "")
    act = Edited(source, "" if gone else plain(activity))
    return Say(here, here.incoming(here.once("edit", source, activity.get("timestamp"), act.text), act))


def _installed(activity: Activity, here: Spot) -> Want | None:
    """The app came to somebody, or left them. In teams and group chats it says nothing of itself."""
    added, gone = _holds_us(activity, "membersAdded"), _holds_us(activity, "membersRemoved")
    action = activity.get("action")  # at an upgrade of the app it is another, and nothing changes for anybody
    if not here.direct:
        return None
    if gone or action == "remove":
        return Left(here)
    if added or action == "add":
        return Hello(here, here.incoming(here.once("hello"), Words(words.HELLO)))
    return None


def _holds_us(activity: Activity, name: str) -> bool:
    members = activity.get(name)
    return isinstance(members, list) and any(deep(one, "id") == deep(activity, "recipient", "id") for one in members)


def _invoked(activity: Activity, here: Spot) -> Want | None:
    value = activity.get("value")
    key = here.once("invoke", activity.get("id"), activity.get("name"))
    match activity.get("name"):
        case "adaptiveCard/action":
            action = deep(value, "action")
            return _on_card(str(deep(action, "verb")), action, here, key)
        case "composeExtension/fetchTask" if deep(value, "commandId") == ASK:
            return Ask(here, from_html(str(deep(value, "messagePayload", "body", "content") or ""))[:MOST_QUOTED])
        case name if name in _IN_DIALOGS:
            return _in_dialog(deep(value, "data"), here, key, opens=name == "task/fetch")
        case _:
            return None


def _on_card(verb: str, action: object, here: Spot, key: str) -> Want | None:
    """A button on a card in a message."""
    made = _made(deep(action, "data"))
    if made is None:
        return None
    if wrong := _refused(verb, made, here):
        return Refused(here, wrong, dialog=False)
    flags, row = {PRESSED: "yes"}, asking.JUDGE
    match verb:
        case asking.CHOOSE:
            act: Done = Press(made.number, made.fact, made.value)
            row = made.fact
        case asking.PASS_ON:
            act, row = PassOn(made.number, made.value == asking.YES), asking.PASS_ON
        case asking.JUDGE if made.value == asking.YES:
            act, flags = Judged(made.number, helpful=True), {**flags, QUIET: "yes"}
        case asking.JUDGE:
            return Wrong(here, made.number)
        case cases.TAKE:
            return Take(here, key, made.value)
        case asking.REASON:
            act = Judged(made.number, helpful=False, reason=str(deep(action, "data", asking.WHY) or "").strip())
        case _:
            return None
    return Pressed(here, here.incoming(key, act, flags), made.number, row)


def _made(data: object) -> Choice | None:
    """What a button stands for; the value of a choice from a list stands in its field."""
    made = choice(deep(data, "choice"))
    chosen = _field(data, asking.CHOSEN)[:MOST_CHOSEN]
    return replace(made, value=chosen) if made and chosen and not made.value else made


def _refused(kind: str, made: Choice, here: Spot) -> str:
    """Why a press does nothing: it is somebody else's, or nothing was chosen; empty where it counts."""
    if made.user != here.user:
        return words.NOT_YOURS
    return words.PICK_FIRST if kind == asking.CHOOSE and not made.value else ""


def _in_dialog(data: object, here: Spot, key: str, *, opens: bool) -> Want | None:  # noqa: PLR0911 - one way out for each button
    """A button in a dialog, or (`opens`) one on a card in a message that opens a dialog."""
    made, kind = _made(data), str(deep(data, "kind"))
    if made is None:
        return None
    if wrong := _refused(kind, made, here):
        return Refused(here, wrong, dialog=True)
    match kind:
        case asking.OPEN:
            return Open(here, made.number)
        case asking.REST:
            return Rest(here, made.number)
        case cases.LOOK | cases.TAKE:
            return Look(here, key, made.value, kind == cases.TAKE)
        case cases.CASE:
            return Act(here, key, made.value, {ACTION: made.fact, **{name: _field(data, name) for name in FIELDS}})
        case doing.DO:
            return Look(here, key, made.value, doing=made.fact)
        case _:
            act = _done(kind, made, data)
            return _went_on(kind, made, act, here, key, opens=opens) if act else None


def _went_on(kind: str, made: Choice, act: Done, here: Spot, key: str, *, opens: bool) -> Want:
    report = kind not in (asking.CHOOSE, asking.PASS_ON, ASK) or made.reports
    flags = {ANSWERED: "yes", **({REPORT: "yes"} if report else {})}
    incoming = here.incoming(key, act, flags, private=not opens)
    return Reported(here, incoming) if report else Told(here, incoming)


def _done(kind: str, made: Choice, data: object) -> Done | None:  # noqa: PLR0911 - one way out for each button
    match kind:
        case asking.CHOOSE:
            return Press(made.number, made.fact, made.value)
        case asking.PASS_ON:
            return PassOn(made.number, made.value == asking.YES)
        case forms.STEER:
            return Steered(made.number, made.value)
        case forms.SKIP:
            return Filled(made.number, made.value, "")
        case forms.STEP:
            parts = (_field(data, forms.PICKED).replace(",", "\n"), _field(data, forms.TYPED))
            return Filled(made.number, made.value, "\n".join(part for part in parts if part.strip()))
        case name if name == ASK:
            asked = "\n".join(part for part in (_field(data, forms.TYPED).strip(), _field(data, ABOUT)) if part)
            return Words(asked or words.HELLO)
        case _:
            return None


def _field(data: object, name: str) -> str:
    found: Any = deep(data, name)
    return found if isinstance(found, str) else ""
