"""What handlers do with cases, and what time does: each in one transaction. Whoever may not see a case is told that there is none."""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot import links, reports
from bot.cases import NotAllowedError
from bot.post import whom
from bot.reports import Opened
from bot.service import MOST_TRIES, BusyError, Service
from bot.store import cases, chain, records
from bot.store.cases import Held, MovedError, NoCaseError
from bot.store.chain import Done
from bot.store.conversations import ConflictError
from bot.store.outbox import Row

T = TypeVar("T")
MOST_REFERENCE = 16  # characters of what somebody tried as a reference
FASTER = (MovedError, ConflictError, IntegrityError)  # another process was, with the case, its reporter's conversation or the audit


class Board:
    """The cases of a service."""

    def __init__(self, service: Service) -> None:
        self._service, self._database = service, service.database

    def remind(self) -> int:
        """Ask the next people about every case whose time has come; returns how many there were."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            return reports.tick(connection, self._database.vault, self._service.post(now), now)

    def unheard(self, row: Row) -> None:
        """A ping was delivered to somebody who has silenced the platform: the next people are asked at once. Others' rows are let go."""
        found = whom(row.conversation)
        if found is None:
            return
        reference, who = found
        vault, post = self._database.vault, self._service.post
        with contextlib.suppress(NoCaseError, BusyError):  # purged meanwhile; or the case goes on by itself
            self._again(reference, lambda c, now: reports.unheard(c, vault, post(now), row.organisation, reference, who, now))

    def opened(self, organisation: str, reference: str, who: str) -> Opened:
        """A case for a handler, audited. Raises NoCaseError for everybody else, having audited the try."""
        return self._tried(organisation, reference, who, lambda c, now: reports.opened(c, self._database.vault, organisation, reference, who, now))

    def waiting_for(self, organisation: str, who: str) -> list[Held]:
        """The cases that this person may see."""
        with self._database.read() as connection:
            return cases.seen_by(connection, self._database.vault, organisation, who)

    def chronology(self, organisation: str, reference: str, who: str) -> list[Opened]:
        """A case and all that belong with it, for somebody who may read them, audited. Raises NoCaseError as `opened` does."""
        vault = self._database.vault
        return self._tried(organisation, reference, who, lambda c, now: reports.chronology(c, vault, organisation, reference, who, now))

    def linked(self, organisation: str, reference: str, who: str, other: str, event: tuple[str, str], *, loose: bool = False) -> None:
        """Link a case with another, or take that back. Raises NoCaseError and SeenError as `acted` does."""

        def step(connection: Connection, now: float) -> None:
            records.take(connection, *event, now)
            links.tie(connection, self._database.vault, organisation, reference, other, who, now, loose=loose)

        self._tried(organisation, reference, who, step)

    def acted(self, organisation: str, reference: str, who: str, what: Mapping[str, Any], event: tuple[str, str] | None = None) -> None:
        """Take, hand over, note, wait or close. Raises NoCaseError for everybody who may not, having audited the try.

        `event` is (channel, id) of the press, where the channel has one: SeenError when it was done before, so that nothing is done twice.
        """
        vault, post = self._database.vault, self._service.post

        def step(connection: Connection, now: float) -> None:
            if event:
                records.take(connection, *event, now)
            reports.done(connection, vault, post(now), organisation, reference, who, what, now)

        self._tried(organisation, reference, who, step)

    def _tried(self, organisation: str, reference: str, who: str, step: Callable[[Connection, float], T]) -> T:
        """One step as in `_again`; a refusal is audited."""
        with contextlib.suppress(NoCaseError, NotAllowedError):
            return self._again(reference, step)
        tried = "".join(c for c in reference if c.isascii() and c.isprintable())[:MOST_REFERENCE]
        refused, vault = Done("refused", tried, who), self._database.vault
        self._again(reference, lambda c, now: chain.append(c, vault, organisation, refused, now))
        raise NoCaseError(reference)

    def _again(self, reference: str, step: Callable[[Connection, float], T]) -> T:
        """One step in one transaction, again where another process was faster. Raises BusyError where one always was."""
        for _ in range(MOST_TRIES):
            with contextlib.suppress(*FASTER), self._database.write() as connection:
                return step(connection, self._database.now(connection))
        raise BusyError(reference)
