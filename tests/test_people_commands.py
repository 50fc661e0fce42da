"""`askwell people` as somebody types it, on both databases."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot.knowledge import Knowledge
from bot.people import Asker
from bot.store import directory, invites
from bot.store.database import Database
from bot.store.invites import Invite

STAFF = "name,email,role,manager,cover\nAnn Lee,ann@example.org,manager,,always\nBob,bob@example.org,staff,Ann Lee,\n"


ON_ONE = pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # where the database does not matter


@pytest.fixture(autouse=True)
def _here(address: str, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The commands work on a database of the test's own, in a folder of the test's own, and read the policies only once."""
    monkeypatch.setenv("ASKWELL_DATABASE", address)
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    monkeypatch.chdir(tmp_path)


def run(line: str, said: str = "") -> Result:
    """Type a line."""
    return CliRunner().invoke(app, shlex.split(line), input=said)


def take(text: str, more: str = "--org sefton") -> Result:
    """Import a list."""
    Path("staff.csv").write_text(text, encoding="utf-8")
    return run(f"people import staff.csv {more}")


def test_a_list_is_taken_over_and_shown() -> None:
    """Who is new; then everybody, and one of them with all that is kept."""
    done = take(STAFF)
    assert done.exit_code == 0, done.output
    assert "2 new, 0 changed, 0 gone, 0 as before." in done.stdout and "The directory is up to date." in done.stdout
    assert run("people list").stdout.splitlines() == ["Ann Lee <ann@example.org>, manager, sefton", "Bob <bob@example.org>, staff, sefton"]
    shown = run("people show ANN@example.org").stdout
    for part in ("Ann Lee <ann@example.org>", "manages       Bob", "always (can be reached now)", "leave         none", "accounts      none yet"):
        assert part in shown
    assert "not said, so Mon-Fri 09:00-17:00" in run("people show bob@example.org").stdout


def test_the_next_list_says_what_changes_and_a_dry_run_changes_nothing() -> None:
    """New, changed in what, gone."""
    take(STAFF)
    other = "name,email,role,Payroll\nAnn Lee,ann@example.org,director,7\nCy,cy@example.org,staff,8\n"
    for more, after in (("--org sefton --dry-run", 2), ("--org sefton", 2)):
        shown = take(other, more).stdout
        assert "1 new, 1 changed, 1 gone, 0 as before." in shown and "Ann Lee <ann@example.org>, director, sefton: role, cover" in shown
        assert "gone     Bob" in shown and "Payroll" in shown
        names = run("people list").stdout
        assert len(names.splitlines()) == after and ("Cy" in names) is ("--dry-run" not in more)


def test_a_list_with_a_slip_is_not_taken_at_all() -> None:
    """Every slip with its place, on standard error; the directory is as it was."""
    take(STAFF)
    done = take("name,email,role\nCy,cy@example.org,staff\nDi,di(at)example.org,king\n")
    assert done.exit_code == 2 and not done.stdout
    assert "Nothing is imported. 2 to mend:" in done.stderr and "row 3, email:" in done.stderr and "row 3, role:" in done.stderr
    assert "Cy" not in run("people list").stdout


def test_a_list_may_hold_several_organisations_and_leaves_the_others_alone() -> None:
    """Only those that are in it are replaced."""
    take(STAFF)
    head = "name,email,role,organisation\n"
    assert take(head + "Roy,roy@example.org,staff,rutland\nDee,dee@example.org,staff,Healthwatch Derbyshire\n", "").exit_code == 0
    assert len(run("people list").stdout.splitlines()) == 4
    assert run("people list --org rutland").stdout.strip() == "Roy <roy@example.org>, staff, rutland"


@ON_ONE
def test_a_long_list_is_told_shortly() -> None:
    """Twenty of them, and how many more."""
    lines = "".join(f"P{i:02},p{i}@example.org,staff\n" for i in range(50))
    shown = take("name,email,role\n" + lines).stdout
    assert shown.count("  new ") == 21 and "new      and 30 more" in shown


