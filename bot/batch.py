"""The batch contract: one JSON object a line in, one a line out, each session with its own conversation."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any

from bot import render
from bot.answer import Answer
from bot.guide import Askwell, UnknownOrganisationError, UnknownRoleError
from bot.messages import Reply, State

MOST_SESSIONS = 1_000


def replies(askwell: Askwell, lines: Iterable[str]) -> Iterator[str]:
    """A reply for each line; a malformed one gets {"error": …} and the batch goes on."""
    sessions: OrderedDict[str, State] = OrderedDict()
    for line in lines:
        if line.strip():
            reply = json.dumps(_one(askwell, sessions, line), ensure_ascii=False)
            yield reply.encode("utf-8", errors="replace").decode("utf-8")


def _one(askwell: Askwell, sessions: OrderedDict[str, State], line: str) -> dict[str, Any]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        return {"error": f"this line is not JSON: {error}"}
    if not isinstance(raw, dict):
        return {"error": "a line must be a JSON object with session, org, role and say"}
    wrong = [key for key in ("org", "say") if not isinstance(raw.get(key), str)]
    if wrong:
        return {"error": f"'{wrong[0]}' is missing or not a text", "session": raw.get("session")}
    session, role = str(raw.get("session", "")), raw.get("role", "staff")
    key = json.dumps([session, raw["org"], role])
    try:
        state = (sessions.pop(key, None) if session else None) or askwell.begin(raw["org"], str(role))
    except (UnknownOrganisationError, UnknownRoleError) as error:
        return {"error": str(error), "session": session}
    state, reply = askwell.say(state, raw["say"])
    if session:
        sessions[key] = state
    if len(sessions) > MOST_SESSIONS:
        sessions.popitem(last=False)
    return {"session": session, **as_json(reply)}


def as_json(reply: Reply) -> dict[str, Any]:
    """The reply with the contract's keys; the first answer speaks for the whole."""
    first = reply.answers[0] if reply.answers else None
    question = reply.question
    return {
        "verdict": _verdict(reply),
        "text": render.text(reply),
        "topic": first.topic if first else None,
        "facts": dict(first.facts) if first else {},
        "citations": [c for a in reply.answers for c in _citations(a)],
        "contacts": [{"role": c.role, "name": c.name, "email": c.email} for a in reply.answers for c in a.contacts],
        "flow": next((a.flow for a in reply.answers if a.flow), None),
        "urgent": any(a.urgent for a in reply.answers),
        "question": {"fact": question.fact, "text": question.text, "options": [label for _, label in question.options]} if question else None,
        "receipt": first.receipt if first else None,
        "stale": " ".join(reply.notices) or None,
        "confidence": reply.confidence,
    }  # fmt: skip


def _verdict(reply: Reply) -> str | None:
    if reply.answers:
        return reply.answers[0].verdict
    return None if reply.question else "out_of_scope"


def _citations(answer: Answer) -> list[dict[str, str]]:
    return [{"policy": q.policy, "section": q.section, "clause": q.clause, "quote": q.text} for q in answer.quotes]
