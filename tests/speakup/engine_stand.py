"""Speaking up for tests: an organisation with people, readers with keys, and a day that can be moved on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bot.people import Person
from bot.speakup.box import Box
from bot.speakup.desk import Report, SpeakUp
from bot.speakup.office import Office, Recovery, Setup
from bot.speakup.reading import Reading
from bot.speakup.sealing import made, public
from bot.speakup.slow import Cost

ORG = "sefton"
CHAIR, VICE, CHIEF, LEAD, ANN, IT = "chair@x.uk", "vice@x.uk", "chief@x.uk", "lead@x.uk", "ann@x.uk", "it@x.uk"
PEOPLE = (
    Person(ORG, CHAIR, "Cher Chair", "director", duties=("speak-up", "chair")), Person(ORG, VICE, "Vic Vice", "director", duties=("speak-up",)),
    Person(ORG, CHIEF, "Chi Chief", "manager", CHAIR, duties=("chief-executive",)),
    Person(ORG, LEAD, "Lou Lead", "staff", CHIEF, duties=("speak-up", "safeguarding-lead")), Person(ORG, ANN, "Ann Staff", "staff", LEAD),
    Person(ORG, IT, "Ira Tech", "staff", CHIEF, duties=("speak-up",)),
)  # fmt: skip
READERS = (CHAIR, VICE, LEAD)
PHRASE: Mapping[str, str] = {e: f"a quiet passphrase of {e}" for e in (*READERS, IT)}
CHEAP = Cost(1, 64)  # so that tests run; what a real one costs is measured in test_engine_stolen.py
KEY = b"the server's own key, 32 bytes.."
RECOVERY = made()
SAID = "MARKED the chief executive pays his brother's firm"
TOLD = Report(SAID, "MARKED since May", "MARKED in Bootle", "MARKED Chi", "MARKED I saw the invoices", "no", "MARKED an audit")


@dataclass
class World:
    """One installation. `people` and `day` may be changed."""

    path: Path
    people: list[Person]
    day: date
    setup: Setup
    room: int = 1024 * 1024
    key: bytes = KEY
    office: Office = field(init=False)
    desk: SpeakUp = field(init=False)
    reading: Reading = field(init=False)

    def __post_init__(self) -> None:
        box = Box(self.path, self.key, self.room)
        self.office = Office(box, self.key, self.listed, lambda p: p.role, lambda: self.day, self.setup, CHEAP)
        self.desk, self.reading = SpeakUp(self.office), Reading(self.office)

    def listed(self, organisation: str) -> Sequence[Person]:
        """The staff list of an organisation."""
        return [p for p in self.people if p.organisation == organisation]

    def keyed(self, *emails: str, channel: str = "email") -> "World":
        """These have made their keys."""
        for email in emails:
            self.reading.make_key(ORG, email, PHRASE[email], channel)
        return self

    def file(self, *implicated: str, report: Report = TOLD) -> str:
        """Somebody files a report, having agreed to whoever is shown."""
        without = frozenset(implicated)
        return self.desk.file(ORG, report, without, self.desk.readers(ORG, without).ids)

    def later(self, days: int) -> None:
        """Days pass, and each night what is over goes."""
        self.day += timedelta(days=days)
        self.office.purge()

    def said(self, email: str) -> list[str]:
        """Every word that this reader can open."""
        found = [m.message for case in self.reading.inbox(ORG, email, PHRASE[email]) for m in case.lines]
        return [m.report.what if m.report else m.text for m in found]


Make = Callable[..., World]


def world(path: Path, *, keyed: Sequence[str] = READERS, room: int = 1024 * 1024, people: Sequence[Person] = PEOPLE, **setup: object) -> World:
    """An installation in which these readers have keys. The recovery key is kept by a solicitor, and Ira runs the server."""
    usual = {"administrators": frozenset({IT}), "recovery": Recovery(public(RECOVERY), "Jo Fox, solicitor")}
    return World(path / "speak-up.db", list(people), date(2026, 11, 20), Setup(**{**usual, **setup}), room).keyed(*keyed)  # type: ignore[arg-type]  # a test names real fields
