"""The command line: every command explains itself with an example that runs, and what goes wrong is said in one message."""

import json
import shlex
import shutil
import tomllib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot import words
from bot.load import ROOT

pytestmark = pytest.mark.whole


def commands(group: object, before: str = "") -> Iterator[str]:
    """Every command and subcommand, as it is typed: `table`, `table export`."""
    for name, command in getattr(group, "commands", {}).items():
        yield f"{before}{name}"
        yield from commands(command, f"{before}{name} ")


COMMANDS = sorted(commands(typer.main.get_command(app)))
# their examples take long, or leave a file: tested elsewhere, as those of subcommands are
ELSEWHERE = ("train", "replay", "serve", "init", "backup", "restore", "keys", "speak-up")
QUESTION = ("ask", "Can I add a volunteer on Facebook?", "--org", "derbyshire")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the knowledge, to break."""
    return shutil.copytree(ROOT, tmp_path / "knowledge")


def run(*arguments: str, said: str = "") -> Result:
    """Run a command as the shell would."""
    return CliRunner().invoke(app, list(arguments), input=said)


def example(command: str) -> str:
    """The example with which a command's help ends."""
    shown = CliRunner().invoke(app, [*command.split(), "--help"], terminal_width=500, max_content_width=500)
    assert shown.exit_code == 0
    (found,) = [line.strip() for line in shown.output.splitlines() if line.strip().startswith("Example: ")]
    return found.removeprefix("Example: ")


def test_subcommands_are_found() -> None:
    """So that each is looked at below."""
    assert {"publish", "gaps", "gaps done", "people list", "table export"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example_of_itself(command: str) -> None:
    """The example names the program and the command, and every option has a sentence."""
    assert f"askwell {command}" in example(command)
    shown = run(*command.split(), "--help").output
    assert "--help" in shown and "Show this message and exit." in shown


@pytest.mark.parametrize("command", [c for c in COMMANDS if " " not in c and c not in ELSEWHERE])
def test_the_example_runs(command: str) -> None:
    """As printed, with `quit` typed where it converses."""
    said, _, line = example(command).rpartition("| ")
    arguments = shlex.split(line)
    assert arguments[0] == "askwell"
    typed = shlex.split(said)[1] + "\n" if said else "quit\n"
    done = run(*arguments[1:], said=typed)
    assert done.exit_code == 0, done.output
    assert done.stdout.strip()


def test_a_receipt_that_was_given_is_replayed() -> None:
    """`ask --json` is JSON, and its receipt decides the same again."""
    given = json.loads(run(*QUESTION, "--json").stdout)
    assert given["verdict"] == "not_allowed" and given["receipt"]
    assert "askwell replay" in example("replay")
    done = run("replay", given["receipt"])
    assert done.exit_code == 0
    assert words.HEADLINES[given["verdict"]] in done.stdout
    assert " ".join(given["citations"][0]["quote"].split()) in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", "x", "--org", "mars"), "these are: cambspboro, derbyshire"), (("ask", "x", "--org", "[red]mars[/red]"), "'[red]mars[/red]'"),
        (("ask", "x", "--org", "sefton", "--role", "king"), "use one of: staff, manager, volunteer, director"),
        (("chat", "--org", "mars", "--role", "staff"), "these are: cambspboro"), (("chat", "--org", "sefton", "--role", "king"), "use one of: staff"),
        (("compare", "x", "--org", "mars"), "these are: cambspboro"), (("explain", "mars"), "these are: cambspboro"),
        (("explain", "sefton", "football"), "`askwell explain sefton` lists them"), (("card", "mars"), "these are: cambspboro"),
        (("replay", "hello"), "look for a mistyped"), (("replay", "!!"), "digits and letters"),
        (("ask", "x", "--org", "sefton", "--knowledge", "/nowhere"), "no such folder"), (("check", "--knowledge", "/nowhere"), "no such folder"),
    ],
)  # fmt: skip
def test_what_is_unknown_is_said_with_what_is_known(arguments: tuple[str, ...], says: str) -> None:
    """One message on standard error, exit code 2, and no traceback."""
    done = run(*arguments)
    assert done.exit_code == 2 and isinstance(done.exception, SystemExit)
    assert says in done.stderr and "Traceback" not in done.output


def unclosed(root: Path) -> Path:
    """A bracket is left open in a topic."""
    return append(root / "topics" / "tone.yaml", "facts: [unclosed\n")


def append(path: Path, text: str) -> Path:
    """Add a line to a file."""
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return path


def changed_policy(root: Path) -> Path:
    """The policy goes on where no piece does."""
    return append(root / "organisations" / "sefton" / "policy.txt", "\nAnd one thing more.\n")


def not_text(root: Path) -> Path:
    """A policy in another encoding."""
    path = root / "organisations" / "rutland" / "policy.txt"
    path.write_bytes(b"\xff\xfe" + path.read_bytes())
    return path


@pytest.mark.parametrize("broken", [unclosed, changed_policy, not_text])
def test_knowledge_that_is_broken_is_not_used(copy: Path, broken: Callable[[Path], Path]) -> None:
    """Every command that needs it names the file, says how to mend it, and answers nothing."""
    path = broken(copy)
    for arguments in ((*QUESTION, "--json"), ("check",), ("card", "sefton"), ("batch",), ("explain", "sefton")):
        done = run(*arguments, "--knowledge", str(copy))
        assert done.exit_code == 2 and isinstance(done.exception, SystemExit)
        assert path.name in done.stderr and "to mend" in done.stderr and not done.stdout


@pytest.mark.parametrize("slip", ["more: [unclosed\n", "more:\n- '(unclosed'\n"])
def test_a_slip_in_the_list_of_phrases_is_explained(copy: Path, slip: str) -> None:
    """The list that saves lives is checked as every other file is."""
    append(copy / "triage" / "lexical.yaml", slip)
    for arguments in (QUESTION, ("check",)):
        done = run(*arguments, "--knowledge", str(copy))
        assert isinstance(done.exception, SystemExit) and "lexical.yaml" in done.stdout + done.stderr


def test_the_installed_command_exists() -> None:
    """What pyproject.toml calls `askwell` can be called."""
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, name = project["scripts"]["askwell"].split(":")
    assert callable(getattr(import_module(module), name))