def test_somebody_is_forgotten_after_a_yes(address: str) -> None:
    """With their account; without a yes nothing happens."""
    take(STAFF)
    database = Database(address)
    with database.write() as connection:
        directory.introduce(connection, "slack", "U1", Asker("sefton", "staff", member=True, email="bob@example.org"), 1.0)
    assert "accounts      slack" in run("people show bob@example.org").stdout
    assert run("people forget bob@example.org", "n\n").exit_code == 1
    assert "Bob" in run("people list").stdout
    done = run("people forget Bob@Example.org", "y\n")
    assert done.exit_code == 0 and "1 in the directory, 1 accounts, 0 invitations" in done.stdout and "backups" in done.stdout
    with database.read() as connection:
        assert directory.asker(connection, "slack", "U1") is None
    database.close()
    assert "Nothing is kept of bob@example.org." in run("people forget bob@example.org --yes").stderr


@pytest.mark.parametrize(
    ("environment", "begins"),
    [({}, "http://127.0.0.1:8080/invite/"), ({"ASKWELL_PUBLIC_URL": "https://askwell.example.org/"}, "https://askwell.example.org/invite/")],
)
def test_an_invitation_is_a_link_and_nothing_else_on_standard_output(
    environment: dict[str, str], begins: str, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """So that it can be piped into a mail; the token in it works, once."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = run("people invite Sam@example.org --org sefton --role director --days 3")
    assert done.exit_code == 0 and "within 3 days" in done.stderr
    assert re.fullmatch(re.escape(begins) + r"[\w-]{43}\n", done.stdout)
    assert re.match(r"open +sam@example.org, director, sefton, until \d+ \w+ \d{4}", run("people invites").stdout)
    database = Database(address)
    with database.write() as connection:
        now = database.now(connection)
        assert invites.use(connection, done.stdout.strip().removeprefix(begins), now) == Invite("sefton", "sam@example.org", "director")
    database.close()
    assert run("people invites").stdout.startswith("used")


def test_an_invitation_is_taken_back() -> None:
    """Once; then there is none."""
    run("people invite sam@example.org --org sefton")
    assert run("people revoke sam@example.org").stdout.strip() == "Revoked: 1."
    done = run("people revoke sam@example.org")
    assert done.exit_code == 2 and "no open invitation" in done.stderr
    assert run("people invites").stdout.startswith("revoked")


@ON_ONE
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("people import nowhere.csv", "does not exist"),
        ("people list --org mars", "these are: cambspboro"),
        ("people show ann", "is not an e-mail address"),
        ("people show ann@example.org", "Nobody with the address"),
        ("people invite sam@example.org", "Say for which organisation"),
        ("people invite sam --org sefton", "is not an e-mail address"),
        ("people invite sam@example.org --org sefton --role king", "use one of: staff"),
        ("people invite sam@example.org --org sefton --days 400", "less than or equal to 90"),
        ("people revoke sam@example.org --org mars", "these are: cambspboro"),
    ],
)
def test_what_is_wrong_is_explained(line: str, says: str) -> None:
    """One message on standard error, exit code 2, no traceback."""
    done = run(line)
    assert done.exit_code == 2 and isinstance(done.exception, SystemExit)
    assert says in " ".join(done.stderr.replace("│", " ").split()) and not done.stdout


@ON_ONE
def test_the_configured_organisation_counts_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One organisation, one installation."""
    monkeypatch.setenv("ASKWELL_ORGANISATION", "rutland")
    assert take("name,email,role\nRoy,roy@example.org,staff\n", "").exit_code == 0
    assert run("people list").stdout.strip() == "Roy <roy@example.org>, staff, rutland"
    assert run("people invite sam@example.org").exit_code == 0


@ON_ONE
def test_names_are_shown_as_they_are() -> None:
    """Neither as markup nor as commands to the terminal."""
    take("name,email,role\n[red]Ann\x1b[2J[/red],ann@example.org,staff\n")
    shown = run("people list").stdout
    assert "[red]Ann" in shown and "\x1b" not in shown


GROUP = typer.main.get_command(app).commands["people"]  # type: ignore[attr-defined]  # a group has commands


@ON_ONE
@pytest.mark.parametrize("command", sorted(GROUP.commands))
def test_every_command_shows_an_example_that_runs(command: str) -> None:
    """As printed, once what it speaks of is there."""
    take(STAFF)
    run("people invite sam@example.org --org sefton")
    shown = CliRunner().invoke(app, ["people", command, "--help"], terminal_width=500, max_content_width=500)
    (example,) = [line.strip() for line in shown.output.splitlines() if line.strip().startswith("Example: ")]
    line = example.removeprefix("Example: askwell ")
    assert line.startswith(f"people {command}")
    done = run(line)
    assert done.exit_code == 0, done.output
