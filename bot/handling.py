"""What a handler sends from a channel's form, held against what each thing that can be done with a case needs. Pure."""

from collections.abc import Callable, Collection, Mapping

from bot import words
from bot.cases import Action
from bot.links import LINK, UNLINK
from bot.reports import DECISION
from bot.waits import until

ACTION, TEXT, TO, ON, UNTIL, OUTCOME = "action", "text", "to", "on", "until", "outcome"
FIELDS = (TEXT, TO, ON, UNTIL, OUTCOME)
TIES = (LINK, UNLINK)
NEEDED = {
    Action.NOTE.value: (TEXT,), DECISION: (TEXT,), Action.WAIT.value: (ON, UNTIL), Action.HAND_OVER.value: (TO,), LINK: (TO,), UNLINK: (TO,),
    Action.CLOSE.value: (OUTCOME, TEXT),
}  # fmt: skip
_SAYS = {TEXT: words.CASE_NEEDS_TEXT, TO: words.CASE_NEEDS_ONE, ON: words.CASE_NEEDS_ONE, UNTIL: words.CASE_NEEDS_DAY, OUTCOME: words.CASE_NEEDS_ONE}


def slip(what: Mapping[str, str], people: Collection[str], now: float) -> tuple[str, str] | None:
    """The first field in which something is missing, and what to do; None where nothing is. `people`: addresses it can be handed to."""
    action = what.get(ACTION, "")
    there: dict[str, Callable[[str], bool]] = {
        TEXT: lambda said: bool(said.strip()),
        TO: lambda said: said in people if action == Action.HAND_OVER else bool(said),
        ON: lambda said: said in words.WAITS,
        UNTIL: lambda said: until(said, now) is not None,
        OUTCOME: lambda said: said in words.OUTCOMES,
    }
    missing = next((name for name in NEEDED.get(action, ()) if not there[name](what.get(name, ""))), None)
    says = words.CASE_NEEDS_PERSON if action == Action.HAND_OVER else _SAYS.get(missing or "", "")
    return (missing, says) if missing else None


def meant(what: Mapping[str, str], now: float) -> dict[str, object]:
    """The same as the board takes it (see `Board.acted`)."""
    if what.get(ACTION) == DECISION:
        return {ACTION: Action.NOTE, "kind": DECISION, TEXT: what.get(TEXT, "")}
    return {**what, UNTIL: until(what.get(UNTIL, ""), now)}
