"""Organisations are kept apart: with another organisation's name, no id leads to anything, and nothing of anybody else's changes."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

import bot.store
from bot.cases import Action, Case
from bot.knowledge import Flow
from bot.people import Asker, Person
from bot.routing import Route, Rung
from bot.session import Counted, Gap, Session
from bot.store import cases, chain, conversations, directory, invites, outbox, records, visits
from bot.store.cases import NoCaseError, Reporter
from bot.store.chain import Done
from bot.store.conversations import Exchange, Kept
from bot.store.database import Database
from bot.store.invites import Invite
from bot.store.tables import metadata
from bot.store.visits import Visit
from bot.vault import fleeting

MINE = "sefton"
OTHERS = ("rutland", "SEFTON", "sefton ", "%", "_efton", "")
VAULT = fleeting()
ANN = Person(MINE, "ann@example.org", "Ann", "manager")
REFERENCE = "7QK4-XM29"
Ids = dict[str, str]
Call = Callable[[Connection, str, Ids], Any]

READERS: dict[str, Call] = {
    "cases.listed": lambda c, o, _: cases.listed(c, VAULT, o),
    "cases.load": lambda c, o, _: cases.load(c, VAULT, o, REFERENCE),
    "cases.one_for": lambda c, o, _: cases.one_for(c, VAULT, o, REFERENCE, ANN.email, Action.READ),
    "cases.seen_by": lambda c, o, _: cases.seen_by(c, VAULT, o, ANN.email),
    "conversations.exchange": lambda c, o, _: conversations.exchange(c, VAULT, o, "c", 1),
    "conversations.exchanges": lambda c, o, _: conversations.exchanges(c, VAULT, o, "c"),
    "conversations.load": lambda c, o, _: conversations.load(c, VAULT, o, "c").version,
    "chain.doers": lambda c, o, _: chain.doers(c, o, REFERENCE, "file"),
    "chain.head": lambda c, o, _: chain.head(c, o)[0],
    "directory.accounts_of": lambda c, o, _: directory.accounts_of(c, o, ANN.email),
    "directory.managed_by": lambda c, o, _: directory.managed_by(c, o, ANN.email),
    "directory.people": lambda c, o, _: directory.people(c, o),
    "invites.listed": lambda c, o, _: invites.listed(c, o, 2.0),
    "records.gaps": lambda c, o, _: records.gaps(c, o),
    "records.judgements": lambda c, o, _: list(records.judgements(c, o)),
    "visits.find": lambda c, o, ids: visits.find(c, o, ids["visit"], 2.0),
}
WRITERS: dict[str, Call] = {
    "cases.held_back": lambda c, o, _: cases.held_back(c, o, REFERENCE, hold=True),
    "cases.put_off": lambda c, o, _: cases.put_off(c, o, REFERENCE, 9.0),
    "chain.append": lambda c, o, _: chain.append(c, VAULT, o, Done("view", REFERENCE, ANN.email), 2.0),
    "conversations.forget": lambda c, o, _: conversations.forget(c, o, "c"),
    "conversations.leave": lambda c, o, _: conversations.leave(c, o, "c", Kept(Session(), 0)),
    "conversations.unwrite": lambda c, o, _: conversations.unwrite(c, o, "c", 1),
    "conversations.save": lambda c, o, _: conversations.save(c, VAULT, o, "c", Kept(Session(), 0), Session(9), 2.0),
    "conversations.write_down": lambda c, o, _: conversations.write_down(c, VAULT, o, "c", Exchange(2, "other", None)),
    "directory.replaced": lambda c, o, _: directory.replaced(c, o, []),
    "invites.revoke": lambda c, o, _: invites.revoke(c, o, ANN.email, 2.0),
    "outbox.forget": lambda c, o, _: outbox.forget(c, o, "c"),
    "outbox.hand": lambda c, o, _: outbox.hand(c, o, "c", "slack", f"handed to {o}", "body", 2.0, outbox.Lease("other", 60.0)),
    "outbox.put": lambda c, o, _: outbox.put(c, o, "c", "slack", f"key of {o}", "body", 2.0),
    "outbox.withdraw": lambda c, o, _: outbox.withdraw(c, o, "c"),
    "records.audited": lambda c, o, _: records.audited(c, o, "words", "other", 2.0),
    "records.counted": lambda c, o, _: records.counted(c, o, Counted("tone", "allowed", helpful=False), 2.0),
    "records.passed_on": lambda c, o, _: records.passed_on(c, o, Gap("other", None), 2.0),
    "records.struck": lambda c, o, ids: records.struck(c, o, ids["gap"]),
    "visits.end": lambda c, o, ids: visits.end(c, o, ids["visit"]),
}
CHECKERS = {"chain.broken", "chain.seal"}  # they look at one chain, and say nothing of what is in it


def fill(connection: Connection) -> Ids:
    """Something of everything, for one organisation; returns the ids that were made."""
    conversations.save(connection, VAULT, MINE, "c", Kept(Session(), 0), Session(1), 1.0)
    conversations.write_down(connection, VAULT, MINE, "c", Exchange(1, "said", None))
    directory.replaced(connection, MINE, [ANN, Person(MINE, "bob@example.org", "Bob", "staff", ANN.email)])
    directory.introduce(connection, "slack", "U1", Asker(MINE, "manager", member=True, email=ANN.email), 1.0)
    token = visits.start(connection, Visit(MINE, "staff", None, 1e9))
    invites.create(connection, Invite(MINE, ANN.email, "staff"), 1.0, 7)
    records.passed_on(connection, MINE, Gap("why?", None), 1.0)
    records.counted(connection, MINE, Counted("tone", "allowed", helpful=True), 1.0)
    records.audited(connection, MINE, "words", "r", 1.0)
    outbox.put(connection, MINE, "c", "slack", "k", "body", 1.0)
    case = Case(REFERENCE, MINE, Flow.MEDIA, Route((Rung((ANN.email,), 60, "chair"),)), frozenset(), rung=1, due=60.0)
    cases.file(connection, VAULT, case, Reporter("slack", "U1", "c", {}), {"what": "said"}, 1.0)
    chain.append(connection, VAULT, MINE, Done("file", REFERENCE, ANN.email), 1.0)
    return {"visit": visits.hashed(token), "gap": records.gaps(connection, MINE)[0].id}


def held(connection: Connection) -> list[str]:
    """Everything that is kept of the organisation."""
    tables = (t for t in metadata.sorted_tables if "organisation" in t.c)
    return sorted(f"{t.name}: {row}" for t in tables for row in connection.execute(select(t).where(t.c.organisation == MINE)))


def test_every_function_of_the_store_that_takes_an_organisation_is_looked_at() -> None:
    """A new one fails here until it is held apart, too."""
    found = set()
    for one in pkgutil.iter_modules(bot.store.__path__):
        module = importlib.import_module(f"bot.store.{one.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_") and "organisation" in inspect.signature(function).parameters:
                found.add(f"{one.name}.{name}")
    assert found == {*READERS, *WRITERS, *CHECKERS}


@pytest.mark.parametrize("other", OTHERS)
def test_another_organisation_finds_nothing(database: Database, other: str) -> None:
    """Whatever its name looks like; and the own one finds everything, so the questions are right."""
    with database.write() as connection:
        ids = fill(connection)
        for name, call in READERS.items():
            assert call(connection, MINE, ids), name
            if name in ("cases.load", "cases.one_for"):
                with pytest.raises(NoCaseError):
                    call(connection, other, ids)
            else:
                assert not call(connection, other, ids), name
        assert chain.broken(connection, VAULT, other) is None


@pytest.mark.parametrize("name", WRITERS)
def test_another_organisation_changes_nothing(database: Database, name: str) -> None:
    """Ids that it guessed or saw do not help."""
    with database.write() as connection:
        ids = fill(connection)
        before = held(connection)
        for other in OTHERS:
            with connection.begin_nested() as nested:
                try:
                    WRITERS[name](connection, other, ids)
                except NoCaseError:
                    assert name == "cases.held_back"
                except IntegrityError:  # another organisation's conversation has no turns of ours to hang on to
                    assert name == "conversations.write_down"
                    nested.rollback()
            assert held(connection) == before
