"""The pieces of Adaptive Cards 1.5, as plain dictionaries.

Every word that we did not fix ourselves goes into text runs, which no client reads as markup.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from adapters.payload import cut

Card = dict[str, Any]

VERSION, SCHEMA, TYPE = "1.5", "http://adaptivecards.io/schemas/adaptive-card.json", "application/vnd.microsoft.card.adaptive"
MOST_BUTTONS = 6  # in one row; Teams shows no more
MOST_TITLE = 200  # characters on a button
MOST_LINES = 20  # paragraphs that one text is shown as; of what has more, the rest stands in one
MOST_CHOICES, MOST_NAME = 150, 100  # in a list; characters of one
_MARKUP = str.maketrans("", "", "*_`~#[]<>\\")  # what clients read as markup beside a box to tick, and in a name is none
MOST_SHORT = 24  # characters of buttons that stand side by side


def run(text: str, *, bold: bool = False, small: bool = False, url: str = "") -> Card:
    """Words within a paragraph; with `url` they lead there."""
    found: Card = {"type": "TextRun", "text": text}
    if bold:
        found["weight"] = "Bolder"
    if small:
        found |= {"size": "Small", "isSubtle": True}
    if url:
        found["selectAction"] = {"type": "Action.OpenUrl", "url": url}
    return found


def line(*runs: Card, near: bool = False) -> Card:
    """A paragraph of text runs. `near`: close to the one above it."""
    return {"type": "RichTextBlock", "inlines": list(runs), **({"spacing": "Small"} if near else {})}


def paragraph(text: str, *, bold: bool = False, near: bool = False) -> list[Card]:
    """A text as paragraphs, a line each: a text run shows no line breaks."""
    lines = [one for one in text.split("\n") if one.strip()]
    lines = [*lines[: MOST_LINES - 1], *filter(None, [" ".join(lines[MOST_LINES - 1 :])])]
    return [line(run(one, bold=bold), near=near or i > 0) for i, one in enumerate(lines)]


def heading(text: str) -> Card:
    """A heading, which screen readers announce as one. For our own fixed sentences only: it reads markup."""
    return {"type": "TextBlock", "text": text, "style": "heading", "weight": "Bolder", "size": "Medium", "wrap": True}


def bullets(items: Iterable[Sequence[Card]]) -> list[Card]:
    """Paragraphs as a list."""
    return [line(run("• "), *item, near=True) for item in items]


def small(lines: Sequence[str]) -> list[Card]:
    """Small print, a line each."""
    return [line(run(one, small=True), near=i > 0) for i, one in enumerate(lines)]


def quote(*items: Card) -> Card:
    """A passage that stands apart from our own words."""
    return {"type": "Container", "style": "emphasis", "items": list(items)}


def execute(verb: str, title: str, choice: str, tip: str = "") -> Card:
    """A button that is answered in place, on a card in a message."""
    return {"type": "Action.Execute", "verb": verb, "title": cut(title, MOST_TITLE), "data": {"choice": choice}, **_tip(tip)}


def opens(kind: str, title: str, choice: str, tip: str = "") -> Card:
    """A button on a card in a message that opens a dialog."""
    data = {"kind": kind, "choice": choice, "msteams": {"type": "task/fetch"}}
    return {"type": "Action.Submit", "title": cut(title, MOST_TITLE), "data": data, **_tip(tip)}


def submit(kind: str, title: str, choice: str, tip: str = "", **more: str) -> Card:
    """A button in a dialog; what its fields hold is sent along."""
    return {"type": "Action.Submit", "title": cut(title, MOST_TITLE), "data": {"kind": kind, "choice": choice, **more}, **_tip(tip)}


def first(button: Card) -> Card:
    """The button that most people want next; clients show it as such."""
    return {**button, "style": "positive"}


def near(made: Sequence[Card]) -> list[Card]:
    """Close to what stands above."""
    return [{**one, "spacing": "Small"} for one in made]


def _tip(text: str) -> Card:
    return {"tooltip": cut(text, MOST_TITLE)} if text else {}


def actions(buttons: Sequence[Card]) -> list[Card]:
    """Buttons: side by side where they are short, one below the other where a label is long."""
    long = any(len(b["title"]) > MOST_SHORT for b in buttons)
    rows = 1 if long else MOST_BUTTONS
    made = [{"type": "ActionSet", "actions": list(buttons[i : i + rows])} for i in range(0, len(buttons), rows)]
    return [{**one, "spacing": "Small"} if i else one for i, one in enumerate(made)]


def entry(name: str, label: str, most: int, value: str = "", placeholder: str = "") -> Card:
    """A field for words of several lines."""
    found: Card = {"type": "Input.Text", "id": name, "label": label, "isMultiline": True, "maxLength": most}
    return {**found, **({"value": value} if value else {}), **({"placeholder": placeholder} if placeholder else {})}


def pick(name: str, label: str, options: Sequence[tuple[str, str]], *, many: bool = False, compact: bool = False, value: str = "") -> Card:
    """A field to choose in, from (value, title); as many as fit into a dialog."""
    found: Card = {"type": "Input.ChoiceSet", "id": name, "label": label, "style": "compact" if compact else "expanded", "wrap": True}
    titles = [cut(title if compact else title.translate(_MARKUP), MOST_NAME) for _, title in options[:MOST_CHOICES]]
    choices = [{"title": title, "value": one} for title, (one, _) in zip(titles, options, strict=False)]
    return {**found, "choices": choices, **({"isMultiSelect": True} if many else {}), **({"value": value} if value else {})}


def day(name: str, label: str, first: date, last: date, value: str = "") -> Card:
    """A field for a day, from the first to the last."""
    found: Card = {"type": "Input.Date", "id": name, "label": label, "min": first.isoformat(), "max": last.isoformat()}
    return {**found, **({"value": value} if value else {})}


def leads(title: str, url: str) -> Card:
    """A button that opens an address."""
    return {"type": "Action.OpenUrl", "title": cut(title, MOST_TITLE), "url": url}


def card(body: Sequence[Card], fallback: str = "") -> Card:
    """A whole card. `fallback` is what a client shows that cannot show cards."""
    found: Card = {"type": "AdaptiveCard", "$schema": SCHEMA, "version": VERSION, "body": list(body)}
    return {**found, **({"fallbackText": fallback} if fallback else {})}


def attached(made: Card) -> Card:
    """A card as an attachment of a message."""
    return {"contentType": TYPE, "content": made}


def texts(found: object) -> Iterator[Card]:
    """Everything in a card that holds words to be read."""
    if isinstance(found, dict):
        if found.get("type") in ("TextRun", "TextBlock"):
            yield found
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from texts(one)


def size(made: object) -> int:
    """Characters of JSON, as it is sent."""
    return len(json.dumps(made, ensure_ascii=False, separators=(",", ":")))
