"""Worlds that differ in one report only: whoever must not know sees the same in both, byte for byte."""

import re
from collections.abc import Mapping
from dataclasses import replace

import pytest
import reporting
from hypothesis import given, settings
from hypothesis import strategies as st
from report_stand import Reports
from reporting import ANSWERS, DEPUTY, LEAD, ME, NAMES, ORG, OTHER, PEOPLE, START, Kept, World
from sqlalchemy import func, select
from typer.testing import CliRunner
from web_stand import SERVED, Stand, stand

from adapters.email import Mail
from adapters.metrics import Measured, Metrics
from adapters.terminal.cli import app
from bot import load, plans
from bot.board import Board
from bot.guide import Askwell
from bot.messages import Press, Words
from bot.people import Asker, Person
from bot.store import cases, directory, subject_access
from bot.store.cases import NoCaseError
from bot.store.tables import conversation, metadata, outbox, transcript

pytestmark = pytest.mark.whole

DOES: tuple[Mapping[str, object], ...] = (
    {"action": "take"}, {"action": "note", "text": "rang"}, {"action": "hand-over", "to": NAMES[0]}, {"action": "close", "text": "done"},
)  # fmt: skip
HOUR = 3_601.0


def founded(askwell: Askwell, people: list[Person]) -> tuple[World, Stand]:
    """The page and the terminal on one database, and everybody in the directory."""
    clock = [START]
    page = stand(askwell, lambda: clock[0], plans.load(load.ROOT, askwell.knowledge), **SERVED)
    page.service.join(Kept())
    page.service.join(Mail())
    with page.database.write() as connection:
        directory.replaced(connection, ORG, people)
        directory.introduce(connection, "terminal", "me", Asker(ORG, "staff", member=True, email=ME), START)
    return World(page.service, Board(page.service), clock), page


def passed(world: World, answers: Mapping[str, str], hours: int, does: tuple[int, ...], *, sent: bool) -> None:
    """Somebody fills everything in, and sends it or not; time passes, and whoever was asked does this and that."""
    world.fills({**ANSWERS, **answers})
    world.steers("send" if sent else "cancel")
    for hour in range(hours):
        for reference in world.references():
            for who in sorted(set(world.pinged())):
                for number in does[hour : hour + 2]:
                    try:
                        world.board.acted(ORG, reference, who, DOES[number])
                    except NoCaseError:
                        continue
        world.later(HOUR)


def seen(world: World, page: Stand, who: str, references: set[str]) -> list[str]:
    """Everything that somebody can be shown or sent: lists, pages, presses, messages, what is kept of them; and the figures, while pings wait."""
    with world.database.read() as connection:
        told = [(r.channel, r.body) for r in connection.execute(select(outbox)) if who in r.conversation or who in (r.body or "")]
        about = subject_access.about(connection, who)
    found = [repr(told), repr(about), repr(world.board.waiting_for(ORG, who)), Metrics(world.database).text().decode()]
    made = Reports(page, world.clock).browser(who)
    for path in ("/", "/board", *(f"/board/{r}{more}" for r in references for more in ("", "/sheet"))):
        answer = made.client.get(path)
        found.append(f"{path} {answer.status_code} {_steady(answer.text)}")
    for reference in references:
        for what in DOES[:2]:
            answer = made.client.post(f"/board/{reference}", data={"token": str(what), **what})
            found.append(f"{answer.status_code} {_steady(answer.text)}")
    return found


def _steady(html: str) -> str:
    """Without the random numbers of forms."""
    return re.sub(r'name="token" value="[^"]*"', "", html)


@settings(max_examples=15, deadline=None)
@given(
    chart=reporting.charts(), colleague=st.sampled_from(["yes", "no"]), danger=st.sampled_from(["no", "unknown"]), hours=st.integers(0, 5),
    does=st.lists(st.integers(0, len(DOES) - 1), min_size=7, max_size=7).map(tuple),
)  # fmt: skip
def test_whoever_must_not_know_sees_what_they_would_see_without_the_report(
    askwell: Askwell, chart: tuple[list[Person], frozenset[str]], colleague: str, danger: str, hours: int, does: tuple[int, ...]
) -> None:
    """Implicated people, and the reporter's manager where the route does not name them; whatever is done with the case meanwhile."""
    people, implicated = chart
    answers = {"colleague": colleague, "danger": danger, "implicated": "\n".join(implicated)}
    real, other = founded(askwell, people), founded(askwell, people)
    passed(real[0], answers, hours, does, sent=True)
    passed(other[0], answers, hours, does, sent=False)
    asked, references = _asked(real[0]), real[0].references()
    manager = people[0].manager
    assert not asked & implicated and ME not in asked
    for who in implicated | ({manager} if manager and manager not in asked else set()):
        assert seen(*real, who, references) == seen(*other, who, references)
    for world, _ in (real, other):
        world.database.close()


def _asked(world: World) -> set[str]:
    """Everybody who was ever asked, or to whom it was handed."""
    references = world.references()
    with world.database.read() as connection:
        return {p for r in references for p in cases.load(connection, world.database.vault, ORG, r).case.asked}


