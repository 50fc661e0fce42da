"""What handlers do with cases, and what time does: each in one transaction. Whoever may not see a case is told that there is none."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from bot import reports
from bot.cases import NotAllowedError
from bot.reports import Opened
from bot.service import MOST_TRIES, BusyError, Service
from bot.store import cases, chain
from bot.store.cases import Held, MovedError, NoCaseError
from bot.store.chain import Done

MOST_REFERENCE = 16  # characters of what somebody tried as a reference


class Board:
    """The cases of a service."""

    def __init__(self, service: Service) -> None:
        self._service, self._database = service, service.database

    def remind(self) -> int:
        """Ask the next people about every case whose time has come; returns how many there were."""
        with self._database.write() as connection:
            now = self._database.now(connection)
            return reports.tick(connection, self._database.vault, self._service.post(now), now)

    def opened(self, organisation: str, reference: str, who: str) -> Opened:
        """A case for a handler, audited. Raises NoCaseError for everybody else."""
        with self._database.write() as connection:
            return reports.opened(connection, self._database.vault, organisation, reference, who, self._database.now(connection))

    def waiting_for(self, organisation: str, who: str) -> list[Held]:
        """The cases that this person may see."""
        with self._database.read() as connection:
            return cases.seen_by(connection, self._database.vault, organisation, who)

    def acted(self, organisation: str, reference: str, who: str, what: Mapping[str, Any]) -> None:
        """Take, hand over, note, wait or close. Raises NoCaseError for everybody who may not, having audited the try."""
        for _ in range(MOST_TRIES):
            try:
                with self._database.write() as connection:
                    now = self._database.now(connection)
                    return reports.done(connection, self._database.vault, self._service.post(now), organisation, reference, who, what, now)
            except (MovedError, IntegrityError):
                continue
            except (NoCaseError, NotAllowedError):
                with self._database.write() as connection:
                    refused = Done("refused", reference[:MOST_REFERENCE], who)
                    chain.append(connection, self._database.vault, organisation, refused, self._database.now(connection))
                raise NoCaseError(reference) from None
        raise BusyError(reference)
