"""What is kept about a person, for when they ask for it (a subject access request).

Reports are left out: whether somebody may see one that concerns them is decided by whoever looks after it, and nothing here may
tell who reported. So this is the same whether or not there is any report by or about them.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.store.tables import account, case_audit, invite, person, visit

_SECRET = {"token", "id", "hash"}  # fingerprints, and numbers of accounts by which somebody could be looked up elsewhere
_TIMES = {"at", "expires", "used", "revoked"}


def about(connection: Connection, email: str) -> dict[str, list[dict[str, Any]]]:
    """Every row with this address, by table; times as 2026-11-30 09:15 UTC. Empty lists where nothing is kept."""
    found = {table.name: _rows(connection, table, email) for table in (person, account, visit, invite)}
    managed = connection.execute(select(person.c.organisation).where(person.c.manager == email))
    mine = select(case_audit.c.organisation, case_audit.c.at, case_audit.c.act).where(case_audit.c.who == email)
    done = [_shown(dict(r)) for r in connection.execute(mine.order_by(case_audit.c.organisation, case_audit.c.number)).mappings()]
    return {**found, "manager of": [{"organisation": o} for o in managed.scalars()], "done as somebody who looks after reports": done}


def _rows(connection: Connection, table: Table, email: str) -> list[dict[str, Any]]:
    columns = [c for c in table.c if c.name not in _SECRET]
    rows = connection.execute(select(*columns).where(table.c.email == email)).mappings()
    return sorted((_shown(dict(r)) for r in rows), key=repr)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _time(value) if name in _TIMES and value is not None else value for name, value in row.items()}


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
