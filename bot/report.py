"""A report as it is being made: a form at a time, a summary, and only then Send. Pure.

Until Send nobody is told, and every screen says so. Cancel forgets everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot import flows, words
from bot.answer import named
from bot.flows import Answers, FlowPlan, Kind, Problem
from bot.knowledge import Flow, frozen
from bot.messages import Asked, Filled, Form, Reply, Review, Steered
from bot.routing import Chart, Level, Route, route

STEP = "step:"
TELLER = "teller"  # the step that asks who told it


@dataclass(frozen=True, slots=True)
class Running:
    """A report that is being made: its flow, the topic that led to it, and the answers so far. `behalf`: for somebody who told them."""

    flow: Flow
    topic: str
    answers: Mapping[str, str] = field(default_factory=lambda: frozen({}), repr=False)
    behalf: bool = False


@dataclass(frozen=True, slots=True)
class Around:
    """What a report needs to know of the organisation: its people, the chain, the titles of its roles, and who can be reached now.

    `handler`: the reporter holds a duty of some chain, so they may also write down what others told them.
    """

    chart: Chart
    chain: tuple[Level, ...]
    titles: Mapping[str, str]
    reporter: str | None
    on_duty: frozenset[str]
    handler: bool = False


@dataclass(frozen=True, slots=True)
class Filing:
    """With the reporter's Send: what is to be filed, and for whom. `taken_by`: who wrote it down for somebody else, and has it at once."""

    running: Running
    route: Route
    implicated: frozenset[str]
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Going:
    """How a report goes on: still running (None when it is over), the reply, and with Send what is filed."""

    running: Running | None
    reply: Reply
    filing: Filing | None = None
    saved: bool = False


def begun(plan: FlowPlan, around: Around, topic: str, *, behalf: bool = False) -> Going:
    """The first screen: what happens with it, who gets it and whether anybody is on duty, and the first question."""
    running = Running(plan.flow, topic, behalf=behalf)
    found = _route(around, running)
    who = _titles(around, found)
    opening = tuple(line.format(who=who or words.SOMEBODY) for line in (words.BEHALF_OPENING if behalf else plan.opening))
    nobody = () if who or not plan.files else (words.NOBODY_TO_ASK,)
    return shown(plan, around, running, (*opening, *nobody, *_off_duty(plan, around, found)))


def steered(plan: FlowPlan, around: Around, running: Running, act: Steered) -> Going:
    """Back, change, save, cancel or send."""
    what, _, step = act.what.partition(":")
    if what == "cancel":
        return Going(None, Reply(lines=(words.REPORT_CANCELLED,)))
    if what == "save":
        return Going(running, Reply(lines=(words.REPORT_SAVED,), resume=True), saved=True)
    if what == "back":
        return shown(plan, around, replace(running, answers=flows.back(plan, running.answers)))
    if what == "change":
        return shown(plan, around, replace(running, answers=flows.change(plan, running.answers, step)))
    if what == "send" and flows.where(plan, running.answers) is None:
        return _sent(plan, around, running)
    return shown(plan, around, running)


def filled(plan: FlowPlan, around: Around, running: Running, act: Filled) -> Going:
    """An answer to one step; a late or impossible one changes nothing."""
    taken = flows.take(plan, running.answers, act.step, act.value)
    if isinstance(taken, Problem):
        return shown(plan, around, running, (taken.says,))
    step = next(s for s in plan.steps if s.id == act.step)
    said = step.replies.get(act.value)
    unknown = _unknown(around, act.value) if step.kind == Kind.PERSON else ()
    return shown(plan, around, replace(running, answers=taken), (*((said,) if said else ()), *unknown))


def shown(plan: FlowPlan, around: Around, running: Running, lines: tuple[str, ...] = ()) -> Going:
    """The open step, or the summary when nothing is open."""
    step = flows.where(plan, running.answers)
    if step is None:
        return Going(running, Reply(lines=lines, review=_review(plan, around, running))) if plan.files else _ended(plan, lines)
    number, of = flows.progress(plan, running.answers)
    people = _pickable(around, running) if step.kind == Kind.PERSON else ()
    form = Form(plan.flow, plan.title, step.id, step.kind.value, step.asks, step.why, step.options, people, step.optional, number, of)
    question = Asked(STEP + step.id, step.asks, step.options) if step.options else None
    return Going(running, Reply(lines=lines, form=form, question=question))


