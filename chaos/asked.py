"""What must hold of reports after everything: looked up in the database, in its audit, and in what was sent."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from bot import watch
from bot.cases import Status
from bot.service import Service
from bot.store import cases
from bot.store.outbox import DROPPED, SENT
from bot.store.tables import case, case_audit, outbox
from chaos.asking import LAPSES

ASKING, SETTLING, LIVING = ("filed", "asked-next", "hand-over"), ("take", "close"), ("take", "note")
ON_ITS_WAY = 1.0  # seconds that a ping may have been on its way already when somebody took the case


@dataclass(frozen=True)
class Asked:
    """What was found. `violations` are sentences; there should be none."""

    reports: int
    kills: int
    crashes: int
    taken: int
    handed: int
    lapsed: int
    pings: int
    withdrawn: int
    doubtful: int
    repeated: int
    violations: tuple[str, ...]


@dataclass(frozen=True)
class _Ask:
    """One time that people were asked: the keys that its pings can have, and when somebody had the case after it."""

    keys: frozenset[str]
    settled: float | None


Acts = Sequence[Row[Any]]


def judge(made: Service, people: Sequence[str], folder: Path, kills: int, crashes: int) -> Asked:
    """Look at everything that was left."""
    sent = sorted((json.loads(x) for p in folder.glob("sent-*.jsonl") for x in p.read_text(encoding="utf-8").splitlines()), key=lambda one: one["at"])
    times = Counter(one["key"] for one in sent)
    first = {one["key"]: one["at"] for one in reversed(sent)}
    with made.database.read() as connection:
        rows = connection.execute(select(outbox)).all()
        acts = connection.execute(select(case_audit).order_by(case_audit.c.number)).all()
        wrong = [*_kept(connection, made), *_rows(rows, times)]
    by_case = {r: [a for a in acts if a.reference == r] for r in sorted({a.reference for a in acts})}
    asks = [ask for mine in by_case.values() for ask in _asks(made, mine, people)]
    wrong += _pings(asks, first, frozenset(r.key for r in rows if r.status == DROPPED))
    early = sum(_early(mine) for mine in by_case.values())
    wrong += [f"{early} times the next were asked while somebody had it"] if early else []
    wrong += ["a traceback was logged"] if any("Traceback" in p.read_text(errors="replace") for p in folder.glob("log-*.txt")) else []
    said = Counter(a.act for a in acts)
    withdrawn = sum(not a.keys & set(first) for a in asks)
    lapsed = sum(_lapses(mine) for mine in by_case.values())
    doubtful, repeated = sum(r.doubtful for r in rows), sum(n > 1 for n in times.values())
    return Asked(len(by_case), kills, crashes, said["take"], said["hand-over"], lapsed, len(first), withdrawn, doubtful, repeated, tuple(wrong))


def _kept(connection: Connection, made: Service) -> Iterator[str]:
    """The watchdog, the audit's seals, and each case by itself: a time at which something happens, or an end."""
    yield from watch.stranded(connection)
    yield from watch.broken(connection, made.database.vault, made.askwell.knowledge)
    for row in connection.execute(select(case)).all():
        held = cases.load(connection, made.database.vault, row.organisation, row.reference).case
        if (held.status == Status.CLOSED) != (held.due is None) or (held.status == Status.TAKEN and held.handler is None):
            yield f"{row.reference} has neither somebody nor a time"


def _rows(rows: Acts, times: Mapping[str, int]) -> Iterator[str]:
    """Everything that was committed was sent, and what was sent twice is marked."""
    waiting = [r for r in rows if r.status not in (SENT, DROPPED)]
    if waiting:
        yield f"{len(waiting)} pings were not sent"
    yield from (f"a ping that was never sent is said to be ({r.key})" for r in rows if r.status == SENT and r.key not in times)
    yield from (f"a ping was sent {times[r.key]} times and is not marked ({r.key})" for r in rows if times.get(r.key, 0) > 1 and not r.doubtful)


def _asks(made: Service, acts: Acts, people: Sequence[str]) -> Iterator[_Ask]:
    """Each time that somebody was asked about one case. Keys are made anew, so that a ping with any other key shows."""
    post = made.post(0.0)
    number = 0
    for i, act in enumerate(acts):
        number += act.act in (*ASKING, *SETTLING)
        if act.act in ASKING:
            settled = next((later.at for later in acts[i + 1 :] if later.act in SETTLING), None)
            keys = frozenset(post.key(f"{act.reference}-{number}", email, "email", "0") for email in people)
            yield _Ask(keys, settled)


def _pings(asks: Sequence[_Ask], first: Mapping[str, float], dropped: frozenset[str]) -> Iterator[str]:
    """Every ask went out, unless the case was taken before it could; nobody was asked after that; no ping has another key."""
    known = frozenset(key for ask in asks for key in ask.keys)
    lost = late = 0
    for ask in asks:
        went = [first[key] for key in ask.keys if key in first]
        lost += not went and (ask.settled is None or ask.keys.isdisjoint(dropped))
        late += ask.settled is not None and any(at > ask.settled + ON_ITS_WAY for at in went)
    for count, says in (
        (lost, "pings were lost"),
        (late, "people were asked after somebody had taken it"),
        (len(set(first) - known), "pings have strange keys"),
    ):
        if count:
            yield f"{count} {says}"


def _lives(acts: Acts) -> Iterator[tuple[float, float]]:
    """(when it lapses at the earliest, when the next were asked) of each time that somebody had it and the next were asked."""
    lapses: float | None = None
    for act in acts:
        if act.act in LIVING:
            lapses = act.at + LAPSES
        elif act.act in ASKING:
            if lapses is not None and act.act == "asked-next":
                yield lapses, act.at
            lapses = None


def _early(acts: Acts) -> int:
    return sum(asked < lapses for lapses, asked in _lives(acts))


def _lapses(acts: Acts) -> int:
    return len(list(_lives(acts)))
