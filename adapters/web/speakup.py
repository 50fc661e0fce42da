"""Speaking up, the readers' side: their key, the reports that its passphrase opens, and what they do with them. One page.

Until the passphrase is typed the page is the same whether there is a report or not, and to everybody else it does not exist. What is opened
is shown in the answer to the form and nowhere else: no address leads to it, and nothing of it is kept between two presses.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from adapters.web import speakup_show, visitors
from adapters.web.site import Fields, Handler, RefusedError, Site
from adapters.web.visitors import Visitor
from bot.post import MAIL
from bot.speakup import opening
from bot.speakup.box import FullError
from bot.speakup.reading import KeyExistsError, NoReportError, Reading
from bot.speakup.report import Case
from bot.speakup.sealing import TooLongError
from bot.speakup.slow import LEAST, BusyError, PassphraseError, good
from bot.speakup.threads import EndedError

ADDRESS = "/speak-up"
PAGE = 128 * 1024  # bytes of which every page is a multiple, so that its length on the wire says little
STEP = 0.5  # seconds
CHANNELS = {MAIL: "by email", "slack": "in Slack", "": "not at all: I look by myself"}
NOTES = {
    "short": f"Nothing was done. Take at least {LEAST} letters, and not the same few: four or five words that don’t belong together.",
    "differ": "Nothing was done. The two were not the same: type it twice in the same way.",
    "wrong": "That did not open it, and nothing was done. Type it again; capitals and blanks count.",
    "exists": "You have a key already. Open it with its passphrase.",
    "moved": "That did not go through, and nothing was done: the report has changed meanwhile, or it may not be given to that person.",
    "ended": "Nothing can be written to this report any more.",
    "long": "That is too long. Nothing was sent; write it in two messages.",
    "full": "There is no room for more. Nothing was done; delete a report that is over.",
    "busy": "Somebody else is opening theirs. Nothing was done; try again in a minute.",
    "words": "Nothing was done. Please write a few words first.",
    "made": "Your key is made. Its passphrase is kept nowhere: write it down, and lock that away.",
    "changed": "It is changed.",
    "recovered": "You have a new key, and it opens what you could read before. Its passphrase is kept nowhere.",
    "sent": "It is sent. They see it the next time they look.",
    "admitted": "They can read it now, too, and whoever reported it is told so.",
    "held": "It will be kept, whatever its time says.",
    "released": "It goes when its time is over.",
    "deleted": "Its words are gone. Whoever reported it, and the other readers, see that it was deleted.",
}
WRONG: Mapping[type[Exception], str] = {
    PassphraseError: "wrong", NoReportError: "moved", EndedError: "ended", TooLongError: "long", FullError: "full", BusyError: "busy",
    KeyExistsError: "exists",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whoever is at the browser, with what they typed. `passphrase` opens their key as it is now."""

    reading: Reading
    organisation: str
    email: str
    fields: Fields

    @property
    def passphrase(self) -> str:
        """As it was typed."""
        return self.fields.get("passphrase", "")

    @property
    def reference(self) -> tuple[str, str, str, str]:
        """What every method that is about one report takes first."""
        return self.organisation, self.email, self.passphrase, self.fields.get("reference", "")


def pages(site: Site) -> tuple[tuple[str, str, Handler], ...]:
    """The page, where the confidential form is offered. Raises SettingsError or DatabaseUnusableError."""
    if not site.settings.speakup_url:
        return ()
    reading = Reading(opening.opened(site.settings, site.knowledge, site.service.database))
    return ("GET", ADDRESS, _evenly(visitors.known(partial(_home, reading)))), ("POST", ADDRESS, _evenly(visitors.known(partial(_act, reading))))


def _evenly(handler: Handler) -> Handler:
    """Answers in whole steps of time: a reader who was taken out must not measure by it that there is a report."""

    def run(site: Site, request: Request, fields: Fields) -> Response:
        began = time.monotonic()
        try:
            return handler(site, request, fields)
        finally:
            time.sleep((began - time.monotonic()) % STEP)

    return run


def _home(reading: Reading, site: Site, visitor: Visitor, _request: Request, _fields: Fields) -> Response:
    return _page(site, visitor, _reader(reading, visitor, {}))


