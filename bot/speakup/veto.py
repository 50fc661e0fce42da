"""Who may read a report of wrongdoing: nobody whom it is about, nobody whom they could press, nobody who runs the server. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.people import Person
from bot.routing import Chart

DUTY = "speak-up"  # in the column `duties` of the staff list


class Nobody(StrEnum):
    """Why nobody here can read a report, so that only the ways outside are left."""

    UNSET = "unset"  # nobody has the duty, or nobody with it has a key
    NAMED = "named"  # everybody who could is implicated, or answers to somebody who is
    SERVER = "server"  # it is about whoever runs the server, who could read what is typed


@dataclass(frozen=True, slots=True)
class Veto:
    """Who is left. `pressed`: whoever runs the server answers to somebody implicated, and the reporter must know that."""

    people: tuple[Person, ...] = ()
    nobody: Nobody | None = None
    pressed: bool = False


def under(chart: Chart, above: frozenset[str]) -> frozenset[str]:
    """Everybody who answers to one of these, directly or through others, however long the line."""
    found: set[str] = set()
    waiting = set(above)
    while waiting:
        fresh = {e for e, p in chart.people.items() if p.manager in waiting and e not in found}
        found |= fresh
        waiting = fresh
    return frozenset(found)


def out(chart: Chart, implicated: frozenset[str], administrators: frozenset[str]) -> frozenset[str]:
    """Everybody who must not read it."""
    return implicated | under(chart, implicated) | administrators


def readers(chart: Chart, implicated: frozenset[str], administrators: frozenset[str]) -> Veto:
    """Who may read it, by name, of those who hold the duty."""
    holders = [chart.people[e] for e in chart.holders(DUTY)]
    if implicated & administrators:
        return Veto(nobody=Nobody.SERVER)
    without = out(chart, implicated, administrators)
    left = tuple(sorted((p for p in holders if p.email not in without), key=lambda p: (p.name, p.email)))
    able = any(p.email not in administrators for p in holders)
    nobody = None if left else Nobody.NAMED if able else Nobody.UNSET
    return Veto(left, nobody, pressed=bool(administrators & under(chart, implicated)))
