"""The database of reports of wrongdoing: one SQLite file, one row, always of the same size, sealed as a whole with the server's key.

Each change writes all of it anew, so that neither its size nor its rows tell whether there is a report. It is not kept in PostgreSQL: a
database server's logs, replicas and archives would tell when something was written.
"""

import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Column, Connection, Integer, LargeBinary, MetaData, NullPool, Table, create_engine, event, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from bot.speakup import records
from bot.speakup.records import Kept, UnreadableError
from bot.speakup.sealing import TooLongError, bare, padded
from bot.store.trouble import DatabaseUnusableError

VERSION = 1
ROOM = 8 * 1024 * 1024  # bytes: some ninety reports
DAY = 86_400  # seconds
_NONCE, _TAG = 12, 16
_BLUR = 24  # writes of nothing in an hour, at most
_COUNTS = (24, 60, 92)  # in a file of SQLite's: its count of writes, the number that `blur` writes, and the count once more
metadata = MetaData()
box = Table(
    "speakup_box", metadata,
    Column("number", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
)  # fmt: skip


class FullError(Exception):
    """There is no room for more; nothing was kept."""


class Box:
    """Opens the file, and makes it where it is new. `key`: 32 bytes; `room`: how much a new one holds.

    Raises DatabaseUnusableError, which says what to mend.
    """

    def __init__(self, path: Path, key: bytes, room: int = ROOM) -> None:
        self.path, self._key, self._room = path, hmac.digest(key, b"box", hashlib.sha256), room
        self._one = threading.Lock()
        self._last: tuple[bytes, Kept] | None = None  # what was read last, by its nonce
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.exists():
                path.touch(mode=0o600)
        except OSError as error:
            raise DatabaseUnusableError(f"{path} cannot be made ({error.strerror}): set ASKWELL_SPEAKUP_DATABASE to a file that can.") from None
        self._engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, hide_parameters=True)
        event.listen(self._engine, "connect", _lasting)
        event.listen(self._engine, "begin", _begun)
        self._ready()

    def _ready(self) -> None:
        with self._transaction() as connection:
            metadata.create_all(connection)
            size = connection.execute(select(func.length(box.c.body))).scalar()
            if size is not None:
                self._room = size - _TAG
                return
            connection.execute(insert(box).values(number=1, version=VERSION, **self._sealed(Kept())))
            connection.execute(update(box).values(**self._sealed(Kept())))  # now the file has the size that it keeps

    def read(self) -> Kept:
        """What is in it. One at a time, so that many who ask take no memory.

        What has not changed is not read again: otherwise the time it takes would grow with the number of reports, for all to measure.
        """
        with self._one, self._transaction(writes=False) as connection:
            return self._opened(connection)

    @contextmanager
    def change(self) -> Iterator["Change"]:
        """One transaction: what is in it, and what shall be. An error changes nothing; raises FullError."""
        with self._one, self._transaction() as connection:
            going = Change(self._opened(connection))
            yield going
            connection.execute(update(box).values(**self._sealed(going.kept)))

    def blur(self) -> None:
        """Write nothing, some times over: SQLite counts its writes in the file, and the count must not say how many were real."""
        for _ in range(secrets.randbelow(_BLUR)):
            with self._one, self._transaction() as connection:
                connection.exec_driver_sql(f"PRAGMA user_version = {secrets.randbelow(2**31)}")

    def save(self, target: Path) -> None:
        """A copy while it is in use, which only its own user may read. It does not count writes."""
        target.touch(mode=0o600)
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        with target.open("r+b") as handle:
            for at in _COUNTS:
                handle.seek(at)
                handle.write(bytes(4))

    @contextmanager
    def _transaction(self, *, writes: bool = True) -> Iterator[Connection]:
        try:
            with self._engine.execution_options(askwell_writes=writes).connect() as connection, connection.begin():
                yield connection
        except DatabaseError as error:
            mend = "See that Askwell's user may read and write it and that its disk has room, or put your last copy in its place."
            raise DatabaseUnusableError(f"{self.path} cannot be used ({error.orig}). {mend}") from None
        if writes:
            self._undated()

    def _undated(self) -> None:
        """The files' times say the day and nothing more."""
        day = time.time() // DAY * DAY
        for path in (self.path, self.path.with_name(self.path.name + "-journal")):
            if path.exists():
                os.utime(path, (day, day))

    def _sealed(self, kept: Kept) -> dict[str, bytes]:
        try:
            plain = padded(records.kept_json(kept), self._room)
        except TooLongError:
            raise FullError from None
        nonce = secrets.token_bytes(_NONCE)
        return {"nonce": nonce, "body": AESGCM(self._key).encrypt(nonce, plain, None)}

    def _opened(self, connection: Connection) -> Kept:
        nonce = connection.execute(select(box.c.nonce)).scalar_one()
        if self._last is None or self._last[0] != nonce:
            self._last = nonce, self._read(connection)
        return self._last[1]

    def _read(self, connection: Connection) -> Kept:
        row = connection.execute(select(box)).one()
        try:
            if row.version != VERSION:
                raise UnreadableError
            return records.kept(bare(AESGCM(self._key).decrypt(row.nonce, row.body, None)))
        except InvalidTag:
            mend = "Put the copy of its key back into the key folder, or a copy of the file beside the database."
            raise DatabaseUnusableError(f"{self.path} was sealed with another key, or changed. {mend}") from None
        except UnreadableError:
            raise DatabaseUnusableError(f"{self.path} was made by another version of Askwell: install that one.") from None


class Change:
    """A change that is being made: set `kept` to what shall be."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept


def _lasting(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, not the driver
    for pragma in ("journal_mode = TRUNCATE", "temp_store = MEMORY", "synchronous = FULL", "secure_delete = ON", "busy_timeout = 10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("askwell_writes") else "BEGIN")
