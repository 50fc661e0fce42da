"""How confidential reports are set up: keys, settings, the commands for it, the staff list, and the link that chat shows."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from test_operate_docs import ROOT, VARIABLES, check, commands
from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot import flows, load, plans, report
from bot.guide import Askwell
from bot.knowledge import Flow, Knowledge
from bot.report import Around
from bot.routing import Chart
from bot.settings import Settings, SettingsError
from bot.speakup import opening
from bot.speakup.box import Box
from bot.speakup.desk import SpeakUp
from bot.speakup.reading import Reading
from bot.speakup.sealing import public
from bot.speakup.veto import DUTY
from bot.store import directory
from bot.store.database import Database
from speakup.engine_stand import CHAIR, CHEAP, IT, KEY, ORG, PEOPLE, PHRASE, TOLD

GUIDE = (ROOT / "docs" / "speaking-up.md").read_text(encoding="utf-8")
FORM = "https://speak.example.org"
STAFF = "name,email,role,organisation,duties\nCher Chair,chair@x.uk,director,sefton,speak up\n"


def run(*line: str) -> Result:
    """Type a line."""
    return CliRunner().invoke(app, line)


@pytest.fixture
def data(knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder that commands find, with a main database and a staff list."""
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    folder = tmp_path / "data"
    Box(folder / "speak-up.db", opening.key(folder / "keys" / opening.KEY_FILE), 512 * 1024)
    database = Database(f"sqlite:///{folder / 'askwell.db'}")
    database.ready()
    with database.write() as connection:
        directory.replaced(connection, ORG, PEOPLE)
    database.close()
    return folder


def office(data: Path, knowledge: Knowledge, **more: str) -> SpeakUp:
    """The counter of this folder."""
    settings = Settings.model_validate({"data": data, **more})
    database = Database(settings.database_url)
    return SpeakUp(replace(opening.opened(settings, knowledge, database), cost=CHEAP))


def test_a_recovery_key_is_typed_back_as_it_was_printed() -> None:
    """In any case, with blanks or dashes; anything else is no key."""
    private, code = opening.recovery_pair()
    assert re.fullmatch(r"([A-Z2-7]{4}-)*[A-Z2-7]{1,4}", private)
    assert public(opening.uncoded(private.lower().replace("-", " "))) == opening.uncoded(code)
    for wrong in ("", "0189", private[:-2], f"{private}A", "é" * 52):
        with pytest.raises(ValueError, match=r"^this is no key$"):
            opening.uncoded(wrong)


def test_the_recovery_command_prints_a_pair_and_keeps_nothing(data: Path) -> None:
    """What it says can be copied into the settings as it stands."""
    before = sorted(p.name for p in data.rglob("*"))
    said = run("speak-up", "recovery").output
    private, code = re.findall(r"(?:[A-Z2-7]{4}-){12}[A-Z2-7]{1,4}", said)
    assert public(opening.uncoded(private)) == opening.uncoded(code)
    assert f"ASKWELL_SPEAKUP_RECOVERY_KEY='{code}'" in said and sorted(p.name for p in data.rglob("*")) == before


@pytest.mark.parametrize(("settings", "says"), [
    ({"speakup_recovery_key": "no key", "speakup_recovery_holder": "Jo Fox"}, "ASKWELL_SPEAKUP_RECOVERY_KEY"),
    ({"speakup_recovery_key": opening.recovery_pair()[1]}, "ASKWELL_SPEAKUP_RECOVERY_HOLDER"),
])  # fmt: skip
def test_settings_that_cannot_be_used_say_which(settings: dict[str, str], says: str) -> None:
    """And what to do."""
    with pytest.raises(SettingsError, match=says):
        opening.setup(Settings.model_validate(settings))


def test_the_servers_key_is_made_once_and_is_readable_by_its_user_only(tmp_path: Path) -> None:
    """A file that is no key is refused."""
    path = tmp_path / "keys" / opening.KEY_FILE
    assert opening.key(path) == opening.key(path) and path.stat().st_mode & 0o077 == 0 and len(KEY) == 32
    path.write_bytes(b"short")
    with pytest.raises(SettingsError, match="put your copy back"):
        opening.key(path)


def test_administrators_and_roles_come_from_settings_and_staff_list(data: Path, knowledge: Knowledge) -> None:
    """Addresses in any case; a role of the policy is said by its title."""
    desk = office(data, knowledge, speakup_administrators=f" {IT.upper()}, other@x.uk")
    assert desk.office.setup.administrators == {IT, "other@x.uk"}
    assert not Reading(desk.office).may(ORG, IT) and Reading(desk.office).may(ORG, CHAIR)
    titles = {r.id: r.role for r in desk.people(ORG)}
    assert titles[CHAIR] == "Director, trustee or board member" and titles["lead@x.uk"] == "The safeguarding lead"


