"""Sessions, replies and messages as JSON, and back. What an older version wrote and this one cannot read counts as not there."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.messages import Reply
from bot.session import Session

_SESSION: TypeAdapter[Session] = TypeAdapter(Session)
_REPLY: TypeAdapter[Reply] = TypeAdapter(Reply)


def session_json(session: Session) -> bytes:
    """A session as JSON."""
    return _SESSION.dump_json(session, exclude_defaults=True, fallback=dict, warnings=False)  # facts are a read-only view


def session(text: bytes) -> Session:
    """A session from JSON; a fresh one where it was written by a version that meant something else."""
    try:
        return _SESSION.validate_json(text)
    except ValidationError:
        return Session()


def reply_json(reply: Reply) -> bytes:
    """A reply as JSON."""
    return _REPLY.dump_json(reply, exclude_defaults=True)


def reply(text: bytes) -> Reply | None:
    """A reply from JSON; None where it cannot be read any more."""
    try:
        return _REPLY.validate_json(text)
    except ValidationError:
        return None


def payload_text(payload: Mapping[str, Any]) -> str:
    """What a channel sends, as JSON."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def payload(text: str) -> dict[str, Any]:
    """What a channel sends, from JSON."""
    found: dict[str, Any] = json.loads(text)
    return found
