"""One event in a conversation, pure but for reading words: session and act in, next session, reply and effects out.

It stands between the channels and the guide: who asks, presses that came too late, edited messages, "was this right?"
and what may be passed on. Nothing it gives out addresses anybody but the asker: see `Effect`.
"""

from dataclasses import dataclass, replace

from bot import words
from bot.guide import ROLES, Askwell
from bot.interpret import Act as Kind
from bot.interpret import interpret
from bot.knowledge import Flow, Verdict
from bot.messages import Act, Asked, Edited, Judged, PassOn, Press, Reply, State, Words
from bot.people import Asker

ORGANISATION, ROLE = "organisation", "role"
MOST_HEARD = 20  # messages of which the id is remembered, for edits


@dataclass(frozen=True, slots=True)
class Gap:
    """A question to which there was no answer, or a wrong one. It holds no person, and is kept only when they agree."""

    question: str
    topic: str | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Introduced:
    """The asker said where they belong. It changes wording, never authority."""

    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """With the asker's yes: the question, for the policy owner's list."""

    gap: Gap


@dataclass(frozen=True, slots=True)
class Counted:
    """Whether an answer was right, for the count by topic and verdict. It holds no words."""

    topic: str | None
    verdict: str
    helpful: bool


Effect = Introduced | PassedOn | Counted


