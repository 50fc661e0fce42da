"""What is kept, as docs/data-inventory.yaml says it, and the privacy notice and the DPIA template that are made from it."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

PATH = Path(__file__).resolve().parent.parent / "docs" / "data-inventory.yaml"
TEMPLATES = PATH.parent / "templates"
SOMEBODY = "[name of your organisation]"
Holds = Literal["person", "words", "topic", "email", "account", "conversation", "case"]


class Column(BaseModel):
    """One column: what it is, and what it could tell."""

    model_config = ConfigDict(extra="forbid")
    is_: str = Field(alias="is", min_length=1)
    holds: list[Holds] = Field(default_factory=list)


class Kept(BaseModel):
    """One table, in words for the people whose data it is. `report`: it is about a report that somebody sent on purpose."""

    model_config = ConfigDict(extra="forbid")
    title: str
    what: str
    why: str
    basis: str
    seen_by: str
    kept: str
    goes: str
    over: Literal["stays", "goes", "bare"]
    report: bool = False
    columns: dict[str, Column | str]

    def holds(self, column: str) -> frozenset[str]:
        """What a column could tell."""
        found = self.columns[column]
        return frozenset() if isinstance(found, str) else frozenset(found.holds)


class Inventory(BaseModel):
    """Everything that is kept, by table."""

    model_config = ConfigDict(extra="forbid")
    tables: dict[str, Kept]


def load(path: Path = PATH) -> Inventory:
    """Read the inventory; raises pydantic's ValidationError where it is not complete."""
    return Inventory.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def notice(known: Inventory, name: str) -> str:
    """The privacy notice, for the people who use Askwell."""
    kept = [f"### {t.title}\n\n{t.what} {t.why}\n\n- Kept: {t.kept}.\n- Seen by: {t.seen_by}\n- Goes: {t.goes}\n- Basis: {t.basis}.\n"
            for t in known.tables.values() if t.basis != "no personal data"]  # fmt: skip
    return _filled("privacy-notice.md", name, "\n".join(kept))


def dpia(known: Inventory, name: str) -> str:
    """A template for a data protection impact assessment, with what can be said for every organisation filled in."""
    rows = [f"| {t.title} | {t.what} | {t.why} | {t.basis} | {t.seen_by} | {t.kept} |" for t in known.tables.values()]
    head = ["| what | in detail | why | basis | seen by | kept |", "|---|---|---|---|---|---|"]
    return _filled("dpia.md", name, "\n".join([*head, *rows]))


def _filled(template: str, name: str, kept: str) -> str:
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    return text.replace("{name}", name).replace("{kept}", kept).rstrip()
