"""All checkers, in the order in which their findings are worth mending."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bot.checks import dates, names, phrases, reach, readable, silences, told, worlds
from bot.findings import Finding
from bot.knowledge import Knowledge

Step = tuple[str, Callable[[], Iterable[Finding]]]


def steps(knowledge: Knowledge, root: Path, today: date) -> tuple[Step, ...]:
    """What is looked at, in words, and the check itself; run one by one so that progress can be shown."""
    return (
        ("every clause is reached by a rule", lambda: reach.check(knowledge)),
        ("no contradiction, and no risk permits more", lambda: worlds.check(knowledge)),
        ("scenarios come out right", lambda: told.check(knowledge, root)),
        ("what the policies are silent on is as printed", lambda: silences.check(knowledge, root)),
        ("signposts and law notes are in date", lambda: dates.check(knowledge, today)),
        ("triage's phrases can be used", lambda: phrases.check(root)),
        ("no replaced body is named", lambda: names.check(knowledge)),
        ("our own words can be read", lambda: readable.check(knowledge)),
    )
