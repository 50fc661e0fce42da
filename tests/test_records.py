"""`askwell cases`, `keys` and `subject`, the purge of closed reports, the doctor's look at duties, and the clock that runs beside the channels."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import reporting
from reporting import BOSS, DEPUTY, LAST, LEAD, ME, ORG, PEOPLE, TEAM, World
from typer.testing import CliRunner, Result

from adapters.remind import Reminders, until_night
from adapters.terminal.cli import app
from bot import load, plans, vault, watch
from bot.guide import Askwell
from bot.knowledge import Flow, Knowledge
from bot.people import Person
from bot.service import Service
from bot.store import cases, chain, retention
from bot.store.cases import NoCaseError
from bot.store.database import Database
from bot.store.retention import DAY


@pytest.fixture
def world(askwell: Askwell, knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Where `askwell` finds it by its settings."""
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    data = tmp_path / "data"
    made = reporting.world(askwell, f"sqlite:///{data / 'askwell.db'}", vault=vault.kept(data / "keys"))
    yield made
    made.database.close()


def run(*line: str) -> Result:
    """Type a line."""
    return CliRunner().invoke(app, line)


def closed(world: World) -> str:
    """A report that was dealt with."""
    reference = world.files()
    for action in ("take", "close"):
        world.board.acted(ORG, reference, LEAD, {"action": action})
    return reference


def test_the_list_has_references_standing_and_days_and_nothing_else(world: World) -> None:
    """Not who, not what, not of which kind."""
    reference, other = world.files({"implicated": BOSS}), closed(world)
    done = run("cases", "list", "--org", ORG)
    assert done.exit_code == 0, done.output
    assert sorted(done.stdout.splitlines()) == sorted(
        [f"{reference}  open    warrington, sent 2026-11-20", f"{other}  closed  warrington, sent 2026-11-20, closed 2026-11-20"]
    )
    assert run("cases", "list", "--org", "sefton").stdout == "There are no reports.\n"


def test_what_is_held_is_kept_until_it_is_released(world: World) -> None:
    """Both are audited; a reference that is not there is said to be none."""
    reference = closed(world)
    assert run("cases", "hold", reference.lower(), "--org", ORG).exit_code == 0
    assert "will not be deleted" in run("cases", "list", "--org", ORG).stdout
    later = world.clock[0] + 400 * DAY

    def purged() -> int:
        with world.database.write() as connection:
            return retention.purge(connection, later, {Flow.SAFEGUARDING: 365}, world.database.vault)["case"]

    assert purged() == 0 and world.references() == {reference}
    assert run("cases", "release", reference, "--org", ORG).exit_code == 0
    assert purged() == 1 and world.references() == set()
    with world.database.read() as connection:
        assert chain.broken(connection, world.database.vault, ORG) is None
        assert chain.doers(connection, ORG, reference, "purged") == {""} == chain.doers(connection, ORG, reference, "held")
        assert chain.doers(connection, ORG, reference, "take") == {LEAD}
    gone = run("cases", "hold", reference, "--org", ORG)
    assert gone.exit_code == 2 and f"{ORG} has no report {reference}" in gone.stderr


@pytest.mark.parametrize(("keeping", "left"), [({Flow.SAFEGUARDING: 365}, 1), ({Flow.MEDIA: 1}, 2), ({}, 2), ({Flow.SAFEGUARDING: 401}, 2)])
def test_only_closed_reports_whose_time_is_over_go_by_kind(world: World, keeping: retention.Keeping, left: int) -> None:
    """One that is open never goes."""
    closed(world)
    world.files()
    with world.database.write() as connection:
        retention.purge(connection, world.clock[0] + 400 * DAY, keeping, world.database.vault)
    assert len(world.references()) == left


def test_after_a_new_key_reports_can_be_read_also_by_a_server_that_runs(world: World, askwell: Askwell, tmp_path: Path) -> None:
    """And without the older key: only the keys of the reports were sealed anew."""
    reference = world.files()
    done = run("keys", "rotate")
    assert done.exit_code == 0 and "1 report anew" in done.stdout, done.output
    assert world.board.opened(ORG, reference, LEAD).content["seen"]
    assert world.later(3_601) == 1 and world.pinged() == [LEAD, DEPUTY]
    files = sorted((tmp_path / "data" / "keys").glob("*.key"))
    assert len(files) == 2
    newest = bytes.fromhex(files[1].stem.split("-")[1])
    with world.database.read() as connection:
        held = cases.load(connection, vault.Vault({newest: files[1].read_bytes()}, newest), ORG, reference)
    assert held.case.reference == reference


def test_a_new_key_is_not_made_where_the_old_one_is_missing(world: World, tmp_path: Path) -> None:
    """It says what to put back."""
    world.files()
    for path in (tmp_path / "data" / "keys").iterdir():
        path.unlink()
    done = run("keys", "rotate")
    assert done.exit_code == 2 and "put your copy back" in done.stderr and list((tmp_path / "data" / "keys").iterdir()) == []


