"""`askwell serve` as it is, only that a lease ends sooner: what a crash leaves is then taken up within seconds, and runs stay short."""

import sys

from bot import courier


def main(lease: float, port: int) -> None:
    """Serve until killed."""
    courier.LEASE, courier.TIMEOUT = lease, lease * 0.75
    from adapters.terminal.cli import main as askwell

    sys.argv = ["askwell", "serve", "--port", str(port)]
    askwell()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
