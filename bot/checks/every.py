"""All checkers, in the order in which their findings are worth mending."""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from bot.checks import dates, encoded, flows, names, phrases, reach, readable, sides, silences, told, worlds
from bot.findings import Finding
from bot.knowledge import Knowledge

Step = tuple[str, Callable[[], Iterable[Finding]]]


def steps(knowledge: Knowledge, root: Path, today: date) -> tuple[Step, ...]:
    """What is looked at, in words, and the check itself; run one by one so that progress can be shown."""
    return (
        *content(knowledge, root, today),
        ("what stands around answers can be read", lambda: readable.shared(knowledge, root)),
        ("confirmed readings are as they were confirmed", lambda: encoded.confirmed(knowledge)),
    )


def content(knowledge: Knowledge, root: Path, today: date) -> tuple[Step, ...]:
    """What must hold before anybody at an organisation is asked to confirm the reading of its policy."""
    return (
        *of_rules(knowledge),
        ("scenarios come out right", lambda: told.check(knowledge, root)),
        ("both sides of every exception are shown by a scenario", lambda: sides.check(knowledge, root)),
        ("what the policies are silent on is as printed", lambda: silences.check(knowledge, root)),
        ("reporting conversations, and who is asked, can be used", lambda: flows.usable(knowledge, root)),
        ("every flow ends at somebody or at a public number, and 999 comes first", lambda: flows.ends(knowledge, root, today)),
        ("no replaced body is named in what all organisations share", lambda: names.shared(root)),
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
        ("our answers can be read", lambda: readable.check(knowledge)),
    )
