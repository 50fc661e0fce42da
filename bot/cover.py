"""When somebody can be reached: cover hours like "Mon-Fri 09:00-17:00" and leave, by the clock on the wall in the United Kingdom. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.people import Person

LONDON = ZoneInfo("Europe/London")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ALWAYS = "always"
OFFICE_HOURS = "Mon-Fri 09:00-17:00"  # what an empty cell stands for
HOW = f"Write days and hours like '{OFFICE_HOURS}; Sat 10:00-12:00', or '{ALWAYS}'."
_WHOLE_DAYS = ("mon tues wednes thurs fri satur sun".split(), "day")
_CLOCK = r"(\d\d?)(?:[:.]?(\d\d))? ?(am|pm)?"
_PART = re.compile(rf"([a-z, -]+?) *{_CLOCK} ?- ?{_CLOCK}")
_NOON = 12


class CoverError(ValueError):
    """Cover hours that cannot be read; the message says what is wrong, and `HOW` how to write them."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some days of the week (0 is Monday), from a time to a time; an end at or before the start is on the next day."""

    days: tuple[int, ...]
    start: time
    end: time

    def __str__(self) -> str:
        return f"{_days_text(self.days)} {self.start:%H:%M}-{self.end:%H:%M}"

    def holds(self, at: datetime) -> bool:
        """Whether this moment, by the clock on the wall, lies in it."""
        clock, day = at.time(), at.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= clock < self.end
        return (day in self.days and clock >= self.start) or ((day - 1) % 7 in self.days and clock < self.end)


Cover = tuple[Span, ...]


def parse(text: str) -> Cover:
    """Cover hours as they are written; an empty text is office hours. Raises CoverError."""
    plain = " ".join(text.replace("–", "-").replace("—", "-").lower().split()).replace(" to ", "-")
    if plain in (ALWAYS, "24/7"):
        return (Span(tuple(range(7)), time(0), time(0)),)
    parts = [part.strip() for part in plain.split(";") if part.strip()]
    return tuple(_span(part) for part in parts or [OFFICE_HOURS.lower()])


def normal(text: str) -> str:
    """Cover hours as they are kept: the same hours, always written in one way. Raises CoverError."""
    spans = parse(text) if any(part.strip() for part in text.split(";")) else ()
    return ALWAYS if spans == parse(ALWAYS) else "; ".join(map(str, spans))


def _span(part: str) -> Span:
    match = _PART.fullmatch(part)
    if match is None:
        raise CoverError(f"'{part}' is not days and hours")
    days, *clock = match.groups()
    start, end = _time(clock[:3], part), _time(clock[3:], part)
    if start == end != time(0):
        raise CoverError(f"'{part}' begins and ends at the same time")
    if start > end and not any(clock[1:3] + clock[4:]):
        raise CoverError(f"'{part}' can be read in two ways: write {start:%H:%M}-{end:%H:%M} if it goes through the night")
    return Span(_days(days, part), start, end)


def _time(clock: list[str | None], part: str) -> time:
    hour, minute, half = int(clock[0] or 0), int(clock[1] or 0), clock[2]
    if half and 1 <= hour <= _NOON:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    elif half:
        hour = -1
    try:
        return time(0) if (hour, minute) == (2 * _NOON, 0) else time(hour, minute)
    except ValueError:
        raise CoverError(f"'{part}' has a time that no clock shows") from None


def _days(text: str, part: str) -> tuple[int, ...]:
    found: set[int] = set()
    for one in filter(None, (piece.strip() for piece in text.split(","))):
        ends = [_day(name.strip(), part) for name in one.split("-")]
        if len(ends) > 2:  # noqa: PLR2004 - from, to
            raise CoverError(f"'{part}' has days that cannot be read")
        found |= {(ends[0] + i) % 7 for i in range((ends[-1] - ends[0]) % 7 + 1)}
    return tuple(sorted(found))


def _day(name: str, part: str) -> int:
    stems, ending = _WHOLE_DAYS
    for number, (short, stem) in enumerate(zip(DAYS, stems, strict=True)):
        if name in (short.lower(), stem, stem + ending):
            return number
    raise CoverError(f"'{part}': '{name}' is not a day")


def _days_text(days: tuple[int, ...]) -> str:
    """Mon-Fri for a run of three or more, otherwise each day by name."""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [f"{DAYS[r[0]]}-{DAYS[r[-1]]}" if len(r) > 2 else ", ".join(DAYS[d] for d in r) for r in runs]  # noqa: PLR2004 - a run of two is no shorter
    return ", ".join(names)


def away(person: Person, day: date) -> bool:
    """Whether they are on leave on that day."""
    return any(first <= day <= last for first, last in person.leave)


def on_duty(people: Iterable[Person], at: datetime) -> tuple[Person, ...]:
    """Who can be reached at this moment, in the order given. `at` must know its time zone.

    A night's cover belongs to the day on which it begins, and so does the leave.
    """
    here = at.astimezone(LONDON)
    return tuple(p for p in people if any(span.holds(here) and not away(p, _begun(span, here)) for span in parse(p.cover)))


def _begun(span: Span, here: datetime) -> date:
    early = span.start >= span.end and here.time() < span.end
    return here.date() - timedelta(days=1) if early else here.date()