def test_the_worlds_differ_for_whoever_was_asked(askwell: Askwell) -> None:
    """So the comparison can tell."""
    real, other = founded(askwell, list(PEOPLE)), founded(askwell, list(PEOPLE))
    passed(real[0], {}, 0, (), sent=True)
    passed(other[0], {}, 0, (), sent=False)
    references = real[0].references()
    mine, theirs = seen(*real, LEAD, references), seen(*other, LEAD, references)
    assert sum(a != b for a, b in zip(mine, theirs, strict=True)) > 4
    assert seen(*real, OTHER, references) == seen(*other, OTHER, references)


def test_figures_do_not_tell_of_pings_that_wait_or_were_given_up(askwell: Askwell) -> None:
    """Other messages count as ever."""
    world, _ = founded(askwell, list(PEOPLE))
    before = Metrics(world.database).text()
    world.files()
    assert world.pinged() == [LEAD] and Metrics(world.database).text() == before
    with world.database.write() as connection:
        connection.execute(outbox.update().values(status="dead"))
    assert Metrics(world.database).text() == before
    with world.database.write() as connection:
        connection.execute(outbox.update().values(key="an answer"))
    assert Metrics(world.database).text() != before


# --- wrongdoing at work: nothing of it is stored in chat, so whoever runs the server finds nothing either

MARKS = ("Zebedeequix", "Quillonfarrow")
WRONG = "My manager Quillonfarrow is fiddling the invoices at the Zebedeequix project and hiding it"
PLAIN = "Can I share our post on my own page?"


def _counts(world: World) -> dict[str, int]:
    """How many rows each table has."""
    with world.database.read() as connection:
        return {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in metadata.sorted_tables}


def _opened(world: World) -> str:
    """Every session and every turn that is kept, opened with the key."""
    with world.database.read() as connection:
        sessions = connection.execute(select(conversation)).all()
        turns = connection.execute(select(transcript)).all()
    keys = world.database.vault
    texts = [keys.open(r.session, r.organisation, r.id, "session").decode() for r in sessions]
    for r in turns:
        place = (r.organisation, r.conversation)
        texts.append(keys.open(r.said, *place, "said", str(r.number)).decode())
        texts.append(keys.open(r.reply, *place, "reply", str(r.number)).decode() if r.reply else "")
    return "\n".join(texts)


def _administrator(world: World) -> list[str]:
    """What whoever runs the server is told by the commands and by the figures."""
    lines = [["cases", "list"], ["subject", ME], ["cases", "seals", str(int(world.clock[0]))], ["gaps"]]
    return [CliRunner().invoke(app, line).output for line in lines] + [Metrics(world.database).text().decode()]


def test_of_wrongdoing_at_work_nothing_is_kept_and_whoever_runs_the_server_sees_no_difference(configured: World) -> None:
    """Neither the words, sealed or not, nor a case, nor a figure, nor a line of the audit: the same as after a plain question."""
    done = configured.does(Words(WRONG))
    assert done.reply is not None and "whistleblowing" in repr(done.reply.choices) and not [m for m in MARKS if m in _opened(configured)]
    while done.reply and done.reply.choices:
        asked = done.reply.choices[0]
        done = configured.does(Press(done.number, asked.fact, asked.options[0][0]))
        assert not [m for m in MARKS if m in _opened(configured)]
    after, told, steps = _counts(configured), _administrator(configured), next(configured.numbers)
    assert after["case"] == after["case_audit"] == after["entry"] == 0
    plain = replace(configured, numbers=iter(range(1_000, 2_000)))
    for _ in range(steps):
        plain.does(Words(PLAIN), account="deputy")
    assert _administrator(configured) == told
    grown = _counts(configured)
    assert {t: grown[t] - after[t] for t in ("event", "audit")} == {t: after[t] for t in ("event", "audit")}
    assert [grown[t] for t in ("case", "case_audit", "entry", "gap")] == [after[t] for t in ("case", "case_audit", "entry", "gap")]


def test_what_is_counted_of_messages_is_the_same_for_wrongdoing_and_for_a_plain_question(askwell: Askwell) -> None:
    """By channel and outcome only, never by what it was about."""

    def figures(text: str) -> list[str]:
        world = reporting.world(askwell, "sqlite://")
        service = Measured(askwell, world.database, world.service.plans)
        service.join(Kept())
        replace(world, service=service, board=Board(service)).does(Words(text))
        shown = service.metrics.text().decode().splitlines()
        world.database.close()
        return [line for line in shown if not re.match(r"askwell_(seconds_(bucket|sum)|\w*_created)", line)]

    assert figures(WRONG) == figures(PLAIN)


def test_a_case_that_was_settled_leaves_no_reference_where_messages_were(askwell: Askwell) -> None:
    """Neither in the outbox nor in what a platform was given as a key."""
    world, _ = founded(askwell, list(PEOPLE))
    reference = world.files()
    world.later(HOUR)
    assert world.pinged() == [LEAD, DEPUTY]
    assert not [r for r in world.rows() if reference in r.key or LEAD in r.key or r.key.startswith(reference[:4])]
    keys = [r.key for r in world.rows()]
    assert len(set(keys)) == len(keys) == 2
