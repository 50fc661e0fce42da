"""What people read in the reporting conversations of all five organisations: order, promises, and what must never be said."""

import re
from collections.abc import Iterator

import pytest
from reporting import ME, START

from bot import load, plans, report, words
from bot.knowledge import Flow
from bot.messages import Filled, Reply
from bot.people import Asker, Person
from bot.plans import COLLEAGUE
from bot.report import Around, Running
from bot.reports import TOLD, TOLD_MEDIA, Counter
from bot.routing import LINE_MANAGER, Chart

KNOWLEDGE = load.load()
PLANS = plans.load(load.ROOT, KNOWLEDGE)
FILES = [plan for plan in PLANS.flows.values() if plan.files]
WAYS = [(o, plan.flow) for o in sorted(KNOWLEDGE.organisations) for plan in FILES]
NEVER = re.compile(r"(?i)\b(do not|don't|never|not)\b[^.]*\b(report|ring|tell|dial|call|refer)\b[^.]*\b(until|unless|before you)\b")
LONGEST = 45  # words of one sentence


def around(organisation: str, flow: Flow, cover: str = "always", topic: str = "") -> Around:
    """Somebody's report, in an organisation in which every duty is held."""
    duties = sorted(PLANS.duties(organisation) - {LINE_MANAGER})
    people = [Person(organisation, f"{d}@x.uk", d.title(), "staff", duties=(d,), cover=cover) for d in duties]
    people += [Person(organisation, ME, "Me Myself", "staff", "boss@x.uk"), Person(organisation, "boss@x.uk", "The Boss", "manager", cover=cover)]
    counter = Counter(PLANS, KNOWLEDGE, Asker(organisation, "staff", True, ME), Chart.of(people), START)
    return counter.around(Running(flow, topic))


def screens(organisation: str, flow: Flow, cover: str = "always", **answers: str) -> Iterator[Reply]:
    """Every screen of a report, from the first to the summary."""
    plan, here = PLANS.flows[flow].asked(behalf=False), around(organisation, flow, cover)
    going = report.begun(plan, here, "")
    while going.reply.form and going.running:
        yield going.reply
        form = going.reply.form
        value = answers.get(form.step, form.options[0][0] if form.options else "x")
        going = report.filled(plan, here, going.running, Filled(1, form.step, value))
    yield going.reply


@pytest.mark.parametrize(("organisation", "flow"), WAYS)
def test_the_first_screen_says_what_to_do_first_and_who_gets_it(organisation: str, flow: Flow) -> None:
    """999 before anything about a person at risk, "don't reply" before anything about a journalist; then whose turn it would be."""
    first = next(screens(organisation, flow)).lines
    assert first[0].startswith("If anyone is in danger right now, ring 999 first." if flow == Flow.SAFEGUARDING else "Please don't reply yet")
    titles = [r.title for r in KNOWLEDGE.organisations[organisation].roles.values()] + list(words.DUTIES.values())
    assert any(t.lower() in " ".join(first).lower() for t in titles) and words.SOMEBODY not in " ".join(first)


@pytest.mark.parametrize(("organisation", "flow"), WAYS)
def test_where_nobody_is_on_duty_it_is_said_at_the_beginning_and_before_send(organisation: str, flow: Flow) -> None:
    """With what to do meanwhile; about a journalist nobody is told to ring the police."""
    seen = list(screens(organisation, flow, cover="Sun 03:00-03:01"))
    said = words.OFF_DUTY[flow.value]
    assert said in seen[0].lines and seen[-1].review and said in seen[-1].review.lines
    assert ("police" in said) == (flow == Flow.SAFEGUARDING)
    on_duty = list(screens(organisation, flow))
    assert said not in on_duty[0].lines and on_duty[-1].review and said not in on_duty[-1].review.lines


@pytest.mark.parametrize("organisation", sorted(KNOWLEDGE.organisations))
@pytest.mark.parametrize("danger", ["yes", "unknown"])
def test_where_somebody_may_be_in_danger_999_stands_on_the_next_screen_and_above_send(organisation: str, danger: str) -> None:
    """And no longer after a plain no."""
    seen = list(screens(organisation, Flow.SAFEGUARDING, danger=danger))
    assert "999" in seen[1].lines[0] and seen[-1].review and words.EMERGENCY in seen[-1].review.lines
    plain = list(screens(organisation, Flow.SAFEGUARDING, danger="no"))[-1]
    assert plain.review and words.EMERGENCY not in plain.review.lines


