"""A conversation in the terminal, on the same service as every channel: kept in memory only, and gone with the window."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rich.console import Console
from rich.text import Text

from adapters.terminal import show
from bot import words
from bot.answer import policy_name
from bot.guide import ROLES, Askwell
from bot.messages import Act, Filled, Incoming, Outgoing, PassOn, Press, Reply, Steered, Words
from bot.people import Asker
from bot.plans import Plans
from bot.service import Service
from bot.store.database import Database

Ask = Callable[[str], str]
ME, HERE = "me", "here"
_LEAVE = {"quit", "exit", "bye", "q", ":q"}
_YES, _NO = {"y", "yes"}, {"n", "no"}


class Terminal:
    """The channel: replies are shown by the loop itself, so nothing has to be sent."""

    name, keeps = "terminal", False

    def payloads(self, outgoing: Outgoing) -> Sequence[Mapping[str, Any]]:
        """Nothing."""
        return ()


class Talk:
    """One person at one terminal."""

    def __init__(self, askwell: Askwell, plans: Plans | None = None) -> None:
        database = Database("sqlite://")
        database.ready()
        self.service = Service(askwell, database, plans)
        self.service.join(Terminal())
        self._events = itertools.count()
        self.number, self.last = 0, Reply()

    def do(self, act: Act) -> Reply | None:
        """One event, answered."""
        handled = self.service.handle(Incoming(str(next(self._events)), Terminal.name, ME, HERE, HERE, act))
        reply = _here(handled.reply) if handled.reply else None
        self.number, self.last = handled.number, reply or Reply()
        return reply

    def typed(self, said: str) -> Act:
        """A number chooses what was asked or suggested, yes and no answer an offer, a report has words of its own; all else is words."""
        if reporting := self._reporting(said):
            return reporting
        choices = [(asked.fact, value) for asked in self.last.choices for value, _ in asked.options]
        if said.isdigit() and 0 < int(said) <= len(choices):
            return Press(self.number, *choices[int(said) - 1])
        if self.last.offer and said.lower() in _YES | _NO:
            return PassOn(self.number, said.lower() in _YES)
        return Words(said)

    def _reporting(self, said: str) -> Act | None:
        """What is typed while a report is being made."""
        form, review, low = self.last.form, self.last.review, said.lower()
        if (form or review) and low in ("back", "save", "cancel"):
            return Steered(self.number, low)
        if review and low == "send":
            return Steered(self.number, "send")
        if review and low.startswith("change ") and low[7:].isdigit() and 0 < int(low[7:]) <= len(review.rows):
            return Steered(self.number, f"change:{review.rows[int(low[7:]) - 1][0]}")
        if form and not form.options:
            return Filled(self.number, form.step, "" if low == "skip" and form.optional else said)
        return None


def _here(reply: Reply) -> Reply:
    """Nothing outlasts the window, so nothing may say that it is kept for days."""
    return replace(reply, lines=tuple(words.REPORT_SAVED_HERE if line == words.REPORT_SAVED else line for line in reply.lines))


def run(askwell: Askwell, plans: Plans, console: Console, ask: Ask, organisation: str | None, role: str | None) -> None:
    """Talk until the person leaves (quit, end of input or Ctrl-C)."""
    talk = Talk(askwell, plans)
    try:
        who = _asker(askwell, console, ask, organisation, role)
        talk.service.introduce(Terminal.name, ME, who)
        _greet(askwell, console, who)
        while (said := ask("> ").strip()).lower() not in _LEAVE:
            if reply := talk.do(talk.typed(said)):
                show.reply(console, reply)
    except (EOFError, KeyboardInterrupt):
        console.print()
    console.print(Text(words.GOODBYE))


def _asker(askwell: Askwell, console: Console, ask: Ask, organisation: str | None, role: str | None) -> Asker:
    if organisation is None:
        organisation = _choose(console, ask, words.WHICH_ORGANISATION, {o.id: o.name for o in askwell.knowledge.organisations.values()})
    if role is None:
        role = _choose(console, ask, words.WHICH_ROLE, dict(zip(ROLES, words.ROLE_LABELS, strict=True)))
    state = askwell.begin(organisation, role)
    return Asker(state.organisation, state.role)


def _choose(console: Console, ask: Ask, title: str, options: dict[str, str]) -> str:
    console.print(Text(title, style="bold"))
    for number, label in enumerate(options.values(), 1):
        console.print(Text(f"  {number}. {label}"))
    while True:
        said = ask("> ").strip().lower()
        for number, (value, label) in enumerate(options.items(), 1):
            if said in (str(number), value.lower(), label.lower()):
                return value
        console.print(Text(words.CHOOSE_NUMBER.format(most=len(options))))


def _greet(askwell: Askwell, console: Console, who: Asker) -> None:
    organisation = askwell.knowledge.organisations[who.organisation]
    console.print()
    console.print(Text(words.WELCOME.format(policy=policy_name(organisation))), width=show.WIDTH)
    console.print(Text(words.CHAT_HELP, style="dim"), width=show.WIDTH)
    console.print()
