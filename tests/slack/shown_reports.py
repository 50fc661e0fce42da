"""Every modal of a report and every view of a case in Slack, at its edges: each with its name and the surface that it stands on."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.casework import Around, Reader
from adapters.slack import cases, forms, views
from adapters.slack.channel import Slack
from bot import load, plans, words
from bot.cases import Case, Status
from bot.flows import MOST_TEXT, FlowPlan
from bot.knowledge import Flow
from bot.messages import Form, Reply, Review
from bot.people import Person
from bot.reports import DECISION, Opened
from bot.routing import Route, Rung
from bot.store.cases import Entry, Held, Reporter
from slack.shown import Shown
from slack.stand import ANN

PLANS = plans.load(load.ROOT, load.load())
CHANNEL = Slack("https://askwell.example.org")
NAME = "Somebody With a Name That Is Longer Than Any Button, List or Heading Can Show of It at Once"
PEOPLE = [Person("sefton", f"somebody-{i:04}@example.org", f"{NAME} {i}", "staff") for i in range(1, 1201)]
PICKED = tuple((p.email, p.name) for p in PEOPLE)
FULL = "words & <signs> *and* `marks` " * (MOST_TEXT // 30)
ME, NOW = "me@example.org", 1_795_170_600.0


def steps() -> Iterator[Shown]:
    """Each step of each flow, alone and with everything that can stand above and in it."""
    for plan in PLANS.flows.values():
        for number, step in enumerate(plan.steps, 1):
            people = PICKED if step.kind == "person" else ()
            form = Form(plan.flow, plan.title, step.id, step.kind.value, step.asks, step.why, step.options, people, step.optional, number, 12)
            for name, lines, typed in (("", (), ""), (", full", (*plan.opening, words.NOBODY_ON_DUTY, "w" * MOST_TEXT), FULL[:MOST_TEXT])):
                yield Shown(f"{plan.flow} {step.id}{name}", "modal", forms.view(Reply(lines=lines, form=form), ANN, 7, "" if people else typed))
            one = replace(form, people=people[:1])
            yield Shown(f"{plan.flow} {step.id}, one person", "modal", forms.view(Reply(form=one), ANN, 7))


def reviews() -> Iterator[Shown]:
    """The summary with every answer as long as can be, sent and kept."""
    for plan in PLANS.flows.values():
        rows = tuple((s.id, s.asks, FULL[:MOST_TEXT]) for s in plan.steps)
        for who in ("", "the CCG safeguarding lead, then the Safeguarding Team"):
            review = Review(plan.flow, plan.title, rows, who, (words.EMERGENCY, words.NOBODY_LEFT))
            yield Shown(f"{plan.flow} review {who}", "modal", forms.view(Reply(lines=(words.REPORT_LATE,), review=review), ANN, 7))
        yield Shown(f"{plan.flow} sent", "modal", forms.view(Reply(lines=(words.EMERGENCY, words.REPORT_SENT, *plan.closing)), ANN, 7))
    yield Shown("kept", "modal", forms.view(Reply(lines=(words.REPORT_SAVED,), resume=True), ANN, 7))
    yield Shown("one moment", "modal", forms.waiting())


def held(status: Status = Status.TAKEN, flow: Flow = Flow.SAFEGUARDING, reference: str = "7QK4-XM29") -> Held:
    """A case that I have."""
    route = Route((Rung((ME,), 60, "safeguarding-lead"),))
    due = None if status == Status.CLOSED else NOW
    case = Case(reference, "sefton", flow, route, frozenset(), status, 1, ME if status != Status.OPEN else None, due)
    return Held(case, Reporter("slack", "", "", {}), 9, "2026-11-20", False)


def opened(plan: FlowPlan, one: Held, entries: int, length: int, linked: int) -> Opened:
    """What is in it: every answer and so many entries, each so long."""
    content = {s.id: s.options[0][0] if s.options else FULL[:length] for s in plan.steps}
    kinds = ("note", DECISION, "wait", "hand-over", "link", "close")
    said = [Entry(kinds[i % len(kinds)], FULL[:length], PEOPLE[i].email, NOW) for i in range(entries)]
    return Opened(one, content, said, tuple(held(reference=f"AAAA-{i:04}") for i in range(linked)))


def views_of_cases() -> Iterator[Shown]:
    """As short and as long as can be, in each state, and each thing that can be done with one."""
    around = Around(PICKED, tuple(f"BBBB-{i:04}" for i in range(250)), tuple(f"AAAA-{i:04}" for i in range(30)), NOW)
    reader = Reader(ANN, ME, PEOPLE, around, "https://askwell.example.org/board")
    alone = Reader(ANN, ME, [], Around((), (), (), NOW))
    places = (words.REFER_999, words.REFER_CHILDREN, words.REFER_LADO, words.REFER_ADULTS, words.REFER_POLICE, words.COUNCIL_FINDER)
    for flow in (Flow.SAFEGUARDING, Flow.MEDIA):
        plan = PLANS.flows[flow]
        for status in Status:
            for entries, length, linked in ((0, 1, 0), (3, 200, 1), (300, MOST_TEXT, 30)):
                found = opened(plan, held(status, flow), entries, length, linked)
                yield Shown(f"case {flow} {status} {entries}", "modal", cases.shown(found, plan, reader, places, (words.CASE_MOVED,)))
    yield Shown("case purged", "modal", cases.shown(Opened(held(), {}, []), PLANS.flows[Flow.MEDIA], alone))
    for action in words.CASE_ACTS:
        yield Shown(f"case, {action}", "modal", cases.done(held(), action, reader))
    yield Shown("nothing there", "modal", cases.said(words.CASE_NOTHING))


def around_cases() -> Iterator[Shown]:
    """The ping, and Home with one case and with too many."""
    (ping,) = CHANNEL.ping(f"T01TEAM:{ANN}", words.PING.format(time="22:20", reference="7QK4-XM29"), "sefton", "7QK4-XM29")
    yield Shown("ping", "message", ping["arguments"])
    for count in (1, 200):
        waiting = cases.waiting(ANN, [held(Status.OPEN, reference=f"CCCC-{i:04}") for i in range(count)])
        yield Shown(f"Home, {count} cases", "home", views.home(ANN, "a policy", [*waiting, *cases.behalf(ANN)], "", ""))


def edges() -> Iterator[Shown]:
    """All of it."""
    yield from steps()
    yield from reviews()
    yield from views_of_cases()
    yield from around_cases()
