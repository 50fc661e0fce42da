"""What a handler does with a case: a button for each thing, and then the fields that it needs and no others."""

from collections.abc import Mapping, Sequence

from adapters.casewords import WORDED, possible
from adapters.casework import Around
from adapters.choices import Choice
from adapters.teams import cards
from adapters.teams.cards import Card
from bot import words
from bot.cases import Action
from bot.flows import MOST_TEXT
from bot.handling import ON, OUTCOME, TEXT, TO, UNTIL
from bot.links import LINK
from bot.waits import days

DO = "do"


def buttons(user: str, reference: str, around: Around) -> list[Card]:
    """A button for each thing that can be done."""
    offered = [(action, label) for action, label in words.CASE_ACTS.items() if possible(action, around)]
    return cards.actions([cards.submit(DO, label, Choice(user, 0, action, reference).text()) for action, label in offered])


def fields(action: str, around: Around, kept: Mapping[str, str]) -> list[Card]:
    """The fields for one thing, with what was filled in already."""

    def chosen(name: str, label: str, options: Sequence[tuple[str, str]]) -> Card:
        return cards.pick(name, label, options, compact=True, value=kept.get(name, ""))

    made: list[Card] = []
    match action:
        case Action.WAIT:
            first, last = days(around.now)
            made = [chosen(ON, words.CASE_ON, list(words.WAITS.items())), cards.day(UNTIL, words.CASE_UNTIL, first, last, kept.get(UNTIL, ""))]
        case Action.HAND_OVER:
            more = cards.small([words.HOME_MORE] if len(around.people) > cards.MOST_CHOICES else [])
            made = [chosen(TO, words.CASE_TO, around.people), *more]
        case "link" | "unlink":
            refs = around.linkable if action == LINK else around.linked
            why = cards.small([words.CASE_LINK_WHY] if action == LINK else [])
            made = [chosen(TO, words.CASE_WHICH, [(one, one) for one in refs]), *why]
        case Action.CLOSE:
            made = [chosen(OUTCOME, words.CASE_OUTCOME, list(words.OUTCOMES.items()))]
    return [*made, cards.entry(TEXT, WORDED[action], MOST_TEXT, kept.get(TEXT, ""))] if action in WORDED else made
