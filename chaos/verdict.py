"""What must hold after everything: looked up in the database and in what Slack was sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.store import conversations, directory
from bot.store.database import Database
from bot.store.tables import event, judgement, outbox
from chaos.people import Person, keys
from chaos.servers import Servers
from chaos.slack import TEAM, Slack


@dataclass(frozen=True)
class Verdict:
    """What was found. `violations` are sentences; there should be none."""

    conversations: int
    events: int
    turns: int
    kills: int
    refused: int
    failed: int
    doubtful: int
    repeated: int
    violations: tuple[str, ...]


def judge(database: Database, stage: Slack, servers: Servers, people: Sequence[Person]) -> Verdict:
    """Look at everything that was left."""
    with database.read() as connection:
        rows = {r.key: r for r in connection.execute(select(outbox))}
        events = connection.execute(select(func.count()).select_from(event)).scalar_one()
        judged = connection.execute(select(func.coalesce(func.sum(judgement.c.right), 0))).scalar_one()
        numbers = {p.user: _number(database, connection, p) for p in people}
    wrong: list[str] = []
    repeated = 0
    for person in people:
        counted = keys(stage.posted[f"D{person.user}"])
        wrong += _of(person, counted, numbers[person.user])
        order = [rows[k].number for k in counted if k in rows]
        wrong += [f"{person.user}: answers came out of order"] if order != sorted(order) else []
        for key, times in counted.items():
            if key not in rows:
                wrong.append(f"{person.user}: an answer was sent that was never committed ({key})")
            elif times > 1 and not rows[key].doubtful:
                wrong.append(f"{person.user}: an answer was sent {times} times and is not marked ({key})")
            repeated += times > 1
    left = [r for r in rows.values() if r.status != "sent"]
    wrong += [f"{len(left)} messages were not sent: {sorted({r.status for r in left})}"] if left else []
    expected = sum(p.judged for p in people)
    wrong += [f"{expected} judgements were acknowledged, {judged} were counted"] if judged != expected else []
    logged = servers.logged()
    wrong += ["a traceback was logged"] if "Traceback" in logged else []
    wrong += ["words of a person were logged"] if any(t in logged for p in people for t in p.said if len(t) > 20) else []  # noqa: PLR2004 - shorter ones stand in any log
    turns, doubtful = sum(p.turns for p in people), sum(r.doubtful for r in rows.values())
    return Verdict(len(people), events, turns, servers.kills, servers.refused, stage.failed, doubtful, repeated, tuple(wrong))


def _of(person: Person, counted: dict[str, int], number: int) -> list[str]:
    """What somebody did, was answered and is remembered must be the same number of turns."""
    found = []
    if len(counted) != person.turns:
        found.append(f"{person.user}: {person.turns} turns were acknowledged, {len(counted)} answered")
    if number != person.turns:
        found.append(f"{person.user}: {person.turns} turns were acknowledged, the conversation remembers {number}")
    return found


def _number(database: Database, connection: Connection, person: Person) -> int:
    account = f"{TEAM}:{person.user}"
    who = directory.asker(connection, "slack", account)
    return conversations.load(connection, database.vault, who.organisation if who else "", account).session.number
