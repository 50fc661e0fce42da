"""What Teams' own requests are answered with: a card in place of the one that was pressed, a note, or a dialog. Pure."""

from typing import Any

from adapters.teams import cards
from adapters.teams.cards import Card
from bot import words

Body = dict[str, Any]
EMPTY: Body = {}
NOTE = "application/vnd.microsoft.activity.message"
NAME = "Askwell"


def card(made: Card) -> Body:
    """The card takes the place of the one that was pressed."""
    return {"statusCode": 200, "type": cards.TYPE, "value": made}


def note(text: str) -> Body:
    """A word to whoever pressed; the card stays."""
    return {"statusCode": 200, "type": NOTE, "value": text}


def dialog(made: Card, title: str = NAME) -> Body:
    """A dialog opens, or goes on, with this card."""
    value = {"title": title, "height": "large", "width": "medium", "card": cards.attached(made)}
    return {"task": {"type": "continue", "value": value}}


def said(text: str) -> Body:
    """A dialog with one sentence."""
    return dialog(cards.card(cards.paragraph(text)))


def report(made: Card) -> Body:
    """A dialog that shows a report."""
    return dialog(made, words.REPORT_TITLE)


def case(made: Card) -> Body:
    """A dialog that shows a case."""
    return dialog(made, words.CASE_TITLE)
