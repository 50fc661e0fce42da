"""A case in words, as every chat says it: how it stands, what was done, and what is asked for when something is done. Pure."""

from collections.abc import Mapping

from adapters.casework import Around, Reader
from bot import words
from bot.cases import Action, Case, Status
from bot.links import LINK, UNLINK
from bot.reports import DECISION
from bot.store.cases import Entry
from bot.waits import local

# What the field for words is called, by what is done.
WORDED = {
    Action.NOTE.value: words.CASE_TEXT, DECISION: words.CASE_WHY, Action.WAIT.value: words.CASE_SAID, Action.HAND_OVER.value: words.CASE_KNOW,
    Action.CLOSE.value: words.CASE_DONE,
}  # fmt: skip


def possible(action: str, around: Around) -> bool:
    """Whether it is a thing to do, and there is something to choose from where it needs that."""
    choices = {Action.HAND_OVER.value: around.people, LINK: around.linkable, UNLINK: around.linked}
    return action in words.CASE_ACTS and bool(choices.get(action, (action,)))


def due(case: Case) -> str:
    """Its reference, and by when."""
    by = [words.HOME_DUE.format(time=f"{local(case.due):%H:%M, %-d %B}")] if case.due else []
    return " · ".join([words.HOME_CASE.format(reference=case.reference), *by])


def stands(case: Case, reader: Reader) -> str:
    """Its reference, by when, and who has it."""
    yours = case.status == Status.TAKEN and case.handler == reader.me
    who = words.CASE_STANDS[case.status.value].format(who=reader.names.get(case.handler or "", case.handler))
    return f"{due(case)}. {words.CASE_YOURS if yours else who}"


def entry(one: Entry, names: Mapping[str, str]) -> str:
    """One thing that was done: by whom, when, what. `names` are people's, by address."""
    what = words.CASE_DID.get(one.kind, one.kind)
    parted = " " if one.kind in (LINK, UNLINK) else ": "
    return words.CASE_ENTRY.format(by=names.get(one.by, one.by), on=f"{local(one.at):%-d %B, %H:%M}", what=f"{what}{parted}{one.text}")
