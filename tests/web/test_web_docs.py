"""docs/page.md is true: its addresses, settings, times and commands are those of the program."""

import re
from pathlib import Path

from typer.testing import CliRunner
from web_stand import SERVED, THERE, stand

from adapters.terminal.cli import app
from adapters.web import signin, visitors
from bot.guide import Askwell
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "page.md").read_text(encoding="utf-8")


def test_every_address_in_the_guide_is_answered(askwell: Askwell) -> None:
    """Each opens a page; the marked passage is one."""
    browser = stand(askwell).browser()
    addresses = re.findall(r"`(/[a-z/-]*(?:#[a-z]+)?)`", TEXT)
    assert len(addresses) >= 6
    for address in set(addresses) - {signin.BACK, "/board"}:  # the board is for members: test_web_board.py
        path, _, passage = address.partition("#")
        assert browser.open(path) and browser.status == 200, address
        assert not passage or passage in browser.page.ids
    assert signin.BACK in addresses


def test_every_setting_in_the_guide_is_one() -> None:
    """Names are spelled as the program reads them."""
    names = set(re.findall(r"`ASKWELL_([A-Z_]+)`", TEXT))
    assert len(names) >= 6 and {n.lower() for n in names} <= set(Settings.model_fields)


def test_every_command_in_the_guide_exists() -> None:
    """Each has help."""
    commands = set(re.findall(r"`askwell ([a-z ]+)`", TEXT))
    assert len(commands) >= 3
    for command in commands:
        assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0, command
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`(?:ASKWELL_RECORD=1 )?make ([a-z0-9]+)`", TEXT)) <= targets


def test_the_times_in_the_guide_are_those_of_the_program(askwell: Askwell) -> None:
    """Ninety days and twelve hours; the door says the same."""
    assert f"for {visitors.INVITED_DAYS} days" in TEXT and visitors.INVITED_DAYS * 86_400 == visitors.INVITED
    assert "twelve hours" in TEXT and visitors.SIGNED_IN == 12 * 3600
    assert f"stays known for {visitors.INVITED_DAYS} days" in stand(askwell, None, None, **SERVED).browser(THERE).open("/").text


def test_the_picture_is_there_and_small() -> None:
    """It is loaded with the README."""
    picture = ROOT / "docs" / "page.png"
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size < 150_000
