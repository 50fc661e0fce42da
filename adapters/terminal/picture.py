"""Draws the README's picture from a real conversation: `python -m adapters.terminal.picture docs/chat.svg`."""

import io
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from adapters.terminal import show
from bot.guide import Askwell, open_askwell

CONVERSATION = (
    "one of my volunteers has added me on fb, we get on like a house on fire. accept?",
    "a journalist from the Evening Telegraph has DMd me about our report",
)


def draw(askwell: Askwell, path: Path) -> None:
    """Play the conversation and save it as SVG."""
    console = Console(record=True, width=show.WIDTH + 4, file=io.StringIO(), force_terminal=True)
    state = askwell.begin("sefton", "staff")
    for said in CONVERSATION:
        console.print(Text.assemble(("> ", "bold"), said), width=show.WIDTH)
        console.print()
        state, reply = askwell.say(state, said)
        show.reply(console, reply)
    path.write_text(console.export_svg(title="askwell chat --org sefton"), encoding="utf-8")


if __name__ == "__main__":
    draw(open_askwell(), Path(sys.argv[1]))
