"""What we show in Slack, and the app's manifest, held against Slack's own TypeScript types. Needs node and npm, and fails without."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from slack import shown_reports
from slack.shown import Shown, everything

from adapters.slack.manifest import manifest
from bot.guide import Askwell

PACKAGES = Path(__file__).parent / "slack_types"
TYPES = {"message": "ChatPostMessageArguments", "modal": "ModalView", "home": "HomeView"}
SECONDS = 240  # until npm or tsc must have ended
STRICT = (
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2022",
    "--module",
    "nodenext",
    "--moduleResolution",
    "nodenext",
    "--pretty",
    "false",
)
HEAD = """\
import type { HomeView, ModalView } from '@slack/types';
import type { ChatPostMessageArguments } from '@slack/web-api';
import type { Manifest } from '@slack/web-api/dist/types/request/manifest.js';
"""


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - npm and tsc


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with Slack's types and the TypeScript compiler, as the lock file has them."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.fail("npm was not found. Install node 20 or later with npm.", pytrace=False)
    made = tmp_path_factory.mktemp("slack-types")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PACKAGES / name, made)
    done = run(npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", folder=made)
    assert done.returncode == 0, done.stderr
    return made


def complaints(folder: Path, lines: Sequence[str]) -> str:
    """What the compiler has against these lines; nothing where all is well."""
    (folder / "shown.ts").write_text(HEAD + "\n".join(lines), encoding="utf-8")
    done = run(str(folder / "node_modules" / ".bin" / "tsc"), *STRICT, "shown.ts", folder=folder)
    return done.stdout if done.returncode else ""


def typed(number: int, one: Shown) -> str:
    """A message, modal or Home as a constant of its type."""
    return f"export const shown{number}: {TYPES[one.surface]} = {json.dumps(one.json)};  // {one.name}"


def test_everything_that_is_shown_has_slacks_types(folder: Path, askwell: Askwell) -> None:
    """Every answer of the whole knowledge, everything at its edges, every screen of a report and of a case."""
    shown = [*everything(askwell), *shown_reports.edges()]
    assert {one.surface for one in shown} == set(TYPES) and len(shown) > 300
    assert not complaints(folder, [typed(i, one) for i, one in enumerate(shown)])


@pytest.mark.parametrize("socket", [False, True])
def test_the_manifest_has_slacks_types(folder: Path, socket: bool) -> None:
    """Scopes, events and features are ones that Slack knows. One scope stands in Slack's reference and not yet in its types."""
    found = manifest("https://askwell.example.org", socket=socket)
    found["oauth_config"]["scopes"]["bot"].remove("assistant:write")
    made = json.dumps(found)
    assert not complaints(folder, [f"export const made: Manifest = {made};"])
    assert "users:mind" in complaints(folder, [f"export const made: Manifest = {made.replace('users:read.email', 'users:mind')};"])


def test_the_compiler_sees_what_is_wrong(folder: Path, askwell: Askwell) -> None:
    """A gate that lets everything through is none."""
    good = everything(askwell)[0]
    wrong = json.loads(json.dumps(good.json).replace('"rich_text_section"', '"rich_text_paragraph"'))
    assert "rich_text_paragraph" in complaints(folder, [typed(0, Shown("wrong", good.surface, wrong))])
