"""`make chaos`: long runs on both databases, a table, and exit code 1 where anything was lost or said twice."""

import argparse
import sys
import time
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from chaos.run import run
from chaos.verdict import Verdict

KINDS = ("sqlite", "postgresql")
ROWS = (
    ("conversations", "conversations"), ("turns", "turns, each answered"), ("events", "events taken in"), ("kills", "kill -9"),
    ("refused", "deliveries refused or cut, and repeated"), ("failed", "calls that Slack failed"),
    ("doubtful", "messages in doubt, looked for first"), ("repeated", "messages sent twice, each marked"),
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run what is named; 1 where something that must hold did not."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description="Kill the server while people talk to it.")
    parser.add_argument("kinds", nargs="*", metavar="database", help="sqlite, postgresql; both when left out")
    parser.add_argument("--conversations", type=int, default=300)
    parser.add_argument("--every", type=int, default=15, help="answers between kills, on average")
    parser.add_argument("--lease", type=float, default=10.0, help="seconds until what a killed process had begun is taken up")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args(arguments)
    if unknown := [k for k in given.kinds if k not in KINDS]:
        parser.error(f"'{unknown[0]}' is not a database that Askwell keeps its data in; these are: {', '.join(KINDS)}")
    console = Console(highlight=False)
    found = {kind: run(kind, given.conversations, given.every, given.lease, given.seed) for kind in given.kinds or KINDS}
    console.print(_table(found, given.seed))
    wrong = [f"{kind}: {line}" for kind, verdict in found.items() for line in verdict.violations]
    console.print(*(wrong or ["Nothing was lost, and nothing was said twice without being marked."]), sep="\n", markup=False)
    return 1 if wrong else 0


def _table(found: dict[str, Verdict], seed: int) -> Table:
    table = Table(title=f"Killed at random points (seed {seed})", title_justify="left", min_width=60)
    table.add_column("")
    for kind in found:
        table.add_column(kind, justify="right")
    for name, words in (*ROWS, ("violations", "violations")):
        values = (getattr(v, name) for v in found.values())
        table.add_row(words, *(str(len(v) if isinstance(v, tuple) else v) for v in values))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
