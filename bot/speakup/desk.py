"""Speaking up, for whoever reports: who could read it, filing, and what a receipt opens. The readers' side is in `bot.speakup.reading`.

Nothing is kept before `file`. Nothing here knows who asks: no address, no account, no time.
"""

from dataclasses import replace

from bot.speakup import receipts, threads, veto
from bot.speakup.box import FullError
from bot.speakup.office import MOST_READERS, RECOVERY, Office, closed_to_reporter, key_of, swapped, waited
from bot.speakup.receipts import Opened
from bot.speakup.records import Kept, Stored
from bot.speakup.report import Kind, Message, Naming, Reader, Readers, Report, Thread
from bot.speakup.sealing import TooLongError
from bot.speakup.slow import BusyError
from bot.speakup.threads import EndedError, Shown
from bot.speakup.veto import Nobody
from bot.store.trouble import DatabaseUnusableError

__all__ = [
    "BusyError",
    "ChangedError",
    "DatabaseUnusableError",
    "EndedError",
    "FullError",
    "Kind",
    "Naming",
    "Nobody",
    "NobodyError",
    "Reader",
    "Readers",
    "Report",
    "SpeakUp",
    "Thread",
    "TooLongError",
]  # fmt: skip


class NobodyError(Exception):
    """Nobody is left who may read it: nothing was kept. `why` says which case it is."""

    def __init__(self, why: Nobody | None) -> None:
        super().__init__(why)
        self.why = why


class ChangedError(Exception):
    """Somebody could read it to whom the reporter has not agreed: nothing was kept. Show `readers` again, and ask."""


