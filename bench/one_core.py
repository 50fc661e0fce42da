"""A server on one core: `python -m bench.one_core CORE echo URL PORT`, or `python -m bench.one_core CORE askwell PORT`."""

import os
import sys


def main(core: int, name: str, *arguments: str) -> None:
    """Serve until stopped."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})
    if name == "echo":  # imported after the affinity: libraries count the cores when they are imported
        from bench import echo

        echo.main(arguments[0], int(arguments[1]))
    else:
        from adapters.terminal import cli

        sys.argv = ["askwell", "serve", "--port", arguments[0]]
        cli.main()


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
