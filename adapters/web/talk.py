"""The conversation in a browser: who are you, the log, and every form in it. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from adapters.web import show, visitors
from adapters.web.sentences import NOTES, note_for
from adapters.web.site import Fields, RefusedError, Site, see
from adapters.web.visitors import CHANNEL, Visitor
from bot import words
from bot.answer import policy_name
from bot.guide import ROLES
from bot.messages import Act, Filled, Incoming, Judged, Outgoing, PassOn, Press, Steered, Words
from bot.people import Asker

YES = "yes"


class Web:
    """The channel as the service sees it: it shows replies itself, and its conversations are kept to be shown again."""

    name, keeps = CHANNEL, True

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """Nothing has to be sent."""
        return ()


def home(site: Site, request: Request, _fields: Fields) -> Response:
    """The conversation; whoever is not known yet says first who they are, or is told how to get in."""
    visitor = visitors.current(site, request)
    note = NOTES.get(request.query_params.get("note", ""), "")
    if visitor and visitor.asker:
        return _conversation(site, visitor, visitor.asker, note)
    if visitor or site.access.here:
        return site.page("who.html", visitor=visitor, note=_missing_cookie(request) or note, roles=_roles(), organisations=_organisations(site))
    return site.page("door.html", note=note, days=visitors.INVITED_DAYS)


def _conversation(site: Site, visitor: Visitor, asker: Asker, note: str) -> Response:
    exchanges = site.service.exchanges(CHANNEL, visitor.key, visitor.conversation)
    session = site.service.session(CHANNEL, visitor.key, visitor.conversation)
    organisation = site.knowledge.organisations.get(asker.organisation)
    if organisation is None:  # it is no longer served
        visitors.leave(site, visitor)
        return see("/?note=away")
    return site.page(
        "talk.html", visitor=visitor, asker=asker, role=_roles()[asker.role], organisation=organisation, note=note,
        turns=show.turns(exchanges, session), policy_name=policy_name,
    )  # fmt: skip


def _missing_cookie(request: Request) -> str:
    return NOTES["cookie"] if "began" in request.query_params else ""


def _roles() -> dict[str, str]:
    return dict(zip(ROLES, words.ROLE_LABELS, strict=True))


def _organisations(site: Site) -> dict[str, str]:
    """Those that can be chosen: all, or the one that is served."""
    every = site.knowledge.organisations.values()
    return {o.id: o.name for o in sorted(every, key=lambda o: o.name) if site.settings.organisation in ("", o.id)}


def begin(site: Site, request: Request, fields: Fields) -> Response:
    """They said where they belong. It changes wording, never authority."""
    visitor = visitors.current(site, request)
    if not site.access.here and (visitor is None or visitor.asker):
        return see("/")
    organisation, role = fields.get("organisation", ""), fields.get("role", "")
    if organisation not in _organisations(site) or role not in ROLES:
        return see("/?note=choose#note")
    if visitor:
        visitors.leave(site, visitor)
    lasts = visitors.CHOSEN if site.access.here else visitors.SIGNED_IN
    return visitors.arrive(site, see("/?began"), Asker(organisation, role), None, lasts)


def say(site: Site, request: Request, fields: Fields) -> Response:
    """A message."""
    text = fields.get("text", "").strip()
    if not text:
        return see("/?note=empty#note")
    return _act(site, request, fields, Words(text))


def press(site: Site, request: Request, fields: Fields) -> Response:
    """A choice."""
    return _act(site, request, fields, Press(_number(fields), _field(fields, "fact"), _field(fields, "value")))


def judge(site: Site, request: Request, fields: Fields) -> Response:
    """Whether an answer was right, and what was wrong about it."""
    helpful = _field(fields, "right") == YES
    return _act(site, request, fields, Judged(_number(fields), helpful, "" if helpful else fields.get("reason", "").strip()))


def pass_on(site: Site, request: Request, fields: Fields) -> Response:
    """Whether the question may go to the policy's owner."""
    return _act(site, request, fields, PassOn(_number(fields), _field(fields, "agreed") == YES))


def report(site: Site, request: Request, fields: Fields) -> Response:
    """A step of a report, or what to do with it. Words for a step may be left out where it can be skipped."""
    if what := fields.get("what"):
        return _act(site, request, fields, Steered(_number(fields), what))
    return _act(site, request, fields, Filled(_number(fields), _field(fields, "step"), "" if "skip" in fields else fields.get("value", "")))


def forget(site: Site, request: Request, _fields: Fields) -> Response:
    """End the conversation and keep nothing of it; they stay known."""
    visitor = visitors.current(site, request)
    if visitor:
        site.service.forget(CHANNEL, visitor.key, visitor.conversation)
    return see("/?note=forgotten#note")


def leave(site: Site, request: Request, _fields: Fields) -> Response:
    """End conversation and visit."""
    visitor = visitors.current(site, request)
    if visitor:
        visitors.leave(site, visitor)
    response = see("/")
    response.delete_cookie(visitors.cookie(site), path="/", secure=site.access.secure, httponly=True, samesite="strict")
    return response


def back(_site: Site, _request: Request, _fields: Fields) -> Response:
    """Somebody reloads the page that said why a form could not be taken."""
    return see("/")


def _act(site: Site, request: Request, fields: Fields, act: Act) -> Response:
    """One event, and then the place where its answer stands."""
    visitor = visitors.current(site, request)
    if visitor is None or visitor.asker is None:
        return see("/?note=away#note")
    home = visitor.conversation
    handled = site.service.handle(Incoming(visitors.event(visitor, request, fields), CHANNEL, visitor.key, home, home, act))
    lines = handled.reply.lines if handled.reply and not isinstance(act, Words) else ()
    if lines and (note := note_for(lines[0])):
        return see(f"/?note={note}#note")
    number = handled.number or site.service.session(CHANNEL, visitor.key, home).number
    return see(f"/#turn-{number}")


def _field(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    if not value:
        raise RefusedError("form")
    return value


def _number(fields: Fields) -> int:
    try:
        return int(_field(fields, "number"))
    except ValueError:
        raise RefusedError("form") from None
