"""One event in a conversation, pure but for reading words: session and act in, next session, reply and effects out.

It stands between the channels and the guide: who asks, presses that came too late, edited messages, "was this right?"
and what may be passed on.
"""

from dataclasses import replace

from bot import report, words
from bot.guide import ROLES, Askwell
from bot.interpret import UNKNOWN, interpret
from bot.interpret import Act as Kind
from bot.knowledge import Flow, Knowledge, Verdict
from bot.messages import FLOW, RESUME, TOPIC, Act, Asked, Edited, Filled, Judged, PassOn, Press, Reply, State, Steered, Words
from bot.people import Asker
from bot.reporting import offered, reported
from bot.session import MOST_HEARD, Counted, Desk, Gap, Introduced, PassedOn, Result, Session
from bot.understand.reading import NEAR_SCOPE
from bot.understand.triage import Triage

ORGANISATION, ROLE = "organisation", "role"


def respond(askwell: Askwell, asker: Asker | None, session: Session, act: Act, desk: Desk | None = None) -> Result:  # noqa: PLR0911 - one way out for each act
    """One event. Never raises for anything that a person can do. Without a `desk` no report is offered."""
    if asker and (asker.organisation not in askwell.knowledge.organisations or asker.role not in ROLES):
        asker = None
    match act:
        case Words(text) if session.running and (what := words.STEERING.get(" ".join(text.lower().split()).strip(".! "))):
            return respond(askwell, asker, session, Steered(session.number, what), desk)
        case Words(text, source):
            session = replace(session, heard=(*session.heard, (source, text))[-MOST_HEARD:] if source else session.heard)
            return offered(_said(askwell, asker, session, text), desk)
        case Press(_, fact, value) if desk and (fact == FLOW or fact.startswith(report.STEP)):
            begun = value if value == RESUME else f"start:{value}"
            turned = Steered(act.number, begun) if fact == FLOW else Filled(act.number, fact.removeprefix(report.STEP), value)
            return respond(askwell, asker, session, turned, desk)
        case Press():
            return offered(_pressed(askwell, asker, session, act), desk)
        case Edited(source, text):
            return offered(_edited(askwell, asker, session, source, text), desk)
        case Judged():
            return offered(_judged(askwell, asker, session, act), desk)
        case PassOn(number, agreed):
            return _passed_on(session, number, agreed)
        case Filled() | Steered():
            return reported(session, act, desk) if desk and asker else Result(session, Reply(lines=(words.REPORT_NOTHING,)))


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
    """The state to go on from: a fresh one for another organisation or role, only its words where the rest is no longer known."""
    state = session.state
    if state is None or (state.organisation, state.role) != (asker.organisation, asker.role):
        return askwell.begin(asker.organisation, asker.role)
    known = askwell.knowledge
    pairs = [*state.facts.items(), *([(TOPIC, state.topic)] if state.topic else [])]
    asked = state.question is None or state.question.fact in (TOPIC, *known.facts)
    if asked and all(_knows(known, fact, value) for fact, value in pairs):
        return state
    return State(state.organisation, state.role, state.version, words=state.words, told=state.told)


def _knows(knowledge: Knowledge, fact: str, value: str) -> bool:
    if fact == TOPIC:
        return value in knowledge.topics or value == NEAR_SCOPE
    found = knowledge.facts.get(fact)
    return found is not None and (found.unit is not None or value in (UNKNOWN, *(v.id for v in found.values)))


def _answered(session: Session, state: State, reply: Reply) -> Result:
    """The next session. Nothing of what was said about wrongdoing stays, and what was not found may be passed on."""
    old = session.state
    if old and old.version != state.version and old.words and state.words[: len(old.words)] == old.words:
        reply = replace(reply, lines=(words.CHANGED_MEANWHILE, *reply.lines))
    gap = _gap(state, reply)
    if reply.lines == (words.STARTED_AGAIN,) or any(a.flow == Flow.WHISTLEBLOWING for a in reply.answers):
        state = State(state.organisation, state.role, state.version, told=state.told)
        session = replace(session, heard=())
    if gap and reply.answers[0].verdict == Verdict.NOT_COVERED:
        reply = replace(reply, offer=_offer(gap))
    return Result(replace(session, number=session.number + 1, state=state, last=reply, gap=gap, waiting=()), reply)


