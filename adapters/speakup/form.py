"""What a form holds: read with a bound, and nothing of it but words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request

MOST_BYTES = 256 * 1024  # all words that fit on the pages, twice over
MOST_DRAINED = 4 * MOST_BYTES  # read and thrown away, so that the browser gets its answer
MOST_FIELDS = 1000  # everybody in a staff list who is ticked is one
KEPT = "\n\u200c\u200d"  # the joiners are letters' own business in Persian, Hindi and Bengali
ENCODED = "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """A request that cannot be answered; `reason` names what is said."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def one(self, name: str, most: int = 100) -> str:
        """A field's words, tidied and cut; empty where it is missing."""
        return words(self.fields.get(name, [""])[0])[:most]

    def sealed(self, name: str) -> str:
        """A field as it came."""
        return self.fields.get(name, [""])[0]

    def every(self, name: str) -> Sequence[str]:
        """All values of a field that can be ticked more than once."""
        return self.fields.get(name, [])


def words(raw: str) -> str:
    """What somebody typed, without what cannot be seen, and with one kind of line end."""
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c in KEPT or c.isprintable() else " " if c.isspace() else "" for c in lines).strip()


async def read(request: Request) -> Form:
    """The form; raises RefusedError for files, and for what is too long or no form."""
    if request.method != "POST":
        return Form()
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    body = await _body(request)
    if kind.startswith("multipart/"):
        raise RefusedError("file")
    if kind != ENCODED:
        raise RefusedError("form")
    try:
        return Form(parse_qs(body.decode("ascii"), keep_blank_values=True, encoding="utf-8", errors="replace", max_num_fields=MOST_FIELDS))
    except ValueError:  # too many fields, or bytes that no browser sends
        raise RefusedError("form") from None


async def _body(request: Request) -> bytes:
    body, size = bytearray(), 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MOST_BYTES:
            body += chunk
        elif size > MOST_DRAINED:
            break
    if size > MOST_BYTES:
        raise RefusedError("long")
    return bytes(body)
