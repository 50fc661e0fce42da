"""Fills a database with conversations of others, as they look while they last."""

from itertools import islice

from sqlalchemy import Connection, insert

from bot.messages import State
from bot.session import Session
from bot.store import shapes
from bot.store.tables import account, audit, conversation, event, outbox
from bot.vault import Vault

AT_ONCE = 5_000
SAID = "Can I accept a friend request from one of our volunteers on my own Facebook? I have known her for years."
ORGANISATIONS = ("cambspboro", "derbyshire", "rutland", "sefton", "warrington")
NOW = 4_000_000_000.0  # far ahead: nothing of it is purged meanwhile


def filled(connection: Connection, vault: Vault, count: int) -> None:
    """So many conversations, each with its account, event, audit and a letter that was sent."""
    numbers = iter(range(count))
    while some := list(islice(numbers, AT_ONCE)):
        connection.execute(insert(conversation), [_conversation(vault, i) for i in some])
        connection.execute(insert(account), [{"channel": "slack", "id": f"T:{i}", **_of(i), "role": "staff", "email": None, "at": NOW} for i in some])
        connection.execute(insert(event), [{"channel": "slack", "id": f"old-{i}", "at": NOW} for i in some])
        connection.execute(insert(audit), [{**_of(i), "at": NOW, "act": "words", "reference": f"old-{i}"} for i in some])
        connection.execute(insert(outbox), [_sent(i) for i in some])


def _of(number: int) -> dict[str, str]:
    return {"organisation": ORGANISATIONS[number % len(ORGANISATIONS)]}


def _conversation(vault: Vault, number: int) -> dict[str, object]:
    organisation, key = _of(number)["organisation"], f"T:{number}"
    session = Session(1, State(organisation, "staff", "0", words=(SAID,)), heard=(("1", SAID),))
    sealed = vault.seal(shapes.session_json(session), organisation, key, "session")
    return {"organisation": organisation, "id": key, "version": 1, "session": sealed, "touched": NOW}


def _sent(number: int) -> dict[str, object]:
    fixed = {"channel": "slack", "body": None, "status": "sent", "attempts": 1, "due": NOW, "leased_until": 0.0, "lease": None, "doubtful": False}
    return {**_of(number), "conversation": "", "key": f"old-{number}", **fixed}
