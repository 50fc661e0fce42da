"""The manifest that is printed, and the guide that says why of each scope."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.slack import events, views
from adapters.slack.http import PATH
from adapters.slack.manifest import EVENTS, SCOPES, manifest
from adapters.terminal.cli import app
from bot import words
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
URL = "https://askwell.example.org"


def test_the_command_prints_the_manifest_as_json() -> None:
    """With one address for events, presses and commands."""
    done = CliRunner().invoke(app, ["manifest", "slack", "--url", f"{URL}/"])
    assert done.exit_code == 0
    made = json.loads(done.stdout)
    assert made == manifest(URL, socket=False)
    places = (made["settings"]["event_subscriptions"], made["settings"]["interactivity"])
    assert {p["request_url"] for p in places} == {made["features"]["slash_commands"][0]["url"]} == {URL + PATH}
    assert made["settings"]["socket_mode_enabled"] is False


def test_socket_mode_needs_no_address() -> None:
    """And names none."""
    done = CliRunner().invoke(app, ["manifest", "slack", "--socket"])
    assert done.exit_code == 0 and "url" not in done.stdout and json.loads(done.stdout)["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize("arguments", [[], ["--url", "http://askwell.example.org"], ["--url", "askwell.example.org"]])
def test_an_address_that_slack_cannot_call_is_refused(arguments: list[str]) -> None:
    """In one sentence that says what to give instead."""
    done = CliRunner().invoke(app, ["manifest", "slack", *arguments])
    assert done.exit_code == 2 and "https" in done.stderr and "--socket" in done.stderr


def test_the_address_that_is_configured_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be said twice."""
    monkeypatch.setenv("ASKWELL_PUBLIC_URL", URL)
    assert URL + PATH in CliRunner().invoke(app, ["manifest", "slack"]).stdout


def test_the_manifest_keeps_slacks_lengths_and_listens_to_no_more_than_it_reads() -> None:
    """Names, descriptions, four prompts; every event is one that is handled."""
    made = manifest(URL, socket=False)
    features = made["features"]
    assert len(made["display_information"]["description"]) <= 140 and len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4 and features["shortcuts"][0]["callback_id"] == views.ASK
    assert len(features["shortcuts"][0]["name"]) <= 24 and len(features["shortcuts"][0]["description"]) <= 150
    source = Path(str(events.__file__)).read_text(encoding="utf-8")
    assert all(name.split(".")[0] in source for name in EVENTS)


def test_the_guide_says_why_of_every_scope() -> None:
    """The table is that of the code, to the letter."""
    section = GUIDE.split("## What it may do, and why")[1].split("##")[0]
    assert dict(re.findall(r"^\| `(.+)` \| (.+) \|$", section, re.MULTILINE)) == SCOPES


def test_the_guide_names_what_is_there() -> None:
    """Settings, commands and sentences of the bot's are those of the code."""
    settings = set(re.findall(r"ASKWELL_[A-Z_]+", GUIDE))
    assert settings and all(s.removeprefix("ASKWELL_").lower() in Settings.model_fields for s in settings)
    help_text = CliRunner().invoke(app, ["--help"]).stdout
    assert all(f" {command} " in help_text for command in set(re.findall(r"askwell ([a-z]+)", GUIDE)))
    assert words.NOT_OPENED in GUIDE and words.SUGGESTED[0] in GUIDE and words.ASK_ABOUT in GUIDE and PATH in GUIDE
