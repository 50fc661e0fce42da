"""Writing down what somebody else told: who may, whose case it is then, and where the words of it stand."""

from collections.abc import Callable

import pytest
from reporting import ANSWERS, BOSS, DEPUTY, LEAD, ME, ORG, OTHER, PEOPLE, World, made, without

from bot import words
from bot.cases import Status
from bot.messages import Act, Filled, Press, Steered
from bot.people import Person

__all__ = ["made"]
CALLER = "Mrs Caller, 01632 960 001"
Made = Callable[..., World]


def writes(world: World, account: str, send: bool = True, **answers: str) -> list[str]:
    """Somebody goes through the report of what they were told; every line that they are shown."""
    given = {**ANSWERS, "teller": CALLER, **answers}
    done = world.does(Steered(0, "behalf:safeguarding"), account)
    seen: list[str] = []
    while done.reply and done.reply.form:
        form = done.reply.form
        seen += [*done.reply.lines, form.asks]
        act: Act = Press(done.number, f"step:{form.step}", given[form.step]) if form.options else Filled(done.number, form.step, given[form.step])
        done = world.does(act, account)
    assert done.reply
    seen += [*done.reply.lines, *(done.reply.review.lines if done.reply.review else ())]
    return [*seen, *world.steers("send", account).lines] if send and done.reply.review else seen


def test_a_lead_who_was_rung_has_the_case_at_once_and_nobody_is_asked(made: Made) -> None:
    """It has a handler and a time; who told it stands sealed in its content."""
    world = made()
    said = writes(world, "lead")
    assert words.BEHALF_YOURS in said and said[-1] == words.BEHALF_SENT and world.pinged() == []
    (held,) = world.board.waiting_for(ORG, LEAD)
    assert (held.case.status, held.case.handler) == (Status.TAKEN, LEAD) and held.case.due
    assert world.board.opened(ORG, held.case.reference, LEAD).content["teller"] == CALLER


def test_whoever_wrote_it_down_is_not_told_what_they_do_with_it_themselves(made: Made) -> None:
    """When somebody else closes it they are, so that they can tell whoever told them."""
    world = made()
    for by in (LEAD, DEPUTY):
        writes(world, "lead")
        (reference,) = (h.case.reference for h in world.board.waiting_for(ORG, LEAD) if h.case.status == Status.TAKEN)
        if by == DEPUTY:
            world.board.acted(ORG, reference, LEAD, {"action": "hand-over", "to": DEPUTY})
            world.board.acted(ORG, reference, DEPUTY, {"action": "take"})
        world.board.acted(ORG, reference, by, {"action": "close", "outcome": "here", "text": "done"})
        assert (words.REPORT_CLOSED in world.told("lead")) == (by == DEPUTY)


def test_a_case_that_was_written_down_and_left_is_asked_about_like_any_other(made: Made) -> None:
    """Nothing lies with one person for ever."""
    world = made()
    writes(world, "lead")
    assert world.later(25 * 3600) == 1 and world.pinged() == [LEAD]
    assert world.later(2 * 3600) == 1 and world.pinged() == [LEAD, DEPUTY]


def test_a_deputy_has_it_though_others_would_be_asked_before_them(made: Made) -> None:
    """Whoever took the call has it; when they leave it lying, the lead is asked."""
    world = made()
    writes(world, "deputy")
    assert world.board.waiting_for(ORG, DEPUTY)[0].case.handler == DEPUTY and world.pinged() == []
    assert world.later(25 * 3600) == 1 and LEAD in world.pinged()


def test_somebody_named_in_it_never_has_it_even_when_they_wrote_it_down(made: Made) -> None:
    """A lead who is told about themselves names themselves, and it goes to the others."""
    world = made()
    said = writes(world, "lead", implicated="Lou Lead")
    assert words.BEHALF_SENT not in said and world.board.waiting_for(ORG, LEAD) == [] and world.pinged() == [DEPUTY]


def test_a_colleague_who_told_it_is_left_out_as_any_reporter_is(made: Made) -> None:
    """By the name in the directory, on a line of its own; their manager gets nothing either."""
    world = made()
    writes(world, "lead", teller="Dee Deputy\n01632 960 002")
    (held,) = world.board.waiting_for(ORG, LEAD)
    assert DEPUTY not in held.case.route.people and BOSS not in held.case.route.people


@pytest.mark.parametrize("account", [ME.split("@")[0], BOSS.split("@")[0], OTHER.split("@")[0]])
def test_nobody_without_a_duty_can_write_down_for_others(made: Made, account: str) -> None:
    """A forged press is told that there is no report, and nothing begins."""
    world = made()
    assert writes(world, account) == [words.REPORT_NOTHING] and world.references() == set()


@pytest.mark.parametrize("what", ["behalf:whistleblowing", "behalf:nothing", "behalf:"])
def test_only_a_flow_that_files_can_be_written_down_for_others(made: Made, what: str) -> None:
    """Wrongdoing at work takes no words here, whoever tells it."""
    assert made().says(Steered(0, what), "lead").lines == (words.REPORT_NOTHING,)


def test_a_report_of_ones_own_is_not_lost_for_one_of_somebody_else(made: Made) -> None:
    """They are told to finish, keep or cancel it first."""
    world = made()
    world.fills(ANSWERS, "lead")
    assert world.says(Steered(0, "behalf:media"), "lead").lines == (words.REPORT_FIRST,)
    assert world.steers("resume", "lead").review is not None


def test_what_is_told_about_the_media_goes_the_medias_way(made: Made) -> None:
    """The flow is what was pressed."""
    world = made([*without(PEOPLE), Person(ORG, "press@x.uk", "Pat Press", "staff", duties=("communications-team",))])
    done = world.does(Steered(0, "behalf:media"), "press")
    assert done.reply and done.reply.form and done.reply.form.step == "teller" and "999" in done.reply.lines[0]


def test_in_danger_the_sheet_of_what_was_told_says_999_before_and_after_send(made: Made) -> None:
    """The caller may not have rung."""
    said = writes(made(), "lead", danger="yes")
    assert said.count(words.EMERGENCY) == 2 and said.index(words.EMERGENCY) < said.index(words.BEHALF_SENT)
