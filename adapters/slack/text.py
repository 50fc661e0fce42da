"""Slack's own way of writing words, to plain words and back. What people or policies wrote is never read as markup."""

import re

_ENTITY = re.compile(r"<([^<>]*)>")
_SIGNS = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain(written: str, me: str = "") -> str:
    """A message as a person reads it: links, names and signs in plain words. Mentions of `me` (the bot's id) go."""
    text = _ENTITY.sub(lambda found: _shown(found[1], me), written)
    for sign, shown in _SIGNS:
        text = text.replace(sign, shown)
    return text.strip()


def _shown(inside: str, me: str) -> str:
    target, _, label = inside.partition("|")
    kind, rest = target[:1], target[1:]
    if kind == "@":
        return "" if rest == me else f"@{label or 'somebody'}"
    if kind == "#":
        return f"#{label or 'channel'}"
    if kind == "!":
        return label or "@" + rest.split("^")[0]
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label not in address else address


def escaped(text: str) -> str:
    """Plain words for a `text` field, so that nothing in them calls a channel or makes a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
