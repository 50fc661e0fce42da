"""Teams as the service sees it: a reply becomes activities for Teams' connector, which wait in the outbox. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.parts import Link, Part, board_page, linking
from adapters.payload import cut
from adapters.teams import asking, cards, cases, fit, forms, show
from adapters.teams.cards import Card
from adapters.teams.places import CHANNEL, PERSONAL
from adapters.teams.show import Settled
from bot import render, words
from bot.messages import Outgoing, Reply

Payload = dict[str, Any]

POST, UPDATE = "post", "update"
MOST_SUMMARY = 200  # characters of a notification
MOST_PLAIN = 20_000  # characters of a message without a card
OPTIONAL = "optional"  # in a payload: nobody is alarmed where Teams refuses it
# In a place: the card was answered in place, and what changes of it for the others; it is shown in a dialog; nothing more is to be said.
PRESSED, SETTLE, ANSWERED, QUIET, REPORT = "pressed", "settle", "answered", "quiet", "report"
_THEN = (PRESSED, SETTLE, ANSWERED, QUIET, REPORT)  # what counted only for what was said then


class Teams:
    """The channel. `public_url` is where the policies can be read, for links; empty: no links."""

    name, keeps = CHANNEL, False

    def __init__(self, public_url: str = "") -> None:
        self.public_url = public_url

    @property
    def board(self) -> str:
        """Where cases are read on our page; empty while it has no public address."""
        return board_page(self.public_url)

    def payloads(self, outgoing: Outgoing) -> list[Payload]:
        """What to send. A sensitive answer is not in it: only that there is one, with a button that opens it."""
        if outgoing.unasked:
            outgoing = replace(outgoing, place={k: v for k, v in outgoing.place.items() if k not in _THEN}, unasked=False)
        place, reply = outgoing.place, outgoing.reply
        if outgoing.nudge:
            return [] if ANSWERED in place else [_posted(place, _plain(words.NUDGE), private=False)]
        if ANSWERED in place or QUIET in place or (PRESSED in place and reply.late):
            return _settled(place) if not reply.late else []  # Teams' own request is answered with it
        if reply.sensitive:
            return [_privately(place, ready(place["user"], outgoing.number)), *_settled(place)]
        plain = _posted(place, plainly(reply), private=outgoing.private)
        return [{**_posted(place, self.message(outgoing), private=outgoing.private), "otherwise": plain}, *_settled(place)]

    def ping(self, account: str, text: str, organisation: str, reference: str) -> Sequence[Mapping[str, Any]]:
        """Ask somebody to look: the text, and buttons that are checked again when they are pressed. Nothing of the case."""
        user = account.partition(":")[2]
        body = [*cards.paragraph(text), *cases.pinged(user, reference)]
        alert = {"channelData": {"notification": {"alert": True}}, "importance": "high"}
        return [{"method": POST, "to": {"account": account}, "activity": {**_carded(cards.card(body, text), text), **alert}}]

    def parts(self, outgoing: Outgoing, settled: Settled | None = None, *, buttons: bool = True, dialog: bool = False) -> list[Part]:
        """A reply as what is shown of it, from top to bottom."""
        link = self._link(outgoing)
        return show.parts(outgoing.reply, link, outgoing.place["user"], outgoing.number, settled or {}, buttons=buttons, dialog=dialog)

    def dialog(self, outgoing: Outgoing) -> Card:
        """A reply as the card of a dialog."""
        if outgoing.reply.reporting or REPORT in outgoing.place:
            return forms.card(outgoing.reply, outgoing.place["user"], outgoing.number)
        return fit.dialog(self.parts(outgoing, dialog=True))

    def card(self, outgoing: Outgoing, settled: Settled | None = None) -> Card:
        """A reply as the card of a message; rows of buttons that are `settled` have given way to what came of them."""
        rest = asking.opening(outgoing.place["user"], outgoing.number, rest=True)
        return fit.message(self.parts(outgoing, settled), rest, render.text(outgoing.reply))

    def message(self, outgoing: Outgoing, settled: Settled | None = None) -> Payload:
        """A reply as a message: the card, the citations, and how it begins for notifications."""
        cited = show.citations(outgoing.reply, self._link(outgoing))
        numbers = " ".join(f"[{c['position']}]" for one in cited for c in one["citation"])
        text = {"text": words.CITED.format(numbers=numbers), "entities": cited} if cited else {}
        return {**_carded(self.card(outgoing, settled), summary(outgoing.reply)), **text}

    def _link(self, outgoing: Outgoing) -> Link:
        return linking(self.public_url, outgoing.organisation)


def summary(reply: Reply) -> str:
    """What a notification says of an ordinary reply: its first words."""
    return cut(" ".join(render.text(reply).split()), MOST_SUMMARY)


def plainly(reply: Reply) -> Payload:
    """The whole reply without a card, for where Teams refuses one."""
    return _plain(cut(render.text(reply), MOST_PLAIN))


def _plain(text: str) -> Payload:
    return {"type": "message", "text": text, "textFormat": "plain", "summary": cut(text, MOST_SUMMARY)}


def _carded(card: Card, said: str) -> Payload:
    return {"type": "message", "attachments": [cards.attached(card)], "summary": cut(said, MOST_SUMMARY)}


def ready(user: str, number: int) -> Payload:
    """The same for every sensitive answer, whatever it is about."""
    made = cards.card([*cards.paragraph(words.ANSWER_READY), *asking.opening(user, number)], words.ANSWER_READY)
    return _carded(made, words.ANSWER_READY)


def _posted(place: Mapping[str, str], activity: Payload, *, private: bool) -> Payload:
    """To where they spoke; in private to their own chat with us, which is looked up where they spoke elsewhere."""
    to = {"service": place["service"], "conversation": place["conversation"], "bot": place["bot"]}
    if private and place["kind"] != PERSONAL:
        tenant = place.get("tenant", "")
        to = {"account": f"{tenant}:{place['user']}", "service": place["service"], "bot": place["bot"], "member": place["member"], "tenant": tenant}
    return {"method": POST, "to": to, "activity": activity}


def _privately(place: Mapping[str, str], activity: Payload) -> Payload:
    """To their own chat; where they have none with us, to where they spoke: the dialog that it opens is theirs all the same."""
    message = _posted(place, activity, private=True)
    return message if place["kind"] == PERSONAL else {**message, "otherwise": _posted(place, activity, private=False)}


def update(place: Mapping[str, str], message: str, activity: Payload) -> Payload:
    """Show a message otherwise, for everybody who sees it."""
    to = {"service": place["service"], "conversation": place["conversation"], "bot": place["bot"], "message": message}
    return {"method": UPDATE, "to": to, "activity": activity, OPTIONAL: True}


def _settled(place: Mapping[str, str]) -> list[Payload]:
    """The buttons that were used give way to what was chosen, for the others as well."""
    return [json.loads(place[SETTLE])] if SETTLE in place else []
