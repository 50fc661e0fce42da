"""A turn costs the same however many conversations are stored."""

import asyncio
from pathlib import Path
from typing import Any

from letters import LETTERS, Post, coming, home, joined
from sqlalchemy import Connection, event

from bench.fill import filled
from bot.courier import Courier
from bot.guide import Askwell
from bot.messages import Act, Edited, Judged, PassOn, Press, Words
from bot.service import Service
from bot.store import conversations
from bot.store.database import Database
from bot.store.outbox import Row

QUESTION = "Can I accept a friend request from a volunteer on my own Facebook?"
DANGER = "He says he is going to kill himself tonight"


async def nobody(_row: Row, _why: str) -> None:
    """Nothing is given up."""
    raise AssertionError


def test_no_statement_of_a_turn_reads_a_whole_table(askwell: Askwell, tmp_path: Path) -> None:
    """SQLite says of each how it finds its rows: by an index, or by the key."""
    database = Database(f"sqlite:///{tmp_path / 'askwell.db'}")
    database.migrate()
    with database.write() as connection:
        filled(connection, database.vault, 2_000)
    done: dict[str, Any] = {}

    def record(_connection: Connection, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            done[statement] = parameters

    event.listen(database.engine, "before_cursor_execute", record)
    service = joined(Service(askwell, database))
    for i, text in enumerate((QUESTION, "Healthwatch Derbyshire", "Staff")):
        service.handle(coming(f"a{i}", Words(text)))
    number = service.session(LETTERS, "ann", home("ann")).number
    acts: list[Act] = [Judged(number, helpful=True), PassOn(number, agreed=True), Press(number, "who", "client"), Edited("m1", "x")]
    for i, act in enumerate(acts):
        service.handle(coming(f"b{i}", act))
    service.handle(coming("c", Words(DANGER), conversation="thread"))
    asyncio.run(Courier(database, {LETTERS: Post()}, nobody).drain())
    event.remove(database.engine, "before_cursor_execute", record)
    assert len(done) >= 12
    with database.read() as connection:
        for statement, parameters in done.items():
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert not [line for line in plan if line.startswith("SCAN")], statement
    database.close()


def test_what_the_benchmark_stores_is_what_the_service_stores(address: str) -> None:
    """Sealed conversations that can be opened, each of its own account."""
    database = Database(address)
    with database.write() as connection:
        filled(connection, database.vault, 7)
    with database.read() as connection:
        kept = [conversations.load(connection, database.vault, organisation, f"T:{i}") for i, organisation in ((0, "cambspboro"), (6, "derbyshire"))]
    assert [k.version for k in kept] == [1, 1] and all(k.session.state and k.session.state.words for k in kept)
    database.close()