def _gap(state: State, reply: Reply) -> Gap | None:
    """What could be passed on: the words of a question that was answered, unless they are sensitive."""
    if not reply.answers or reply.sensitive or not state.words or reply.answers[0].verdict == Verdict.OUT_OF_SCOPE:
        return None
    return Gap("\n".join(state.words), reply.answers[0].topic)


def _offer(gap: Gap) -> str:
    """All the words that a yes would pass on."""
    return "\n".join(w for w in (gap.question, gap.reason) if w)


def _introduced(askwell: Askwell, session: Session, text: str) -> Result:
    """Ask once for organisation and role; what was typed meanwhile waits. Emergency help never waits."""
    state = session.state or State("", "", askwell.knowledge.version)
    said = interpret(text, state)
    if state.question and said.act == Kind.PRESS:
        return _took(askwell, session, state.question.fact, said.value)
    if said.act != Kind.WORDS or not any(c.isalpha() for c in text):  # "hello" needs no answer of its own
        return _asking(askwell, session)
    return _waits(askwell, session, text, _triage(askwell, None, text))


def _waits(askwell: Askwell, session: Session, text: str, found: Triage) -> Result:
    """What somebody unknown typed is kept until they are known. Of wrongdoing only that it was spoken of."""
    wrongdoing = Flow.WHISTLEBLOWING in found.flows and Flow.SAFEGUARDING not in found.flows
    if wrongdoing:
        text, session = words.WRONGDOING, replace(session, heard=())
    urgent = (words.EMERGENCY, words.EMERGENCY_MORE) if found.urgent else ()
    care = (words.WHISTLEBLOWING_CARE,) if wrongdoing else ()
    return _asking(askwell, replace(session, waiting=(*session.waiting, text)[-MOST_HEARD:]), (*urgent, *care))


def _asking(askwell: Askwell, session: Session, before: tuple[str, ...] = ()) -> Result:
    organisations = sorted(askwell.knowledge.organisations.values(), key=lambda o: o.name)
    chosen = session.organisation or (organisations[0].id if len(organisations) == 1 else "")
    private = words.WRONGDOING in session.waiting
    if chosen:
        question = Asked(ROLE, words.WHICH_ROLE, tuple(zip(ROLES, words.ROLE_LABELS, strict=True)), private)
    else:
        question = Asked(ORGANISATION, words.WHICH_ORGANISATION, tuple((o.id, o.name) for o in organisations), private)
    state = State(chosen, "", askwell.knowledge.version, question=question)
    reply = Reply(question=question, before=before)
    return Result(replace(session, number=session.number + 1, state=state, organisation=chosen, last=reply, gap=None), reply)


def _took(askwell: Askwell, session: Session, fact: str, value: str) -> Result:
    if fact == ORGANISATION:
        return _asking(askwell, replace(session, organisation=value))
    asker = Asker(session.organisation, value)
    return replace(_welcomed(askwell, asker, session), effects=(Introduced(asker.organisation, asker.role),))


def _welcomed(askwell: Askwell, asker: Asker, session: Session) -> Result:
    """Now that they are known, what waited is answered."""
    waiting = "\n".join(session.waiting) or words.HELLO
    return _answered(replace(session, state=None, waiting=()), *askwell.say(askwell.begin(asker.organisation, asker.role), waiting))


def _pressed(askwell: Askwell, asker: Asker | None, session: Session, press: Press) -> Result:
    """A press counts only for the turn that offered it: a late one must not answer another question."""
    offered = {a.fact: a for a in session.last.choices} if session.last and press.number == session.number else {}
    asked = offered.get(press.fact)
    if asked is None or press.value not in dict(asked.options):
        return _late(session)
    if press.fact in (ORGANISATION, ROLE):  # where they became known elsewhere meanwhile, that stands
        return _welcomed(askwell, asker, session) if asker else _took(askwell, session, press.fact, press.value)
    if asker is None:
        return _asking(askwell, session)
    state, before = _state(askwell, asker, session), session.state
    if before is None or (state.organisation, state.role) != (before.organisation, before.role):
        return _late(session)
    if not _knows(askwell.knowledge, press.fact, press.value):
        return _late(session)
    return _answered(session, *askwell.say(replace(state, question=asked), press.value))


