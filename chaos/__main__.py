"""`make chaos`: long runs on both databases, two tables, and exit code 1 where anything was lost, said twice, or asked too late."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from chaos import reports, teams
from chaos.asked import Asked
from chaos.run import run
from chaos.teams import Reached
from chaos.verdict import Verdict

KINDS = ("sqlite", "postgresql")
TALKED = (
    ("conversations", "conversations"), ("turns", "turns, each answered"), ("events", "events taken in"), ("kills", "kill -9"),
    ("refused", "deliveries refused or cut, and repeated"), ("failed", "calls that Slack failed"),
    ("doubtful", "messages in doubt, looked for first"), ("repeated", "messages sent twice, each marked"), ("violations", "violations"),
)  # fmt: skip
ASKED = (
    ("reports", "reports"), ("kills", "kill -9"), ("crashes", "crashes of the database's server"), ("taken", "taken"), ("handed", "handed over"),
    ("lapsed", "taken, left lying and asked again"), ("pings", "pings sent"), ("withdrawn", "not sent any more, as somebody took it"),
    ("doubtful", "pings in doubt"), ("repeated", "pings sent twice, with the same key"), ("violations", "violations"),
)  # fmt: skip
TOLD = (
    ("reports", "reports"), ("kills", "kill -9"), ("failed", "calls that Teams failed"), ("pings", "pings that reached Teams"),
    ("withdrawn", "taken back, as somebody took the case"), ("doubtful", "pings in doubt"), ("repeated", "pings sent twice, each marked"),
    ("violations", "violations"),
)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Run what is named; 1 where something that must hold did not."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description="Kill the server while people talk to it, and while it asks people.")
    parser.add_argument("kinds", nargs="*", metavar="database", help="sqlite, postgresql; both when left out")
    parser.add_argument("--conversations", type=int, default=300, help="0: none")
    parser.add_argument("--every", type=int, default=15, help="answers between kills, on average")
    parser.add_argument("--lease", type=float, default=10.0, help="seconds until what a killed process had begun is taken up")
    parser.add_argument("--reports", type=int, default=200, help="0: none")
    parser.add_argument("--kills", type=int, default=50, help="of processes that ask people about reports")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args(arguments)
    if unknown := [k for k in given.kinds if k not in KINDS]:
        parser.error(f"'{unknown[0]}' is not a database that Askwell keeps its data in; these are: {', '.join(KINDS)}")
    console, kinds = Console(highlight=False), given.kinds or KINDS
    talked = {kind: run(kind, given.conversations, given.every, given.lease, given.seed) for kind in kinds if given.conversations}
    if talked:
        console.print(_table(f"Killed at random points while people talk (seed {given.seed})", TALKED, talked))
    asked = {kind: reports.run(kind, given.reports, given.kills, given.seed) for kind in kinds if given.reports}
    if asked:
        console.print(_table(f"Killed at random points while people are asked about reports (seed {given.seed})", ASKED, asked))
    told = {kind: teams.run(kind, given.reports, given.kills, given.seed) for kind in kinds if given.reports}
    if told:
        console.print(_table(f"Killed at random points while people are asked by Teams (seed {given.seed})", TOLD, told))
    found: list[tuple[str, Verdict | Asked | Reached]] = [*talked.items(), *asked.items(), *told.items()]
    wrong = [f"{kind}: {line}" for kind, verdict in found for line in verdict.violations]
    said = "Nothing was lost, nothing was said twice without being marked, and nobody was asked once somebody had taken it."
    console.print(*(wrong or [said]), sep="\n", markup=False)
    return 1 if wrong else 0


def _table(title: str, rows: Sequence[tuple[str, str]], found: Mapping[str, Verdict | Asked | Reached]) -> Table:
    table = Table(title=title, title_justify="left", min_width=60)
    table.add_column("")
    for kind in found:
        table.add_column(kind, justify="right")
    for name, words in rows:
        values = (getattr(v, name) for v in found.values())
        table.add_row(words, *(str(len(v) if isinstance(v, tuple) else v) for v in values))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
