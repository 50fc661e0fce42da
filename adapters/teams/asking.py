"""Questions with buttons: what was asked, what else may have been meant, what may be passed on, whether it was right."""

from adapters.choices import Choice
from adapters.payload import cut
from adapters.teams import cards
from adapters.teams.cards import Card
from bot import words
from bot.messages import FLOW, Asked

CHOOSE, PASS_ON, JUDGE, REASON, OPEN, REST = "choose", "pass_on", "judge", "reason", "open", "rest"
YES, NO = "yes", "no"
WHY, CHOSEN = "why", "chosen"  # the fields: what was wrong; a choice from a list
MOST_OFFERED = 1000  # characters of a question that are shown before it is passed on
MOST_WHY = 2000


def asked(question: Asked, user: str, number: int, *, dialog: bool) -> list[Card]:
    """A question with a button for each choice, or a list where there are many. A report goes on in a dialog, so its button opens one."""

    def button(value: str, label: str) -> Card:
        choice, tip = Choice(user, number, question.fact, value).text(), f"{label} ({question.text})"
        if dialog:
            return cards.submit(CHOOSE, label, choice, tip)
        return cards.opens(CHOOSE, label, choice, tip) if question.fact == FLOW else cards.execute(CHOOSE, label, choice, tip)

    if len(question.options) > cards.MOST_BUTTONS:
        listed = cards.pick(CHOSEN, question.text, question.options, compact=True)
        return [{**listed, "placeholder": words.PICK_ONE}, *cards.actions([button("", words.PICK_IT)])]
    return [*cards.paragraph(question.text, bold=True), *cards.actions([button(v, label) for v, label in question.options])]


def offered(offer: str, user: str, number: int, *, dialog: bool) -> list[Card]:
    """Ask whether the question may be passed on, and show what would be."""
    make = cards.submit if dialog else cards.execute
    pair = ((words.OFFER_YES, YES), (words.OFFER_NO, NO))
    buttons = [make(PASS_ON, label, Choice(user, number, PASS_ON, value).text(), f"{label} ({words.OFFER})") for label, value in pair]
    shown = cards.quote(*cards.paragraph(cut(offer, MOST_OFFERED)))
    return [*cards.paragraph(words.OFFER), shown, *cards.actions(buttons)]


def judged(user: str, number: int) -> list[Card]:
    """Ask whether it was right."""
    pair = ((words.RIGHT, YES), (words.WRONG, NO))
    buttons = [cards.execute(JUDGE, label, Choice(user, number, JUDGE, value).text(), f"{words.WAS_IT_RIGHT} {label}") for label, value in pair]
    return [*cards.small([words.WAS_IT_RIGHT]), *cards.near(cards.actions(buttons))]


def reason(user: str, number: int) -> list[Card]:
    """What was wrong? It takes the place of the question whether it was right."""
    send = cards.execute(REASON, words.SEND, Choice(user, number, JUDGE, NO).text(), words.WHAT_WAS_WRONG)
    return [cards.entry(WHY, words.WHAT_WAS_WRONG, MOST_WHY), *cards.actions([send])]


def opening(user: str, number: int, *, rest: bool = False) -> list[Card]:
    """A button that opens an answer, or the rest of one, for its person only."""
    kind, label = (REST, words.SHOW_REST) if rest else (OPEN, words.OPEN)
    return cards.actions([cards.opens(kind, label, Choice(user, number).text())])
