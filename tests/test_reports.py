"""Reports from filing to closing, on both databases: who is asked, what the reporter is told, and that nothing is half done."""

from collections.abc import Callable

import pytest
import reporting
from reporting import ANSWERS, BOSS, DEPUTY, LAST, LEAD, ME, ORG, OTHER, PEOPLE, SAYS, TEAM, World
from sqlalchemy import text

from bot import words
from bot.cases import AGAIN, LAPSE, Status
from bot.knowledge import Flow
from bot.messages import Filled, Press, Steered, Words
from bot.people import Person
from bot.post import pinged
from bot.routing import Chart, route
from bot.store import cases, chain, outbox
from bot.store.cases import NoCaseError

HOUR = 3_600.0


@pytest.fixture
def world(made: Callable[..., World]) -> World:
    """An organisation with a lead, a deputy, a team and somebody who stands in."""
    return made()


def test_from_filing_to_closing(world: World) -> None:
    """The lead is asked, then nobody else once it was taken; the reporter hears of both, and nothing of who."""
    reference = world.files()
    assert world.pinged() == [LEAD]
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    assert world.later(3 * HOUR) == 0 and world.pinged() == [LEAD]
    world.board.acted(ORG, reference, LEAD, {"action": "note", "text": "rang the council"})
    world.board.acted(ORG, reference, LEAD, {"action": "close", "text": "referred"})
    said = world.told()
    assert said[-2:] == [words.PICKED_UP, words.REPORT_CLOSED] and not [line for line in said if "Lou" in line]
    opened = world.board.opened(ORG, reference, LEAD)
    assert dict(opened.content) == ANSWERS and opened.held.case.status == Status.CLOSED
    assert [(e.kind, e.text, e.by) for e in opened.entries] == [("note", "rang the council", LEAD), ("close", "referred", LEAD)]
    assert world.later(400 * 24 * HOUR) == 0


def test_each_level_is_asked_in_turn_and_the_reporter_is_told_when_nobody_takes_it(world: World) -> None:
    """Lead, deputy, team, whoever stands in; then the reporter, once; then everybody again, each hour."""
    world.files()
    for expected in ([LEAD], [LEAD, DEPUTY], [LEAD, DEPUTY, TEAM], [LEAD, DEPUTY, TEAM, LAST]):
        assert world.pinged() == expected and world.told().count(words.REPORT_EXHAUSTED) == 0
        assert world.later(HOUR - 1) == 0
        assert world.later(2) == 1
    assert world.told().count(words.REPORT_EXHAUSTED) == 1
    assert sorted(world.pinged()[4:]) == sorted([LEAD, DEPUTY, TEAM, LAST])
    assert world.later(AGAIN + 1) == 1 and len(world.pinged()) == 12 and world.told().count(words.REPORT_EXHAUSTED) == 1


def test_where_somebody_may_be_in_danger_each_level_has_ten_minutes(world: World) -> None:
    """Not the hour that the chain says."""
    world.files({"danger": "unknown"})
    assert world.later(601) == 1 and world.pinged() == [LEAD, DEPUTY]


def test_a_case_that_was_taken_and_left_is_asked_again(world: World) -> None:
    """After a day without a sign of life: whoever has it, and the next."""
    reference = world.files()
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    assert world.later(LAPSE[Flow.SAFEGUARDING] + 1) == 1 and world.pinged() == [LEAD, DEPUTY, LEAD]


def test_what_is_handed_over_is_asked_of_that_person_and_goes_on_if_they_do_not_take_it(world: World) -> None:
    """Handing over is no way to lose it."""
    reference = world.files()
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    world.board.acted(ORG, reference, LEAD, {"action": "hand-over", "to": OTHER})
    assert world.pinged() == [LEAD, OTHER] and world.board.waiting_for(ORG, OTHER)
    assert world.later(HOUR + 1) == 1 and world.pinged() == [LEAD, OTHER, DEPUTY]


@pytest.mark.parametrize("to", ["nobody@nowhere.uk", "far@y.uk", LEAD, "", None])
def test_nothing_is_handed_to_strangers_or_to_oneself(made: Callable[..., World], to: str | None) -> None:
    """Only to somebody of the same organisation; whoever has it keeps it."""
    far = Person("sefton", "far@y.uk", "Far Away", "staff")
    world = made([*PEOPLE, far])
    reference = world.files()
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    with pytest.raises(NoCaseError):
        world.board.acted(ORG, reference, LEAD, {"action": "hand-over", "to": to})
    assert world.pinged() == [LEAD] and world.board.opened(ORG, reference, LEAD).held.case.handler == LEAD


def test_before_sending_one_reads_who_gets_it_and_that_nobody_has_been_told(world: World) -> None:
    """And nobody has: there is no case, and nothing to send."""
    reply = world.fills(ANSWERS)
    assert reply.review is not None and reply.review.who.startswith("the safeguarding lead") and "the Safeguarding Team" in reply.review.who
    assert world.references() == set() and world.rows() == []
    assert world.steers("cancel").lines == (words.REPORT_CANCELLED,)
    assert world.steers("send").lines != () and world.references() == set()


def test_when_everybody_on_the_chain_is_named_nobody_is_left_and_it_says_so(world: World) -> None:
    """It is not filed, and pressing Send changes nothing."""
    reply = world.fills({**ANSWERS, "implicated": f"{LEAD}\nTess Team\nles last\nDee  Deputy"})
    assert reply.review is not None and reply.review.who == "" and words.NOBODY_LEFT in reply.review.lines
    world.steers("send")
    assert world.references() == set() and world.rows() == []


