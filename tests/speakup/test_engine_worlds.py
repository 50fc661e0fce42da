"""With a report and without one, everybody else's world is the same to the byte: pages, commands, figures, logs, the main database."""

import json
import logging
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner
from web_stand import EVERYWHERE, THERE, Browser

from adapters.serve import house
from adapters.terminal.cli import app as commands
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.people import Person
from bot.service import Service
from bot.settings import Settings
from bot.speakup import opening
from bot.speakup.box import Box
from bot.speakup.desk import Report, SpeakUp
from bot.speakup.reading import Reading
from bot.store import directory, invites
from bot.store.invites import Invite
from bot.store.tables import metadata
from speakup.engine_stand import CHEAP

pytestmark = pytest.mark.whole

ORG = "warrington"
CHAIR, CHIEF, LEAD, ANN = "chair@x.uk", "chief@x.uk", "lead@x.uk", "ann@x.uk"
PEOPLE = (
    Person(ORG, CHAIR, "Cher Chair", "director", duties=("speak-up",)),
    Person(ORG, CHIEF, "Chi Chief", "manager", CHAIR, duties=("speak-up", "safeguarding-lead")),
    Person(ORG, LEAD, "Lou Lead", "staff", CHIEF, duties=("speak-up", "fallback")), Person(ORG, ANN, "Ann Staff", "staff", LEAD),
)  # fmt: skip
PHRASE = "a quiet passphrase of mine"
OTHERS = (CHIEF, LEAD, ANN)  # the implicated person, whom they manage, and whoever reports
PAGES = ("/", "/board", "/speak-up", "/policy", "/privacy", "/healthz", "/readyz", "/metrics")
COMMANDS = (
    ["cases", "list"], ["people", "list"], ["subject", CHIEF], ["subject", CHAIR], ["gaps", "list"], ["settings"], ["privacy", "--org", ORG],
    ["purge"],
    ["doctor"],
)  # fmt: skip


class Place:
    """One installation, whole, with everybody's browser and the commands of whoever runs it."""

    def __init__(self, askwell: Askwell, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings.model_validate(
            {"data": folder, "host": EVERYWHERE, "public_url": THERE, "speakup_url": "https://speak.example.org", "session_key": "x" * 32}
        )
        Box(folder / "speak-up.db", opening.key(folder / "keys" / opening.KEY_FILE), 512 * 1024)
        self.app, service = house(askwell, self.settings)
        self.service: Service = service
        office = replace(opening.opened(self.settings, askwell.knowledge, service.database), cost=CHEAP)
        self.desk, self.reading = SpeakUp(office), Reading(office)
        with service.database.write() as connection:
            directory.replaced(connection, ORG, PEOPLE)
        for one in PEOPLE[:3]:
            self.reading.make_key(ORG, one.email, PHRASE, "email")
        self.browsers = {email: self.browser(email) for email in OTHERS}

    def browser(self, email: str) -> Browser:
        """Somebody who has come in by their invite link."""
        with self.service.database.write() as connection:
            now = self.service.database.now(connection)
            token = invites.create(connection, Invite(ORG, email, "staff"), now, 7)
        found = Browser(self.app, THERE)
        found.open(f"/invite/{token}")
        found.press("Open Askwell")
        return found

    def pages(self) -> Mapping[str, object]:
        """What each of the others sees, everywhere, and how long it is."""
        seen: dict[str, object] = {}
        for email, browser in self.browsers.items():
            for path in PAGES:
                page = browser.open(path)
                seen[f"{email} {path}"] = (browser.status, page.text, len(page.html))
            page = browser.send("/speak-up", {"action": "open", "passphrase": PHRASE})
            seen[f"{email} opens"] = (browser.status, page.text, len(page.html))
        return seen

    def typed(self) -> Mapping[str, object]:
        """What the commands say to whoever runs the server, and what a backup lists."""
        said: dict[str, object] = {}
        for line in COMMANDS:
            done = CliRunner().invoke(commands, line)
            said[" ".join(line)] = (done.exit_code, done.output)
        target = self.folder.parent / "backup.zip"
        done = CliRunner().invoke(commands, ["backup", str(target)])
        with zipfile.ZipFile(target) as archive:
            head = {**json.loads(archive.read("askwell.json")), "made": ""}
            listed = [(i.filename, i.file_size) for i in archive.infolist() if i.filename != "askwell.json"]
        target.unlink()
        said["backup"] = (done.exit_code, done.output, head, listed)
        return said

    def rows(self) -> Mapping[str, list[str]]:
        """Every row of the main database."""
        with self.service.database.read() as connection:
            return {t.name: sorted(map(repr, connection.execute(select(t)).all())) for t in metadata.sorted_tables}

    def files(self) -> list[tuple[str, int, int]]:
        """Name, size and day of every file but the main database's own, which is compared by its rows."""
        found = [p for p in sorted(self.folder.rglob("*")) if p.is_file() and not p.name.startswith("askwell.db")]
        return [(str(p.relative_to(self.folder)), p.stat().st_size, int(p.stat().st_mtime // 86_400)) for p in found]


@pytest.fixture
def place(askwell: Askwell, knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """One installation, which the commands find by its settings."""
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    made = Place(askwell, tmp_path / "data")
    for name in ("host", "public_url", "speakup_url", "session_key"):
        value = getattr(made.settings, name)
        monkeypatch.setenv(f"ASKWELL_{name.upper()}", value if isinstance(value, str) else value.get_secret_value())
    return made


def goes_on(place: Place) -> None:
    """A report about the chief executive: filed, read, asked about, answered, added to; and one that is taken back."""
    without = frozenset({CHIEF})
    agreed = place.desk.readers(ORG, without).ids
    receipt = place.desk.file(ORG, Report("MARKED the chief executive takes the money"), without, agreed)
    case = place.reading.inbox(ORG, CHAIR, PHRASE)[0]
    place.reading.reply(ORG, CHAIR, PHRASE, case.reference, "MARKED since when?", question=True)
    assert place.desk.open(receipt) and place.desk.answer(receipt, 1, "MARKED for years") and place.desk.add(receipt, "MARKED and more")
    assert place.desk.withdraw(place.desk.file(ORG, Report("MARKED something else"), without, agreed))
    assert len(place.reading.inbox(ORG, CHAIR, PHRASE)[0].lines) == 4


def test_nothing_tells_anybody_else_that_there_is_a_report(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The implicated person, whom they manage, the reporter; every command; health, figures and outbox; files; and every row that is kept."""
    caplog.set_level(logging.DEBUG)
    place.pages(), place.typed()  # what is done once is done: visits that begin, what a purge finds
    pages, typed, rows, files = place.pages(), place.typed(), place.rows(), place.files()
    caplog.clear()
    goes_on(place)
    assert [r.getMessage() for r in caplog.records] == []
    assert place.rows() == rows
    assert place.pages() == pages
    assert place.typed() == typed
    assert place.files() == files


def test_the_comparison_notices_what_it_should(place: Place) -> None:
    """A single row more in the main database, or a byte more in a file, would show."""
    rows, files, typed = place.rows(), place.files(), place.typed()
    with place.service.database.write() as connection:
        directory.replaced(connection, ORG, PEOPLE[:-1])
    (place.folder / "more").write_text("x")
    assert place.rows() != rows and place.files() != files and place.typed() != typed
