"""What the documents, the container file and the service file say is so: commands, options, settings, columns, files."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from adapters.operate import Operate
from adapters.terminal.cli import app
from bot import settings as configuration
from bot import staff
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
SERVICE = (ROOT / "deploy" / "askwell.service").read_text(encoding="utf-8")
VARIABLES = {PREFIX + name.upper() for name in Settings.model_fields} | {configuration.ENV}


def commands(text: str) -> list[str]:
    """Every `askwell …` that a document tells people to type."""
    quoted = re.findall(r"`askwell ([^`]+)`", text)
    blocks = [line for block in re.findall(r"```\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return quoted + [line.split("#")[0].removeprefix("askwell ") for line in blocks if line.startswith("askwell ")]


def check(line: str) -> None:
    """The command and its options exist."""
    command: Any = typer.main.get_command(app)
    words = [w for w in shlex.split(line) if w != "…"]
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    options = {name for p in command.params for name in p.opts}
    assert {w for w in words if w.startswith("--")} <= options, f"askwell {line}"
    takes = any(not name.startswith("-") for p in command.params for name in p.opts)
    assert takes or not words or words[0].startswith("--"), f"askwell {line}"


@pytest.mark.parametrize("line", commands(OPERATIONS))
def test_every_command_in_the_guide_exists(line: str) -> None:
    """With its options."""
    check(line)


def test_the_guide_names_what_there_is() -> None:
    """Enough commands are found, so that the test above looks at something."""
    found = " ".join(commands(OPERATIONS))
    for name in ("init", "doctor", "serve", "migrate", "backup", "restore", "purge", "privacy", "people import", "people invite", "gaps done"):
        assert name in found


@pytest.mark.parametrize("text", [OPERATIONS, CONTAINER, SERVICE], ids=["guide", "container", "service"])
def test_every_variable_is_a_setting(text: str) -> None:
    """No name that nobody reads."""
    found = set(re.findall(r"ASKWELL_[A-Z_]+", text))
    assert found and found <= VARIABLES


def test_the_table_of_settings_is_current() -> None:
    """`askwell settings` prints it."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert configuration.table() in page
    assert all(f"`{name}`" in page for name in VARIABLES)
    assert all(field.description for field in Settings.model_fields.values())


def test_the_guide_lists_the_columns_of_a_staff_list() -> None:
    """All of them, in order."""
    table = OPERATIONS.split("| column | what stands in it |\n|---|---|\n")[1].split("\n\n")[0]
    assert [row.split("|")[1].strip() for row in table.splitlines()] == list(staff.COLUMNS)


def test_the_guide_lists_what_can_be_watched() -> None:
    """Each address, and each part that /readyz can name."""
    for path in ("/healthz", "/readyz", "/metrics"):
        assert f"| `{path}` |" in OPERATIONS
    for part in Operate.PARTS:
        assert f"`/readyz` names `{part}`" in OPERATIONS


def test_files_that_the_guide_links_to_are_there() -> None:
    """Beside it."""
    links = re.findall(r"\]\(([^)#]+)\)", OPERATIONS)
    assert links and all((ROOT / "docs" / link).exists() for link in links)


def test_the_container_runs_a_command_of_ours_as_nobody_special() -> None:
    """What it copies is there, it is not root at the end, and it looks after its health."""
    check(" ".join(re.findall(r'"([^"]+)"', CONTAINER.split("\nCMD ")[1])))
    assert '\nENTRYPOINT ["askwell"]\n' in CONTAINER
    for source in (s for line in re.findall(r"^COPY (.+) \S+$", CONTAINER, re.MULTILINE) for s in line.split()):
        assert (ROOT / source).exists(), source
    users = re.findall(r"^USER (\S+)", CONTAINER, re.MULTILINE)
    assert users == ["askwell"] and CONTAINER.index("USER askwell") < CONTAINER.index("ENTRYPOINT")
    assert "/healthz" in CONTAINER and ":3.11-slim" in CONTAINER and "--require-hashes" in CONTAINER
    (environment,) = re.findall(r"^ENV (.+)$", CONTAINER, re.MULTILINE)
    variables = dict(re.findall(r"(\S+)=(\S+)", environment))
    assert f"EXPOSE {variables['ASKWELL_PORT']}" in CONTAINER and f"VOLUME {variables['ASKWELL_DATA']}" in CONTAINER


def test_the_service_runs_a_command_of_ours_and_may_do_little() -> None:
    """As a user of its own, without rights, writing only its folder."""
    lines = dict(line.split("=", 1) for line in SERVICE.splitlines() if "=" in line and not line.startswith(("#", "Environment")))
    check(lines["ExecStart"].partition("askwell ")[2])
    assert lines["User"] == "askwell" and lines["Restart"] == "on-failure"
    for name, value in (("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("ProtectHome", "yes"), ("CapabilityBoundingSet", "")):
        assert lines[name] == value
    data = re.search(r"^Environment=ASKWELL_DATA=(.+)$", SERVICE, re.MULTILINE)
    assert data and data[1] == f"/var/lib/{lines['StateDirectory']}"
