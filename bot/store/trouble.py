"""What can be wrong with a database, said in a sentence that says what to mend."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

# What a driver says → what to do. The first that fits counts.
_REMEDIES = (
    (("is full", "No space left", "could not extend file"), "The disk is full: make room; nothing that was acknowledged is lost."),
    (("malformed", "not a database"), "The database file is damaged. Move it away and restore the last backup with `askwell restore`."),
    (("no such table", "no such column", "has no column", 'relation "', 'column "'), "The database has not been migrated: run `askwell migrate`."),
    (("locked",), "Another process keeps the database locked: only one process may write to SQLite; use PostgreSQL for several."),
    (("unable to open",), "The database file cannot be opened: check that its folder is there, and that Askwell's user may write to it."),
    (("readonly", "read-only", "disk I/O"), "The database cannot be written: check that Askwell's user may write to it, and that its disk is sound."),
    (("authentication failed", "no password supplied"), "The database refuses the name or the password: check ASKWELL_DATABASE."),
    (("permission denied",), "The database user may not do that: give it every right on its own database."),
    (('database "',), "The server has no such database: create it, or check the name at the end of ASKWELL_DATABASE."),
    (("deadlock", "could not serialize"), "Two writers got in each other's way; nothing was written, try again."),
    (("too many clients", "remaining connection slots"), "The database server has no connection free: allow more, or run fewer replicas."),
)
_UNREACHABLE = "The database cannot be reached: check ASKWELL_DATABASE, and that the server runs."


class DatabaseUnusableError(Exception):
    """The database cannot be reached, is not migrated, or is full; the message says what to mend."""


@contextmanager
def explained(where: str) -> Iterator[None]:
    """Turns what the driver says into a sentence that says what to mend. `where` must not hold a password."""
    try:
        yield
    except IntegrityError:
        raise
    except DatabaseError as error:
        said = _said(error)
        remedy = next((mend for signs, mend in _REMEDIES if any(s in said for s in signs)), "")
        if not (remedy or isinstance(error, OperationalError)):
            raise
        raise DatabaseUnusableError(f"{remedy or _UNREACHABLE} (database {where}: {said.splitlines()[0]})") from None


def _said(error: DatabaseError) -> str:
    """The driver's words. SQLite undoes everything when the disk is full; that undoing then fails must not hide why."""
    before = error.__context__
    while before is not None and not isinstance(before, DatabaseError):
        before = before.__context__
    if "no such savepoint" in str(error.orig) and before is not None:
        return _said(before)
    return str(error.orig)
