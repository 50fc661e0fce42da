"""What opens privately, and Home. A view carries nothing in its metadata but where to answer."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.choices import Choice
from adapters.parts import NEVER, Part
from adapters.slack import blocks, fit
from adapters.slack.blocks import MOST_TEXT, Block
from bot import words

READ, ASK, WRONG = "read", "ask", "wrong"
FIELD, QUOTED = "field", "quoted"
SUGGEST, RESTART, INTRODUCE, LINK = "suggest", "restart", "introduce", "link"
NAME = "Askwell"
MOST_TITLE = 24
MOST_QUOTED = 4  # pieces of a message that is asked about

View = dict[str, Any]


def reading(parts: Sequence[Part]) -> View:
    """An answer, opened for its person."""
    return modal(READ, NAME, parts)


def modal(name: str, title: str, parts: Sequence[Part]) -> View:
    """A modal that is read and closed, within what Slack takes; `name` comes back when something in it is sent."""
    return {**_modal(name, title, fit.view(parts)), "close": blocks.plain(words.CLOSE, MOST_TITLE)}


def asking(message: str) -> View:
    """A message that somebody asks about, quoted, and a field for the question."""
    pieces = [message[i : i + MOST_TEXT] for i in range(0, len(message), MOST_TEXT)]
    shown = [
        {"type": "section", "block_id": f"{QUOTED}.{i}", "text": blocks.plain(piece)} for i, piece in enumerate(pieces[:MOST_QUOTED]) if piece.strip()
    ]
    longer = blocks.context([words.ASK_CUT]) if len(pieces) > MOST_QUOTED else []
    return _sent(ASK, words.ASK_ABOUT, [*shown, *longer, _field(words.ASK_FIELD, words.ASK_HINT)], words.ASK_SEND, {})


def wronged(place: Mapping[str, str]) -> View:
    """What was wrong? Closing it without an answer is an answer too, so Slack tells us."""
    view = _sent(WRONG, words.WAS_IT_RIGHT, [_field(words.WHAT_WAS_WRONG, "")], words.SEND, place)
    return {**view, "notify_on_close": True}


def _modal(name: str, title: str, made: list[Block]) -> View:
    return {"type": "modal", "callback_id": name, "title": blocks.plain(title, MOST_TITLE), "blocks": made}


def _sent(name: str, title: str, made: list[Block], send: str, place: Mapping[str, str]) -> View:
    buttons = {"submit": blocks.plain(send, MOST_TITLE), "close": blocks.plain(words.CANCEL, MOST_TITLE)}
    return {**_modal(name, title, made), **buttons, "private_metadata": json.dumps(dict(place))}


def _field(label: str, hint: str) -> Block:
    entry = {"type": "plain_text_input", "action_id": FIELD, "multiline": True, "max_length": MOST_TEXT}
    block = {"type": "input", "block_id": FIELD, "optional": True, "label": blocks.plain(label), "element": entry}
    return {**block, "hint": blocks.plain(hint)} if hint else block


def home(user: str, policy: str, who: Sequence[Block], question: str, url: str) -> View:
    """Home: how to ask, questions to try, who they are to us, and their open question where it is an ordinary one."""
    made = [
        blocks.header(NAME),
        blocks.paragraph(words.WELCOME.format(policy=policy)),
        blocks.paragraph(words.EMERGENCY, bold=True),
        blocks.paragraph(words.HOME_HOW),
        blocks.header(words.HOME_TRY),
        *blocks.actions([blocks.button(f"{SUGGEST}.{i}", text, Choice(user, 0, SUGGEST, str(i)).text()) for i, text in enumerate(words.SUGGESTED)]),
        *blocks.context([words.HOME_TRY_HOW]),
        *_open(user, question),
        *who,
        *blocks.actions([blocks.opens(LINK, words.HOME_READ, url)] if url else []),
        *blocks.context([words.HOME_KEPT]),
    ]
    return {"type": "home", "blocks": fit.view([Part(NEVER, tuple(made))])}


def _open(user: str, question: str) -> list[Block]:
    if not question:
        return []
    again = blocks.button(RESTART, words.HOME_RESTART, Choice(user, 0, RESTART).text())
    return [blocks.paragraph(words.HOME_OPEN.format(question=question)), *blocks.actions([again])]


def known(user: str, role: str, organisation: str, *, member: bool) -> list[Block]:
    """Who they are to us. What they said themselves they can take back."""
    line = blocks.paragraph((words.HOME_MEMBER if member else words.HOME_YOU).format(role=role, organisation=organisation))
    change = blocks.button(INTRODUCE, words.HOME_CHANGE, Choice(user, 0, INTRODUCE).text())
    return [line, *([] if member else blocks.actions([change]))]
