"""Speaking up, for whoever reads reports: their key, what they can open with its passphrase, replies, and letting somebody else in.

Without the passphrase nothing here says whether there is a report. The private key is open only within one call.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from bot.speakup import slow, threads, veto
from bot.speakup.box import Change
from bot.speakup.office import MOST_READERS, RECOVERY, Office, key_of, swapped
from bot.speakup.records import Kept, Key
from bot.speakup.report import Case, Kind, Message, Reader
from bot.speakup.sealing import fingerprint, made, public
from bot.speakup.slow import PassphraseError
from bot.speakup.threads import Private, Shown


class KeyExistsError(Exception):
    """They have a key already; it is changed with its passphrase, or with the recovery key."""


class NoReportError(Exception):
    """There is no such report, or it is not sealed to this person."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds the duty, as other readers see them. `made` and `fingerprint` are empty without a key."""

    email: str
    name: str
    role: str
    made: date | None = None
    fingerprint: str = ""
    channel: str = ""


class Reading:
    """The readers' counter. `who` is always an address that has been confirmed by signing in.

    Every method may raise DatabaseUnusableError; those that take a passphrase PassphraseError and BusyError.
    """

    def __init__(self, office: Office) -> None:
        self.office = office

    def may(self, organisation: str, who: str) -> bool:
        """Whether they hold the duty. To others there is nothing here."""
        return who in self.office.chart(organisation).holders(veto.DUTY) and who not in self.office.setup.administrators

    def holders(self, organisation: str) -> tuple[Holder, ...]:
        """Everybody who holds the duty, with the fingerprint of their key, so that a swapped key is noticed."""
        kept, chart = self.office.box.read(), self.office.chart(organisation)
        emails = [e for e in chart.holders(veto.DUTY) if e not in self.office.setup.administrators]
        return tuple(self._holder(kept, organisation, self.office.reader(chart.people[e])) for e in emails)

    def make_key(self, organisation: str, who: str, passphrase: str, channel: str = "") -> str:
        """Make their key; returns its fingerprint. `channel`: how they want to be told to look. Raises KeyExistsError."""
        key = self._fresh(organisation, who, passphrase, channel)
        with self.office.box.change() as going:
            if key_of(going.kept, organisation, who):
                raise KeyExistsError
            going.kept = _keyed(going.kept, key)
        return fingerprint(key.public)

    def change_key(self, organisation: str, who: str, passphrase: str, new: str, channel: str) -> None:
        """Another passphrase (empty: the same) and another channel for the same key."""
        private = self._private(organisation, who, passphrase)
        with self.office.gate.passed():
            wrapped = slow.wrap(private, new or passphrase, self.office.cost)
        with self.office.box.change() as going:
            going.kept = _keyed(going.kept, replace(_needed(going.kept, organisation, who), wrapped=wrapped, channel=channel))

    def inbox(self, organisation: str, who: str, passphrase: str) -> tuple[Case, ...]:
        """Every report that is sealed to them, whole, the newest first. From now on its reporter sees that it was opened."""
        private = self._private(organisation, who, passphrase)
        kept = self.office.box.read()
        mine = [found for r in kept.reports if r.organisation == organisation and (found := threads.opened(r, private))]
        if any(not p.stored.read for p in mine):
            with self.office.box.change() as going:
                for one in mine:
                    going.kept = _seen(going.kept, one.stored.reference)
        return tuple(self._case(kept, p) for p in sorted(mine, key=lambda p: (p.stored.last, p.stored.reference), reverse=True))

    def reply(self, organisation: str, who: str, passphrase: str, reference: str, words: str, *, question: bool = False) -> None:
        """Write to the reporter; the same words pressed twice are written once. Raises NoReportError, EndedError, TooLongError or FullError."""
        message = Message(Kind.QUESTION if question else Kind.REPLY, words, by=who)
        with self._one(organisation, who, passphrase, reference) as (going, private):
            if not private.stored.ended and threads.for_reader(private)[-1].message == message:
                return
            going.kept = swapped(going.kept, threads.said(private.stored, message, self.office.day()))

    def add_recipient(self, organisation: str, who: str, passphrase: str, reference: str, new: str) -> None:
        """Let another reader read it, too; its reporter is told who. Raises NoReportError.

        Nobody who is implicated, whom an implicated person could press, or who has no key can be let in: that, too, raises NoReportError.
        """
        with self._one(organisation, who, passphrase, reference) as (going, private):
            key = key_of(going.kept, organisation, new)
            if key is None or new not in dict(self._others(going.kept, private)):
                raise NoReportError
            joined = replace(private.note, readers={**private.note.readers, new: key.public})
            shown = self._shown(organisation, tuple(joined.readers))
            stored = threads.carded(threads.kept_for(private.stored, private.key, joined), shown)
            name = next(s.label for s in shown if s.id == new)
            going.kept = swapped(going.kept, threads.said(stored, Message(Kind.JOINED, name, by=who), self.office.day()))

    def hold(self, organisation: str, who: str, passphrase: str, reference: str, *, hold: bool) -> None:
        """Keep it whatever its time says, for a court, the police or a regulator, or let that be over. Raises NoReportError."""
        with self._one(organisation, who, passphrase, reference) as (going, private):
            going.kept = swapped(going.kept, replace(private.stored, hold=hold))

    def delete(self, organisation: str, who: str, passphrase: str, reference: str) -> None:
        """Delete its words for everybody. Its reporter and its other readers see that it was deleted. Raises NoReportError, also while it is held."""
        with self._one(organisation, who, passphrase, reference) as (going, private):
            if private.stored.hold:
                raise NoReportError
            going.kept = swapped(going.kept, threads.emptied(private.stored, self.office.day()))

    def recover(self, organisation: str, who: str, recovery: bytes, passphrase: str) -> int:
        """A new key for somebody who lost their passphrase, with the private recovery key; how many reports it opens.

        Only what they could read before, and what is sealed to the recovery key as well. Raises PassphraseError where it is not that key.
        """
        configured = self.office.setup.recovery
        if configured is None or public(recovery) != configured.key:
            raise PassphraseError
        key = self._fresh(organisation, who, passphrase, _needed(self.office.box.read(), organisation, who).channel)
        with self.office.box.change() as going:
            mine = [p for r in going.kept.reports if (p := threads.opened(r, recovery)) and r.organisation == organisation and who in p.note.readers]
            going.kept = _keyed(going.kept, key)
            for one in mine:
                note = replace(one.note, readers={**one.note.readers, who: key.public})
                going.kept = swapped(going.kept, threads.kept_for(one.stored, one.key, note))
        return len(mine)

    def restart(self, organisation: str, who: str) -> None:
        """Take somebody's key away, for whoever runs the server: they make a new one, which opens no report that came before."""
        with self.office.box.change() as going:
            old = _needed(going.kept, organisation, who)
            going.kept = replace(going.kept, keys=tuple(k for k in going.kept.keys if k != old))

    def _fresh(self, organisation: str, who: str, passphrase: str, channel: str) -> Key:
        if not self.may(organisation, who):
            raise NoReportError
        private = made()
        with self.office.gate.passed():
            wrapped = slow.wrap(private, passphrase, self.office.cost)
        return Key(organisation, who, public(private), wrapped, self.office.day(), channel)

    def _private(self, organisation: str, who: str, passphrase: str) -> bytes:
        """Their private key, for the one call that needs it."""
        key = key_of(self.office.box.read(), organisation, who)
        if key is None or not self.may(organisation, who):
            raise NoReportError
        with self.office.gate.passed():
            return slow.unwrap(key.wrapped, passphrase)

    @contextmanager
    def _one(self, organisation: str, who: str, passphrase: str, reference: str) -> Iterator[tuple[Change, Private]]:
        """One report, opened, within the transaction that changes it."""
        private = self._private(organisation, who, passphrase)
        with self.office.box.change() as going:
            named = (r for r in going.kept.reports if (r.organisation, r.reference) == (organisation, reference))
            found = next((p for r in named if (p := threads.opened(r, private))), None)
            if found is None:
                raise NoReportError
            yield going, found

    def _case(self, kept: Kept, private: Private) -> Case:
        stored = private.stored
        readers = tuple(s.label for s in self._shown(stored.organisation, tuple(private.note.readers)))
        others = () if stored.ended else self._others(kept, private)
        return Case(stored.reference, threads.for_reader(private), readers, others, bool(stored.lookup), stored.hold, stored.ended)

    def _shown(self, organisation: str, ids: Sequence[str]) -> tuple[Shown, ...]:
        """These readers by name and role; whoever has left by their address."""
        known = {p.email: self.office.reader(p) for p in self.office.people(organisation)} | {RECOVERY: self.office.holder(organisation)}
        return tuple(Shown(i, f"{known[i].name}, {known[i].role}" if i in known else i) for i in ids)

    def _others(self, kept: Kept, private: Private) -> tuple[tuple[str, str], ...]:
        """Who may be let in: whoever passes the veto today and has a key to which it is not sealed yet."""
        organisation, note = private.stored.organisation, private.note
        left = veto.readers(self.office.chart(organisation), frozenset(note.implicated), self.office.setup.administrators).people
        room = len(note.readers) < MOST_READERS
        able = ((p, key_of(kept, organisation, p.email)) for p in left)
        return tuple((p.email, p.name) for p, key in able if key and key.public != note.readers.get(p.email) and (room or p.email in note.readers))

    def _holder(self, kept: Kept, organisation: str, one: Reader) -> Holder:
        key, known = key_of(kept, organisation, one.id), (one.id, one.name, one.role)
        return Holder(*known, date.fromisoformat(key.made), fingerprint(key.public), key.channel) if key else Holder(*known)


def _keyed(kept: Kept, key: Key) -> Kept:
    others = (k for k in kept.keys if (k.organisation, k.email) != (key.organisation, key.email))
    return replace(kept, keys=tuple(sorted((*others, key), key=lambda k: (k.organisation, k.email))))


def _needed(kept: Kept, organisation: str, who: str) -> Key:
    found = key_of(kept, organisation, who)
    if found is None:
        raise NoReportError
    return found


def _seen(kept: Kept, reference: str) -> Kept:
    return replace(kept, reports=tuple(replace(r, read=True) if r.reference == reference else r for r in kept.reports))
