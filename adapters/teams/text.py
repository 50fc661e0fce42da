"""Teams' ways of writing words, to plain words. What people wrote is never read as markup."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from html.parser import HTMLParser
from typing import Any

from adapters.payload import deep
from bot import words

_MENTION = re.compile(r"<at[^<>]{0,200}>([^<>]{0,200})</at>")
_PARAGRAPHS = {"p", "div", "br", "li", "tr", "blockquote"}
# What Teams attaches and is no file: each message's own text once more, cards, and what was replied to or forwarded.
_NO_FILE = ("text/html", "messageReference", "forwardedMessageReference", "application/vnd.microsoft.card.")


def plain(activity: Mapping[str, Any]) -> str:
    """A message as a person reads it, without the mention of the bot. Attached files are named as such, and never fetched."""
    text, me = str(activity.get("text") or ""), deep(activity, "recipient", "id")
    entities: Sequence[Any] = activity["entities"] if isinstance(activity.get("entities"), list) else []
    for one in entities:
        if deep(one, "type") == "mention" and deep(one, "mentioned", "id") == me and isinstance(deep(one, "text"), str):
            text = text.replace(one["text"], " ")
    text = unescape(_MENTION.sub(lambda found: f"@{found[1]}", text)).replace("\xa0", " ").strip()
    attached: Sequence[Any] = activity["attachments"] if isinstance(activity.get("attachments"), list) else []
    file = words.FILE if any(not str(deep(one, "contentType")).startswith(_NO_FILE) for one in attached) else ""
    return "\n".join(part for part in (text, file) if part)


class _Words(HTMLParser):
    """The words of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A new line where a paragraph begins."""
        if tag in _PARAGRAPHS:
            self.found.append("\n")
        elif tag in ("img", "attachment"):
            self.found.append(f" {words.FILE} ")

    def handle_data(self, data: str) -> None:
        """Words."""
        self.found.append(data)


def from_html(html: str) -> str:
    """The words of a message that Teams gives as HTML."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.found).split("\n"))
    return "\n".join(line for line in lines if line)
