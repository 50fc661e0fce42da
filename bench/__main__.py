"""Runs the sections of the benchmark that are named, by default all, and prints a table or two for each."""

import argparse
import sys
from collections.abc import Callable, Sequence

from rich.console import Console

from bench import exam, passages, reports, service, speakup, speed, triage
from bot.findings import KnowledgeError

SECTIONS: dict[str, Callable[[Console], None]] = {
    "speed": speed.run,
    "passages": passages.run,
    "triage": triage.run,
    "cases": exam.run,
    "service": service.run,
    "reports": reports.run,
    "speakup": speakup.run,
}

WIDTH = 110  # of what is piped into a file


def main(arguments: Sequence[str]) -> int:
    """Run the sections in the order in which they are named; 2 when a name or the knowledge is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure Askwell. Figures go to standard output, progress to standard error."
    )
    parser.add_argument("sections", nargs="*", metavar="section", help=f"which to run: {', '.join(SECTIONS)}; all when left out")
    wanted = parser.parse_args(arguments).sections or list(SECTIONS)
    if unknown := [name for name in wanted if name not in SECTIONS]:
        parser.error(f"'{unknown[0]}' is not a section; these are: {', '.join(SECTIONS)}")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    try:
        for name in wanted:
            console.rule(name)
            SECTIONS[name](console)
    except KnowledgeError as error:
        Console(stderr=True).print(f"The knowledge cannot be loaded, so nothing is measured:\n{error}", markup=False, soft_wrap=True)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
