"""Telling readers to look: on working days at nine, whatever time a report came, and never what it is about.

On Mondays every reader is told, whether there is anything or not: nobody forgets to look, and a ping proves nothing.

Nothing of it goes through the outbox, the audit or the figures: those are there for others to see.
"""

from dataclasses import replace
from datetime import datetime

from bot.cover import LONDON
from bot.speakup.office import Office
from bot.speakup.records import Waiting

MORNING, EVENING = 9, 17  # o'clock in London
_MONDAY, _SATURDAY = 0, 5


def due(office: Office, at: datetime) -> tuple[Waiting, ...]:
    """Who is to be told to look now. Once a day, on working days; it is written down that the day's turn is over, whether anybody waits or not."""
    here = at.astimezone(LONDON)
    day = here.date().isoformat()
    if here.weekday() >= _SATURDAY or not MORNING <= here.hour < EVENING or office.box.read().told == day:
        return ()
    with office.box.change() as going:
        going.kept = replace(going.kept, told=day)
        every = [Waiting(k.organisation, k.email) for k in going.kept.keys if k.channel and here.weekday() == _MONDAY]
        return tuple(dict.fromkeys((*going.kept.waiting, *every)))


def told(office: Office, one: Waiting) -> None:
    """They have been told."""
    with office.box.change() as going:
        going.kept = replace(going.kept, waiting=tuple(w for w in going.kept.waiting if w != one))