def test_what_is_kept_about_a_person_tells_of_no_report_and_shows_no_token(world: World) -> None:
    """Of the reporter and of whoever is named it is the same as before; of a handler also what they did."""
    before = {who: run("subject", who).stdout for who in (ME, BOSS)}
    reference = world.files({"implicated": BOSS})
    world.board.opened(ORG, reference, LEAD)
    assert {who: run("subject", who).stdout for who in (ME, BOSS)} == before
    found = json.loads(run("subject", LEAD.upper()).stdout.rpartition("}")[0] + "}")
    assert found["person"][0]["duties"] == "safeguarding-lead" and [a["act"] for a in found["done as somebody who looks after reports"]] == ["read"]
    assert reference not in run("subject", LEAD).stdout and '"id"' not in run("subject", LEAD).stdout


def test_the_doctor_names_duties_that_nobody_holds_or_that_nobody_can_be_reached_for(world: World) -> None:
    """Without mail nobody here can be asked; it names no person."""
    line = next(x for x in run("doctor").stdout.splitlines() if "reports" in x)
    assert "nobody holds 'communications-team', who is asked in reports of media" in line and "'human-resources'" in line
    assert "nobody who holds 'safeguarding-lead' can be reached" in line and "@" not in line


@pytest.mark.parametrize("missing", [LEAD, TEAM, LAST])
def test_each_duty_that_is_missing_is_found(made: Callable[..., World], knowledge: Knowledge, missing: str) -> None:
    """And only that, where the others can be reached by mail."""
    duties = {LEAD: "safeguarding-lead", TEAM: "safeguarding-team", LAST: "fallback"}
    others = [Person(ORG, f"{d}@x.uk", d, "staff", duties=(d,)) for d in ("communications-team", "human-resources")]
    whole = made([*PEOPLE, *others])
    known = plans.load(load.ROOT, knowledge)
    with whole.database.read() as connection:
        assert watch.unreachable(connection, knowledge, known, {"email"}) == []
    part = made(reporting.without([*PEOPLE, *others], missing))
    with part.database.read() as connection:
        (line,) = watch.unreachable(connection, knowledge, known, {"email"})
    assert f"nobody holds '{duties[missing]}'" in line and "askwell people import" in line


def test_the_night_logs_the_head_of_the_audit_and_what_was_changed(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Number and seal; a changed line as an error."""
    world.files()
    with caplog.at_level(logging.INFO, "askwell.reports"):
        Reminders(world.service, lambda: None).night()
        assert [(vars(r)["number"], len(vars(r)["hash"])) for r in caplog.records if r.message == "audit"] == [(1, 64)]
        assert not [r for r in caplog.records if r.levelno == logging.ERROR]
        with world.database.write() as connection:
            connection.exec_driver_sql("UPDATE case_audit SET who = 'x'")
        Reminders(world.service, lambda: None).night()
    assert [r.message for r in caplog.records if r.levelno == logging.ERROR] == [
        f"reports: {ORG}: the audit of reports was changed at line 1. Find out who had access, and compare with a backup."
    ]


def test_whoever_is_next_is_asked_and_the_courier_woken(world: World) -> None:
    """Once for what is due."""
    woken: list[int] = []
    reminders = Reminders(world.service, lambda: woken.append(1))
    world.files()
    assert reminders.once() == 0 and woken == []
    world.clock[0] += 3_601
    assert reminders.once() == 1 and woken == [1] and world.pinged() == [LEAD, DEPUTY]
    assert reminders.once() == 0 and woken == [1]


def test_a_database_that_fails_is_tried_again(askwell: Askwell) -> None:
    """Nothing is raised; the next second tries anew."""
    service = Service(askwell, Database("postgresql://a:b@127.0.0.1:1/x"), plans.load(load.ROOT, askwell.knowledge))
    assert Reminders(service, lambda: None).once() == 0


def test_night_is_at_three_in_london() -> None:
    """Also when the clocks change."""
    assert until_night(datetime(2026, 11, 21, 2, 0, tzinfo=UTC)) == 3_600
    assert until_night(datetime(2026, 11, 21, 3, 0, tzinfo=UTC)) == 24 * 3_600
    assert until_night(datetime(2026, 10, 24, 20, 0, tzinfo=UTC)) == 7 * 3_600  # the clocks go back
    assert until_night(datetime(2026, 7, 1, 1, 0, tzinfo=UTC)) == 3_600


def test_nobody_else_can_be_asked_about_a_report_through_the_records(world: World) -> None:
    """An administrator is a person, too: without a duty the board shows them nothing."""
    reference = world.files()
    with pytest.raises(NoCaseError):
        world.board.opened(ORG, reference, "")
