"""Logs as JSON, one object a line: what happened, with ids. No level logs what people write.

Our own messages hold ids only, and a test holds that. What libraries say may hold anything (a request's body, an address with a
token, the values of a query), so of theirs only the place is kept, and of an exception its kind and where it came from.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

OURS = ("askwell", "uvicorn.error")  # uvicorn.error is its name for start, stop and failures; the requests are in uvicorn.access
_KNOWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", (), None))) | {"message", "asctime", "color_message"}
MOST_PLACES = 8


class Json(logging.Formatter):
    """One line of JSON for each record."""

    def format(self, record: logging.LogRecord) -> str:
        """The record without words of others."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"at": at, "level": record.levelname.lower(), "log": record.name}
        if _ours(record.name):
            line["says"] = record.getMessage() if record.exc_info is None else str(record.msg)
            line |= {name: value for name, value in vars(record).items() if name not in _KNOWN}
        else:
            line["says"] = f"something about {record.module}, line {record.lineno}; its words are left out"
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "in": _places(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False, default=str)


def _ours(name: str) -> bool:
    return any(name == ours or name.startswith(f"{ours}.") for ours in OURS)


def _places(trace: TracebackType | None) -> list[str]:
    """The innermost places of a traceback, as `module:line`, without what they worked on."""
    found = []
    while trace is not None:
        found.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return found[-MOST_PLACES:]


def configure(level: str, stream: TextIO | None = None) -> None:
    """All logs of this process as JSON, on standard error if nowhere else. `level` is for ours; of libraries only warnings count."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.captureWarnings(True)
