"""Reports in a conversation: the offer beside an answer, each step, and what is kept of it. Pure."""

from dataclasses import replace

from bot import report, words
from bot.messages import BEHALF, RESUME, Filled, Reply, State, Steered
from bot.report import Going, Running
from bot.session import Desk, Result, Session


def offered(result: Result, desk: Desk | None) -> Result:
    """Where an answer speaks of something to report, the report can be begun; one that is open is not forgotten."""
    reply = result.reply
    if desk is None or reply is None or reply is not result.session.last:  # a word of thanks is no turn, and offers nothing
        return result
    flow = next((a.flow for a in reply.answers if a.flow in desk.plans.flows), None)
    open_ = result.session.running is not None
    lines = (*reply.lines, *((words.REPORT_STILL_OPEN,) if open_ else ()))
    reply = replace(reply, start=flow if not open_ else None, resume=open_, lines=lines)
    return replace(result, reply=reply, session=replace(result.session, last=reply))


def reported(session: Session, act: Filled | Steered, desk: Desk) -> Result:
    """One step of a report. A late press, or one on a report that was cancelled, is told so."""
    what = act.what if isinstance(act, Steered) else ""
    if what.startswith(BEHALF):
        return _for_another(session, what.removeprefix(BEHALF), desk)
    if act.number != session.number and what != RESUME:
        return Result(session, Reply(lines=(words.TOO_LATE,)))
    if what.startswith("start:"):
        return _begun(session, what.partition(":")[2], desk)
    running = session.running
    if running is None:
        return Result(session, Reply(lines=(words.REPORT_NOTHING,)))
    plan, around = desk.plans.flows[running.flow].asked(behalf=running.behalf), desk.around(running)
    going = report.filled(plan, around, running, act) if isinstance(act, Filled) else report.steered(plan, around, running, act)
    return _went(session, going)


def _begun(session: Session, flow: str, desk: Desk) -> Result:
    if session.last is None or session.last.start is None or session.last.start.value != flow:
        return Result(session, Reply(lines=(words.TOO_LATE,)))
    topic = next((a.topic for a in session.last.answers if a.flow == flow), None) or ""
    running = Running(session.last.start, topic)
    return _went(session, report.begun(desk.plans.flows[running.flow].asked(behalf=False), desk.around(running), topic))


def _for_another(session: Session, flow: str, desk: Desk) -> Result:
    """Somebody with a duty writes down what another person told them. A report that is open is never lost for it."""
    plan = next((p for f, p in desk.plans.flows.items() if f.value == flow and p.files), None)
    around = desk.around(Running(plan.flow, "", behalf=True)) if plan else None
    if plan is None or around is None or not around.handler:
        return Result(session, Reply(lines=(words.REPORT_NOTHING,)))
    if session.running is not None:
        return Result(session, Reply(lines=(words.REPORT_FIRST,)))
    return _went(session, report.begun(plan.asked(behalf=True), around, "", behalf=True))


def _went(session: Session, going: Going) -> Result:
    """The words that led to a report are not kept beside it."""
    state = session.state
    bare = State(state.organisation, state.role, state.version, told=state.told) if state else None
    after = replace(
        session, number=session.number + 1, state=bare, heard=(), last=going.reply, gap=None, running=going.running, saved=going.saved,
    )  # fmt: skip
    return Result(after, going.reply, (going.filing,) if going.filing else ())
