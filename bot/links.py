"""Cases that belong together. A link is written down in both, and shown only to those who may see both; to others there is none.

Every function runs in one transaction of its caller.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.cases import Action, NotAllowedError, may, note
from bot.store import cases as stored
from bot.store import chain
from bot.store.cases import Entry, Held, NoCaseError
from bot.store.chain import Done
from bot.vault import Vault

LINK, UNLINK = "link", "unlink"
MOST = 20  # cases of one chronology


def tied(entries: Sequence[Entry]) -> frozenset[str]:
    """The references to which a case is linked, by what was written down in it."""
    found: set[str] = set()
    for one in entries:
        if one.kind == LINK:
            found.add(one.text)
        elif one.kind == UNLINK:
            found.discard(one.text)
    return frozenset(found)


def seen(connection: Connection, vault: Vault, held: Held, entries: Sequence[Entry], who: str) -> tuple[Held, ...]:
    """The linked cases that this person may read, too."""
    found = (_readable(connection, vault, held.case.organisation, one, who) for one in sorted(tied(entries)))
    return tuple(one for one in found if one)


def visible(connection: Connection, vault: Vault, held: Held, entries: Sequence[Entry], who: str) -> list[Entry]:
    """What was written down, without links to cases that this person may not read: neither the link nor its absence shows."""
    named = {one.text for one in entries if one.kind in (LINK, UNLINK)}
    shown = {one for one in named if _readable(connection, vault, held.case.organisation, one, who)}
    return [one for one in entries if one.kind not in (LINK, UNLINK) or one.text in shown]


def _readable(connection: Connection, vault: Vault, organisation: str, reference: str, who: str) -> Held | None:
    try:
        return stored.one_for(connection, vault, organisation, reference, who, Action.READ)
    except NoCaseError:  # not theirs, or purged
        return None


def tie(connection: Connection, vault: Vault, organisation: str, reference: str, other: str, who: str, now: float, *, loose: bool = False) -> None:
    """Link two cases, or (`loose`) take the link back. Whoever has the one and may read the other can; raises NoCaseError for everybody else.

    It moves nobody's turn in the other case, and nothing there tells of it to those who may not see this one.
    """
    held = stored.one_for(connection, vault, organisation, reference, who, Action.NOTE)
    theirs = stored.one_for(connection, vault, organisation, other, who, Action.READ)
    if other == reference:
        raise NotAllowedError(LINK)
    is_tied = other in tied(stored.entries(connection, vault, held))
    if is_tied != loose:
        return
    kind = UNLINK if loose else LINK
    for one, to in ((held, other), (theirs, reference)):
        stored.add(connection, vault, one, Entry(kind, to, who, now))
        chain.append(connection, vault, organisation, Done(kind, one.case.reference, who), now)
    stored.save(connection, vault, held, note(held.case, who, now).case, now)


def together(connection: Connection, vault: Vault, organisation: str, reference: str, who: str) -> list[Held]:
    """The case and all that hang together with it, so far as this person may read them; raises NoCaseError where they may not read it itself."""
    found: dict[str, Held] = {}
    waiting = [stored.one_for(connection, vault, organisation, reference, who, Action.READ)]
    while waiting and len(found) < MOST:
        held = waiting.pop(0)
        found[held.case.reference] = held
        linked = seen(connection, vault, held, stored.entries(connection, vault, held), who)
        waiting += [one for one in linked if one.case.reference not in found and one.case.reference not in {w.case.reference for w in waiting}]
    return list(found.values())


def others(held: Sequence[Held], reference: str, linked: Sequence[str], who: str) -> tuple[str, ...]:
    """References to which a case can still be linked: all that this person may read, and that are not linked yet."""
    tied_already = {reference, *linked}
    return tuple(one.case.reference for one in held if one.case.reference not in tied_already and may(one.case, who, Action.READ))
