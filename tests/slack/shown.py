"""Everything that we show in Slack, at its edges: each with its name and the surface that it stands on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import by_hand
from encoded import KNOWLEDGE

from adapters.slack import views
from adapters.slack.channel import Slack
from bot import words
from bot.answer import Answer, Contact, Quote
from bot.guide import Askwell
from bot.knowledge import Flow, Verdict
from bot.messages import Asked, Outgoing, Reply
from slack.stand import ANN, DIRECT, TEAM

CHANNEL = Slack("https://askwell.example.org")
PLACE = {"team": TEAM, "user": ANN, "channel": DIRECT}
LONG = 13_000  # characters of user text


@dataclass(frozen=True)
class Shown:
    """One message, modal or Home, as Slack gets it."""

    name: str
    surface: str
    json: dict[str, Any]


def message(name: str, reply: Reply, organisation: str = "sefton") -> Shown:
    """What is posted for a reply."""
    (payload,) = CHANNEL.payloads(Outgoing(1, reply, PLACE, private=True, organisation=organisation))
    return Shown(name, "message", payload["arguments"])


def modal(name: str, reply: Reply, organisation: str = "sefton") -> Shown:
    """What opens for a reply."""
    parts = CHANNEL.parts(Outgoing(1, reply, PLACE, private=True, organisation=organisation))
    return Shown(name, "modal", views.reading(parts))


def answers(askwell: Askwell) -> Iterator[Shown]:
    """The answer or question of every organisation on every topic, in private, and opened where it is sensitive."""
    urgent = by_hand.found(Flow.SAFEGUARDING, urgent=True)
    for organisation in askwell.knowledge.organisations:
        for topic in askwell.knowledge.topics:
            reply = by_hand.taken(askwell, organisation, topic).reply
            yield message(f"{organisation} {topic}", reply, organisation)
        for topic in ("safeguarding-concern", "illegal-images", "whistleblowing"):
            reply = by_hand.taken(askwell, organisation, topic, "volunteer", urgent).reply
            yield message(f"{organisation} {topic}, urgent", reply, organisation)
            yield modal(f"{organisation} {topic}, opened", reply, organisation)


def question(count: int, length: int) -> Asked:
    """A question with so many choices, each so long."""
    options = tuple((f"value-{i}", f"{i} " + "x" * (length - len(f"{i} "))) for i in range(count))
    return Asked("who", "Which of these is it, as far as you can say at the moment, from what you have seen or heard so far?", options)


def full(quotes: int, length: int, more: int = 1) -> Answer:
    """An answer with every part, so long."""
    post, note = KNOWLEDGE.signposts[0], KNOWLEDGE.law[0]
    posts = (replace(post, says="says what it is for. " * 6, phone="0800 000 000", url="https://help.example"),) * 9
    law = (replace(note, says="says what it says. " * 20),) * 3
    passage = ("a passage of the policy " * (length // 24 + 1))[:length]
    return Answer(
        Verdict.CONDITIONAL, "friend-request", headline=words.HEADLINES[Verdict.CONDITIONAL], say=("Do what the policy says. " * 12,) * 3,
        quotes=tuple(Quote("A policy", f"{i} A section", f"{i}.1", passage) for i in range(quotes)),
        also=("And that too. " * 20,) * 4 * more, contacts=(Contact("A role", "A Name", "name@example.org", "the policy of March 2018"),) * 4,
        signposts=posts * more, law=law, taken="I understood: this. " * 5, changes=("It would be different. " * 5,) * 2,
        others=tuple((f"topic-{i}", f"Another topic {i}") for i in range(3)), closing=("A closing line. " * 10,) * 5, receipt="0000-0000-0000",
    )  # fmt: skip


def edges() -> Iterator[Shown]:
    """The longest of everything."""
    yield message("20 choices", Reply(question=question(20, 30)))
    yield message("20 long choices", Reply(question=question(20, 90)))
    yield message("60 choices", Reply(question=question(60, 75)))
    yield modal("60 choices, opened", Reply(question=question(60, 75)))
    yield message("13,000 characters passed on", Reply(answers=(full(1, 300),), offer="a word " * (LONG // 7)))
    yield message("13,000 characters in one line", Reply(lines=("w" * LONG,)))
    for quotes, length in ((1, 1_000), (1, LONG), (2, 6_000), (5, 3_000), (40, 400), (80, 30)):
        answer = full(quotes, length)
        yield message(f"{quotes} quotes of {length}", Reply(answers=(answer,), notices=("A notice. " * 10,) * 3))
        yield message(f"{quotes} quotes of {length}, twice", Reply(answers=(answer, replace(answer, topic="photos")), offer="why? " * 100))
        yield modal(f"{quotes} quotes of {length}, opened", Reply(answers=(replace(answer, sensitive=True, urgent=(words.EMERGENCY,)),)))
    yield message("everything thrice", Reply(answers=(full(3, 500, more=3),)))
    yield Shown("a long message asked about", "modal", views.asking("user words & <signs> " * (LONG // 20)))
    yield Shown("an empty message asked about", "modal", views.asking(""))
    yield Shown("why was it wrong", "modal", views.wronged({**PLACE, "thread": "1700000000.000100", "number": "7"}))
    known = views.known(ANN, "Director, trustee or board member", "An organisation with a long name", member=False)
    yield Shown("Home", "home", views.home(ANN, "a policy", known, question(3, 60).text, "https://askwell.example.org/policy/sefton"))
    yield Shown("Home of somebody new", "home", views.home(ANN, words.YOUR_POLICY, [], "", ""))


def everything(askwell: Askwell) -> list[Shown]:
    """All of it."""
    return [*answers(askwell), *edges()]
