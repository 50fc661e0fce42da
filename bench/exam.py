"""The exam's own figures on our cases and on the held-out ones, and how many questions Askwell asks. Prints figures only."""

import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.figures import mean, quantile
from bench.material import ERR, EXAM, HELD_OUT, OWN_CASES, ROOT, cases, shown, unseen
from bench.talk import to_the_end
from bot.guide import Askwell, open_askwell

SETS = {"tests/cases": OWN_CASES, "held out": HELD_OUT / "cases"}
BATCH = (sys.executable, "-c", "from adapters.terminal.cli import main; main()", "batch")


def examined(folder: Path) -> dict[str, str]:
    """The line ALL of exam.py by its columns. Nothing else of its output is kept, since it may show a held-out text."""
    command = [sys.executable, str(EXAM), "--cases", str(folder / "*.jsonl"), "--", *BATCH]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - the shared exam with our own program
    lines = [line.split() for line in done.stdout.splitlines()]
    head = next((cells for cells in lines if cells[:1] == ["group"]), [])
    whole = next((cells for cells in lines if cells[:1] == ["ALL"]), [])
    if done.returncode or not whole:
        raise RuntimeError(f"exam.py ended with code {done.returncode} on {folder.name}; run it by hand on tests/cases to see why")
    return dict(zip(head[1:], whole[1:], strict=True))


def questions(askwell: Askwell, folder: Path, title: str) -> list[int]:
    """How many questions each case is asked until it has its answer."""
    counts = []
    for case in shown(cases(folder), f"questions, {title}"):
        with unseen(case.id):
            counts.append(to_the_end(askwell, case).questions)
    return counts


def run(console: Console) -> None:
    """Print the exam's figures and the question budget for each set that is there."""
    there = {title: folder for title, folder in SETS.items() if any(folder.glob("*.jsonl"))}
    if EXAM.exists():
        rows = {}
        for title, folder in there.items():
            ERR.print(f"exam.py on {title}")
            rows[title] = examined(folder)
        console.print(_exam_table(rows))
    else:
        console.print("../shared/exam/exam.py is not there, so only the questions are counted.")
    askwell = open_askwell()
    table = Table(title="Questions asked until the answer")
    for column in ("cases", "n", "asked any", "mean", "p95", "most"):
        table.add_column(column, justify="left" if column == "cases" else "right")
    for title, folder in there.items():
        counts = questions(askwell, folder, title)
        asked = sum(c > 0 for c in counts)
        table.add_row(title, str(len(counts)), str(asked), f"{mean(counts):.2f}", f"{quantile(counts, 0.95):.0f}", str(max(counts)))
    console.print(table)


def _exam_table(rows: dict[str, dict[str, str]]) -> Table:
    table = Table(title="exam.py, all cases")
    table.add_column("")
    for title in rows:
        table.add_column(title, justify="right")
    for column in next(iter(rows.values()), {}):
        table.add_row(column, *(cells[column] for cells in rows.values()))
    return table
