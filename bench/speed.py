"""How fast one core answers, how soon after its start and in how much memory: with our organisations, and with 200."""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.copies import multiply
from bench.figures import quantile
from bench.material import ERR, OWN_CASES, ROOT, SAMPLE, cases, shown
from bench.worker import Message

STARTS, ROUNDS, MANY = 5, 3, 200
BLOCK = 8  # messages in a row for one process before it is the other's turn, so that other work on the machine hits both alike


class Worker:
    """A process of `bench.worker`, used as a context; `first` is how many seconds after its start it had answered once."""

    def __init__(self, root: Path, messages: Sequence[Message], copies: Mapping[str, str]) -> None:
        started = perf_counter()
        self.process = subprocess.Popen([sys.executable, "-m", "bench.worker"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = self.ask(json.dumps({"root": str(root), "messages": messages, "copies": copies}))
        self.first = perf_counter() - started

    def ask(self, line: str) -> Any:  # noqa: ANN401 - the worker's JSON
        """Send a line and wait for the worker's own."""
        assert self.process.stdin and self.process.stdout  # noqa: S101 - both are pipes
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"the measured process ended with code {self.process.wait()}")
        return json.loads(answer)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.communicate()


def messages() -> list[Message]:
    """Every message of the sample and of our own cases, once."""
    return list(dict.fromkeys((c.org, c.role, c.say) for c in [*cases(SAMPLE), *cases(OWN_CASES)]))


def spread(few: Sequence[Message], copies: Mapping[str, str]) -> list[Message]:
    """The same messages, dealt out over each organisation and its copies."""
    family = {o: [o, *(c for c, original in copies.items() if original == o)] for o in {m[0] for m in few}}
    return [(family[org][i % len(family[org])], role, words) for i, (org, role, words) in enumerate(few)]


def starts(root: Path, few: Sequence[Message]) -> float:
    """The median of some starts: from the process to its first answer."""
    found = []
    for _ in shown(range(STARTS), "starts"):
        with Worker(root, few[:1], {}) as worker:
            found.append(worker.first)
    return statistics.median(found)


def in_turns(workers: Sequence[Worker], count: int) -> list[list[float]]:
    """One round: every message's milliseconds for each process, measured a block at a time in turns."""
    times: list[list[float]] = [[] for _ in workers]
    for worker in workers:
        worker.ask("forget")
    for start in range(0, count, BLOCK):
        for worker, own in zip(workers, times, strict=True):
            own.extend(worker.ask(f"time {start} {min(count, start + BLOCK)}"))
    return times


def middle(rounds: Sequence[Sequence[float]]) -> list[float]:
    """Each message's median over the rounds, so that a burst of other work on the machine does not make a p99."""
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def run(console: Console) -> None:
    """Measure both in turns, with few and with many, and print them beside each other."""
    few = messages()
    if not few:
        console.print("There is neither the shared sample nor tests/cases; nothing to measure.")
        return
    root = ROOT / "knowledge"
    first = starts(root, few)
    with tempfile.TemporaryDirectory() as place:
        ERR.print(f"copying organisations until there are {MANY}, and loading them")
        copies = multiply(root, Path(place) / "knowledge", MANY)
        with Worker(root, few, {}) as small, Worker(Path(place) / "knowledge", spread(few, copies), copies) as large:
            workers = (small, large)
            memory = [w.ask("memory") for w in workers]
            times = [middle(rounds) for rounds in zip(*(in_turns(workers, len(few)) for _ in shown(range(ROUNDS), "rounds")), strict=True)]
    if not small.about["encoder"]:
        console.print("The language model is missing: these are the times of the lexical fallback.")
    _print(console, len(few), (first, large.first), workers, memory, times)


def _print(
    console: Console,
    count: int,
    first: tuple[float, float],
    workers: Sequence[Worker],
    memory: Sequence[Mapping[str, float]],
    times: Sequence[Sequence[float]],
) -> None:
    table = Table(title=f"One warm answer on one core: {count} messages, each in a fresh conversation, median of {ROUNDS} rounds")
    table.add_column("")
    for worker in workers:
        table.add_column(f"{worker.about['organisations']} organisations", justify="right")
    table.add_column("ratio", justify="right")
    for name, at in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99)):
        small, large = (quantile(t, at) for t in times)
        table.add_row(f"{name}, ms", f"{small:.2f}", f"{large:.2f}", f"{large / small:.2f}")
    starts_by = (f"median of {STARTS}", "one start")
    table.add_row(
        "first answer after process start, s", *(f"{s:.2f} ({by})" for s, by in zip(first, starts_by, strict=True)), f"{first[1] / first[0]:.1f}"
    )
    for key, name in (("peak", "resident memory after 200 answers, peak, MB"), ("now", "the same, at that moment, MB")):
        table.add_row(name, *(f"{m[key]:.0f}" for m in memory), f"{memory[1][key] / memory[0][key]:.2f}")
    console.print(table)
