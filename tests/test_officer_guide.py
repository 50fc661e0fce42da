"""The guide for policy officers is true: its steps are carried out to the letter in a copy of all that decides."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import officer_copy
import pytest
from typer.testing import CliRunner

from adapters.terminal.cli import app
from bot import effective, load
from bot.knowledge import Knowledge
from bot.load import ROOT

pytestmark = pytest.mark.whole
GUIDE = (ROOT.parent / "docs" / "officers.md").read_text(encoding="utf-8")
README = (ROOT.parent / "README.md").read_text(encoding="utf-8")
BLOCK = r"\n\n```(?:text|yaml)\n(?P<{}>.*?)```"
STEP = re.compile(
    r"[Cc]opy `(?P<source>[^`]+)` to `(?P<target>[^`]+)`"
    rf"|In `(?P<inside>[^`]+)`, replace{BLOCK.format('old')}\n\nby{BLOCK.format('new')}"
    rf"|In `(?P<of>[^`]+)`, the (?P<what>piece `[^`]+`|scenario “[^”]+”) becomes{BLOCK.format('item')}"
    rf"|[Ii]n `(?P<where>[^`]+)`, the line that begins with `(?P<start>[^`]+)` becomes{BLOCK.format('line')}"
    r"|[Ii]n `(?P<from>[^`]+)`, delete the line that begins with `(?P<drop>[^`]+)`"
    rf"|(?:The file|Save as) `(?P<file>[^`]+)`(?: becomes|:){BLOCK.format('content')}"
    r"|```sh\n(?P<commands>.*?)```(?:\n\n[^`#]*\n\n```text\n(?P<shown>.*?)```|\n\n```text\n(?P<shown_at_once>.*?)```)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Officer:
    """Somebody who does what the guide says, in a folder of their own."""

    folder: Path

    def does(self, step: re.Match[str]) -> None:
        """One step."""
        found = {name: text for name, text in step.groupdict().items() if text is not None}
        if "commands" in found:
            self.runs(found["commands"], found.get("shown", "") + found.get("shown_at_once", ""))
        elif "source" in found:
            self.path(found["target"]).write_text(self.path(found["source"]).read_text(encoding="utf-8"), encoding="utf-8")
        elif "file" in found:
            self.path(found["file"]).write_text(found["content"], encoding="utf-8")
        else:
            self.edits(found)

    def edits(self, found: dict[str, str]) -> None:
        """Change one place of a file, which must be there once."""
        path = self.path(next(found[k] for k in ("inside", "of", "where", "from") if k in found))
        text = path.read_text(encoding="utf-8")
        changed, count = re.subn(*self.change(found), text, flags=re.MULTILINE)
        assert count == 1, f"{path.name}: {found}"
        path.write_text(changed, encoding="utf-8")

    def change(self, found: dict[str, str]) -> tuple[str, str]:
        """What is looked for, and what takes its place."""
        if "old" in found:
            old, new = found["old"].rstrip("\n"), found["new"].rstrip("\n")
            return re.escape(old) + r" *$", new
        if "item" in found:
            kind, _, name = found["what"].partition(" ")
            key = "id" if kind == "piece" else "name"
            return rf"^- {key}: {re.escape(name[1:-1])}\n(?:[ #].*\n)*", found["item"]
        start = re.escape(found.get("start") or found["drop"])
        return rf"^ *{start}.*\n", found.get("line", "")

    def runs(self, commands: str, shown: str) -> None:
        """Run each command in the copy; the last one shows what the guide shows, in that order."""
        for line in commands.strip().splitlines():
            program, *arguments = [str(self.path(a)) if a.endswith(".txt") else a for a in shlex.split(line)]
            done = CliRunner().invoke(app, [*arguments, "--knowledge", str(self.folder / "knowledge")])
            assert program == "askwell" and done.exit_code == 0, done.output
        at, said = 0, " ".join(done.stdout.split())
        for line in (" ".join(part.split()) for part in shown.splitlines() if part.strip() not in ("", "…")):
            assert line in said[at:], line
            at = said.index(line, at) + len(line)

    def path(self, name: str) -> Path:
        """A file that the guide names."""
        return self.folder / name


def chapter(title: str) -> str:
    """One chapter of the guide."""
    return GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]


def steps(title: str) -> Iterator[re.Match[str]]:
    """Everything that a chapter asks for, in order."""
    found = list(STEP.finditer(chapter(title)))
    blocks = chapter(title).count("```") // 2
    assert sum((m.group(0).count("```") + 1) // 2 for m in found) == blocks, "a block of the guide belongs to no step"
    yield from found


@pytest.fixture(scope="module")
def carried_out(tmp_path_factory: pytest.TempPathFactory) -> tuple[Knowledge, Knowledge]:
    """Both chapters followed in one copy: the knowledge before and after."""
    officer = Officer(tmp_path_factory.mktemp("officer"))
    root = officer_copy.deciding(officer.folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("adapters.terminal.officer.MODELS", officer_copy.models(officer.folder / "models", root))
        for title in ("Change a policy in six steps", "Add an organisation"):
            for step in steps(title):
                officer.does(step)
    return load.load(ROOT), load.load(officer.folder / "knowledge")


def test_the_six_steps_change_a_policy(carried_out: tuple[Knowledge, Knowledge]) -> None:
    """The new text answers, confirmed by name, and nothing waits any more."""
    before, after = carried_out
    old, new = before.organisations["sefton"], after.organisations["sefton"]
    assert "AI tools" in new.policy.text and "AI tools" not in old.policy.text
    assert new.reading == "confirmed" and new.confirmed and new.confirmed.by == "Jo Hill" and not after.coming
    assert {r.id for r in new.rules} - {r.id for r in old.rules} == {"no-details-for-ai"}


def test_the_steps_add_an_organisation(carried_out: tuple[Knowledge, Knowledge]) -> None:
    """It is there, whole, and confirmed."""
    _, after = carried_out
    mine = after.organisations["harrow"]
    assert mine.reading == "confirmed" and len(mine.rules) == 5 and not any(c.to_encode for c in mine.clauses.values())
    assert effective.everything(after) is after


def test_the_readme_names_the_same_six_steps() -> None:
    """Short, in the same order, with a pointer to the guide."""
    section = README.split("\n## Change a policy\n")[1].split("\n## ")[0]
    titles = re.findall(r"^### \d\. (.+)$", chapter("Change a policy in six steps"), re.MULTILINE)
    assert [t.lower() in section.lower() for t in titles] == [True] * 6
    assert "docs/officers.md" in section


def test_what_the_guide_points_to_is_there() -> None:
    """Its links and its anchors."""
    for target in re.findall(r"\]\(([^)]+)\)", GUIDE):
        if target.startswith("#"):
            assert re.search(rf"^## {target[1:].replace('-', ' ')}$", GUIDE, re.MULTILINE | re.IGNORECASE)
        else:
            assert (ROOT.parent / "docs" / target).exists()
