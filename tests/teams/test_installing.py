"""What is needed to install it: the app's package, and what Microsoft has against our settings."""

import asyncio
import io
import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from test_operate_docs import check, commands
from typer.testing import CliRunner

from adapters.teams import activities, icons
from adapters.teams.http import PATH
from adapters.teams.manifest import APP_VERSION, COLOUR, MANIFEST, OUTLINE, manifest, package
from adapters.teams.part import found
from adapters.terminal.cli import app
from bot import words
from bot.interpret import Act, interpret
from bot.messages import State
from teams.microsoft import APP, SECRET, microsoft
from teams.stand import TENANT, settings

pytestmark = pytest.mark.whole

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
URL = "https://askwell.example.org"


def test_the_command_writes_the_package(tmp_path: Path) -> None:
    """Manifest and icons, and nothing else; the same each time."""
    for name in ("a.zip", "b.zip"):
        done = CliRunner().invoke(app, ["manifest", "teams", "--url", f"{URL}/", "--app-id", APP, "--out", str(tmp_path / name)])
        assert done.exit_code == 0 and "Upload it" in done.output
    made = (tmp_path / "a.zip").read_bytes()
    assert made == (tmp_path / "b.zip").read_bytes() == package(APP, URL)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == [MANIFEST, COLOUR, OUTLINE]
        assert json.loads(archive.read(MANIFEST)) == manifest(APP, URL)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--app-id", APP], "https"), (["--app-id", APP, "--url", "http://x.uk"], "https"), (["--url", URL], "Microsoft App ID"),
        (["--url", URL, "--app-id", "askwell"], "Microsoft App ID"), (["--url", URL, "--app-id", APP, "--out", "/nowhere/x"], "cannot be written"),
    ],
)  # fmt: skip
def test_what_teams_cannot_use_is_refused(arguments: list[str], says: str) -> None:
    """In one sentence that says what to give instead."""
    done = CliRunner().invoke(app, ["manifest", "teams", *arguments])
    assert done.exit_code == 2 and says in done.stderr and "Traceback" not in done.stderr


def test_the_manifest_asks_for_no_more_than_is_used() -> None:
    """No permission, no file, no domain but our own; every command is one that is understood; lengths as Teams takes them."""
    made = manifest(APP, URL)
    assert not {"permissions", "devicePermissions", "authorization", "webApplicationInfo", "staticTabs"} & set(made)
    assert made["validDomains"] == ["askwell.example.org"] and not made["bots"][0]["supportsFiles"] and made["version"] == APP_VERSION
    assert len(made["description"]["short"]) <= 80 and len(made["description"]["full"]) <= 4000
    (listed,) = made["bots"][0]["commandLists"]
    for command in listed["commands"]:
        assert len(command["title"]) <= 32 and len(command["description"]) <= 128
        known = interpret(command["title"], State("sefton", "staff", "")).act != Act.WORDS
        assert known or command["title"].lower() in words.STEERING, command["title"]
    (action,) = made["composeExtensions"][0]["commands"]
    assert (action["id"], action["context"], action["fetchTask"]) == (activities.ASK, ["message"], True)


@pytest.mark.parametrize(("drawn", "size"), [(icons.colour, icons.LARGE), (icons.outline, icons.SMALL)])
def test_an_icon_is_a_picture_of_the_size_that_teams_wants(drawn: Callable[[], bytes], size: int) -> None:
    """Every chunk holds what its checksum says; the outline is white on nothing."""
    made, chunks, at = drawn(), {}, 8
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    while at < len(made):
        length, kind = struct.unpack(">I4s", made[at : at + 8])
        data = made[at + 8 : at + 8 + length]
        assert struct.unpack(">I", made[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + data)
        chunks[kind], at = data, at + 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"] and struct.unpack(">II", chunks[b"IHDR"][:8]) == (size, size)
    rows = zlib.decompress(chunks[b"IDAT"])
    pixels = [rows[y * (4 * size + 1) + 1 + 4 * x :][:4] for y in range(size) for x in range(size)]
    if size == icons.SMALL:
        assert {p[:3] for p in pixels} == {b"\xff\xff\xff"} and {p[3] for p in pixels} >= {0, 255}
    else:
        assert {p[3] for p in pixels} == {255} and bytes(icons.COLOUR) in {p[:3] for p in pixels} and b"\xff\xff\xff" in {p[:3] for p in pixels}


@pytest.mark.parametrize(
    ("change", "says"),
    [("", ""), ("keys", "keys cannot be fetched"), ("sign-in", "gives us no token"), ("tenant", "could not be asked for a token")],
)
def test_what_microsoft_has_against_the_settings_is_said_online(tmp_path: Path, change: str, says: str) -> None:
    """With how to mend it, and without the secret."""

    async def run() -> list[str]:
        async with microsoft(tmp_path) as vendor:
            vendor.refuses = change == "sign-in"
            openid = "http://127.0.0.1:9/openid" if change == "keys" else vendor.openid
            sign_in = "https://127.0.0.1:9" if change == "tenant" else vendor.sign_in
            usual = {"teams_app_id": APP, "teams_tenant": TENANT, "teams_app_secret": SecretStr(SECRET)}
            wrong = await found(settings(tmp_path, **usual, teams_openid_url=openid, teams_sign_in_url=sign_in))
            await asyncio.sleep(0.2)  # until the connection is given back
            return wrong

    wrong = asyncio.run(run())
    assert len(wrong) == bool(says) and says in "".join(wrong) and SECRET not in "".join(wrong)


def test_every_command_of_the_guide_is_there() -> None:
    """With its options."""
    told = commands(GUIDE)
    assert len(told) >= 6
    for line in told:
        check(line)


def test_the_guide_names_every_setting_and_the_address(tmp_path: Path) -> None:
    """So that nobody has to guess."""
    fields = {f"ASKWELL_{n.upper()}" for n in type(settings(tmp_path)).model_fields if n.startswith("teams_")}
    named = set(re.findall(r"ASKWELL_TEAMS_\w+", GUIDE))
    assert {n for n in fields if not n.endswith("_URL")} <= named <= fields and f"{URL}{PATH}" in GUIDE
