"""Every card that we send to Teams, drawn by Microsoft's own renderer; and the app's package, held against Microsoft's own schema."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, FormatChecker
from teams import shown
from teams.shown import Shown
from teams.shown_reports import reports
from teams.stand import fields, labels, text_of

from adapters.teams import icons
from adapters.teams.manifest import package
from bot.guide import Askwell
from e2e.teams.node import packages, script

SCHEMAS = "node_modules/@microsoft/app-manifest/build/json-schemas/teams"
MARKUP = set("*_`~#[]<>\\")
APP, URL = "12345678-1234-1234-1234-123456789abc", "https://askwell.example.org"


def drawn(folder: Path, seen: Sequence[Any]) -> list[dict[str, Any]]:
    """What the renderer makes of these cards."""
    path = folder / "cards.json"
    path.write_text(json.dumps(seen), encoding="utf-8")
    found = [json.loads(line) for line in script("render.cjs", str(path)).splitlines()]
    assert len(found) == len(seen)
    return found


def flat(text: str) -> str:
    """Words without what divides them."""
    return "".join(text.split())


def test_every_card_is_drawn_without_a_warning_and_with_every_word(askwell: Askwell, tmp_path: Path) -> None:
    """The whole knowledge, everything at its edges, every screen of a report and of a case: words, buttons and labelled fields are all there."""
    seen: list[Shown] = [*shown.answers(askwell), *shown.asked(askwell), *shown.edges(), *reports()]
    assert len(seen) > 300
    for one, found in zip(seen, drawn(tmp_path, [one.card for one in seen]), strict=True):
        assert (one.name, found["wrong"]) == (one.name, [])
        missing = [line for line in text_of(one.card).split("\n") if flat(line) not in flat(found["text"])]
        assert (one.name, missing, found["buttons"]) == (one.name, [], labels(one.card))
        assert (found["fields"], found["labelled"]) == (len(fields(one.card)), found["all"]), one.name
        ticked = [c["title"] for f in fields(one.card) if f.get("style") == "expanded" for c in f["choices"]]
        headings = [b["text"] for b in one.card["body"] if b["type"] == "TextBlock"]
        assert sorted(found["markup"]) == sorted([*headings, *ticked]), "nothing else is read as markup"
        assert not MARKUP.intersection("".join(ticked)), one.name


def test_the_renderer_sees_what_is_wrong(tmp_path: Path) -> None:
    """A gate that lets everything through is none."""
    good = next(iter(shown.edges())).card
    unknown = {**good, "body": [{"type": "RichText", "inlines": []}]}
    empty = {**good, "body": [{"type": "ActionSet", "actions": [{"type": "Action.OpenUrl", "title": "Open"}]}]}
    many = {**good, "body": [{"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": f"{i}"} for i in range(7)]}]}
    first, *wrong = drawn(tmp_path, [good, unknown, empty, many])
    assert first["wrong"] == [] and all(one["wrong"] for one in wrong)


def complaints(made: dict[str, Any]) -> list[str]:
    """What Microsoft's schema of the version that a manifest names has against it."""
    text = (packages() / SCHEMAS / f"v{made['manifestVersion']}" / "MicrosoftTeams.schema.json").read_text(encoding="utf-8")
    return [error.message for error in Draft7Validator(json.loads(text), format_checker=FormatChecker()).iter_errors(made)]


def unpacked() -> tuple[dict[str, Any], zipfile.ZipFile]:
    """The manifest in the app's package, and the package."""
    archive = zipfile.ZipFile(io.BytesIO(package(APP, URL)))
    return json.loads(archive.read("manifest.json")), archive


def test_the_apps_package_is_valid_under_microsofts_schema() -> None:
    """The manifest passes, and the icons that it names are there in the sizes that Teams wants."""
    made, archive = unpacked()
    assert complaints(made) == []
    sizes = {"color": icons.LARGE, "outline": icons.SMALL}
    assert (sizes["color"], sizes["outline"]) == (192, 32)
    for name, size in sizes.items():
        png = archive.read(made["icons"][name])
        assert png.startswith(b"\x89PNG\r\n\x1a\n") and [int.from_bytes(png[i : i + 4], "big") for i in (16, 20)] == [size, size]
    assert set(archive.namelist()) == {"manifest.json", *made["icons"].values()}


@pytest.mark.parametrize(
    ("place", "value"),
    [(("id",), "askwell"), (("description", "short"), "x" * 81), (("bots", 0, "scopes"), ["everywhere"]), (("accentColor",), "teal")],
    ids=["an id that is none", "a description that is too long", "a place that is none", "a colour that is none"],
)
def test_microsofts_schema_sees_what_is_wrong(place: tuple[str | int, ...], value: object) -> None:
    """A gate that lets everything through is none."""
    made, _ = unpacked()
    at: Any = made
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    assert complaints(made) != []
