"""init, serve, migrate, backup, restore, purge, privacy and settings as somebody types them."""

import os
import stat
from pathlib import Path

import pytest
from commands import SEFTON_BY_SLACK, SIGNING, TOKEN, revision, run
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from adapters.terminal import install
from adapters.terminal.cli import app
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.settings import Settings, SettingsError, read, settings, unknown, written
from bot.store import records
from bot.store.database import Database


@pytest.fixture(autouse=True)
def _here(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a folder of the test's own, with nothing configured; the policies are read only once."""
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    monkeypatch.delenv("ASKWELL_ENV")
    monkeypatch.chdir(tmp_path)


# --- init


def test_init_asks_and_writes_what_was_said() -> None:
    """Into a file that nobody else can read; what was left empty is not in it."""
    done = run("init", SEFTON_BY_SLACK)
    assert done.exit_code == 0, done.output
    path = Path("askwell.env")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert dotenv_values(path) == {
        "ASKWELL_ORGANISATION": "sefton", "ASKWELL_SLACK_BOT_TOKEN": TOKEN, "ASKWELL_SLACK_SIGNING_SECRET": SIGNING,
        "ASKWELL_ALARM_TO": "slack:U0123456789",
    }  # fmt: skip
    assert settings().organisation == "sefton" and settings().slack and "askwell doctor" in done.stdout


def test_init_asks_for_teams_what_stands_in_azure() -> None:
    """What cannot be an id is asked for again, and the secret is not shown."""
    guid = "12345678-1234-1234-1234-123456789abc"
    done = run("init", f"sefton\nhttps://askwell.example.org\nn\n\nn\ny\naskwell\n{guid}\n{guid}\nvery-secret\n\n")
    assert done.exit_code == 0 and "docs/teams.md" in done.output and "It must be like" in done.output and "very-secret" not in done.output
    found = dotenv_values("askwell.env")
    assert {name: found[f"ASKWELL_TEAMS_{name}"] for name in ("APP_ID", "TENANT", "APP_SECRET")} == {
        "APP_ID": guid, "TENANT": guid, "APP_SECRET": "very-secret",
    }  # fmt: skip


def test_init_never_shows_a_secret() -> None:
    """Neither while it is typed nor afterwards."""
    assert "very-secret" not in run("init", SEFTON_BY_SLACK).output


def test_init_overwrites_nothing_without_a_yes() -> None:
    """And with a yes only once everything is answered."""
    run("init", SEFTON_BY_SLACK)
    before = Path("askwell.env").read_text()
    assert run("init", "n\n").exit_code == 1
    assert run("init", "y\nrutland\n").exit_code == 1  # it was broken off
    assert Path("askwell.env").read_text() == before and [p.name for p in Path().iterdir()] == ["askwell.env"]
    assert run("init", "y\nrutland\n\n\nn\nn\n\n").exit_code == 0
    assert dotenv_values("askwell.env") == {"ASKWELL_ORGANISATION": "rutland"}


def test_init_asks_again_where_an_answer_cannot_be() -> None:
    """With what it must be."""
    done = run("init", "mars\nsefton\nhttp://x\nhttps://askwell.example.org\nn\n\nn\nn\nkim\nmailto:kim@example.org\nmail.example.org\nx\n465\n\n\n")
    assert done.exit_code == 0, done.output
    for says in ("'mars' is not encoded here.", "It must begin with https://.", "It must begin with mailto: or slack:.", "It must be a number."):
        assert says in done.stdout
    assert settings().smtp_port == 465 and settings().public_url == "https://askwell.example.org"


def test_init_makes_the_key_of_the_sign_in_by_itself() -> None:
    """Nobody has to invent one."""
    done = run("init", "\nhttps://askwell.example.org\ny\nhttps://id.example.org\naskwell\nclient-secret\n\nn\nn\n\n")
    assert done.exit_code == 0, done.output
    assert settings().oidc and len(settings().session_key.get_secret_value()) >= 32


def test_another_file_can_be_named_and_is_then_used() -> None:
    """By --env-file, or by ASKWELL_ENV."""
    run("init --file other.env", "rutland\n\n\nn\nn\n\n")
    assert not Path("askwell.env").exists() and settings().organisation == ""
    Path("staff.csv").write_text("name,email,role\nRoy,roy@example.org,staff\n")
    assert run("--env-file other.env people import staff.csv").exit_code == 0
    assert os.environ["ASKWELL_ENV"] == "other.env" and settings().organisation == "rutland"
    del os.environ["ASKWELL_ENV"]


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_whatever_a_value_holds_is_read_as_it_was_written(value: str) -> None:
    """Quotes, backslashes, hashes, blanks; or it is refused."""
    try:
        text = written({"smtp_password": value})
    except SettingsError:
        assert "${" in value or not value.isprintable()
        return
    path = Path("round.env")
    path.write_text(text, encoding="utf-8")
    assert read(path).smtp_password.get_secret_value() == value


def test_settings_that_cannot_be_kept_leave_the_old_file() -> None:
    """Nothing is written by half."""
    install.write({"organisation": "sefton"}, Path("askwell.env"))
    with pytest.raises(SettingsError, match="ASKWELL_SMTP_PASSWORD holds what an env file cannot"):
        install.write({"smtp_password": "${HOME}"}, Path("askwell.env"))
    assert settings().organisation == "sefton" and not Path("askwell.env.new").exists()


# --- settings


def test_the_environment_counts_more_than_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """And an empty value counts as none."""
    Path("askwell.env").write_text("ASKWELL_PORT=9000\nASKWELL_HOST=\n")
    assert (settings().port, settings().host) == (9000, "127.0.0.1")
    monkeypatch.setenv("ASKWELL_PORT", "9001")
    assert settings().port == 9001
    monkeypatch.setenv("ASKWELL_ENV", "")
    monkeypatch.delenv("ASKWELL_PORT")
    assert settings().port == 8080


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ASKWELL_PORT", "lots", "ASKWELL_PORT: input should be a valid integer"),
        ("ASKWELL_PORT", "70000", "ASKWELL_PORT: input should be less than"),
        ("ASKWELL_LOG_LEVEL", "loud", "ASKWELL_LOG_LEVEL: input should be 'debug', 'info'"),
        ("ASKWELL_ENV", "nowhere.env", "which is not there"),
        ("ASKWELL_DATABASE", "nonsense", "ASKWELL_DATABASE is not an address"),
        ("ASKWELL_ENV", "binary.env", "cannot be read"),
        ("ASKWELL_DATABASE", "postgresql://a:very-secret@127.0.0.1:1/x", "cannot be reached: check ASKWELL_DATABASE"),
    ],
)
def test_a_wrong_setting_is_named_by_every_command(variable: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message, no traceback, no secret."""
    Path("binary.env").write_bytes(b"\xff\xfe\xff=1")
    monkeypatch.setenv(variable, value)
    for command in ("purge", "backup b.zip", "migrate"):
        done = run(command)
        assert done.exit_code == 2 and isinstance(done.exception, SystemExit) and says in done.stderr
        assert "very-secret" not in done.output and "Traceback" not in done.output


def test_a_mistyped_name_is_found() -> None:
    """With the one that was probably meant."""
    Path("askwell.env").write_text("ASKWELL_PROT=1\nOTHER=2\n")
    assert unknown({"ASKWELL_SLACK_BOT_TOKN": "x", "ASKWELL_HOST": "x", "PATH": "x"}, Path("askwell.env")) == [
        "ASKWELL_PROT is not a setting; did you mean ASKWELL_PORT?", "ASKWELL_SLACK_BOT_TOKN is not a setting; did you mean ASKWELL_SLACK_BOT_TOKEN?"
    ]  # fmt: skip


@pytest.fixture
def prepared() -> Database:
    """The database of this installation, made ready."""
    database = Database(settings().database_url)
    database.ready()
    return database


# --- serve


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"ASKWELL_SLACK_BOT_TOKEN": "very-secret"}, "must be the bot token"),
        ({"ASKWELL_SLACK_BOT_TOKEN": TOKEN}, "ASKWELL_SLACK_SIGNING_SECRET is missing"),
        ({"ASKWELL_DATABASE": "postgresql://a:very-secret@127.0.0.1:1/x"}, "cannot be reached: check ASKWELL_DATABASE"),
        ({"ASKWELL_ALARM_TO": "mailto:kim@example.org"}, "set ASKWELL_SMTP_HOST"),
        ({"ASKWELL_HOST": "192.0.2.1"}, "Set ASKWELL_PUBLIC_URL"),
        ({"ASKWELL_DATA": "file/data"}, "cannot be"),
    ],
)
def test_nothing_is_served_with_settings_that_cannot_work(
    environment: dict[str, str], says: str, askwell: Askwell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One clear line at start, no traceback, no secret."""
    monkeypatch.setattr("adapters.terminal.operate.engine", lambda _root: askwell)
    Path("file").write_text("no folder")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = run("serve --port 0")
    assert done.exit_code == 2 and isinstance(done.exception, SystemExit), done.output
    assert says in done.stderr and "very-secret" not in done.output and "Traceback" not in done.output


def test_a_database_that_is_not_migrated_is_not_served(prepared: Database, askwell: Askwell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do first."""
    monkeypatch.setattr("adapters.terminal.operate.engine", lambda _root: askwell)
    revision(prepared, "9999")
    prepared.close()
    done = run("serve --port 0")
    assert done.exit_code == 2 and "newer Askwell" in done.stderr
    assert "Askwell is at" not in done.output  # whoever reads that opens it


# --- migrate, backup, restore, purge


def test_a_backup_is_made_and_taken_back(prepared: Database) -> None:
    """Through the commands; a full database is replaced only when one says so."""
    with prepared.write() as connection:
        records.take(connection, "slack", "e1", prepared.now(connection))
    assert run("backup monday.zip").stdout.strip() == "Saved 1 row to monday.zip."
    assert run("backup monday.zip").exit_code == 2
    done = run("restore monday.zip")
    assert done.exit_code == 2 and "add --replace" in done.stderr
    with prepared.write() as connection:
        records.take(connection, "slack", "e2", prepared.now(connection))
    done = run("restore monday.zip --replace")
    assert done.exit_code == 0 and done.stdout.startswith("Restored 1 row.") and "people forget" in done.stdout
    with prepared.read() as connection:
        assert records.seen(connection, "slack", "e1") and not records.seen(connection, "slack", "e2")
    prepared.close()


def test_the_examples_of_backup_and_restore_run(prepared: Database) -> None:
    """One after the other, as they are printed."""
    prepared.close()
    for command in ("backup", "restore"):
        shown = CliRunner().invoke(app, [command, "--help"], terminal_width=500, max_content_width=500).output
        (example,) = [line.strip() for line in shown.splitlines() if line.strip().startswith("Example: askwell ")]
        done = run(example.removeprefix("Example: askwell "))
        assert done.exit_code == 0, done.output


def test_a_file_that_is_no_backup_is_explained(prepared: Database) -> None:
    """Also one that is not there."""
    prepared.close()
    Path("x.zip").write_text("hello")
    assert "is no backup of Askwell" in run("restore x.zip").stderr
    assert "does not exist" in run("restore y.zip").stderr
    assert "cannot be written" in run("backup nowhere/b.zip").stderr


def test_migrating_and_purging_say_what_they_did(prepared: Database) -> None:
    """In one line each."""
    with prepared.write() as connection:
        records.take(connection, "slack", "old", 1.0)
    assert run("purge").stdout.strip() == "Deleted 1 row."
    prepared.close()
    Path(str(prepared.url.database)).unlink()
    assert run("migrate").stdout.strip() == "The database is up to date."
    revision(prepared, "9999")
    done = run("migrate")
    assert done.exit_code == 2 and "Traceback" not in done.output


@pytest.mark.parametrize("said", [{}, {"organisation": "sefton"}])
def test_settings_never_show_their_secrets(said: dict[str, str]) -> None:
    """Not even by accident."""
    shown = repr(Settings(_env_file=None, slack_bot_token=TOKEN, database="postgresql://a:very-secret@h/x", **said))  # type: ignore[arg-type]  # pydantic reads them
    assert "very-secret" not in shown
