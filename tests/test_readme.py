"""What the README shows comes from the program."""

import re
import shlex
from pathlib import Path

from typer.testing import CliRunner

from adapters.terminal.cli import app

README = Path(__file__).parent.parent / "README.md"
EXAMPLE = re.compile(r"<!-- example: askwell (?P<command>.+?) -->\n```\n(?P<shown>.*?)```", re.DOTALL)


def test_the_example_in_the_readme_is_what_the_program_says() -> None:
    """The question in the README gets the answer in the README (its receipt aside, which changes with the knowledge)."""
    found = EXAMPLE.search(README.read_text(encoding="utf-8"))
    assert found
    result = CliRunner().invoke(app, shlex.split(found["command"]), env={"COLUMNS": "88", "NO_COLOR": "1"})
    assert _essence(result.stdout) == _essence(found["shown"])


def test_every_command_is_named_in_the_readme() -> None:
    """A command that nobody can find might as well not be there."""
    text = README.read_text(encoding="utf-8")
    names = [c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands]
    assert all(f"`askwell {name}" in text for name in names)


def test_the_two_commands_of_the_readme_are_in_the_makefile() -> None:
    """`make run` and `make test` are all that a newcomer needs."""
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    assert all(f"\n{target}:" in makefile for target in ("run", "test", "train", "bench", "check", "setup"))


def _essence(text: str) -> list[str]:
    """The words, however wide the terminal, without the receipt."""
    return " ".join(line for line in text.splitlines() if not line.startswith("Receipt")).split()
