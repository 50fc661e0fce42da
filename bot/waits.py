"""How long a case can wait for somebody outside, in days, by the clock on the wall in the United Kingdom. Pure."""

from datetime import UTC, date, datetime, time, timedelta

from bot.cases import LONGEST_WAIT
from bot.cover import LONDON

DAY = 24 * 3600.0  # seconds
MORNING = time(9)  # when a wait ends, on its day


def days(now: float) -> tuple[date, date]:
    """The first and the last day to which a case can wait."""
    today = local(now).date()
    return today + timedelta(days=1), today + timedelta(days=int(LONGEST_WAIT // DAY) - 1)


def until(day: str, now: float) -> float | None:
    """The morning of a day, in seconds since 1970; None where it is no day, or none to which a case can wait."""
    try:
        found = datetime.combine(date.fromisoformat(day), MORNING, LONDON).timestamp()
    except (ValueError, OverflowError):
        return None
    return found if now < found <= now + LONGEST_WAIT else None


def local(at: float) -> datetime:
    """A time on the wall."""
    return datetime.fromtimestamp(at, UTC).astimezone(LONDON)
