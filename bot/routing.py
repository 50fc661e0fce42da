"""Who is asked to look at a case, in which order: a pure function of the chain, the directory and who must not know.

An implicated person is on no rung, whatever duty they hold, and whoever deputises for them is chosen without them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.knowledge import frozen
from bot.people import Person

LINE_MANAGER = "line-manager"
FALLBACK = "fallback"
MOST_UP = 10  # managers of managers that are looked at


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a chain: whoever holds one of these duties, and how many minutes they have."""

    duties: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class Rung:
    """The people of one level in one case (addresses in the directory), and how many minutes they have."""

    people: tuple[str, ...]
    minutes: int
    duty: str


@dataclass(frozen=True, slots=True)
class Route:
    """The rungs of a case in order, as they stood when it was filed. No rungs: nobody may see it, so it is not filed."""

    rungs: tuple[Rung, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everybody who may be asked."""
        return frozenset(p for rung in self.rungs for p in rung.people)


@dataclass(frozen=True, slots=True)
class Chart:
    """The directory as routing sees it: people by address, of one organisation."""

    people: Mapping[str, Person] = field(default_factory=lambda: frozen({}))

    @staticmethod
    def of(people: Iterable[Person]) -> "Chart":
        """The chart of a directory."""
        return Chart(frozen({p.email: p for p in people}))

    def holders(self, duty: str) -> tuple[str, ...]:
        """Who holds a duty, by address."""
        return tuple(sorted(e for e, p in self.people.items() if duty in p.duties))

    def manager(self, email: str | None, without: frozenset[str]) -> str | None:
        """The nearest manager up the line who is not excluded; None at its end."""
        seen: set[str] = set()
        here = self.people.get(email or "")
        while here and here.manager and here.manager not in seen and len(seen) < MOST_UP:
            seen.add(here.manager)
            if here.manager in self.people and here.manager not in without:
                return here.manager
            here = self.people.get(here.manager)
        return None


def route(chain: Sequence[Level], chart: Chart, reporter: str | None, implicated: frozenset[str]) -> Route:
    """The rungs of a case. Each level's holders come first, then their deputies; the fallback comes last.

    Neither the reporter nor an implicated person is on any of them, and nobody is on two.
    """
    without = implicated | ({reporter} if reporter else frozenset())
    rungs: list[Rung] = []
    placed: set[str] = set()
    for level in (*chain, Level((FALLBACK,), chain[-1].minutes if chain else 60)):
        for duty in level.duties:
            for people in _of_duty(chart, duty, reporter, without):
                fresh = tuple(p for p in people if p not in placed)
                placed.update(fresh)
                if fresh:
                    rungs.append(Rung(fresh, level.minutes, duty))
    return Route(tuple(rungs))


def _of_duty(chart: Chart, duty: str, reporter: str | None, without: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The holders of a duty and, after them, their deputies."""
    if duty == LINE_MANAGER:
        found = chart.manager(reporter, without)
        return ((found,),) if found else ()
    return tuple(tuple(e for e in chart.holders(name) if e not in without) for name in (duty, f"deputy:{duty}"))


def unreached(chain: Sequence[Level], chart: Chart) -> tuple[str, ...]:
    """The duties of a chain that nobody holds: what the nightly check reports."""
    named = [d for level in chain for d in level.duties if d != LINE_MANAGER]
    return tuple(d for d in dict.fromkeys([*named, FALLBACK]) if not chart.holders(d))
