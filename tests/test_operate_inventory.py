"""What is kept is what the inventory says; nothing joins a person to a topic once the conversation is over; the notice says so in plain words."""

import asyncio
import itertools
import re
from collections.abc import Mapping
from typing import Any

import letters
import pytest
from sqlalchemy import Row, select

from bot import inventory
from bot.courier import Courier
from bot.guide import Askwell
from bot.inventory import Inventory, Kept
from bot.messages import Judged, PassOn, Words
from bot.people import Asker, Person
from bot.service import Service
from bot.speakup import box as speakup
from bot.store import directory, retention
from bot.store.database import Database
from bot.store.outbox import Row as Letter
from bot.store.retention import DAY, HOUR, IDLE, WEEK, YEAR
from bot.store.tables import metadata

PERSON, CONTENT = {"person"}, {"words", "topic"}
LINKS = ("email", "account", "conversation", "case")
ALL_SHARE = {"organisation", "role", "channel", "month", "act", "verdict", "status"}  # values that say nothing of one row
SAID = ("May I add a service user on Facebook?", "May we use Mastodon for the charity, and who decides?")


@pytest.fixture(scope="module")
def known() -> Inventory:
    """docs/data-inventory.yaml."""
    return inventory.load()


def test_every_column_is_in_the_inventory_and_nothing_else_is(known: Inventory) -> None:
    """A new column says why it is kept before it is kept."""
    tables = [*metadata.sorted_tables, *speakup.metadata.sorted_tables]
    assert {name: set(t.columns) for name, t in known.tables.items()} == {t.name: set(t.c.keys()) for t in tables}


def test_every_entry_says_everything(known: Inventory) -> None:
    """Purpose, basis, who sees it, how long, and how it goes."""
    for name, table in known.tables.items():
        for text in (table.title, table.what, table.why, table.basis, table.seen_by, table.kept, table.goes, *map(str, table.columns.values())):
            assert text.strip(), name


def seconds(kept: str) -> float | None:
    """'7 days' as seconds; None where it does not go by time."""
    match = re.match(r"(\d+) (hours|days|months)\b", kept)
    return int(match[1]) * {"hours": HOUR, "days": DAY, "months": YEAR / 12}[match[2]] if match else None


def test_times_are_those_by_which_it_is_purged(known: Inventory) -> None:
    """What people read is what happens."""
    said = {name: found for name, t in known.tables.items() if (found := seconds(t.kept)) is not None}
    done = {
        "conversation": IDLE, "transcript": IDLE, "event": WEEK, "outbox": WEEK, "visit": WEEK, "invite": WEEK, "audit": YEAR, "gap": YEAR,
        "judgement": YEAR,
    }  # fmt: skip
    assert said == done
    purged = {table.name for table, _ in retention._over(0.0)}
    assert set(done) - purged == {"transcript"}  # it goes with its conversation
    assert purged - set(done) == {"account"}  # it goes with its visit


def lasting(known: Inventory) -> Mapping[str, Kept]:
    """What is there once a conversation is over; a report that somebody sent on purpose aside."""
    return {name: t for name, t in known.tables.items() if t.over != "goes" and not t.report}


def holds(table: Kept) -> set[str]:
    """What a table could tell once the conversation is over."""
    return set() if table.over == "bare" else {what for column in table.columns for what in table.holds(column)}


def test_no_table_that_lasts_holds_a_person_and_what_they_asked(known: Inventory) -> None:
    """Not even under two names."""
    assert [name for name, t in lasting(known).items() if holds(t) & PERSON and holds(t) & CONTENT] == []
    assert any(holds(t) & PERSON for t in lasting(known).values()) and any(holds(t) & CONTENT for t in lasting(known).values())


def test_no_way_leads_from_a_person_to_what_they_asked(known: Inventory) -> None:
    """Over none of the names by which rows of two tables can be put together."""
    tables = lasting(known)
    reached = {name for name, t in tables.items() if holds(t) & PERSON}
    for _ in tables:
        links = {link for name in reached for link in holds(tables[name]) if link in LINKS}
        reached |= {name for name, t in tables.items() if holds(t) & links}
    assert not [name for name in reached if holds(tables[name]) & CONTENT]


