"""`askwell schema`: JSON Schema of every kind of YAML file, so that an editor marks a slip while it is typed.

Which file has which schema stands in `.vscode/settings.json`; the YAML extension of VS Code and its relatives reads it there.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel

from bot import plans, schema
from bot.scenarios import ScenariosFile
from bot.understand.reading import Phrases

_EXAMPLES = ("context", "danger", "distress", "ha", "none", "safeguarding", "whistle")
_EXAMPLES = ("context", "danger", "distress", "ha", "none", "safeguarding", "whistle")
# Globs hold for every editor: to some a star goes across folders, and none knows ranges; `!` takes away.
KINDS: Mapping[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "section": (schema.SectionFile, ("organisations/*/sections/*.yaml",)),
    "tensions": (schema.TensionsFile, ("organisations/*/tensions.yaml",)),
    "organisation": (schema.OrganisationFile, ("organisations/*/organisation.yaml",)),
    "people": (schema.PeopleFile, ("organisations/*/people.yaml",)),
    "local": (schema.LocalFile, ("organisations/*/local.yaml",)),
    "scenarios": (ScenariosFile, ("organisations/*/scenarios/*.yaml",)),
    "topic": (schema.TopicFile, ("topics/*.yaml",)),
    "fact": (schema.FactFile, ("facts/*.yaml", "!facts/shared/*.yaml")),
    "words": (schema.WordsFile, ("facts/shared/*.yaml",)),
    "signposts": (schema.SignpostsFile, ("signposts.yaml",)),
    "law": (schema.LawNotesFile, ("law.yaml",)),
    "flow": (plans.FlowFile, ("flows/*.yaml",)),
    "chains": (plans.ChainsFile, ("organisations/*/chains.yaml",)),
    "triage": (schema.TriageFile, (*(f"triage/{name}*.yaml" for name in _EXAMPLES), "triage/twins/*.yaml")),
    "phrases": (Phrases, ("triage/lexical.yaml",)),
}
FOLDER = "schema"


def schemas() -> Iterator[tuple[str, str]]:
    """Each schema file's name and text."""
    for name, (model, _) in KINDS.items():
        shape = {"$schema": "http://json-schema.org/draft-07/schema#", **model.model_json_schema(ref_template="#/definitions/{model}")}
        if "$defs" in shape:
            shape["definitions"] = shape.pop("$defs")
        yield f"{name}.json", json.dumps(shape, indent=1, ensure_ascii=False) + "\n"


def associations() -> dict[str, list[str]]:
    """Which files have which schema, as editors want it, from the repository's root."""
    return {f"./knowledge/{FOLDER}/{name}.json": [_from_top(glob) for glob in globs] for name, (_, globs) in KINDS.items()}


def _from_top(glob: str) -> str:
    return f"!knowledge/{glob[1:]}" if glob.startswith("!") else f"knowledge/{glob}"


def stale(root: Path) -> list[str]:
    """The schema files that are missing or no longer true."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in (root / FOLDER).glob("*.json")}
    now = dict(schemas())
    return sorted(name for name in {*kept, *now} if kept.get(name) != now.get(name))


def write(root: Path) -> list[str]:
    """Write what is stale; returns the names."""
    names, now = stale(root), dict(schemas())
    (root / FOLDER).mkdir(exist_ok=True)
    for name in names:
        path = root / FOLDER / name
        if name in now:
            path.write_text(now[name], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return names