def _act(reading: Reading, site: Site, visitor: Visitor, _request: Request, fields: Fields) -> Response:
    """One press. Where something went wrong the page says so, closed again: nothing was done."""
    who = _reader(reading, visitor, fields)
    try:
        note, passphrase = _done(who)
        opened = reading.inbox(who.organisation, who.email, passphrase) if passphrase else None
    except tuple(WRONG) as error:
        return _page(site, visitor, who, WRONG[type(error)])
    return _page(site, visitor, who, note, opened)


def _done(who: _Reader) -> tuple[str, str]:
    """Do it: the note's name, and the passphrase to open everything with (empty: the page stays closed)."""
    action = who.fields.get("action", "")
    if action == "open":
        return "", who.passphrase
    if action in ("make", "change", "recover"):
        return _keyed(who, action), ""
    if action not in _ON_REPORTS:
        raise RefusedError("form")
    return _ON_REPORTS[action](who), who.passphrase


def _keyed(who: _Reader, action: str) -> str:
    """The reader's own key: made, its passphrase changed, or made anew with the recovery key."""
    fields, own = who.fields, (who.organisation, who.email)
    new, channel = fields.get("new", ""), fields.get("channel", "")
    if new != fields.get("again", ""):
        return "differ"
    if (new or action != "change") and not good(new):
        return "short"
    if channel not in CHANNELS:
        raise RefusedError("form")
    if action == "make":
        who.reading.make_key(*own, new, channel)
        return "made"
    if action == "change":
        who.reading.change_key(*own, who.passphrase, new, channel)
        return "changed"
    try:
        recovery = opening.uncoded(fields.get("recovery", ""))
    except ValueError:
        return "wrong"
    who.reading.recover(*own, recovery, new)
    return "recovered"


def _replied(who: _Reader) -> str:
    text = who.fields.get("text", "").replace("\0", "").strip()
    if not text:
        return "words"
    who.reading.reply(*who.reference, text, question=who.fields.get("action") == "ask")
    return "sent"


def _admitted(who: _Reader) -> str:
    who.reading.add_recipient(*who.reference, who.fields.get("to", ""))
    return "admitted"


def _held(who: _Reader) -> str:
    hold = who.fields.get("action") == "hold"
    who.reading.hold(*who.reference, hold=hold)
    return "held" if hold else "released"


def _deleted(who: _Reader) -> str:
    who.reading.delete(*who.reference)
    return "deleted"


_ON_REPORTS: Mapping[str, Callable[[_Reader], str]] = {
    "reply": _replied, "ask": _replied, "admit": _admitted, "hold": _held, "release": _held, "delete": _deleted
}  # fmt: skip


def _reader(reading: Reading, visitor: Visitor, fields: Fields) -> _Reader:
    """Somebody who holds the duty. To others there is no such page."""
    who = visitor.asker
    if who is None or not who.member or not who.email or not reading.may(who.organisation, who.email):
        raise RefusedError("page")
    return _Reader(reading, who.organisation, who.email, fields)


def _page(site: Site, visitor: Visitor, who: _Reader, note: str = "", opened: tuple[Case, ...] | None = None) -> Response:
    """`opened`: the reports that the passphrase opens; None while it has not been typed."""
    holders = who.reading.holders(who.organisation)
    names = {h.email: h.name for h in holders}
    cases = [speakup_show.shown(c, names) for c in opened or ()]
    mine = next((h for h in holders if h.email == who.email), None)
    recovery = who.reading.office.holder(who.organisation) if who.reading.office.setup.recovery else None
    response = site.page(
        "speakup.html", visitor=visitor, address=ADDRESS, note=NOTES.get(note, ""), holders=holders, mine=mine, recovery=recovery, cases=cases,
        opened=opened is not None, channels=CHANNELS, least=LEAST,
    )  # fmt: skip
    room = -(len(response.body) + 7) % PAGE
    response.body = bytes(response.body) + b"<!--" + secrets.token_hex(room // 2 + 1)[:room].encode() + b"-->"
    response.headers["Content-Length"] = str(len(response.body))
    return response
