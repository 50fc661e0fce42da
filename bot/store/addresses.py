"""Where somebody can be written to first, on platforms that give each person's chat an address of its own."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection, delete, exists, insert, select

from bot.store.tables import account, address


def of(connection: Connection, channel: str, key: str) -> Mapping[str, str] | None:
    """The address of an account's chat; None where there is none yet."""
    place = connection.execute(select(address.c.place).where(address.c.channel == channel, address.c.id == key)).scalar_one_or_none()
    return json.loads(place) if place is not None else None


def keep(connection: Connection, channel: str, key: str, found: Mapping[str, str], now: float) -> None:
    """Remember it, for accounts that we know; it goes with the account."""
    known = select(exists().where(account.c.channel == channel, account.c.id == key))
    if not connection.execute(known).scalar_one():
        return
    connection.execute(delete(address).where(address.c.channel == channel, address.c.id == key))
    connection.execute(insert(address).values(channel=channel, id=key, place=json.dumps(dict(found), sort_keys=True), at=now))
