"""docs/reporting.md is true: its example, commands, duties, times and addresses are those of the program."""

import re
from pathlib import Path

import yaml
from typer.testing import CliRunner

from adapters.terminal.cli import app
from adapters.web.part import PAGES
from bot import plans
from bot.cases import LONGEST_WAIT
from bot.plans import ChainsFile
from bot.reports import DANGER
from bot.routing import FALLBACK, LINE_MANAGER
from bot.settings import Settings
from bot.waits import DAY

TEXT = (Path(__file__).parents[1] / "docs" / "reporting.md").read_text(encoding="utf-8")


def test_the_example_of_a_chain_is_read_as_one() -> None:
    """By the same schema as chains.yaml."""
    (example,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    levels = ChainsFile.model_validate(yaml.safe_load(example)).root["safeguarding"]
    assert [level.duties for level in levels] == [["safeguarding-lead"], ["safeguarding-team"]]


def test_every_command_exists_and_every_setting_is_one() -> None:
    """Each command has help."""
    commands = {c.split(" --")[0] for c in re.findall(r"^askwell ([a-z ]+)", TEXT, re.MULTILINE)} | set(re.findall(r"`askwell ([a-z ]+)`", TEXT))
    assert len(commands) >= 5
    for command in commands:
        names = [w for w in command.split() if w not in ("ann",)]
        assert CliRunner().invoke(app, [*names, "--help"]).exit_code == 0, command
    settings = {n.lower() for n in re.findall(r"`ASKWELL_([A-Z_]+)`", TEXT)}
    assert settings and settings <= set(Settings.model_fields)


def test_times_and_duties_are_those_of_the_program() -> None:
    """Ten minutes in danger, two weeks of waiting at most, the duties that routing knows by name."""
    assert DANGER == 10 and "ten minutes" in TEXT
    assert LONGEST_WAIT == 14 * DAY and "at most two weeks" in TEXT
    assert f"`{FALLBACK}`" in TEXT and f"`{LINE_MANAGER}`" in TEXT and "`deputy:`" in TEXT
    assert plans.COLLEAGUE.startswith("safeguarding")


def test_the_board_stands_where_the_guide_says() -> None:
    """Its address is one of the page's."""
    assert "`/board`" in TEXT and ("GET", "/board") in {(method, path) for method, path, _ in PAGES}