def test_the_duty_can_be_given_in_the_staff_list(data: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    """As it is written in a spreadsheet."""
    (tmp_path / "staff.csv").write_text(STAFF)
    done = run("people", "import", str(tmp_path / "staff.csv"))
    assert done.exit_code == 0, done.output
    assert Reading(office(data, knowledge).office).may(ORG, CHAIR)


def test_a_lost_key_is_taken_away_and_a_new_one_can_be_made(data: Path, knowledge: Knowledge) -> None:
    """By whoever runs the server; somebody without a key is said to have none."""
    reading = Reading(office(data, knowledge).office)
    reading.make_key(ORG, CHAIR, PHRASE[CHAIR])
    assert "has no key" in run("speak-up", "restart", "nobody@x.uk", "--org", ORG).output
    done = run("speak-up", "restart", CHAIR.upper(), "--org", ORG)
    assert done.exit_code == 0, done.output
    assert not any(h.made for h in reading.holders(ORG))
    reading.make_key(ORG, CHAIR, PHRASE[CHAIR])
    assert "--org" in run("speak-up", "restart", CHAIR).output


def test_a_copy_looks_the_same_with_and_without_reports(data: Path, knowledge: Knowledge, tmp_path: Path) -> None:
    """What the command says, and its size; and it holds everything."""
    desk = office(data, knowledge)
    Reading(desk.office).make_key(ORG, CHAIR, PHRASE[CHAIR])
    seen = []
    for name in ("one.db", "two.db"):
        done = run("speak-up", "backup", str(tmp_path / name))
        assert done.exit_code == 0, done.output
        seen.append((done.output.replace(name, ""), (tmp_path / name).stat().st_size, (tmp_path / name).stat().st_mode))
        desk.file(ORG, TOLD, frozenset(), desk.readers(ORG).ids)
    assert seen[0] == seen[1] and (tmp_path / "two.db").stat().st_mode & 0o077 == 0
    assert len(Box(tmp_path / "two.db", opening.key(data / "keys" / opening.KEY_FILE)).read().reports) == 1
    assert run("speak-up", "backup", str(tmp_path / "one.db")).exit_code == 2


def test_chat_shows_the_same_link_to_everybody_once_it_is_set(askwell: Askwell) -> None:
    """And none before; no step of that conversation takes words."""
    known = plans.load(load.ROOT, askwell.knowledge)
    for organisation in askwell.knowledge.organisations:
        around = Around(Chart.of([replace(p, organisation=organisation) for p in PEOPLE]), (), {}, None, frozenset())
        shown = [report.begun(p.flows[Flow.WHISTLEBLOWING], around, "whistleblowing").reply for p in (known, plans.naming(known, FORM))]
        without, with_it = ("\n".join(reply.lines) for reply in shown)
        assert FORM not in without and with_it.replace(without, "").count(FORM) == 1
    assert plans.naming(known, "") is known
    odd = plans.naming(known, "https://x.uk/{who}/{}")
    assert "https://x.uk/{who}/{}" in "\n".join(report.begun(odd.flows[Flow.WHISTLEBLOWING], around, "whistleblowing").reply.lines)
    assert not any(s.kind in flows.TYPED for s in odd.flows[Flow.WHISTLEBLOWING].steps)


@pytest.mark.parametrize("line", commands(GUIDE))
def test_every_command_in_the_guide_exists(line: str) -> None:
    """With its options."""
    check(line)


def test_the_guide_is_true_of_settings_sums_and_the_page() -> None:
    """Every setting is one, the arithmetic of the receipt is right, and the page calls things by the names that stand there."""
    found = set(re.findall(r"ASKWELL_[A-Z_]+", GUIDE))
    assert len(found) >= 5 and found <= VARIABLES
    assert "10^16 ÷ 2 ÷ 100,000 ÷ 31,557,600 = 1,584 years" in GUIDE and 10**16 // 2 // 100_000 // 31_557_600 == 1_584
    page = (ROOT / "adapters" / "web" / "templates" / "speakup.html").read_text(encoding="utf-8")
    assert all(name in GUIDE and name in page for name in ("Confidential reports", "I have lost my passphrase"))
    assert f"`{opening.KEY_FILE}`" in GUIDE and f"`{DUTY}`" in GUIDE
