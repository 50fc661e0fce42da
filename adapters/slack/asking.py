"""Questions with buttons: what was asked, what else may have been meant, what may be passed on, whether it was right."""

from adapters.choices import Choice
from adapters.payload import cut
from adapters.slack import blocks
from adapters.slack.blocks import Block
from bot import words
from bot.messages import Asked

CHOOSE, PASS_ON, JUDGE, OPEN, REST = "choose", "pass_on", "judge", "open", "rest"
YES, NO = "yes", "no"
MOST_OFFERED = 1000  # characters of a question that are shown before it is passed on


def asked(question: Asked, user: str, number: int) -> list[Block]:
    """A question with a button for each choice. Where a choice is too long for a button, the choices stand in a list above."""
    long = any(len(label) > blocks.MOST_LABEL for _, label in question.options)
    lines = [question.text, *(f"{i}. {label}" for i, (_, label) in enumerate(question.options, 1))] if long else [question.text]
    buttons = [
        blocks.button(
            f"{CHOOSE}.{i}", f"{i}. {label}" if long else label, Choice(user, number, question.fact, value).text(), f"{label} ({question.text})"
        )
        for i, (value, label) in enumerate(question.options, 1)
    ]
    return [blocks.paragraph("\n".join(lines), bold=not long), *blocks.actions(buttons)]


def offered(offer: str, user: str, number: int) -> list[Block]:
    """Ask whether the question may be passed on, and show what would be."""
    pair = ((words.OFFER_YES, YES), (words.OFFER_NO, NO))
    buttons = [
        blocks.button(f"{PASS_ON}.{value}", label, Choice(user, number, PASS_ON, value).text(), f"{label} ({words.OFFER})") for label, value in pair
    ]
    shown = blocks.rich(blocks.line(blocks.words(words.OFFER)), blocks.quote(blocks.words(cut(offer, MOST_OFFERED))))
    return [shown, *blocks.actions(buttons)]


def judged(user: str, number: int) -> list[Block]:
    """Thumbs that ask whether it was right."""
    right, wrong = (
        (f"{words.WAS_IT_RIGHT} {label}", Choice(user, number, JUDGE, value).text()) for label, value in ((words.RIGHT, YES), (words.WRONG, NO))
    )
    return [blocks.feedback(JUDGE, right, wrong)]


def opening(user: str, number: int, *, rest: bool = False) -> list[Block]:
    """A button that opens an answer, or the rest of one, for its person only."""
    action, label = (REST, words.SHOW_REST) if rest else (OPEN, words.OPEN)
    return blocks.actions([blocks.button(action, label, Choice(user, number).text())])