def test_what_could_tell_of_somebody_is_marked_in_the_inventory(known: Inventory) -> None:
    """By the names that columns have, so that a new one is not forgotten."""
    telling = {"email": "email", "manager": "email", "who": "email", "name": "person", "topic": "topic", "question": "words", "reason": "words",
               "said": "words", "body": "words", "content": "words", "session": "words", "conversation": "conversation"}  # fmt: skip
    for name, table in known.tables.items():
        for column in set(table.columns) & set(telling) - ({"name"} if name == "beat" else {"body"} if name == "case" else set()):
            assert telling[column] in table.holds(column), f"{name}.{column}"


def values(row: Row[Any]) -> set[object]:
    """What a row could be found by: names, numbers and times, but for what all rows share."""
    return {v for k, v in row._mapping.items() if k not in ALL_SHARE and v not in (None, "", b"") and not isinstance(v, bool | int)}


def test_in_real_tables_no_chain_of_rows_leads_from_a_person_to_what_they_asked(askwell: Askwell, database: Database) -> None:
    """After real conversations, with judgements and a question passed on: sent, ended, and every row looked at by every value it holds."""
    service = letters.joined(Service(askwell, database))
    numbers = itertools.count()
    with database.write() as connection:
        directory.replaced(connection, "sefton", [Person("sefton", "ann@example.org", "Ann Lee", "staff")])
    for account, asker in (
        ("account-of-ann", Asker("sefton", "staff", member=True, email="ann@example.org")),
        ("account-of-bob", Asker("sefton", "staff")),
    ):
        service.introduce(letters.LETTERS, account, asker)
        for said in SAID:
            done = service.handle(letters.coming(f"event {next(numbers)}", Words(said), account))
            service.handle(
                letters.coming(f"event {next(numbers)}", Judged(done.number, helpful=False, reason="it was about something else"), account)
            )
            service.handle(letters.coming(f"event {next(numbers)}", PassOn(done.number, agreed=True), account))
    _deliver(database)
    with database.write() as connection:
        retention.purge(connection, database.now(connection) + IDLE + 60)
    with database.read() as connection:
        rows = [(t.name, values(row)) for t in metadata.sorted_tables for row in connection.execute(select(t))]
    names = {name for name, _ in rows}
    assert {"account", "person", "gap", "judgement", "outbox", "audit", "event"} <= names and not names & {"conversation", "transcript"}
    found: set[object] = {"account-of-ann", "ann@example.org", "Ann Lee", letters.home("account-of-ann")}
    reached: set[str] = set()
    for _ in rows:
        for name, held in rows:
            if held & found:
                reached.add(name)
                found |= held
    assert {"account", "person"} <= reached and not reached & {"gap", "judgement"}, reached
    assert not [value for value in found if isinstance(value, str) and ("Mastodon" in value or "Facebook" in value)]


def _deliver(database: Database) -> None:
    """Send everything that waits."""

    class Post:
        async def send(self, key: str, payload: Mapping[str, Any]) -> None:
            """It arrives."""

        async def arrived(self, key: str, payload: Mapping[str, Any]) -> bool:
            return True

    async def alarm(_row: Letter, _why: str) -> None:
        raise AssertionError

    asyncio.run(Courier(database, {letters.LETTERS: Post()}, alarm).drain())


def test_the_notice_tells_of_everything_that_is_kept_of_people(known: Inventory) -> None:
    """With the organisation's name, and what is left to be filled in."""
    text = inventory.notice(known, "Healthwatch Sefton")
    for table in known.tables.values():
        assert (table.title in text) is (table.basis != "no personal data")
    assert "Healthwatch Sefton" in text and "{" not in text and "Asking never reports you" in text and "ico.org.uk" in text
    assert "[name and address of whoever looks after data protection]" in text


def test_the_assessment_is_a_template_with_what_is_always_true(known: Inventory) -> None:
    """Tables, risks, and who signs."""
    text = inventory.dpia(known, inventory.SOMEBODY)
    assert all(f"| {table.title} |" in text for table in known.tables.values())
    assert inventory.SOMEBODY in text and "{" not in text and "Data protection officer's advice" in text


def test_the_notice_is_plain(known: Inventory) -> None:
    """Sentences of at most thirty words."""
    lines = [line.lstrip("-#> ") for line in inventory.notice(known, "Healthwatch Sefton").splitlines() if line and not line.startswith("|")]
    long = [s for line in lines for s in re.split(r"(?<=[.?!:;])\s", line) if len(s.split()) > 30]
    assert long == []
