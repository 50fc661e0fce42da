"""Asking never reports you: outside a confirmed report a turn addresses nobody but the asker, and afterwards nothing joins them to a topic."""

import asyncio
import itertools
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from encoded import KNOWLEDGE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from letters import LETTERS, PAGE, Post, coming, everything, home, joined
from sqlalchemy import delete, select

from bot import interpret, plans
from bot.converse import respond
from bot.courier import Courier
from bot.guide import ROLES, Askwell
from bot.knowledge import Fact, Flow, Knowledge
from bot.load import ROOT
from bot.messages import FLOW, TOPIC, Act, Asked, Edited, Filled, Judged, PassOn, Press, Reply, State, Steered, Words
from bot.people import Asker, Person
from bot.service import Service
from bot.session import Counted, Session
from bot.store import directory, retention
from bot.store.database import Database
from bot.store.outbox import Row
from bot.store.tables import outbox

EVENTS = itertools.count()
THREAD = "thread-with-others"
DANGER = "He says he is going to kill himself tonight"
JOURNALIST = "A journalist from the Echo has rung me and wants a comment"


@pytest.fixture(scope="module")
def service(askwell: Askwell) -> Iterator[Service]:
    """One service for all examples, where reports can be made and somebody holds every duty; each example is somebody else."""
    database = Database("sqlite://")
    database.ready()
    made = plans.load(ROOT, askwell.knowledge)
    with database.write() as connection:
        for organisation, chains in made.chains.items():
            duties = tuple({d for chain in chains.values() for level in chain for d in level.duties})
            handler = Person(organisation, f"handler@{organisation}.example", "Zelda, who handles reports", "manager", duties=duties)
            other = Person(organisation, f"other@{organisation}.example", "Anna, whom a report may be about", "staff")
            directory.replaced(connection, organisation, [handler, other])
            who = Asker(organisation, "manager", member=True, email=handler.email)
            directory.introduce(connection, LETTERS, f"handler-{organisation}", who, 0.0)
    yield joined(Service(askwell, database, made))
    database.close()


def values(fact: Fact) -> st.SearchStrategy[str]:
    """What can be known of a fact."""
    return st.integers(0, 400).map(str) if fact.unit else st.sampled_from([v.id for v in fact.values])


@st.composite
def situations(draw: st.DrawFn) -> tuple[State, Asked, str]:
    """Any topic, organisation, role and facts, with one fact being asked for, and what is pressed then."""
    topic = KNOWLEDGE.topics[draw(st.sampled_from(sorted(KNOWLEDGE.topics)))]
    organisation, role = draw(st.sampled_from(sorted(KNOWLEDGE.organisations))), draw(st.sampled_from(ROLES))
    facts = {f: draw(values(KNOWLEDGE.facts[f])) for f in draw(st.sets(st.sampled_from(topic.facts))) or ()} if topic.facts else {}
    said = draw(st.sampled_from(topic.examples)) if topic.examples else topic.title
    offered = [v.id for v in KNOWLEDGE.facts[topic.facts[0]].values] if topic.facts else [topic.id]
    asked = Asked(topic.facts[0] if topic.facts else TOPIC, "?", tuple((v, v) for v in [*offered, interpret.UNKNOWN]))
    state = State(organisation, role, KNOWLEDGE.version, (said,), topic.id, facts, frozenset({TOPIC}), asked)
    return state, asked, draw(st.sampled_from([*offered, interpret.UNKNOWN]))


def addressed(service: Service, account: str, where: str, *, silent: bool = False) -> None:
    """Everything that is to be sent goes to the asker: to where they wrote, or to what only they read. `silent`: there may be nothing."""
    with service.database.write() as connection:
        rows = connection.execute(select(outbox)).all()
        connection.execute(delete(outbox))
    assert rows or silent
    assert {r.conversation for r in rows} <= {where, home(account)} and {r.channel for r in rows} <= {LETTERS}
    assert not any(json.loads(r.body)["private"] for r in rows if r.conversation != home(account))


