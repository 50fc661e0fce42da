"""What both sides of a report share: the database, the server's key, who is who, and how long things are kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.people import Person
from bot.routing import Chart
from bot.speakup.box import Box
from bot.speakup.records import Kept, Key, Stored, Waiting
from bot.speakup.report import Reader
from bot.speakup.sealing import NOTE, SIZE, made, padded, public, seal
from bot.speakup.slow import Cost, Gate

MOST_READERS = 16  # of one report, whoever holds the recovery key among them
RECOVERY = "recovery key"  # stands in a report's note for its holder


@dataclass(frozen=True, slots=True)
class Recovery:
    """The recovery recipient: their public key, and who holds the private one, kept off the server.

    `holder` is an address of the staff list, or a name and what they are.
    """

    key: bytes
    holder: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What is configured. Days: how long a receipt works after the last word, and a report is kept after it (0: for ever)."""

    administrators: frozenset[str] = frozenset()
    recovery: Recovery | None = None
    receipt_days: int = 180
    keep_days: int = 0


@dataclass(frozen=True)
class Office:
    """One installation. `people`: an organisation's staff list; `title`: what somebody is there, in words."""

    box: Box
    key: bytes
    people: Callable[[str], Sequence[Person]]
    title: Callable[[Person], str]
    today: Callable[[], date]
    setup: Setup = field(default_factory=Setup)
    cost: Cost = field(default_factory=Cost)
    gate: Gate = field(default_factory=Gate)

    def chart(self, organisation: str) -> Chart:
        """The staff list as routing sees it."""
        return Chart.of(self.people(organisation))

    def day(self) -> str:
        """Today."""
        return self.today().isoformat()

    def until(self, stored: Stored) -> date:
        """The last day on which a receipt works."""
        return date.fromisoformat(stored.last) + timedelta(days=self.setup.receipt_days)

    def reader(self, person: Person) -> Reader:
        """Somebody of the staff list as reporters and readers see them."""
        return Reader(person.email, person.name, self.title(person))

    def holder(self, organisation: str) -> Reader:
        """Whoever keeps the recovery key: somebody of the staff list, or a name with what they are ("Jo Fox, solicitor")."""
        holder = self.setup.recovery.holder if self.setup.recovery else ""
        known = next((self.reader(p) for p in self.people(organisation) if p.email == holder), None)
        name, _, role = holder.partition(",")
        return replace(known, recovery=True) if known else Reader(holder, name.strip(), role.strip(), recovery=True)

    def purge(self) -> None:
        """Receipts that have run out lead nowhere any more; reports whose time is over go, unless they are held. Writes everything anew."""
        with self.box.change() as going:
            today, kept = self.today(), going.kept
            going.kept = replace(kept, reports=tuple(self._aged(r, today) for r in kept.reports if not self._over(r, today)))
        self.box.blur()

    def _over(self, stored: Stored, today: date) -> bool:
        days = self.setup.keep_days
        return bool(days) and not stored.hold and today > date.fromisoformat(stored.last) + timedelta(days=days)

    def _aged(self, stored: Stored, today: date) -> Stored:
        return closed_to_reporter(stored) if stored.lookup and today > self.until(stored) else stored


def closed_to_reporter(stored: Stored) -> Stored:
    """The report without the way back to whoever sent it: no receipt opens it, and what was sealed to the receipt is gone."""
    nobody = public(made())
    blank, card = (seal(nobody, padded(b"", size)) for size in (SIZE, NOTE))
    return replace(stored, lookup=b"", reporter=nobody, card=card, entries=tuple(replace(e, reporter=blank) for e in stored.entries))


def key_of(kept: Kept, organisation: str, email: str) -> Key | None:
    """Somebody's key."""
    return next((k for k in kept.keys if (k.organisation, k.email) == (organisation, email)), None)


def swapped(kept: Kept, stored: Stored) -> Kept:
    """With this report in the place of what it was."""
    return replace(kept, reports=tuple(stored if r.reference == stored.reference else r for r in kept.reports))


def waited(kept: Kept, organisation: str, emails: Iterable[str]) -> Kept:
    """With these readers to be told to look, those of them who wish to be."""
    asked = {Waiting(organisation, e) for e in emails if (key := key_of(kept, organisation, e)) and key.channel}
    return replace(kept, waiting=tuple(sorted({*kept.waiting, *asked}, key=lambda w: (w.organisation, w.email))))
