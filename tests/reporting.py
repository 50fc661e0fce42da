"""Reports for tests: an organisation with people, a service with real channels, and somebody who fills a form in."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import select

from adapters.email import Mail
from adapters.terminal.chat import Terminal
from bot import load, plans, vault
from bot.board import Board
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.messages import Act, Filled, Incoming, Press, Reply, Steered, Words
from bot.people import Asker, Person
from bot.plans import Plans
from bot.post import whom
from bot.service import Handled, Service
from bot.store import directory
from bot.store.database import Database
from bot.store.tables import case, outbox
from bot.vault import Vault

ORG, ME, BOSS, LEAD, DEPUTY, TEAM, LAST, OTHER = (
    "warrington", "me@x.uk", "boss@x.uk", "lead@x.uk", "deputy@x.uk", "team@x.uk", "last@x.uk", "other@x.uk"
)  # fmt: skip
START = 1_795_170_600.0  # a Friday, 10:30
SAYS = "a lad in the youth group showed me bruises and said his dad did it"
PEOPLE = (
    Person(ORG, ME, "Me Myself", "staff", BOSS), Person(ORG, BOSS, "The Boss", "manager"), Person(ORG, OTHER, "Otto Other", "staff"),
    Person(ORG, LEAD, "Lou Lead", "staff", duties=("safeguarding-lead",)), Person(ORG, TEAM, "Tess Team", "staff", duties=("safeguarding-team",)),
    Person(ORG, DEPUTY, "Dee Deputy", "staff", duties=("deputy:safeguarding-lead",)), Person(ORG, LAST, "Les Last", "staff", duties=("fallback",)),
)  # fmt: skip
ANSWERS = {
    "danger": "no",
    "seen": "bruises on both arms",
    "about": "child",
    "who": "Jamie",
    "where": "",
    "colleague": "no",
    "implicated": "",
    "told": "no",
}

NAMES = [f"{c}@x.uk" for c in "abcdef"]
DUTIES = ("safeguarding-lead", "deputy:safeguarding-lead", "safeguarding-team", "deputy:safeguarding-team", "fallback", "human-resources")


@st.composite
def charts(draw: st.DrawFn) -> tuple[list[Person], frozenset[str]]:
    """A reporter, people with any duties and managers, and who must not know."""
    duties = st.sets(st.sampled_from(DUTIES)).map(tuple)
    people = [
        Person(ORG, e, f"Person {e[0].upper()}", "manager", draw(st.sampled_from([None, *NAMES[:i]])), duties=draw(duties))
        for i, e in enumerate(NAMES)
    ]
    me = Person(ORG, ME, "Me Myself", "staff", draw(st.sampled_from([None, *NAMES])))
    return [me, *people], draw(st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=4))


@dataclass
class World:
    """One installation with a clock of its own."""

    service: Service
    board: Board
    clock: list[float]
    numbers: Iterator[int] = field(default_factory=itertools.count)
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        """Where it is kept."""
        return self.service.database

    def does(self, act: Act, account: str = "me") -> Handled:
        """One event of somebody on the terminal."""
        return self.service.handle(Incoming(f"e{next(self.numbers)}", Terminal.name, account, f"home-{account}", f"home-{account}", act))

    def says(self, act: Act, account: str = "me") -> Reply:
        """The same; the reply."""
        found = self.does(act, account).reply
        assert found is not None
        return found

    def number(self, account: str = "me") -> int:
        """The turn that is shown."""
        return self.service.session(Terminal.name, account, f"home-{account}").number

    def steers(self, what: str, account: str = "me") -> Reply:
        """Back, save, cancel, send."""
        return self.says(Steered(self.number(account), what), account)

    def fills(self, answers: Mapping[str, str], account: str = "me", says: str = SAYS) -> Reply:
        """Everything up to the summary."""
        done = self.does(Words(says), account)
        done = self.does(Press(done.number, "flow", "safeguarding"), account)
        while done.reply and done.reply.form:
            form = done.reply.form
            given = answers[form.step]
            act: Act = Press(done.number, f"step:{form.step}", given) if form.options else Filled(done.number, form.step, given)
            done = self.does(act, account)
        assert done.reply is not None
        return done.reply

    def files(self, answers: Mapping[str, str] | None = None, account: str = "me") -> str:
        """A whole report; its reference."""
        before = self.references()
        self.fills({**ANSWERS, **(answers or {})}, account)
        self.steers("send", account)
        (new,) = self.references() - before
        self.pinged()
        return new

    def references(self) -> set[str]:
        """Every case there is."""
        with self.database.read() as connection:
            return set(connection.execute(select(case.c.reference)).scalars())

    def pinged(self) -> list[str]:
        """Whom the outbox asked to look, in order, also where it need not any more: as far as this was looked at meanwhile."""
        self.asked |= {r.key: found[1] for r in self.rows() if (found := whom(r.conversation))}
        return list(self.asked.values())

    def rows(self) -> Sequence[Any]:
        """The outbox."""
        with self.database.read() as connection:
            return connection.execute(select(outbox).order_by(outbox.c.number)).all()

    def later(self, seconds: float) -> int:
        """Time passes."""
        self.clock[0] += seconds
        return self.board.remind()

    def told(self, account: str = "me") -> list[str]:
        """Every line that somebody's conversation shows besides answers."""
        turns = self.service.exchanges(Terminal.name, account, f"home-{account}")
        return [line for turn in turns if turn.reply for line in turn.reply.lines]


class Kept(Terminal):
    """The terminal's channel, with a transcript, so that what the reporter is told can be read."""

    keeps = True


def world(askwell: Askwell, address: str, people: Sequence[Person] = PEOPLE, vault: Vault | None = None, known: Plans | None = None) -> World:
    """A service on this database, with everybody in the directory and on the terminal by the first part of their address."""
    clock = [START]
    database = Database(address, clock=lambda: clock[0], vault=vault)
    database.ready()
    service = Service(askwell, database, known or plans.load(load.ROOT, askwell.knowledge))
    service.join(Kept())
    service.join(Mail())
    with database.write() as connection:
        for organisation in sorted({p.organisation for p in people}):
            directory.replaced(connection, organisation, [p for p in people if p.organisation == organisation])
        for one in people:
            who = Asker(one.organisation, one.role, member=True, email=one.email)
            directory.introduce(connection, Terminal.name, one.email.split("@")[0], who, clock[0])
    return World(service, Board(service), clock)


@pytest.fixture
def made(askwell: Askwell, address: str) -> Iterator[Callable[..., World]]:
    """Makes a world of these people, and closes it in the end."""
    worlds: list[World] = []

    def make(people: Sequence[Person] = PEOPLE) -> World:
        worlds.append(world(askwell, address, people))
        return worlds[-1]

    yield make
    for one in worlds:
        one.database.close()


@pytest.fixture
def configured(askwell: Askwell, knowledge: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world where `askwell` finds it by its settings."""
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    data = tmp_path / "data"
    made = world(askwell, f"sqlite:///{data / 'askwell.db'}", vault=vault.kept(data / "keys"))
    yield made
    made.database.close()


def without(people: Sequence[Person], *emails: str) -> list[Person]:
    """The others."""
    return [replace(p, manager=None if p.manager in emails else p.manager) for p in people if p.email not in emails]