@pytest.mark.parametrize("people", [reporting.without(PEOPLE, BOSS, LEAD, DEPUTY, TEAM, LAST), [PEOPLE[0]]], ids=["no duties", "nobody else"])
def test_where_nobody_holds_a_duty_it_says_so_at_once(made: Callable[..., World], people: list[Person]) -> None:
    """Before the first question."""
    world = made(people)
    done = world.does(Words(SAYS))
    reply = world.says(Press(done.number, "flow", "safeguarding"))
    assert words.NOBODY_TO_ASK in reply.lines


def test_out_of_hours_the_reporter_is_told_before_sending(world: World) -> None:
    """On a Sunday night nobody is on duty; it can still be sent."""
    world.clock[0] += 2.5 * 24 * HOUR
    reply = world.fills(ANSWERS)
    assert reply.review is not None and words.NOBODY_ON_DUTY in reply.review.lines


def test_a_report_that_was_saved_goes_on_days_later(world: World) -> None:
    """With every answer that was given; nothing was sent meanwhile."""
    done = world.does(Words(SAYS))
    done = world.does(Press(done.number, "flow", "safeguarding"))
    done = world.does(Press(done.number, "step:danger", "no"))
    world.does(Filled(done.number, "seen", "bruises"))
    assert world.steers("save").lines == (words.REPORT_SAVED,)
    world.clock[0] += 5 * 24 * HOUR
    reply = world.says(Words("go on"))
    assert reply.form is not None and (reply.form.step, reply.form.number) == ("about", 3)
    assert world.references() == set() and world.rows() == []


STATEMENTS: tuple[tuple[object, str], ...] = (
    (cases, "file"), (chain, "append"), (outbox, "put"),
)  # fmt: skip


@pytest.mark.parametrize(("module", "name"), STATEMENTS, ids=[n for _, n in STATEMENTS])
def test_a_crash_between_two_statements_leaves_nothing_and_sending_again_files_it_once(
    world: World, module: object, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After each of the things that filing writes."""
    world.fills(ANSWERS)
    real: Callable[..., object] = getattr(module, name)

    def dies(*values: object, **more: object) -> None:
        real(*values, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dies)
        with pytest.raises(KeyboardInterrupt):
            world.steers("send")
    assert world.references() == set() and world.rows() == []
    with world.database.read() as connection:
        assert chain.head(connection, ORG) == (0, "")
    world.steers("send")
    assert len(world.references()) == 1 and world.pinged() == [LEAD]


def test_the_same_send_delivered_twice_files_it_once(world: World) -> None:
    """Also when it comes again with a new event."""
    world.fills(ANSWERS)
    number = world.number()
    for _ in range(2):
        world.says(Steered(number, "send"))
    assert len(world.references()) == 1 and world.pinged() == [LEAD]


def test_a_case_that_cannot_be_read_holds_up_no_other(world: World) -> None:
    """It is tried again a minute later, and stays."""
    broken, other = world.files(), world.files()
    with world.database.write() as connection:
        connection.execute(text('UPDATE "case" SET body = key WHERE reference = :r'), {"r": broken})
    assert world.later(HOUR + 1) == 2
    assert [r.conversation for r in world.rows() if DEPUTY in r.conversation] == [pinged(other, DEPUTY)]
    assert world.later(30) == 0 and world.later(31) == 1 and world.references() == {broken, other}


def test_a_channel_that_is_served_no_longer_does_not_stop_the_chain(world: World) -> None:
    """The reporter cannot be told; the next people are asked all the same."""
    reference = world.files()
    del world.service.channels["terminal"]
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    assert world.later(LAPSE[Flow.SAFEGUARDING] + 1) == 1 and world.pinged() == [LEAD, DEPUTY, LEAD]


def test_somebody_who_is_asked_on_two_channels_is_reached_by_the_one_that_works(world: World) -> None:
    """What cannot be sent on one holds up nothing on the other."""
    with world.database.write() as connection:
        for channel in ("slack", "email"):
            outbox.put(connection, ORG, f"ping:{LEAD}", channel, f"k-{channel}", "{}", 0.0)
        assert [r.key for r in outbox.claim(connection, ("slack", "email"), "me", 1.0, 60.0, 9)] == ["k-slack", "k-email"]


def test_the_reporter_is_never_asked_to_look_at_their_own_report(made: Callable[..., World]) -> None:
    """Even where they are the lead."""
    world = made()
    reference = world.files(account="lead")
    assert world.pinged() == [DEPUTY] and world.board.waiting_for(ORG, LEAD) == [] and world.board.waiting_for(ORG, ME) == []
    with pytest.raises(NoCaseError):
        world.board.opened(ORG, reference, LEAD)


@pytest.mark.parametrize(("answered", "first"), [("no", LEAD), ("yes", BOSS), ("unknown", BOSS)])
def test_what_the_reporter_answered_counts_more_than_what_was_read_from_their_words(world: World, answered: str, first: str) -> None:
    """Words that sound like a colleague's conduct go the flow's way once they said that it is none."""
    known = world.service.plans
    assert known is not None
    chart = Chart.of(PEOPLE)
    steps = known.chain(ORG, Flow.SAFEGUARDING, "safeguarding-colleague", {"colleague": answered})
    assert route(steps, chart, ME, frozenset()).rungs[0].people == (first,)
