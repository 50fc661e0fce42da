"""What must hold so that a report reaches somebody: each case has something to come, and every duty can be reached. Findings are sentences."""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection

from bot.knowledge import Knowledge
from bot.people import Person
from bot.plans import Plans
from bot.post import MAIL
from bot.routing import Chart, unreached
from bot.store import cases, chain, directory
from bot.vault import Vault

_HOW = "Write it into the column `duties` of the staff list, and import that (`askwell people import`)."
_WAYS = "Set up mail (`ASKWELL_SMTP_HOST`), or let them say hello to Askwell in Slack."


def stranded(connection: Connection) -> list[str]:
    """Open cases for which nothing would ever happen."""
    lost = cases.stranded(connection)
    return [f"{lost} open reports have no time at which somebody is asked next: stop the server and restore the last backup."] if lost else []


def unreachable(connection: Connection, knowledge: Knowledge, plans: Plans, channels: Collection[str]) -> list[str]:
    """Duties of the chains that nobody holds, or whose holders no channel of these reaches. Who they are is not said.

    An organisation without a staff list is left out: there reports are not sent at all, and people are told so.
    """
    found: list[str] = []
    for organisation in sorted(knowledge.organisations):
        people = directory.people(connection, organisation)
        if people:
            reached = {p.email for p in people if _reached(connection, p, channels)}
            found += _of(organisation, plans, Chart.of(people), reached)
    return found


def _reached(connection: Connection, one: Person, channels: Collection[str]) -> bool:
    accounts = (channel for channel, _ in directory.accounts_of(connection, one.organisation, one.email))
    return any(channel in channels for channel in (MAIL, *accounts))


def _of(organisation: str, plans: Plans, chart: Chart, reached: Collection[str]) -> Iterator[str]:
    needed: dict[str, list[str]] = {}
    unheld: set[str] = set()
    for name, levels in plans.chains.get(organisation, {}).items():
        unheld.update(unreached(levels, chart))
        for duty in [*(d for level in levels for d in level.duties), *unreached(levels, chart)]:
            needed.setdefault(duty, []).append(name)
    for duty, names in needed.items():
        where = f"{organisation}: " + ("nobody holds '{}'" if duty in unheld else "nobody who holds '{}' can be reached").format(duty)
        if duty in unheld:
            yield f"{where}, who is asked in reports of {', '.join(dict.fromkeys(names))}. {_HOW}"
        elif chart.holders(duty) and not set(chart.holders(duty)) & set(reached):
            yield f"{where}. {_WAYS}"


def broken(connection: Connection, vault: Vault, knowledge: Knowledge) -> list[str]:
    """Audits in which something was changed or taken out."""
    lines = ((o, chain.broken(connection, vault, o)) for o in sorted(knowledge.organisations))
    mend = "Find out who had access, and compare with a backup."
    return [f"{o}: the audit of reports was changed at line {n}. {mend}" for o, n in lines if n is not None]


def seals(connection: Connection, knowledge: Knowledge, at: float) -> Iterator[str]:
    """A line for each organisation, with the seal of its audit at that time. The lines are there, and differ, whether or not there are reports."""
    for organisation in sorted(knowledge.organisations):
        yield f"{organisation}: {chain.seal(connection, organisation, at)}"


def heads(connection: Connection, knowledge: Knowledge) -> Iterator[tuple[str, int, str]]:
    """(organisation, number, hash) of the last line of each audit, to be kept elsewhere."""
    for organisation in sorted(knowledge.organisations):
        number, digest = chain.head(connection, organisation)
        if number:
            yield organisation, number, digest
