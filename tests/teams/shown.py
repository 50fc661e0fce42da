"""Everything that we show in Teams, at its edges: each with its name, and whether it stands in a message or in a dialog."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import by_hand
from slack.shown import LONG, full, question

from adapters.teams import answers as bodies
from adapters.teams.channel import Teams, plainly, ready
from adapters.teams.opening import Opening
from adapters.teams.places import Spot
from adapters.teams.wants import Ask
from bot import words
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.messages import Outgoing, Reply
from bot.service import Service
from bot.store.database import Database
from teams.stand import ANN, BOT, TENANT, Json, card_of, dialog_of

CHANNEL = Teams("https://askwell.example.org")
SPOT = Spot(TENANT, ANN, f"29:{ANN}", f"a:29:{ANN}", "personal", "https://smba.trafficmanager.net/uk/", BOT)


@dataclass(frozen=True)
class Shown:
    """One card; with the `message` that carries it where it does not stand in a dialog."""

    name: str
    card: Json
    message: Json | None = None

    @property
    def surface(self) -> str:
        """Which part of the schema speaks about it."""
        return "message" if self.message else "dialog"


def outgoing(reply: Reply, organisation: str = "sefton") -> Outgoing:
    """A reply in somebody's own chat."""
    return Outgoing(1, reply, SPOT.place(), private=True, organisation=organisation)


def message(name: str, reply: Reply, organisation: str = "sefton") -> Shown:
    """What is posted for a reply."""
    (payload,) = CHANNEL.payloads(outgoing(reply, organisation))
    return Shown(name, card_of(payload["activity"]), payload["activity"])


def dialog(name: str, reply: Reply, organisation: str = "sefton") -> Shown:
    """What opens for a reply."""
    return Shown(name, CHANNEL.dialog(outgoing(reply, organisation)))


def answers(askwell: Askwell) -> Iterator[Shown]:
    """The answer or question of every organisation on every topic, in private, and opened where it is sensitive."""
    urgent = by_hand.found(Flow.SAFEGUARDING, urgent=True)
    for organisation in askwell.knowledge.organisations:
        for topic in askwell.knowledge.topics:
            reply = by_hand.taken(askwell, organisation, topic).reply
            yield (dialog if reply.sensitive else message)(f"{organisation} {topic}", reply, organisation)
        for topic in ("safeguarding-concern", "illegal-images", "whistleblowing"):
            reply = by_hand.taken(askwell, organisation, topic, "volunteer", urgent).reply
            yield message(f"{organisation} {topic}, urgent", reply, organisation)
            yield dialog(f"{organisation} {topic}, opened", reply, organisation)


def edges() -> Iterator[Shown]:
    """The longest of everything."""
    for count, length in ((20, 30), (20, 90), (60, 75), (6, 24), (6, 200), (2, 250)):
        for show in (message, dialog):
            yield show(f"{count} choices of {length}, {show.__name__}", Reply(question=question(count, length)))
    yield message("13,000 characters passed on", Reply(answers=(full(1, 300),), offer="a word " * (LONG // 7)))
    yield message("13,000 characters in one line", Reply(lines=("w" * LONG,)))
    yield message("13,000 lines", Reply(lines=("w\n" * LONG,)))
    for quotes, length in ((1, 1_000), (1, LONG), (2, 6_000), (5, 3_000), (40, 400), (80, 30)):
        answer = full(quotes, length)
        yield message(f"{quotes} quotes of {length}", Reply(answers=(answer,), notices=("A notice. " * 10,) * 3))
        yield message(f"{quotes} quotes of {length}, twice", Reply(answers=(answer, replace(answer, topic="photos")), offer="why? " * 100))
        yield dialog(f"{quotes} quotes of {length}, opened", Reply(answers=(replace(answer, sensitive=True, urgent=(words.EMERGENCY,)),)))
    yield message("everything thrice", Reply(answers=(full(3, 500, more=3),)))
    yield Shown("ready", card_of(ready(ANN, 7)), ready(ANN, 7))


def asked(askwell: Askwell) -> Iterator[Shown]:
    """The form for a question about a message: a long one, and one without words."""
    opening = Opening(Service(askwell, Database("sqlite://")), CHANNEL)
    for name, text in (("long", "user words & <signs> *and* `marks` " * 160), ("of many lines", "w\n" * 3_000), ("empty", "")):
        yield Shown(f"a message asked about, {name}", dialog_of(opening.ask(Ask(SPOT, text))))
    yield Shown("one sentence", dialog_of(bodies.said(words.GONE)))


def plain() -> dict[str, Any]:
    """What is sent where Teams refuses a card."""
    return plainly(Reply(answers=(full(5, 3_000),)))
