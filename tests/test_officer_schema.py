"""Editors know the shape of every YAML file: the schemas are true, every file has exactly one, and all files pass theirs."""

import json
import re
from collections import defaultdict
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from adapters.terminal.cli import app
from bot.load import ROOT
from bot.officer import editor

SETTINGS = json.loads((ROOT.parent / ".vscode" / "settings.json").read_text(encoding="utf-8"))
BROKEN = {
    "section": "section: '1'\ntitle: A\npieces:\n- {id: a, says: b, force: gently}\n",
    "topic": "id: a\ntitle: b\nmode: maybe\nmeans: c\n",
    "organisation": "id: a\n",
    "people": "roles:\n- {id: a, titel: b}\n",
    "scenarios": "- name: a\n  expect: {verdict: forbidden}\n",
}


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C version where it is there
    """Reads YAML as editors do, by version 1.2: yes and no are words, and so is a date."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the library declares it


for tag, pattern, first in (
    ("null", r"~|null|", [*"~n", ""]), ("bool", r"true|false", list("tf")), ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?[0-9]+\.[0-9]*", list("-+0123456789")),
):  # fmt: skip
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), first)


def files() -> dict[str, list[Path]]:
    """The files that each schema is for, where a star goes across folders: no editor matches more than that."""
    found = defaultdict(list)
    for path in (p for p in sorted(ROOT.rglob("*.yaml")) if not p.relative_to(ROOT).parts[0].startswith(".")):
        here = str(path.relative_to(ROOT.parent))
        for name, globs in SETTINGS["yaml.schemas"].items():
            taken = any(fnmatchcase(here, g) for g in globs if not g.startswith("!"))
            if taken and not any(fnmatchcase(here, g[1:]) for g in globs if g.startswith("!")):
                found[Path(name).stem].append(path)
    return found


def validator(name: str) -> jsonschema.Draft7Validator:
    """A schema as it stands in the repository."""
    return jsonschema.Draft7Validator(json.loads((ROOT / editor.FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def test_the_schemas_are_as_the_program_would_write_them(tmp_path: Path) -> None:
    """Whoever changes bot/schema.py runs `askwell schema`; it writes what is missing or stale and takes away what is no more."""
    assert editor.stale(ROOT) == []
    (tmp_path / editor.FOLDER).mkdir()
    for name, text in (("gone.json", "{}"), ("law.json", "{}")):
        (tmp_path / editor.FOLDER / name).write_text(text, encoding="utf-8")
    done = CliRunner().invoke(app, ["schema", "--knowledge", str(tmp_path)])
    assert done.exit_code == 0 and "gone.json" in done.stdout
    assert editor.stale(tmp_path) == [] and not (tmp_path / editor.FOLDER / "gone.json").exists()


def test_editors_are_told_which_file_has_which_schema() -> None:
    """As the program associates them, and every file has exactly one."""
    assert SETTINGS["yaml.schemas"] == editor.associations()
    shaped = [path for found in files().values() for path in found]
    assert len(shaped) == len(set(shaped))
    assert {p for p in ROOT.rglob("*.yaml") if not p.relative_to(ROOT).parts[0].startswith(".")} == set(shaped)


@pytest.mark.parametrize("name", sorted(editor.KINDS))
def test_every_file_passes_its_schema(name: str) -> None:
    """No editor underlines what is right."""
    check = validator(name)
    paths = files()[name]
    assert paths
    for path in paths:
        wrong = [f"{list(e.path)}: {e.message}" for e in check.iter_errors(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader))]  # noqa: S506 - a safe loader
        assert not wrong, path


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_slip_fails_its_schema(name: str) -> None:
    """A wrong word, a wrong key, a missing one."""
    assert not validator(name).is_valid(yaml.load(BROKEN[name], Loader=Loader))  # noqa: S506 - a safe loader
