"""The board: the cases that wait for a member, one case with what can be done about it, and a sheet to print.

To everybody else a case is a page that does not exist. Who may do what is decided in `bot.board`, again at each press.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from adapters.web import dossier, visitors
from adapters.web.dossier import Dossier
from adapters.web.sentences import NOTES
from adapters.web.site import Fields, RefusedError, Site, see
from adapters.web.visitors import CHANNEL, Visitor
from bot.board import Board
from bot.cases import Action
from bot.people import Person
from bot.reports import DECISION
from bot.store import directory
from bot.store.cases import NoCaseError
from bot.store.records import SeenError

WORDED = (Action.NOTE, Action.WAIT, Action.CLOSE)  # what nobody does without a word


def waiting(site: Site, request: Request, _fields: Fields) -> Response:
    """The cases that this member may see: references, kinds and times, and nothing of what was reported."""
    visitor = visitors.current(site, request)
    if visitor is None:
        return _door(site)
    organisation, me = _member(site, visitor)
    names = {p.email: p.name for p in _people(site, organisation)}
    rows = [dossier.row(held, names, me) for held in Board(site.service).waiting_for(organisation, me)]
    return site.page("board.html", visitor=visitor, rows=rows)


def case(site: Site, request: Request, _fields: Fields) -> Response:
    """One case, whole; that it was read is written down."""
    visitor = visitors.current(site, request)
    if visitor is None:
        return _door(site)
    note = NOTES.get(request.query_params.get("note", ""), "")
    return site.page("case.html", visitor=visitor, case=_opened(site, visitor, request), note=note)


def sheet(site: Site, request: Request, _fields: Fields) -> Response:
    """The same on paper, for whoever it is referred to."""
    visitor = visitors.current(site, request)
    if visitor is None:
        return _door(site)
    organisation, me = _member(site, visitor)
    name = next((p.name for p in _people(site, organisation) if p.email == me), me)
    found = _opened(site, visitor, request)
    return site.page("sheet.html", visitor=visitor, case=found, by=name, on=site.today(), organisation=site.knowledge.organisations[organisation])


def act(site: Site, request: Request, fields: Fields) -> Response:
    """Take, hand over, note, decide, wait or close; each form counts once, however often it is sent."""
    visitor = visitors.current(site, request)
    if visitor is None:
        return _door(site)
    organisation, me = _member(site, visitor)
    reference, board = request.path_params["reference"], Board(site.service)
    what, note = _asked(fields, _now(site))
    if note and _sees(board, organisation, reference, me):
        return see(f"/board/{reference}?note={note}#note")
    try:
        board.acted(organisation, reference, me, what, (CHANNEL, _event(visitor, request, fields)))
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
    if action in WORDED and not text:
        return {}, "words"
    if action == Action.HAND_OVER and not fields.get("to"):
        return {}, "whom"
    if action == Action.WAIT:
        end = dossier.until(fields.get("until", ""), now)
        return {"action": action, "text": text, "until": end}, "" if end else "day"
    return {"action": action, "text": text, "to": fields.get("to", "")}, ""


def _sees(board: Board, organisation: str, reference: str, me: str) -> bool:
    """Whether they are told what went wrong: to those who may not see the case there is none."""
    return reference in {held.case.reference for held in board.waiting_for(organisation, me)}


def _opened(site: Site, visitor: Visitor, request: Request) -> Dossier:
    organisation, me = _member(site, visitor)
    try:
        found = Board(site.service).opened(organisation, request.path_params["reference"], me)
    except NoCaseError:
        raise RefusedError("page") from None
    plans = site.service.plans
    if plans is None:
        raise RefusedError("page")
    return dossier.dossier(found, plans.flows[found.held.case.flow], _people(site, organisation), me, _now(site))


def _member(site: Site, visitor: Visitor) -> tuple[str, str]:
    """Organisation and address of somebody in the directory. To others there is no board, nor where no reports are made."""
    who = visitor.asker
    if site.service.plans is None or who is None or not who.member or not who.email or who.organisation not in site.knowledge.organisations:
        raise RefusedError("page")
    return who.organisation, who.email


def _door(site: Site) -> Response:
    """Nobody is known here: the way in, the same whatever address was asked for."""
    if site.access.here:
        raise RefusedError("page")
    return site.page("door.html", note="", days=visitors.INVITED_DAYS)


def _people(site: Site, organisation: str) -> list[Person]:
    with site.service.database.read() as connection:
        return directory.people(connection, organisation)


def _now(site: Site) -> float:
    with site.service.database.read() as connection:
        return site.service.database.now(connection)


def _event(visitor: Visitor, request: Request, fields: Fields) -> str:
    """One event for each form that was given out; nobody else's form can be the same."""
    if not fields.get("token"):
        raise RefusedError("form")
    return hashlib.sha256("\n".join((visitor.key, request.url.path, fields["token"])).encode()).hexdigest()