@dataclass(frozen=True, slots=True)
class Session:
    """What is kept of a conversation while it lasts. `number` counts the turns; `heard` are (message id, words).

    `judged` is the turn of which the person said last whether it was right.
    """

    number: int = 0
    state: State | None = None
    heard: tuple[tuple[str, str], ...] = ()
    waiting: tuple[str, ...] = ()
    organisation: str = ""
    last: Reply | None = None
    gap: Gap | None = None
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What one event comes to. No reply where none is due."""

    session: Session
    reply: Reply | None = None
    effects: tuple[Effect, ...] = ()


def respond(askwell: Askwell, asker: Asker | None, session: Session, act: Act) -> Result:
    """One event. Never raises for anything that a person can do."""
    match act:
        case Words(text, source):
            session = replace(session, heard=(*session.heard, (source, text))[-MOST_HEARD:] if source else session.heard)
            return _said(askwell, asker, session, text)
        case Press():
            return _pressed(askwell, asker, session, act)
        case Edited(source, text):
            return _edited(askwell, asker, session, source, text)
        case Judged():
            return _judged(askwell, asker, session, act)
        case PassOn(number, agreed):
            return _passed_on(session, number, agreed)


def shown(session: Session, act: Act) -> str:
    """What the person is shown to have said: their words, or the choice that they pressed."""
    match act:
        case Words(text):
            return text
        case Press(_, fact, value):
            offered = session.last.choices if session.last else ()
            return next((label for asked in offered if asked.fact == fact for v, label in asked.options if v == value), "")
        case Judged(_, _, reason):
            return reason
        case _:
            return ""


def _said(askwell: Askwell, asker: Asker | None, session: Session, text: str) -> Result:
    if asker is None:
        return _introduced(askwell, session, text)
    return _answered(session, *askwell.say(_state(askwell, asker, session), text))


def _state(askwell: Askwell, asker: Asker, session: Session) -> State:
    state = session.state
    if state is None or (state.organisation, state.role) != (asker.organisation, asker.role):
        return askwell.begin(asker.organisation, asker.role)
    return state


def _answered(session: Session, state: State, reply: Reply) -> Result:
    """The next session. Nothing of what was said about wrongdoing stays, and what was not found may be passed on."""
    gap = _gap(state, reply)
    if any(a.flow == Flow.WHISTLEBLOWING for a in reply.answers):
        state = State(state.organisation, state.role, state.version, told=state.told)
        session = replace(session, heard=())
    offered = gap if gap and reply.answers[0].verdict == Verdict.NOT_COVERED else None
    reply = replace(reply, offer=offered.question) if offered else reply
    return Result(replace(session, number=session.number + 1, state=state, last=reply, gap=gap, waiting=()), reply)


def _gap(state: State, reply: Reply) -> Gap | None:
    """What could be passed on: the words of a question that was answered, unless they are sensitive."""
    if not reply.answers or reply.sensitive or not state.words or reply.answers[0].verdict == Verdict.OUT_OF_SCOPE:
        return None
    return Gap("\n".join(state.words), reply.answers[0].topic)


def _introduced(askwell: Askwell, session: Session, text: str) -> Result:
    """Ask once for organisation and role; what was typed meanwhile waits. Emergency help never waits."""
    question = session.state.question if session.state else None
    said = interpret(text, session.state) if session.state else None
    if question and said and said.act == Kind.PRESS:
        return _took(askwell, session, question.fact, said.value)
    if not any(c.isalpha() for c in text):
        return _asking(askwell, session)
    urgent = askwell.understands.read(text, "").triage.urgent
    before = (words.EMERGENCY, words.EMERGENCY_MORE) if urgent else ()
    return _asking(askwell, replace(session, waiting=(*session.waiting, text)), before)


def _asking(askwell: Askwell, session: Session, before: tuple[str, ...] = ()) -> Result:
    organisations = sorted(askwell.knowledge.organisations.values(), key=lambda o: o.name)
    chosen = session.organisation or (organisations[0].id if len(organisations) == 1 else "")
    if chosen:
        question = Asked(ROLE, words.WHICH_ROLE, tuple(zip(ROLES, words.ROLE_LABELS, strict=True)))
    else:
        question = Asked(ORGANISATION, words.WHICH_ORGANISATION, tuple((o.id, o.name) for o in organisations))
    state = State(chosen, "", askwell.knowledge.version, question=question)
    reply = Reply(question=question, before=before)
    return Result(replace(session, number=session.number + 1, state=state, organisation=chosen, last=reply), reply)


def _took(askwell: Askwell, session: Session, fact: str, value: str) -> Result:
    if fact == ORGANISATION:
        return _asking(askwell, replace(session, organisation=value))
    asker = Asker(session.organisation, value)
    waiting = "\n".join(session.waiting)
    fresh = replace(session, state=None, waiting=())
    state = askwell.begin(asker.organisation, asker.role)
    found = _answered(fresh, *askwell.say(state, waiting or words.HELLO))
    return replace(found, effects=(Introduced(asker.organisation, asker.role),))


def _pressed(askwell: Askwell, asker: Asker | None, session: Session, press: Press) -> Result:
    """A press counts only for the turn that offered it: a late one must not answer another question."""
    offered = {a.fact: a for a in session.last.choices} if session.last and press.number == session.number else {}
    asked = offered.get(press.fact)
    if asked is None or press.value not in dict(asked.options):
        return Result(session, Reply(lines=(words.TOO_LATE,)))
    if asker is None or press.fact in (ORGANISATION, ROLE):
        return _took(askwell, session, press.fact, press.value)
    state = replace(_state(askwell, asker, session), question=asked)
    return _answered(session, *askwell.say(state, press.value))


def _edited(askwell: Askwell, asker: Asker | None, session: Session, source: str, text: str) -> Result:
    """An edited message is read again in its place; a deleted one is forgotten, without a word."""
    old = dict(session.heard).get(source)
    if old is None or old == text:
        return Result(session)
    heard = tuple((s, text if s == source else t) for s, t in session.heard if text or s != source)
    session = replace(session, heard=heard, waiting=tuple(t for t in (text if w == old else w for w in session.waiting) if t))
    state = session.state
    if asker is None or state is None or old not in state.words:
        return Result(_forgotten(session)) if not text or asker is None else _said(askwell, asker, session, text)
    kept = tuple(w for w in (text if w == old else w for w in state.words) if w)
    if not kept:
        return Result(_forgotten(session))
    anew = replace(state, words=kept, topic=None, question=None, before=None)
    if not text:
        return Result(replace(session, state=anew, last=None, gap=None))
    return _answered(session, *askwell.again(anew))


def _forgotten(session: Session) -> Session:
    """Without the words of the current question. "Who are you?", asked before any words count, stays."""
    state = session.state
    if state is None or not state.words:
        return session
    bare = State(state.organisation, state.role, state.version, told=state.told)
    return replace(session, state=bare, gap=None, last=None)


def _judged(askwell: Askwell, asker: Asker | None, session: Session, judged: Judged) -> Result:
    """A "no" may be passed on if they agree. What they write is read like every message: a risk in it comes first."""
    last = session.last
    if last is None or not last.answers or judged.number != session.number or last.sensitive:
        return Result(session, Reply(lines=(words.TOO_LATE,)))
    if session.judged == session.number:  # an answer counts once
        return Result(session, Reply(lines=(words.THANKS,)))
    session = replace(session, judged=session.number)
    first = last.answers[0]
    counted = (Counted(first.topic, first.verdict, judged.helpful),)
    if judged.reason and asker is not None:
        found = askwell.understands.read(judged.reason, asker.organisation).triage
        if found.urgent or found.flows or found.own:
            fresh = replace(session, state=None)
            return replace(_said(askwell, asker, fresh, judged.reason), effects=counted)
    if judged.helpful or session.gap is None:
        return Result(session if last.offer else replace(session, gap=None), Reply(lines=(words.THANKS,)), counted)
    gap = replace(session.gap, reason=judged.reason)
    return Result(replace(session, gap=gap), Reply(lines=(words.SORRY_WRONG,), offer=gap.question), counted)


def _passed_on(session: Session, number: int, agreed: bool) -> Result:
    """Only with a yes, and once."""
    if session.gap is None or number != session.number:
        return Result(session, Reply(lines=(words.TOO_LATE,)))
    done = replace(session, gap=None)
    if not agreed:
        return Result(done, Reply(lines=(words.NOT_PASSED_ON,)))
    return Result(done, Reply(lines=(words.PASSED_ON,)), (PassedOn(session.gap),))
