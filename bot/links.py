"""Cases that belong together. A link is written down in both, and shown only to those who may see both; to others there is none.

Every function that reads or writes runs in one transaction of its caller.
"""

import contextlib
from collections.abc import Mapping, Sequence

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


def readable(connection: Connection, vault: Vault, held: Held, entries: Sequence[Entry], who: str) -> dict[str, Held]:
    """The cases that were ever linked with this one, by reference, of those that this person may read, too."""
    found: dict[str, Held] = {}
    for reference in sorted({one.text for one in entries if one.kind in (LINK, UNLINK)}):
        with contextlib.suppress(NoCaseError):  # not theirs, or purged
            found[reference] = stored.one_for(connection, vault, held.case.organisation, reference, who, Action.READ)
    return found


def seen(entries: Sequence[Entry], theirs: Mapping[str, Held]) -> tuple[Held, ...]:
    """The linked cases of those that somebody may read (see `readable`)."""
    return tuple(theirs[one] for one in sorted(tied(entries)) if one in theirs)


def visible(entries: Sequence[Entry], theirs: Mapping[str, Held]) -> list[Entry]:
    """What was written down, without links to cases that somebody may not read: neither the link nor its absence shows."""
    return [one for one in entries if one.kind not in (LINK, UNLINK) or one.text in theirs]


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
        entries = stored.entries(connection, vault, held)
        linked = seen(entries, readable(connection, vault, held, entries, who))
        waiting += [one for one in linked if one.case.reference not in found and one.case.reference not in {w.case.reference for w in waiting}]
    return list(found.values())


def others(held: Sequence[Held], reference: str, linked: Sequence[str], who: str) -> tuple[str, ...]:
    """References to which a case can still be linked: all that this person may read, and that are not linked yet."""
    tied_already = {reference, *linked}
    return tuple(one.case.reference for one in held if one.case.reference not in tied_already and may(one.case, who, Action.READ))
