"""Who is on duty: cover hours, leave, nights, and the clock on the wall."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import cover
from bot.cover import LONDON, CoverError
from bot.people import Person

MONDAY = date(2026, 11, 23)


def person(hours: str = "", *leave: tuple[date, date]) -> Person:
    """Somebody with these hours and this leave."""
    return Person("sefton", "ann@example.org", "Ann", "staff", cover=hours, leave=leave)


def at(days: int, clock: str) -> datetime:
    """A moment in the week of Monday, 23 November 2026, by the clock on the wall."""
    hour, minute = map(int, clock.split(":"))
    day = MONDAY + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def reached(hours: str, days: int, clock: str, *leave: tuple[date, date]) -> bool:
    """Whether they can be reached."""
    return bool(cover.on_duty([person(hours, *leave)], at(days, clock)))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Mon-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
        ("monday to friday 9am - 5pm", "Mon-Fri 09:00-17:00"),
        ("Mon–Fri 0900–1700", "Mon-Fri 09:00-17:00"),
        ("Tue, Thurs 9.30-12", "Tue, Thu 09:30-12:00"),
        ("Mon-Wed,Sat 08:00-12:00; Sun 10-12", "Mon-Wed, Sat 08:00-12:00; Sun 10:00-12:00"),
        ("Fri-Mon 22:00-06:00", "Mon, Fri-Sun 22:00-06:00"),
        ("sat 00:00-24:00", "Sat 00:00-00:00"),
        ("24/7", "always"),
        ("ALWAYS", "always"),
        ("Mon-Sun 00:00-24:00", "always"),
        ("", ""),
        (" ; ", ""),
        ("Mon 12am-12pm", "Mon 00:00-12:00"),
    ],
)
def test_hours_are_read_as_people_write_them_and_kept_in_one_way(said: str, kept: str) -> None:
    """And what is kept reads the same again."""
    assert cover.normal(said) == kept
    assert cover.parse(kept) == cover.parse(said) and cover.normal(kept) == kept


@pytest.mark.parametrize(
    "said",
    [
        "whenever",
        "Mon",
        "9-17",
        "Mon 25:00-26:00",
        "Mon 9:75-10",
        "Mon 09:00-09:00",
        "Mon-Wed-Fri 9-17",
        "Mittwoch 9-17",
        "Mon 13pm-14",
        "Mon 9-17 Tue 9-17",
    ],
)
def test_what_is_no_hours_is_refused(said: str) -> None:
    """Somebody would not be reached."""
    with pytest.raises(CoverError, match="'"):
        cover.parse(said)


def test_nine_to_five_is_not_taken_for_a_night() -> None:
    """It could be meant in two ways, so it is asked."""
    with pytest.raises(CoverError, match="two ways"):
        cover.parse("Mon-Fri 9-5")


@pytest.mark.parametrize(
    ("hours", "days", "clock", "expected"),
    [
        ("Mon-Fri 09:00-17:00", 0, "09:00", True),
        ("Mon-Fri 09:00-17:00", 0, "08:59", False),
        ("Mon-Fri 09:00-17:00", 4, "16:59", True),
        ("Mon-Fri 09:00-17:00", 4, "17:00", False),
        ("Mon-Fri 09:00-17:00", 5, "12:00", False),
        ("", 0, "12:00", True),
        ("", 6, "12:00", False),
        ("always", 6, "03:00", True),
        ("Fri 22:00-06:00", 4, "23:00", True),
        ("Fri 22:00-06:00", 5, "05:59", True),
        ("Fri 22:00-06:00", 5, "06:00", False),
        ("Fri 22:00-06:00", 5, "23:00", False),
        ("Sun 22:00-06:00", 0, "01:00", True),
        ("Mon 09:00-12:00; Mon 14:00-17:00", 0, "13:00", False),
        ("Mon 09:00-12:00; Mon 14:00-17:00", 0, "14:00", True),
        ("Sat 00:00-24:00", 5, "23:59", True),
        ("Sat 00:00-24:00", 6, "00:00", False),
    ],
)
def test_somebody_is_on_duty_within_their_hours(hours: str, days: int, clock: str, expected: bool) -> None:
    """To the minute; a night belongs to the day on which it begins."""
    assert reached(hours, days, clock) is expected


def test_nobody_is_on_duty_on_leave() -> None:
    """First and last day included; the night before it is still worked."""
    off = (MONDAY + timedelta(days=1), MONDAY + timedelta(days=2))
    assert [reached("always", day, "12:00", off) for day in range(4)] == [True, False, False, True]
    assert reached("Mon 22:00-06:00", 1, "05:00", off) and not reached("Tue 22:00-06:00", 2, "05:00", off)
    assert cover.away(person("", off), off[0]) and not cover.away(person("", off), MONDAY)


@pytest.mark.parametrize(
    ("moment", "expected"), [((2026, 7, 6, 8, 30), True), ((2026, 12, 7, 8, 30), False), ((2026, 7, 6, 16, 30), False), ((2026, 12, 7, 16, 30), True)]
)
def test_the_clock_on_the_wall_counts_in_summer_and_winter(moment: tuple[int, int, int, int, int], expected: bool) -> None:
    """Nine o'clock is half past eight universal time and a half in July, and not in December."""
    assert bool(cover.on_duty([person("Mon-Fri 09:00-17:00")], datetime(*moment, tzinfo=UTC))) is expected


def test_people_come_in_the_order_in_which_they_are_asked() -> None:
    """Whoever is not there is left out."""
    here, there = person("always"), Person("sefton", "bob@example.org", "Bob", "staff", cover="Sun 09:00-10:00")
    assert cover.on_duty([there, here], at(0, "12:00")) == (here,)
    assert cover.on_duty([there, here], at(6, "09:30")) == (there, here)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_office_hours_are_eight_hours_on_five_days_whatever_the_season(moment: datetime) -> None:
    """At any moment, what is said agrees with the clock on the wall."""
    here = moment.astimezone(LONDON)
    assert bool(cover.on_duty([person()], moment)) is (here.weekday() < 5 and 9 <= here.hour < 17)