def _late(session: Session) -> Result:
    return Result(session, Reply(lines=(words.TOO_LATE,)))


def _edited(askwell: Askwell, asker: Asker | None, session: Session, source: str, text: str) -> Result:
    """An edited message is read again in its place; a deleted one is forgotten, without a word."""
    old = dict(session.heard).get(source)
    if old == text:
        return Result(session)
    if old is None:  # too long ago to take its place; but a risk in it is never passed over
        return _said(askwell, asker, session, text) if text and _risky(_triage(askwell, asker, text)) else Result(session)
    heard = tuple((s, text if s == source else t) for s, t in session.heard if text or s != source)
    if asker is None:
        return _still_waiting(askwell, replace(session, heard=heard), old, text)
    return _said_otherwise(askwell, asker, replace(session, heard=heard), old, text)


def _said_otherwise(askwell: Askwell, asker: Asker, session: Session, old: str, text: str) -> Result:
    if session.state is None or old not in session.state.words:
        return _said(askwell, asker, _forgotten(session), text) if text else Result(_without_back(session))
    state = _state(askwell, asker, session)
    kept = tuple(w for w in (text if w == old else w for w in state.words) if w)
    if not kept:
        return Result(_forgotten(session))
    anew = replace(state, words=kept, topic=None, question=None, before=None)
    if not text:
        return Result(replace(session, state=anew, last=None, gap=None))
    return _answered(session, *askwell.again(anew))


def _still_waiting(askwell: Askwell, session: Session, old: str, text: str) -> Result:
    """What waits is changed silently, unless a risk is now in it."""
    rest = replace(session, waiting=tuple(w for w in session.waiting if w != old))
    if text and _risky(found := _triage(askwell, None, text)):
        return _waits(askwell, rest, text, found)
    changed = tuple(t for t in (text if w == old else w for w in session.waiting) if t)
    return Result(replace(session, waiting=changed))


def _without_back(session: Session) -> Session:
    """Without what "back" would return to: the words of earlier questions."""
    return replace(session, state=replace(session.state, before=None)) if session.state else session


def _forgotten(session: Session) -> Session:
    """Without the words of the current question."""
    state = session.state
    bare = State(state.organisation, state.role, state.version, told=state.told) if state else None
    return replace(session, state=bare, gap=None, last=None)


def _triage(askwell: Askwell, asker: Asker | None, text: str) -> Triage:
    return askwell.understands.read(text, asker.organisation if asker else "").triage


def _risky(found: Triage) -> bool:
    return found.urgent or bool(found.flows) or found.own


def _judged(askwell: Askwell, asker: Asker | None, session: Session, judged: Judged) -> Result:
    """A "no" may be passed on if they agree. What they write is read like every message: a risk in it comes first."""
    last = session.last
    if last is None or not last.answers or judged.number != session.number or last.sensitive:
        return _late(session)
    first = last.answers[0]
    counted = () if session.judged == session.number else (Counted(first.topic, first.verdict, judged.helpful),)
    session = replace(session, judged=session.number)
    asked = session.state.words if session.state else ()  # a reason is read in the light of its question
    if judged.reason and _risky(_triage(askwell, asker, "\n".join((*asked, judged.reason)))):
        return replace(_said(askwell, asker, replace(session, state=None), judged.reason), effects=counted)
    if judged.helpful or session.gap is None:
        return Result(session if last.offer else replace(session, gap=None), Reply(lines=(words.THANKS,)), counted)
    gap = replace(session.gap, reason=judged.reason or session.gap.reason)
    return Result(replace(session, gap=gap), Reply(lines=(words.SORRY_WRONG,), offer=_offer(gap)), counted)


def _passed_on(session: Session, number: int, agreed: bool) -> Result:
    """Only with a yes, and once."""
    if session.gap is None or number != session.number:
        return _late(session)
    done = replace(session, gap=None)
    if not agreed:
        return Result(done, Reply(lines=(words.NOT_PASSED_ON,)))
    return Result(done, Reply(lines=(words.PASSED_ON,)), (PassedOn(session.gap),))
