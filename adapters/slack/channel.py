"""Slack as the service sees it: a reply becomes calls of Slack's Web API, which wait in the outbox. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from adapters.parts import Part, linking
from adapters.payload import cut
from adapters.slack import asking, blocks, cases, fit, forms, seeking, show, views
from adapters.slack.places import CHANNEL
from adapters.slack.text import escaped
from bot import render, words
from bot.messages import Outgoing, Reply

Payload = dict[str, Any]

POST, EPHEMERAL, UPDATE, UPDATE_VIEW, RESPOND = "chat.postMessage", "chat.postEphemeral", "chat.update", "views.update", "respond"
MOST_SPOKEN = 38_000  # characters of `text`; Slack cuts at 40,000
OPTIONAL = "optional"  # in a payload: nobody is alarmed where Slack refuses it
RINGS = "rings"  # in a payload: the person for whom it counts only if they have not silenced Slack
# In a place: say it to this person only; buttons that were used; the modal; that it is a report's; that Slack's request is answered with it.
QUIET, SETTLE, VIEW, REPORT, ANSWERED = "quiet", "settle", "view", "report", "answered"
_THEN = (QUIET, SETTLE, VIEW, REPORT, ANSWERED, "respond", "again")  # what counted only for what was said then


class Slack:
    """The channel. `public_url` is where the policies can be read, for links; empty: no links."""

    name, keeps = CHANNEL, False

    def __init__(self, public_url: str = "") -> None:
        self.public_url = public_url

    def payloads(self, outgoing: Outgoing) -> list[Payload]:
        """What to send. A sensitive answer is not in it: only that there is one, with a button that opens it."""
        if outgoing.unasked:
            outgoing = replace(outgoing, place={k: v for k, v in outgoing.place.items() if k not in _THEN}, unasked=False)
        place, reply = outgoing.place, outgoing.reply
        if outgoing.nudge:
            return [] if VIEW in place else [note(place, words.NUDGE)]
        if VIEW in place or ANSWERED in place:
            # What answers Slack's request is shown at once, by whoever took it.
            late = REPORT in place and reply.late
            return [] if late or ANSWERED in place else [self._updated(outgoing)]
        if reply.late or QUIET in place:
            return [note(place, render.text(reply))]
        if reply.sensitive:
            aside = [note(place, words.NUDGE)] if place.get("respond") else []
            return [_ready(outgoing), *aside, *_settled(place)]
        message = self._message(outgoing)
        if place.get("respond"):
            return [_responded(place, message)]
        return [_posted(place, message, private=outgoing.private), *_settled(place)]

    def ping(self, account: str, text: str, organisation: str, reference: str) -> Sequence[Mapping[str, Any]]:
        """Ask somebody to look: the text, and buttons that are checked again when they are pressed. Nothing of the case."""
        user = account.partition(":")[2]
        message = {"text": escaped(text), "blocks": [blocks.paragraph(text), *cases.pinged(user, reference)]}
        return [{**_posted({"user": user}, message, private=True), RINGS: user}]

    def seek(self, email: str, text: str, organisation: str, reference: str, *, alone: bool) -> Sequence[Mapping[str, Any]]:
        """The same for somebody who has not met us here yet."""
        made = self.ping(f":{seeking.NOBODY}", text, organisation, reference)
        return [seeking.sought(one, email, alone=alone) for one in made]

    def view(self, outgoing: Outgoing) -> views.View:
        """A reply as a modal."""
        if outgoing.reply.reporting or REPORT in outgoing.place:
            return forms.view(outgoing.reply, outgoing.place["user"], outgoing.number)
        return views.reading(self.parts(outgoing))

    def parts(self, outgoing: Outgoing, *, buttons: bool = True) -> list[Part]:
        """A reply as what is shown of it, from top to bottom."""
        link = linking(self.public_url, outgoing.organisation)
        return show.parts(outgoing.reply, link, outgoing.place["user"], outgoing.number, buttons=buttons)

    def _message(self, outgoing: Outgoing) -> Payload:
        rest = asking.opening(outgoing.place["user"], outgoing.number, rest=True)
        return {"text": spoken(outgoing.reply), "blocks": fit.message(self.parts(outgoing), rest)}

    def _updated(self, outgoing: Outgoing) -> Payload:
        """The open modal goes on with this reply; where it was closed meanwhile, it goes to the private messages."""
        bare = {k: v for k, v in outgoing.place.items() if k != VIEW}
        hidden = outgoing.reply.sensitive or REPORT in bare
        fallback = _ready(outgoing) if hidden else _posted(bare, self._message(outgoing), private=True)
        return {**_call(UPDATE_VIEW, view_id=outgoing.place[VIEW], view=self.view(outgoing)), "otherwise": fallback}


def spoken(reply: Reply) -> str:
    """The whole reply for screen readers and notifications; nothing in it is markup."""
    offer = [words.OFFER, cut(reply.offer, asking.MOST_OFFERED)] if reply.offer else []
    whole = "\n\n".join([render.text(reply), *offer])
    return escaped(cut(whole, MOST_SPOKEN))


def _call(method: str, **arguments: object) -> Payload:
    return {"method": method, "arguments": arguments}


def _quietly(message: Payload) -> Payload:
    return {**message, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def _home(place: Mapping[str, str]) -> Payload:
    """Their messages with the app: where they wrote there, the same thread."""
    if place.get("channel", "").startswith("D"):
        return {"channel": place["channel"], **({"thread_ts": place["thread"]} if "thread" in place else {})}
    return {"channel": place["user"]}


def _posted(place: Mapping[str, str], message: Payload, *, private: bool) -> Payload:
    where = _home(place) if private else {"channel": place["channel"], "thread_ts": place["thread"]}
    return _call(POST, **where, **_quietly(message))


def _ready(outgoing: Outgoing) -> Payload:
    """The same for every sensitive answer, whatever it is about."""
    made = [blocks.paragraph(words.ANSWER_READY), *asking.opening(outgoing.place["user"], outgoing.number)]
    return _posted(outgoing.place, {"text": words.ANSWER_READY, "blocks": made}, private=True)


def note(place: Mapping[str, str], text: str) -> Payload:
    """Said to this person only, where they are. In a thread that does not exist yet nobody would see it."""
    message = {"text": escaped(text), "blocks": [blocks.paragraph(text)]}
    if place.get("respond"):
        return _responded(place, message, replace=False)
    if not place.get("channel"):
        return _posted(place, message, private=True)
    where = {"thread_ts": place["thread"]} if "threaded" in place and "thread" in place else {}
    return {**_call(EPHEMERAL, channel=place["channel"], user=place["user"], **where, **message), OPTIONAL: True}


def _responded(place: Mapping[str, str], message: Payload, *, replace: bool = True) -> Payload:
    """Shown to this person only, where they gave the command. Slack lends the address for half an hour; later it goes to their messages."""
    answer = {"response_type": "ephemeral", "replace_original": replace and "again" in place, **message}
    return {**_call(RESPOND, url=place["respond"], **answer), "otherwise": _posted({"user": place["user"]}, message, private=True)}


def _settled(place: Mapping[str, str]) -> list[Payload]:
    """The buttons that were used give way to what was chosen."""
    return [{**_call(UPDATE, channel=place["channel"], **json.loads(place[SETTLE])), OPTIONAL: True}] if SETTLE in place else []