def sentences() -> Iterator[str]:
    """Everything that the flows, and what is told about a report later, say to people."""
    for plan in PLANS.flows.values():
        texts = [
            plan.title,
            *plan.opening,
            *plan.closing,
            *(t for s in plan.steps for t in (s.asks, s.why, *dict(s.options).values(), *s.replies.values())),
        ]
        yield from texts
    yield from (*TOLD.values(), *TOLD_MEDIA.values(), *words.OFF_DUTY.values(), *words.NONE_LEFT.values(), words.NOBODY_TO_ASK, words.REPORT_SENT)
    yield from (words.REPORT_SAVED, words.REPORT_CANCELLED, words.NOTHING_SENT_YET, *words.BEHALF_OPENING, words.BEHALF_YOURS, words.BEHALF_SENT)
    yield from (words.REFER_999, words.REFER_CHILDREN, words.REFER_LADO, words.REFER_ADULTS, words.REFER_POLICE, words.REFER_YOURS)


def test_nothing_makes_anybody_wait_before_they_report_or_ring() -> None:
    """No sentence says "don't report until", in whatever words; the pattern finds those that do."""
    assert NEVER.search("Please don't report it until you have spoken to the lead.") and NEVER.search("Do not ring the council unless told so.")
    assert [s for s in sentences() if NEVER.search(s)] == []


def test_sentences_are_short_enough_for_somebody_who_is_frightened() -> None:
    """None has more words than can be held."""
    parts = [part for s in sentences() for part in re.split(r"(?<=[.?!])\s", s)]
    assert [p for p in parts if len(p.split()) > LONGEST] == []


def test_the_chain_that_ended_is_told_plainly_with_what_to_do_now() -> None:
    """That nobody picked it up, that it is still asked, and not to wait."""
    assert "Nobody has picked up" in words.REPORT_EXHAUSTED and "don't wait" in words.REPORT_EXHAUSTED and "999" in words.REPORT_EXHAUSTED
    assert "Nobody has picked up" in words.REPORT_EXHAUSTED_MEDIA and "police" not in words.REPORT_EXHAUSTED_MEDIA


@pytest.mark.parametrize(
    ("organisation", "flow", "topic", "who"),
    [
        ("cambspboro", Flow.MEDIA, "", "the Communications Manager first, and if nobody picks it up, to the Chief Executive"),
        (
            "cambspboro",
            Flow.SAFEGUARDING,
            "hate-crime",
            "the Chief Executive first, and if nobody picks it up, to the Chair, then to another Director",
        ),
        ("sefton", Flow.MEDIA, "", "the Manager first, and if nobody picks it up, to the Communications Officer"),
        ("warrington", Flow.MEDIA, "", "the Communications and Engagement Team"),
        (
            "warrington",
            Flow.SAFEGUARDING,
            COLLEAGUE,
            "your line manager first, and if nobody picks it up, to the Safeguarding Team",
        ),
        ("rutland", Flow.SAFEGUARDING, "", "the safeguarding lead first, and if nobody picks it up, to a Board Member"),
    ],
)
def test_who_gets_it_is_whom_the_policy_names(organisation: str, flow: Flow, topic: str, who: str) -> None:
    """In the policy's titles, in order."""
    plan = PLANS.flows[flow].asked(behalf=False)
    here = around(organisation, flow, topic=topic)
    lines = report.begun(plan, here, topic).reply.lines
    assert any(who in line for line in lines), lines


@pytest.mark.parametrize("organisation", sorted(KNOWLEDGE.organisations))
def test_chat_takes_no_word_about_wrongdoing(organisation: str) -> None:
    """The warning comes first, and every step is a choice."""
    plan = PLANS.flows[Flow.WHISTLEBLOWING]
    first = report.begun(plan, around(organisation, Flow.WHISTLEBLOWING), "").reply
    assert first.lines[0].startswith("Please don't type names or details here") and all(s.options for s in plan.steps)
