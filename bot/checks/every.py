"""All checkers, in the order in which their findings are worth mending."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bot.checks import dates, encoded, names, phrases, reach, readable, silences, told, worlds
from bot.findings import Finding
from bot.knowledge import Knowledge

Step = tuple[str, Callable[[], Iterable[Finding]]]


def steps(knowledge: Knowledge, root: Path, today: date) -> tuple[Step, ...]:
    """What is looked at, in words, and the check itself; run one by one so that progress can be shown."""
    return (*content(knowledge, root, today), ("confirmed readings are as they were confirmed", lambda: encoded.confirmed(knowledge)))


def content(knowledge: Knowledge, root: Path, today: date) -> tuple[Step, ...]:
    """What must hold before anybody at an organisation is asked to confirm the reading of its policy."""
    return (
        *of_rules(knowledge),
        ("scenarios come out right", lambda: told.check(knowledge, root)),
        ("what the policies are silent on is as printed", lambda: silences.check(knowledge, root)),
        ("signposts and law notes are in date", lambda: dates.check(knowledge, today)),
        ("triage's phrases can be used", lambda: phrases.check(root)),
    )


def of_rules(knowledge: Knowledge) -> tuple[Step, ...]:
    """What the rules show by themselves, without looking at any file."""
    return (
        ("what a new text brought in is encoded", lambda: encoded.check(knowledge)),
        ("every clause is reached by a rule", lambda: reach.check(knowledge)),
        ("no contradiction, and no risk permits more", lambda: worlds.check(knowledge)),
        ("no replaced body is named", lambda: names.check(knowledge)),
        ("our own words can be read", lambda: readable.check(knowledge)),
    )