class SpeakUp:
    """The confidential form's counter. Every method may raise DatabaseUnusableError."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def people(self, organisation: str) -> tuple[Reader, ...]:
        """Everybody of the organisation whom a report could be about, by name; the holder of the recovery key as well."""
        found = {p.email: self.office.reader(p) for p in self.office.people(organisation)}
        recovery = self.office.setup.recovery
        if recovery and recovery.holder not in found:
            found[recovery.holder] = self.office.holder(organisation)
        return tuple(sorted(found.values(), key=lambda r: (r.name, r.id)))

    def named(self, organisation: str, typed: str) -> frozenset[str]:
        """The ids of everybody whom a line of these names could mean: rather one too many. 'Ann', 'ann@x.uk' and 'chair' all count."""
        lines = [set(line.lower().replace("-", " ").split()) for line in typed.splitlines()]
        known = {r.id: set(f"{r.id} {r.name} {r.role}".lower().replace("-", " ").split()) for r in self.people(organisation)}
        return frozenset(i for i, own in known.items() if any(line and line <= own for line in lines))

    def readers(self, organisation: str, implicated: frozenset[str] = frozenset()) -> Readers:
        """Everybody who could open a report that is about these (ids), by name and role."""
        kept, chart, administrators = self.office.box.read(), self.office.chart(organisation), self.office.setup.administrators
        found = veto.readers(chart, implicated, administrators)
        able = tuple(p for p in found.people if key_of(kept, organisation, p.email))
        if not able:
            return Readers((), found.nobody or Nobody.UNSET, found.pressed)
        people = [self.office.reader(p) for p in able[: MOST_READERS - 1]]
        recovery = self.office.setup.recovery
        if recovery and recovery.holder not in veto.out(chart, implicated, administrators):
            people.append(self.office.holder(organisation))
        return Readers(tuple(people), None, found.pressed)

    def file(self, organisation: str, report: Report, implicated: frozenset[str], agreed: frozenset[str]) -> str:
        """Keep a report; returns its receipt as it is shown, once. `agreed`: the ids of the readers whom the reporter was shown.

        Raises NobodyError, ChangedError, TooLongError, FullError or BusyError, having kept nothing.
        """
        office, who = self.office, self.readers(organisation, implicated)
        if not who.people:
            raise NobodyError(who.nobody)
        if not who.ids <= agreed:
            raise ChangedError
        receipt = receipts.make(office.key)
        with office.gate.passed():
            opened = receipts.derive(receipt, office.key, office.cost)
        with office.box.change() as going:
            keys = self._keys(going.kept, organisation, who)
            if len(keys) != len(who.people):  # somebody's key was taken away meanwhile
                raise ChangedError
            stored = threads.begun(organisation, keys, implicated, [Shown(r.id, f"{r.name}, {r.role}") for r in who.people], opened)
            stored = threads.said(stored, Message(Kind.REPORT, report=report), office.day())
            reports = tuple(sorted((*going.kept.reports, stored), key=lambda r: r.reference))
            going.kept = replace(waited(going.kept, organisation, [r.id for r in who.people if not r.recovery]), reports=reports)
        return receipt

    def slip(self, receipt: str) -> bool:
        """Whether this can be no receipt at all: a digit is wrong or missing. Costs next to nothing."""
        return not receipts.plausible(receipt, self.office.key)

    def open(self, receipt: str) -> Thread | None:
        """The report that this receipt stands for; None where there is none (any more). Raises BusyError."""
        opened = self._opened(receipt)
        stored = self._found(self.office.box.read(), opened) if opened else None
        return self._thread(stored, opened) if stored and opened else None

    def add(self, receipt: str, words: str) -> bool:
        """Say more; False where there is no such report (any more). Raises BusyError, EndedError, TooLongError or FullError."""
        return self._say(receipt, Message(Kind.ADDED, words))

    def answer(self, receipt: str, number: int, words: str) -> bool:
        """Answer the question with this number. The same otherwise."""
        return self._say(receipt, Message(Kind.ANSWER, words, to=number))

    def withdraw(self, receipt: str) -> bool:
        """Take it back. What nobody has opened is deleted; what was opened stays with its readers, marked. The receipt opens nothing then."""
        opened = self._opened(receipt)
        if opened is None:
            return False
        with self.office.box.change() as going:
            kept, stored = going.kept, self._found(going.kept, opened)
            if stored is None:
                return False
            if stored.read and not stored.ended:
                going.kept = swapped(kept, closed_to_reporter(threads.said(stored, Message(Kind.WITHDRAWN), self.office.day())))
            else:
                left = tuple(r for r in kept.reports if r.reference != stored.reference)
                unread = {r.organisation for r in left if not r.read}
                going.kept = replace(kept, reports=left, waiting=tuple(w for w in kept.waiting if w.organisation in unread))
        return True

    def _say(self, receipt: str, message: Message) -> bool:
        opened = self._opened(receipt)
        if opened is None:
            return False
        with self.office.box.change() as going:
            stored = self._found(going.kept, opened)
            if stored is None:
                return False
            shown = {one.id for one in threads.card(stored, opened.private)}
            after = swapped(going.kept, threads.said(stored, message, self.office.day()))
            going.kept = waited(after, stored.organisation, shown)
        return True

    def _opened(self, receipt: str) -> Opened | None:
        if self.slip(receipt):
            return None
        with self.office.gate.passed():
            return receipts.derive(receipt, self.office.key, self.office.cost)

    def _found(self, kept: Kept, opened: Opened) -> Stored | None:
        mine = (r for r in kept.reports if r.lookup == opened.lookup)
        return next((r for r in mine if self.office.today() <= self.office.until(r)), None)

    def _thread(self, stored: Stored, opened: Opened) -> Thread:
        lines, readers = threads.for_reporter(stored, opened.private), threads.card(stored, opened.private)
        return Thread(tuple(r.label for r in readers), lines, stored.read, self.office.until(stored), bool(stored.ended))

    def _keys(self, kept: Kept, organisation: str, who: Readers) -> dict[str, bytes]:
        recovery = self.office.setup.recovery
        own = {r.id: key.public for r in who.people if not r.recovery and (key := key_of(kept, organisation, r.id))}
        return {**own, RECOVERY: recovery.key} if recovery and any(r.recovery for r in who.people) else own
