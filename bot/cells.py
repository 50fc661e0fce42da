"""The cells of a staff list, each read by itself into what the directory keeps. Pure; each raises CellError."""

import contextlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from bot import cover as hours

CHANNELS = ("slack", "teams", "email")
ROLES: Mapping[str, tuple[str, ...]] = {
    "staff": ("employee", "employees", "paid staff", "member of staff"),
    "manager": ("line manager", "team leader", "supervisor", "team manager"),
    "volunteer": ("volunteers",),
    "director": ("trustee", "board member", "board", "non-executive", "non-executive director", "chair"),
}
DEPUTY = "deputy:"
LONGEST = 255
_DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y")
_DATE_HOW = "Write the date like 2026-11-30 or 30/11/2026."
_LEAVE_HOW = "Write leave like '2026-12-24..2027-01-02; 2027-03-01'."


class CellError(ValueError):
    """A cell that cannot be read: what is wrong, and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}. {mend}")
        self.what, self.mend = what, mend


def email(text: str) -> str:
    """An address as it is kept: small letters, nothing around it, no invisible characters. Raises CellError where it is none."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    plain = plain.strip().lower().removeprefix("mailto:").strip("<> ")
    name, _, host = plain.rpartition("@")
    if not name or "." not in host or not all(host.split(".")) or len(plain) > LONGEST or any(c.isspace() or c in '@<>,;"()' for c in name + host):
        raise CellError(f"'{text}' is not an e-mail address" if text else "the address is missing", "Write one address, like name@example.org.")
    return plain


def name(text: str) -> str:
    """What somebody is called, with single blanks."""
    if not text:
        raise CellError("the name is missing", "Write how they are called.")
    if len(text) > LONGEST:
        raise CellError("the name is too long", f"At most {LONGEST} characters are kept.")
    return " ".join(text.split())


def organisation(organisations: Mapping[str, Sequence[str]], only: str, text: str) -> str:
    """The id of an organisation from one of its names (its id among them); `only` where the cell is empty."""
    found = _named(text or only, organisations)
    if found is None:
        what = f"'{text}' is not an organisation that is encoded here" if text else "the organisation is missing"
        raise CellError(what, f"These are: {', '.join(organisations)}.")
    if only and found != only:
        raise CellError(f"this person belongs to {found}", f"You are importing {only} only: leave out --org, or take the row out.")
    return found


def role(text: str) -> str:
    """One of the roles that policies speak to, from its name or a common one for it."""
    found = _named(text, {role: (role, *others) for role, others in ROLES.items()})
    if found is None:
        raise CellError(f"'{text}' is not a role", f"Use one of: {', '.join(ROLES)}.")
    return found


def _named(text: str, names: Mapping[str, Iterable[str]]) -> str | None:
    plain = " ".join(text.lower().split())
    return next((one for one, others in names.items() if plain in {o.lower() for o in others}), None)


def joined(text: str) -> date | None:
    """The day on which somebody began; None where the cell is empty."""
    return _date(text) if text else None


def _date(text: str) -> date:
    for form in _DATES:
        with contextlib.suppress(ValueError):
            return datetime.strptime(text, form).date()
    raise CellError(f"'{text}' is not a date", _DATE_HOW)


def channels(text: str) -> tuple[str, ...]:
    """The channels in the order in which they are tried."""
    found = tuple(dict.fromkeys(text.lower().replace(",", " ").replace(";", " ").replace("/", " ").split()))
    if wrong := [c for c in found if c not in CHANNELS]:
        raise CellError(f"'{wrong[0]}' is not a channel", f"Use one or more of: {', '.join(CHANNELS)}.")
    return found


def cover(text: str) -> str:
    """The hours in which somebody can be reached, as `bot.cover` writes them."""
    try:
        found = hours.normal(text)
    except hours.CoverError as error:
        raise CellError(str(error), hours.HOW) from None
    if len(found) > LONGEST:
        raise CellError("there are too many hours", hours.HOW)
    return found


def leave(text: str) -> tuple[tuple[date, date], ...]:
    """Stretches of days; one day stands for itself."""
    found = []
    for part in filter(None, (p.strip() for p in text.replace("…", "..").split(";"))):
        ends = [_date(end.strip()) for end in part.replace(" to ", "..").split("..")]
        if len(ends) > 2 or ends[-1] < ends[0]:  # noqa: PLR2004 - from, to
            raise CellError(f"'{part}' is not a stretch of days", _LEAVE_HOW)
        found.append((ends[0], ends[-1]))
    return tuple(sorted(found))


def duties(text: str) -> tuple[str, ...]:
    """Roles of the policy: "Safeguarding lead; deputy chair" as ("safeguarding-lead", "deputy:chair")."""
    parts = ("-".join(part.lower().replace("-", " ").split()) for part in text.replace(",", ";").split(";"))
    named = (p.replace("deputy-", DEPUTY, 1) if p.startswith("deputy-") else p for p in (q.replace(":-", ":") for q in parts))
    return tuple(dict.fromkeys(filter(None, named)))
