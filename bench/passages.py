"""How often the right passage stands first: Askwell beside the nearest passage and BM25, on the same words in one run."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.figures import mean, percent, wilson
from bench.material import OWN_CASES, Case, cases, holds, sample, shown
from bench.retrieval import Retrieval
from bench.talk import as_exam
from bot.guide import Askwell, open_askwell

TOP = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Of one case by one method: is the right passage first, is it among those shown, and how many are shown."""

    first: bool
    among: bool
    shown: int


def found(passages: Sequence[str], quotes: Sequence[str]) -> Found:
    """Look for the case's quotes in the passages, best first."""
    return Found(any(holds(p, quotes) for p in passages[:1]), any(holds(p, quotes) for p in passages), len(passages))


def measured(askwell: Askwell, chosen: Sequence[Case], title: str) -> dict[str, list[Found]]:
    """Each method on each case that has quotes. The two others read all that Askwell was told."""
    retrieval = {o: Retrieval(askwell, o) for o in {c.org for c in chosen}}
    results: dict[str, list[Found]] = {"Askwell": [], "nearest passage": [], "BM25": []}
    for case in shown([c for c in chosen if c.quotes], title):
        talk = as_exam(askwell, case)
        words = "\n".join(talk.said)
        results["Askwell"].append(found([c["quote"] for c in talk.reply["citations"]], case.quotes))
        results["nearest passage"].append(found(retrieval[case.org].nearest(words)[:TOP], case.quotes))
        results["BM25"].append(found(retrieval[case.org].bm25(words)[:TOP], case.quotes))
    return results


def run(console: Console) -> None:
    """Measure on the sample, and on our own cases where they are not the sample already."""
    askwell = open_askwell()
    name, chosen = sample()
    sets = {name: chosen, "tests/cases": cases(OWN_CASES)}
    for title, some in sets.items():
        console.print(_table(title, measured(askwell, some, title)))


def _table(title: str, results: dict[str, list[Found]]) -> Table:
    count = len(results["Askwell"])
    table = Table(title=f"The right passage: {title}, {count} cases with quotes")
    table.add_column("")
    for column in ("stands first", "95 % interval", f"among all cited / first {TOP}", "passages shown, mean"):
        table.add_column(column, justify="right")
    for method, rows in results.items():
        first, among = sum(r.first for r in rows), sum(r.among for r in rows)
        low, high = wilson(first, count)
        table.add_row(
            method, percent(first, count), f"{100 * low:.0f}-{100 * high:.0f} %", percent(among, count), f"{mean([r.shown for r in rows]):.1f}"
        )
    return table
