"""The pieces that Slack shows, as plain dictionaries. Every word goes in as plain text, so that none is read as markup."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from adapters.payload import cut

Block = dict[str, Any]

MOST_TEXT = 3000  # characters in one piece of text
MOST_LABEL = 75  # characters on a button, and in what a screen reader says of it
MOST_BUTTONS = 25  # in one row
MOST_SMALL = 2000  # characters of small print


def plain(text: str, most: int = MOST_TEXT) -> Block:
    """Words that are shown as they are."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def words(text: str, *, bold: bool = False) -> Block:
    """Words within rich text."""
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def link(url: str, text: str) -> Block:
    """A link within rich text."""
    return {"type": "link", "url": url, "text": text}


def line(*elements: Block) -> Block:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(*elements: Block) -> Block:
    """A passage that looks like a quote."""
    return {"type": "rich_text_quote", "elements": list(elements)}


def bullets(items: Iterable[Block]) -> Block:
    """Paragraphs as a list."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items)}


def rich(*elements: Block) -> Block:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def paragraph(text: str, *, bold: bool = False) -> Block:
    """One paragraph as a block."""
    return rich(line(words(text, bold=bold)))


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, 150)}


def context(lines: Sequence[str]) -> list[Block]:
    """Small print, a line each. Several texts in one block would stand side by side."""
    return [{"type": "context", "elements": [plain("\n".join(lines), MOST_SMALL)]}] if lines else []


def button(action: str, label: str, value: str, says: str = "") -> Block:
    """A button. `says` is what a screen reader reads instead of the label."""
    spoken = {"accessibility_label": cut(says, MOST_LABEL)} if says else {}
    return {"type": "button", "action_id": action, "text": plain(label, MOST_LABEL), "value": value, **spoken}


def opens(action: str, label: str, url: str) -> Block:
    """A button that opens an address."""
    return {"type": "button", "action_id": action, "text": plain(label, MOST_LABEL), "url": url}


def actions(buttons: Sequence[Block]) -> list[Block]:
    """Rows of buttons."""
    return [{"type": "actions", "elements": list(buttons[i : i + MOST_BUTTONS])} for i in range(0, len(buttons), MOST_BUTTONS)]


def feedback(action: str, right: tuple[str, str], wrong: tuple[str, str]) -> Block:
    """Thumbs up and down, each (words, value). The words are what a screen reader and a hover say."""
    made = {
        name: {"text": plain(text, MOST_LABEL), "value": value, "accessibility_label": cut(text, MOST_LABEL)}
        for name, (text, value) in {"positive_button": right, "negative_button": wrong}.items()
    }
    return {"type": "context_actions", "elements": [{"type": "feedback_buttons", "action_id": action, **made}]}


def texts(found: object) -> Iterator[Block]:
    """Everything in blocks that holds words to be read."""
    if isinstance(found, dict):
        if isinstance(found.get("text"), str):
            yield found
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from texts(one)


def size(blocks: Sequence[Block]) -> int:
    """Characters to be read in these blocks."""
    return sum(len(one["text"]) for one in texts(list(blocks)))
