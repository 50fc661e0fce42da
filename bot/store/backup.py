"""A backup: every table as it is at one moment, and the archived knowledge, in one zip file; one format for SQLite and PostgreSQL.

Keys are not in it: they are kept apart from the data, and without them what people wrote cannot be read.
"""

import base64
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Integer, MetaData, Table, func, insert, select, text

from bot.store import outbox, retention
from bot.store.database import Database, known, upgrade

FORMAT = 1
_HEAD, _TABLES, _KNOWLEDGE = "askwell.json", "tables/", "knowledge/"
_BATCH = 500
_OWN = ("alembic_version", "beat")  # made anew: which migrations ran, and signs of life


class BackupError(Exception):
    """A backup that cannot be made or taken back; the message says why and what to do."""


def save(database: Database, knowledge: Path, target: Path) -> Mapping[str, int]:
    """Write a backup while others go on writing; how many rows of each table it holds. Raises BackupError, having written nothing."""
    if target.exists():
        raise BackupError(f"{target} is there already: name another file.")
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as handle:
            try:
                with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
                    rows = _save(database, knowledge, archive)
                Path(handle.name).replace(target)
            except BaseException:
                Path(handle.name).unlink()
                raise
    except OSError as error:
        raise BackupError(f"{target} cannot be written ({error.strerror}): choose a folder with room that Askwell's user may write to.") from None
    return rows


def _save(database: Database, knowledge: Path, archive: zipfile.ZipFile) -> dict[str, int]:
    rows: dict[str, int] = {}
    with database.snapshot() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision is None:
            raise BackupError("The database has no tables yet, so there is nothing to back up.")
        for table in _tables(connection):
            with archive.open(f"{_TABLES}{table.name}.jsonl", "w", force_zip64=True) as handle:
                rows[table.name] = sum(handle.write(line) > 0 for line in _lines(connection, table))
    for path in sorted(knowledge.glob("*.zip")):
        archive.write(path, f"{_KNOWLEDGE}{path.name}", zipfile.ZIP_STORED)
    head = {"format": FORMAT, "revision": revision, "made": datetime.now(UTC).isoformat(timespec="seconds"), "rows": rows}
    archive.writestr(_HEAD, json.dumps(head, indent=2))
    return rows


def restore(database: Database, knowledge: Path, source: Path, *, replace: bool) -> Mapping[str, int]:
    """Put a backup in the place of the database; how many rows of each table it holds. All of it or nothing.

    What was still to be sent may have been sent since, so it is looked for before it is sent again. What is over by now is purged.
    Raises BackupError, also where the database is not empty and `replace` is not set.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            head = _head(archive, source)
            with database.write() as connection:
                _make_room(connection, head["revision"], replace=replace)
                rows = {t.name: _fill(connection, t, archive) for t in _tables(connection) if t.name in head["rows"]}
                if rows != head["rows"]:
                    raise BackupError(f"{source} is damaged: rows are missing. Nothing was changed; take an older backup.")
                upgrade(connection)
                _settle(connection)
                retention.purge(connection, database.now(connection))
            _unpack(archive, knowledge)
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupError(f"{source} is no backup of Askwell, or it is damaged ({type(error).__name__}). Nothing was changed.") from None
    except OSError as error:
        raise BackupError(f"{error.filename or source} cannot be read or written ({error.strerror}).") from None
    return rows


def _head(archive: zipfile.ZipFile, source: Path) -> dict[str, Any]:
    if broken := archive.testzip():
        raise BackupError(f"{source} is damaged ({broken}). Nothing was changed; take an older backup.")
    head: dict[str, Any] = json.loads(archive.read(_HEAD))
    if head["format"] != FORMAT or not known(head["revision"]):
        raise BackupError(f"{source} was made by a newer Askwell: install that version first.")
    return head


def _tables(connection: Connection) -> list[Table]:
    """The tables that are there, whatever their version, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [t for t in found.sorted_tables if t.name not in _OWN]


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    rows = connection.execute(select(table).order_by(*table.primary_key.columns), execution_options={"yield_per": _BATCH})
    for row in rows.mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def _plain(value: object) -> object:
    return {"bytes": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _value(value: object) -> object:
    return base64.b64decode(value["bytes"]) if isinstance(value, dict) else value


def _make_room(connection: Connection, revision: str, *, replace: bool) -> None:
    """Empty tables of the backup's version, in the place of whatever there is."""
    full = any(connection.execute(select(func.count()).select_from(t)).scalar_one() for t in _tables(connection))
    if full and not replace:
        raise BackupError("The database is not empty. To put the backup in its place, and lose what is there, add --replace.")
    there = MetaData()
    there.reflect(connection)
    there.drop_all(connection)
    upgrade(connection, revision)


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile) -> int:
    count = 0
    batch: list[dict[str, object]] = []
    with archive.open(f"{_TABLES}{table.name}.jsonl") as lines:
        for line in lines:
            batch.append({name: _value(value) for name, value in json.loads(line).items()})
            if len(batch) == _BATCH:
                connection.execute(insert(table), batch)
                count, batch = count + len(batch), []
    if batch:
        connection.execute(insert(table), batch)
    return count + len(batch)


def _settle(connection: Connection) -> None:
    """Numbers go on after the last one, and nothing is sent twice without a look."""
    outbox.doubt(connection)
    if connection.dialect.name != "postgresql":
        return
    for table in _tables(connection):
        for column in table.primary_key.columns:
            if column.server_default is not None and isinstance(column.type, Integer):
                top = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
                connection.execute(select(func.setval(sequence, top, text("false"))))


def _unpack(archive: zipfile.ZipFile, knowledge: Path) -> None:
    """Archived knowledge that is not there yet; names of the backup are never paths."""
    knowledge.mkdir(parents=True, exist_ok=True)
    for name in archive.namelist():
        target = knowledge / Path(name).name
        if name.startswith(_KNOWLEDGE) and target.suffix == ".zip" and not target.exists():
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as handle:
                handle.write(archive.read(name))