@pytest.mark.whole
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(found=situations(), judged=st.booleans(), where=st.sampled_from(["home", THREAD]))
def test_no_turn_addresses_anybody_but_the_asker(
    askwell: Askwell, service: Service, found: tuple[State, Asked, str], judged: bool, where: str
) -> None:
    """Over all topics, roles, organisations and facts: effects are what they said of themselves, what they agreed to, or a count."""
    state, asked, value = found
    state = replace(state, version=askwell.knowledge.version)
    asker = Asker(state.organisation, state.role)
    session = Session(1, state, last=Reply(question=asked))
    acts: list[Act] = [Press(1, asked.fact, value), Words(state.words[0], "m1"), Words(state.words[0] + " please"), Edited("m1", "why?")]
    for act in acts:
        result = respond(askwell, asker, session, act)
        assert result.effects == ()
        session = result.session if result.reply else session
    result = respond(askwell, asker, session, Judged(session.number, helpful=judged, reason="wrong"))
    assert all(isinstance(e, Counted) for e in result.effects)
    account = f"p{next(EVENTS)}"
    conversation = home(account) if where == "home" else f"{THREAD}-{account}"
    service.introduce(LETTERS, account, asker)
    for act in (Words(state.words[0], "m1"), Words("and on my own page?", "m2"), Edited("m2", "and at work?"), Judged(1, helpful=False)):
        service.handle(coming(f"e{next(EVENTS)}", act, account, conversation))
        addressed(service, account, conversation, silent=isinstance(act, Edited))  # after wrongdoing no message is remembered


def begun(service: Service, account: str, said: str, flow: Flow) -> int:
    """Somebody of Sefton's staff who begins a report and answers all its questions; the number of the last turn."""
    service.introduce(LETTERS, account, Asker("sefton", "staff"))
    handled = service.handle(coming(f"e{next(EVENTS)}", Words(said), account))
    act: Act = Press(handled.number, FLOW, flow.value)
    while (reply := handled.reply) and not reply.review:
        handled = service.handle(coming(f"e{next(EVENTS)}", act, account))
        form = handled.reply.form if handled.reply else None
        if form:
            act = Filled(handled.number, form.step, form.options[0][0] if form.options else form.people[0][0] if form.people else "this and that")
    return handled.number


@pytest.mark.parametrize(("said", "flow"), [(DANGER, Flow.SAFEGUARDING), (JOURNALIST, Flow.MEDIA)])
@pytest.mark.parametrize("end", ["", "cancel", "save", "back", "send"])
def test_a_report_tells_somebody_only_once_it_is_sent(service: Service, said: str, flow: Flow, end: str) -> None:
    """Not when it is begun, answered to the last question, kept for later, taken back or left lying; but then it does."""
    account = f"p{next(EVENTS)}"
    number = begun(service, account, said, flow)
    addressed(service, account, home(account))
    if end:
        service.handle(coming(f"e{next(EVENTS)}", Steered(number, end), account))
    with service.database.write() as connection:
        others = connection.execute(delete(outbox).where(outbox.c.conversation != home(account)).returning(outbox.c.conversation)).scalars().all()
        connection.execute(delete(outbox))
    assert bool(others) == (end == "send")


def test_every_flow_was_among_what_was_tried() -> None:
    """The property above speaks of reports as well: each flow has topics that offer it."""
    assert {t.flow for t in KNOWLEDGE.topics.values()} >= set(Flow)


# A real run, and what is left of it


@dataclass
class Somebody:
    """Somebody who asked."""

    account: str
    channel: str
    said: list[str]


