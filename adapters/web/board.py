"""The board: the cases that wait for a member, one case with what can be done about it, and what to print of it.

To everybody else a case is a page that does not exist. Who may do what is decided in `bot.board`, again at each press.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from adapters.web import dossier, visitors
from adapters.web.dossier import Dossier
from adapters.web.sentences import NOTES
from adapters.web.site import Fields, RefusedError, Site, see
from adapters.web.visitors import CHANNEL, Visitor
from bot import links, referral
from bot.board import Board
from bot.cases import Action
from bot.handling import TIES
from bot.knowledge import Organisation
from bot.links import UNLINK
from bot.messages import BEHALF
from bot.people import Person
from bot.plans import Plans
from bot.reports import DECISION
from bot.speakup.veto import DUTY as SPEAK_UP
from bot.store import directory
from bot.store.cases import NoCaseError
from bot.store.records import SeenError
from bot.waits import until

WORDED = (Action.NOTE, Action.WAIT, Action.CLOSE)  # what nobody does without a word


@visitors.known
def waiting(site: Site, visitor: Visitor, _request: Request, _fields: Fields) -> Response:
    """The cases that this member may see: references, kinds and times, and nothing of what was reported."""
    organisation, me = _member(site, visitor)
    people = _people(site, organisation)
    names = {p.email: p.name for p in people}
    rows = [dossier.row(held, names, me) for held in Board(site.service).waiting_for(organisation, me)]
    number = site.service.session(CHANNEL, visitor.key, visitor.conversation).number
    behalf = BEHALF if site.service.handles(visitor.asker) else ""
    speaks = bool(site.settings.speakup_url) and any(p.email == me and SPEAK_UP in p.duties for p in people)
    return site.page("board.html", visitor=visitor, rows=rows, behalf=behalf, number=number, speaks=speaks)


@visitors.known
def case(site: Site, visitor: Visitor, request: Request, _fields: Fields) -> Response:
    """One case, whole; that it was read is written down."""
    note = NOTES.get(request.query_params.get("note", ""), "")
    found = _opened(site, visitor, request)
    organisation, me = _member(site, visitor)
    held = Board(site.service).waiting_for(organisation, me)
    linkable = links.others(held, found.row.reference, [one.reference for one in found.linked], me)
    rows = [dossier.row(one, {}, me) for one in held if one.case.reference in linkable]
    return site.page("case.html", visitor=visitor, case=found, note=note, linkable=rows)


@visitors.known
def chronology(site: Site, visitor: Visitor, request: Request, _fields: Fields) -> Response:
    """A case and those that belong with it as one story; that each was read is written down."""
    organisation, me = _member(site, visitor)
    reference = request.path_params["reference"]
    try:
        found = Board(site.service).chronology(organisation, reference, me)
    except NoCaseError:
        raise RefusedError("page") from None
    events = dossier.chronology(found, _plans(site).flows, _people(site, organisation))
    return site.page(
        "chronology.html", visitor=visitor, reference=reference, events=events, count=len(found), organisation=_organisation(site, visitor)
    )


@visitors.known
def sheet(site: Site, visitor: Visitor, request: Request, _fields: Fields) -> Response:
    """The same on paper, for whoever it is referred to."""
    organisation, me = _member(site, visitor)
    name = next((p.name for p in _people(site, organisation) if p.email == me), me)
    found = _opened(site, visitor, request)
    return site.page("sheet.html", visitor=visitor, case=found, by=name, me=me, on=site.today(), organisation=_organisation(site, visitor))


@visitors.known
def act(site: Site, visitor: Visitor, request: Request, fields: Fields) -> Response:
    """Take, hand over, note, decide, wait, link or close; each form counts once, however often it is sent."""
    organisation, me = _member(site, visitor)
    reference, board = request.path_params["reference"], Board(site.service)
    what, note = _asked(fields, _now(site))
    if note and _sees(board, organisation, reference, me):
        return see(f"/board/{reference}?note={note}#note")
    event = (CHANNEL, visitors.event(visitor, request, fields))
    try:
        if what.get("action") in TIES:
            board.linked(organisation, reference, me, what["to"], event, loose=what["action"] == UNLINK)
        else:
            board.acted(organisation, reference, me, what, event)
    except SeenError:  # a double: it was done, once
        pass
    except NoCaseError:
        if not _sees(board, organisation, reference, me):
            raise RefusedError("page") from None
        return see(f"/board/{reference}?note=moved#note")
    return see(f"/board/{reference}?note=done#note")


def _asked(fields: Fields, now: float) -> tuple[Mapping[str, Any], str]:
    """What is to be done, and the name of a note where something is missing. Nothing at all where a note says so: that is refused, and audited."""
    action, text = fields.get("action", ""), fields.get("text", "").replace("\0", "").strip()
    if action == DECISION:
        return {"action": Action.NOTE, "kind": DECISION, "text": text}, "" if text else "words"
    what = {"action": action, "text": text, **{name: fields.get(name, "") for name in ("to", "on", "outcome")}}
    if action in WORDED and not (text or what["on"] or what["outcome"]):
        return {}, "words"
    if action in (Action.HAND_OVER, *TIES) and not what["to"]:
        return {}, "whom" if action == Action.HAND_OVER else "which"
    if action == Action.WAIT:
        end = until(fields.get("until", ""), now)
        return {**what, "until": end}, "" if end else "day"
    return what, ""


def _sees(board: Board, organisation: str, reference: str, me: str) -> bool:
    """Whether they are told what went wrong: to those who may not see the case there is none."""
    return reference in {held.case.reference for held in board.waiting_for(organisation, me)}


def _opened(site: Site, visitor: Visitor, request: Request) -> Dossier:
    organisation, me = _member(site, visitor)
    try:
        found = Board(site.service).opened(organisation, request.path_params["reference"], me)
    except NoCaseError:
        raise RefusedError("page") from None
    flow = found.held.case.flow
    places = referral.places(_organisation(site, visitor), flow, found.content)
    return dossier.dossier(found, _plans(site).flows[flow], _people(site, organisation), me, _now(site), places)


def _organisation(site: Site, visitor: Visitor) -> Organisation:
    return site.knowledge.organisations[_member(site, visitor)[0]]


def _plans(site: Site) -> Plans:
    if site.service.plans is None:
        raise RefusedError("page")
    return site.service.plans


def _member(site: Site, visitor: Visitor) -> tuple[str, str]:
    """Organisation and address of somebody in the directory. To others there is no board, nor where no reports are made."""
    who = visitor.asker
    if site.service.plans is None or who is None or not who.member or not who.email or who.organisation not in site.knowledge.organisations:
        raise RefusedError("page")
    return who.organisation, who.email


def _people(site: Site, organisation: str) -> list[Person]:
    with site.service.database.read() as connection:
        return directory.people(connection, organisation)


def _now(site: Site) -> float:
    with site.service.database.read() as connection:
        return site.service.database.now(connection)
