"""Every screen of a report and every view of a case in Teams, at its edges."""

from collections.abc import Iterator
from dataclasses import replace

from slack.shown_reports import FULL, ME, NOW, PEOPLE, PICKED, PLANS, held, opened

from adapters.casework import Around, Reader, Seen
from adapters.teams import cases, forms
from bot import words
from bot.cases import Status
from bot.flows import MOST_TEXT
from bot.knowledge import Flow
from bot.messages import Form, Reply, Review
from bot.reports import Opened
from teams.shown import CHANNEL, Shown, message
from teams.stand import ANN, TENANT, card_of


def steps() -> Iterator[Shown]:
    """Each step of each flow, alone and with everything that can stand above and in it."""
    for plan in PLANS.flows.values():
        for number, step in enumerate(plan.steps, 1):
            people = PICKED if step.kind == "person" else ()
            form = Form(plan.flow, plan.title, step.id, step.kind.value, step.asks, step.why, step.options, people, step.optional, number, 12)
            for name, lines, typed in (("", (), ""), (", full", (*plan.opening, words.NOBODY_ON_DUTY, "w" * MOST_TEXT), FULL[:MOST_TEXT])):
                yield Shown(f"{plan.flow} {step.id}{name}", forms.card(Reply(lines=lines, form=form), ANN, 7, "" if people else typed))
            yield Shown(f"{plan.flow} {step.id}, one person", forms.card(Reply(form=replace(form, people=people[:1])), ANN, 7))


def reviews() -> Iterator[Shown]:
    """The summary with every answer as long as can be, sent and kept."""
    for plan in PLANS.flows.values():
        for name, answer in (("long answers", FULL[:MOST_TEXT]), ("many lines", "w\n" * (MOST_TEXT // 2))):
            rows = tuple((s.id, s.asks, answer) for s in plan.steps)
            for who in ("", "the CCG safeguarding lead, then the Safeguarding Team"):
                review = Review(plan.flow, plan.title, rows, who, (words.EMERGENCY, words.NOBODY_LEFT))
                yield Shown(f"{plan.flow} review, {name} {who}", forms.card(Reply(lines=(words.REPORT_LATE,), review=review), ANN, 7))
        yield Shown(f"{plan.flow} sent", forms.card(Reply(lines=(words.EMERGENCY, words.REPORT_SENT, *plan.closing)), ANN, 7))
    marked = (("bob@x.uk", "**Bob** [press](https://evil.example) <b>"), ("o-b@x.uk", "Jo O'Bell-Smith (trustee)"))
    form = Form(Flow.SAFEGUARDING, "Tell the right person", "implicated", "person", "Anybody?", "", (), marked, True, 7, 8)
    yield Shown("names with markup", forms.card(Reply(form=form), ANN, 7))
    yield Shown("kept", forms.card(Reply(lines=(words.REPORT_SAVED,), resume=True), ANN, 7))
    yield message("somebody has it", Reply(lines=(words.PICKED_UP,)))


def views_of_cases() -> Iterator[Shown]:
    """As short and as long as can be, in each state, and each thing that can be done with one."""
    around = Around(PICKED, tuple(f"BBBB-{i:04}" for i in range(250)), tuple(f"AAAA-{i:04}" for i in range(30)), NOW)
    reader = Reader(ANN, ME, PEOPLE, around, CHANNEL.board)
    alone = Reader(ANN, ME, [], Around((), (), (), NOW))
    places = (words.REFER_999, words.REFER_CHILDREN, words.REFER_LADO, words.REFER_ADULTS, words.REFER_POLICE, words.COUNCIL_FINDER)
    for flow in (Flow.SAFEGUARDING, Flow.MEDIA):
        plan = PLANS.flows[flow]
        for status in Status:
            for entries, length, linked in ((0, 1, 0), (3, 200, 1), (300, MOST_TEXT, 30)):
                found = opened(plan, held(status, flow), entries, length, linked)
                seen = Seen(found, plan, reader, places, hidden=False)
                yield Shown(f"case {flow} {status} {entries}", cases.shown(seen, (words.CASE_MOVED,)))
    purged = Seen(Opened(held(), {}, []), PLANS.flows[Flow.MEDIA], alone, (), hidden=False)
    yield Shown("case purged", cases.shown(purged))
    for action in words.CASE_ACTS:
        seen = Seen(Opened(held(), {}, []), PLANS.flows[Flow.MEDIA], reader, (), hidden=False)
        for name, missing, kept in (("", "", {}), (", full", words.CASE_NEEDS_TEXT, {"text": FULL[:MOST_TEXT], "until": "2026-11-30"})):
            yield Shown(f"case, {action}{name}", cases.done(seen, action, missing, kept))
    yield Shown("nothing there", cases.said(words.CASE_NOTHING))


def pings() -> Iterator[Shown]:
    """The ping, and what stands in its place once it was taken."""
    (ping,) = CHANNEL.ping(f"{TENANT}:{ANN}", words.PING.format(time="22:20", reference="7QK4-XM29"), "sefton", "7QK4-XM29")
    yield Shown("ping", card_of(ping["activity"]), ping["activity"])
    yield Shown("ping, taken", cases.taken(ANN, "7QK4-XM29"), ping["activity"])


def reports() -> Iterator[Shown]:
    """All of it."""
    yield from steps()
    yield from reviews()
    yield from views_of_cases()
    yield from pings()
