"""What each policy is silent on, as a printed snapshot beside it: a new hole shows up as a change of that file."""

from collections.abc import Iterator
from pathlib import Path

from bot import decide
from bot.checks.worlds import ROLES, every_world, spoken
from bot.findings import Finding
from bot.knowledge import Knowledge, Organisation

HEAD = "# What this policy is silent on, printed by `askwell check --write-silences`. A new line is a new hole: is it meant?\n"


def check(knowledge: Knowledge, root: Path) -> Iterator[Finding]:
    """Snapshots that are missing or no longer true."""
    for organisation in knowledge.organisations.values():
        path = _path(root, organisation)
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != snapshot(knowledge, organisation):
            yield Finding(
                str(path.relative_to(root)), 0, "what the policy is silent on has changed",
                "Run `askwell check --write-silences`, and look at the difference: is each new silence the policy's own?",
            )  # fmt: skip


def write(knowledge: Knowledge, root: Path) -> None:
    """Print the snapshots anew."""
    for organisation in knowledge.organisations.values():
        _path(root, organisation).write_text(snapshot(knowledge, organisation), encoding="utf-8")


def snapshot(knowledge: Knowledge, organisation: Organisation) -> str:
    """The silent topics, and the silent worlds of the others, by role."""
    lines = [HEAD]
    for topic in sorted(knowledge.topics):
        silent = [role for role in ROLES if not decide.table(knowledge, organisation, topic, role).rules]
        if len(silent) == len(ROLES):
            lines.append(f"{topic}\n")
            continue
        if silent:
            lines.append(f"{topic}: for {', '.join(silent)}\n")
        for role in (r for r in ROLES if r not in silent):
            table = decide.table(knowledge, organisation, topic, role)
            lines += [f"{topic}: for {role}, {spoken(w)}\n" for w in every_world(table) if not decide.result_in(table, w).leading]
    return "".join(lines)


def _path(root: Path, organisation: Organisation) -> Path:
    return root / "organisations" / organisation.id / "silences.txt"
