"""A conversation in the terminal: numbered choices, corrections, and a calm way out."""

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from adapters.terminal import show
from bot import words
from bot.answer import policy_name
from bot.guide import ROLES, Askwell
from bot.messages import State

Ask = Callable[[str], str]
_LEAVE = {"quit", "exit", "bye", "q", ":q"}


def run(askwell: Askwell, console: Console, ask: Ask, organisation: str | None, role: str | None) -> None:
    """Talk until the person leaves (quit, end of input or Ctrl-C)."""
    try:
        state = _begin(askwell, console, ask, organisation, role)
        _greet(askwell, console, state)
        while (said := ask("> ").strip()).lower() not in _LEAVE:
            state, reply = askwell.say(state, said)
            show.reply(console, reply)
    except (EOFError, KeyboardInterrupt):
        console.print()
    console.print(Text(words.GOODBYE))


def _begin(askwell: Askwell, console: Console, ask: Ask, organisation: str | None, role: str | None) -> State:
    organisations = askwell.knowledge.organisations
    if organisation is None:
        organisation = _choose(console, ask, words.WHICH_ORGANISATION, {o.id: o.name for o in organisations.values()})
    if role is None:
        role = _choose(console, ask, words.WHICH_ROLE, dict(zip(ROLES, words.ROLE_LABELS, strict=True)))
    return askwell.begin(organisation, role)


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


def _greet(askwell: Askwell, console: Console, state: State) -> None:
    organisation = askwell.knowledge.organisations[state.organisation]
    console.print()
    console.print(Text(words.WELCOME.format(policy=policy_name(organisation))), width=show.WIDTH)
    console.print(Text(words.CHAT_HELP, style="dim"), width=show.WIDTH)
    console.print()