def asking(service: Service, chance: random.Random, number: int, knowledge: Knowledge) -> Somebody:
    """A conversation of somebody, as it may go."""
    topic = chance.choice(sorted(knowledge.topics))
    examples = knowledge.topics[topic].examples or (knowledge.topics[topic].title,)
    channel = LETTERS if number % 3 else PAGE
    me = Somebody(f"account-{number:04}-{chance.getrandbits(40):010x}", channel, [])
    conversation = home(me.account) if number % 2 else f"thread-{chance.getrandbits(40):010x}"

    def does(act: Act) -> Reply | None:
        if isinstance(act, Words):
            me.said.append(act.text)
        return service.handle(coming(f"event-{chance.getrandbits(60):x}", act, me.account, conversation, channel)).reply

    reply = does(Words(chance.choice(examples), "m1"))
    if number % 5:
        does(Words(sorted(knowledge.organisations.values(), key=lambda o: o.id)[number % 5].name))
        reply = does(Words(chance.choice(["Staff", "Volunteer", "Line manager"])))
    for _ in range(chance.randint(0, 3)):
        number_now = service.session(channel, me.account, conversation).number
        if reply and reply.choices:
            option = chance.choice(reply.choices)
            reply = does(Press(number_now, option.fact, chance.choice(option.options)[0]))
        elif reply and reply.offer:
            reply = does(PassOn(number_now, agreed=chance.random() < 0.5))
        else:
            right, wrong = Judged(number_now, helpful=True), Judged(number_now, helpful=False, reason="no")
            acts: list[Act] = [right, wrong, Words(chance.choice(examples))]
            reply = does(chance.choice(acts))
    return me


def cells(rows: Mapping[str, list[dict[str, Any]]]) -> Iterator[tuple[str, str, int, Any]]:
    """(table, column, row, value) of every cell that is not empty."""
    for table, found in rows.items():
        for number, row in enumerate(found):
            for column, value in row.items():
                if value not in (None, "", b"", 0, 0.0, 1, False):
                    yield table, column, number, value


# What many share joins nobody to anything; counts are not names.
SHARED = {"organisation", "channel", "role", "status", "act", "version", "number", "attempts", "leased_until"}


def joined_rows(rows: Mapping[str, list[dict[str, Any]]]) -> list[set[tuple[str, int]]]:
    """Rows that share a value which few share: whoever has the tables could lay them side by side."""
    by_value: dict[str, set[tuple[str, int]]] = {}
    for table, column, number, value in cells(rows):
        if column not in SHARED:
            by_value.setdefault(str(value), set()).add((table, number))
    groups: list[set[tuple[str, int]]] = []
    for found in by_value.values():
        touching = [g for g in groups if g & found]
        groups = [g for g in groups if not g & found] + [set().union(found, *touching)]
    return groups


@pytest.fixture
def after(askwell: Askwell, address: str) -> tuple[Database, list[Somebody]]:
    """A database after sixty conversations, every letter sent, a day and an hour later."""
    clock = itertools.count(1_770_000_000.123456, 7.654321)
    database = Database(address, lambda: next(clock))
    service, chance = joined(Service(askwell, database)), random.Random(7)  # noqa: S311 - a run can be repeated
    people = [asking(service, chance, number, askwell.knowledge) for number in range(60)]

    async def nobody(_row: Row, _why: str) -> None:
        raise AssertionError("nothing was given up")

    asyncio.run(Courier(database, {LETTERS: Post()}, nobody).drain())
    for one in people[::3]:
        service.forget(one.channel, one.account, home(one.account))
    with database.write() as connection:
        retention.purge(connection, next(clock) + 25 * 3600)
    return database, people


def test_once_a_conversation_is_over_nothing_joins_anybody_to_what_they_asked(after: tuple[Database, list[Somebody]], askwell: Askwell) -> None:
    """No row holds a person and a topic, nor do rows that can be laid side by side; no word is anywhere but by agreement."""
    database, people = after
    rows = everything(database)
    database.close()
    assert rows["account"] and rows["judgement"] and rows["gap"] and rows["audit"] and rows["event"] and "conversation" not in rows
    topics, accounts = set(askwell.knowledge.topics), {p.account for p in people}
    of_people = {(t, n) for t, _, n, v in cells(rows) if any(a in str(v) for a in accounts)}
    of_topics = {(t, n) for t, _, n, v in cells(rows) if v in topics}
    assert {t for t, _ in of_people} == {"account"} and {t for t, _ in of_topics} <= {"gap", "judgement"} and of_topics
    for group in joined_rows(rows):
        assert not (group & of_people and group & of_topics)
    agreed = {r["question"] for r in rows["gap"]}
    words = [w for p in people for w in p.said if len(w.split()) > 3]
    left = [(t, c) for t, c, _, v in cells(rows) if any(w in str(v) for w in words)]
    assert set(left) <= {("gap", "question")} and agreed
