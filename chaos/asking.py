"""A process that asks people about reports, as `askwell serve` does, with short timers; what it sends it writes down. It runs until it is killed."""

import asyncio
import json
import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from adapters.email import Mail
from adapters.remind import Reminders
from bot import cases, courier, reports, vault
from bot.courier import Courier, Sender
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.load import ROOT, load
from bot.service import Service
from bot.store.database import Database
from bot.store.outbox import Row
from bot.understand.reading import Understanding

LEASE = 3.0  # seconds until what a killed process had begun is taken up
PACE = 0.04  # minutes for each step
LAPSES, AGAIN = 6.0, 30.0  # seconds
MOMENTS = (0.0, 0.1)  # seconds that sending takes before it arrived, and after, in each of which it may be killed


def hurry() -> None:
    """From now on everything that takes minutes or days takes seconds in this process."""
    courier.LEASE, courier.TIMEOUT = LEASE, LEASE * 0.75
    reports.DANGER, cases.AGAIN = PACE, AGAIN
    cases.LAPSE[Flow.SAFEGUARDING] = LAPSES


@contextmanager
def hurried() -> Iterator[None]:
    """The same for a while."""
    before = courier.LEASE, courier.TIMEOUT, reports.DANGER, cases.AGAIN, cases.LAPSE[Flow.SAFEGUARDING]
    hurry()
    try:
        yield
    finally:
        courier.LEASE, courier.TIMEOUT, reports.DANGER, cases.AGAIN, cases.LAPSE[Flow.SAFEGUARDING] = before


class Book:
    """A sender that writes down what it sent, and when."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def send(self, key: str, payload: Mapping[str, Any]) -> None:
        """Send one."""
        await asyncio.sleep(random.choice(MOMENTS))  # noqa: S311 - no secret
        with self._path.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps({"key": key, "at": time.time(), "to": payload["to"], "subject": payload["subject"]}) + "\n")
        await asyncio.sleep(random.choice(MOMENTS))  # noqa: S311 - no secret

    async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
        """As with mail: it cannot be looked for."""
        return False


def service(folder: Path, url: str) -> Service:
    """The service on this database; nobody talks to it, so it needs no model."""
    known = load()
    made = Service(Askwell(known, Understanding(known, ROOT, None)), Database(url, vault=vault.kept(folder / "keys")))
    made.join(Mail())
    return made


def work(made: Service, channel: str, sender: Sender, up: Path) -> None:
    """Ask, and send on this channel, until killed; `up` is made as soon as it begins."""

    async def alarm(row: Row, why: str) -> None:
        raise AssertionError(f"nothing is given up here: {row.number} {why}")

    async def both() -> None:
        sending = Courier(made.database, {channel: sender}, alarm)
        up.touch()
        await asyncio.gather(sending.run(), Reminders(made, sending.wake).run())

    asyncio.run(both())


def main(folder: Path, url: str, name: str) -> None:
    """Ask and send until killed."""
    hurry()
    work(service(folder, url), Mail.name, Book(folder / f"sent-{name}.jsonl"), folder / f"up-{name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