def _pickable(around: Around, running: Running) -> tuple[tuple[str, str], ...]:
    """Everybody else to pick from, by name; only members are shown who works there, others type names. Whoever reports never gets it anyway."""
    if around.reporter is None:
        return ()
    without = None if running.behalf else around.reporter
    return tuple((e, p.name) for e, p in sorted(around.chart.people.items(), key=lambda x: x[1].name) if e != without)


def _ended(plan: FlowPlan, lines: tuple[str, ...]) -> Going:
    return Going(None, Reply(lines=(*lines, *plan.closing)))


def _review(plan: FlowPlan, around: Around, running: Running) -> Review:
    found = _route(around, running)
    rows = tuple((s.id, s.asks, s.label(running.answers[s.id])) for s in flows.called_for(plan, running.answers) if running.answers.get(s.id))
    danger = _danger(running)
    if not found.rungs:
        anybody = route(around.chain, around.chart, None, frozenset()).rungs
        nobody = words.NONE_LEFT[plan.flow.value] if anybody else words.NOBODY_TO_ASK
        return Review(plan.flow, plan.title, rows, "", (*danger, nobody))
    mine = _taker(around, running, found)
    lines = (words.BEHALF_YOURS,) if mine else _off_duty(plan, around, found)
    return Review(plan.flow, plan.title, rows, words.YOURSELF if mine else _titles(around, found), (*danger, *lines))


def _off_duty(plan: FlowPlan, around: Around, found: Route) -> tuple[str, ...]:
    """Told before anything is sent: nobody of those who are asked first is on duty."""
    if not plan.files or not found.rungs or any(p in around.on_duty for p in found.rungs[0].people):
        return ()
    return (words.OFF_DUTY[plan.flow.value],)


def _danger(running: Running) -> tuple[str, ...]:
    return (words.EMERGENCY,) if flows.endangered(running.answers) else ()


def _taker(around: Around, running: Running, found: Route) -> str | None:
    """Whoever writes down what another person told them has it at once, where it would be theirs anyway."""
    return around.reporter if running.behalf and around.reporter in found.people else None


def _sent(plan: FlowPlan, around: Around, running: Running) -> Going:
    found = _route(around, running)
    if not found.rungs:
        return shown(plan, around, running)
    taker = _taker(around, running, found)
    filing = Filing(running, found, implicated(around, running.answers), taker)
    said = words.BEHALF_SENT if taker else words.REPORT_SENT.format(who=_titles(around, found))
    return Going(None, Reply(lines=(*_danger(running), said, *(() if running.behalf else plan.closing))), filing)


def _route(around: Around, running: Running) -> Route:
    """Who is asked. Whoever told it is left out like any reporter, where the directory has them; whoever only writes it down is not."""
    told = next(iter(sorted(tellers(around.chart, running.answers))), None)
    return route(around.chain, around.chart, told if running.behalf else around.reporter, implicated(around, running.answers))


def implicated(around: Around, answers: Answers) -> frozenset[str]:
    """Who must not see it: everybody named, by address or by name, one on a line."""
    return _named(around.chart, answers.get("implicated", ""))


def tellers(chart: Chart, answers: Answers) -> frozenset[str]:
    """Who told what somebody else writes down, where the directory has them."""
    return _named(chart, answers.get(TELLER, ""))


def _named(chart: Chart, said: str) -> frozenset[str]:
    named = {" ".join(line.lower().split()) for line in said.splitlines()}
    return frozenset(e for e, p in chart.people.items() if {e.lower(), " ".join(p.name.lower().split())} & named)


def _unknown(around: Around, said: str) -> tuple[str, ...]:
    known = {x for e, p in around.chart.people.items() for x in (e.lower(), " ".join(p.name.lower().split()))}
    missing = [line.strip() for line in said.splitlines() if line.strip() and " ".join(line.lower().split()) not in known]
    return (words.NOT_IN_DIRECTORY.format(names=", ".join(missing)),) if missing else ()


def _titles(around: Around, found: Route) -> str:
    """The roles that are asked, in order, in words: 'the safeguarding lead first, and if nobody picks it up to the Safeguarding Team'."""
    titles = dict.fromkeys(named(around.titles.get(r.duty.removeprefix("deputy:"), words.FALLBACK_TITLE)) for r in found.rungs)
    first, *rest = titles or [""]
    return words.ONE_AFTER_ANOTHER.format(first=first, rest=", then to ".join(rest)) if rest else first
