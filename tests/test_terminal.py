"""The terminal: a conversation, an answer, colours where they are wanted, and the card for the wall."""

import json
import os
import pty
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot import words
from bot.load import ROOT

pytestmark = pytest.mark.whole

ORGANISATIONS = ("cambspboro", "derbyshire", "rutland", "sefton", "warrington")
QUESTION = ("ask", "Can I add a volunteer on Facebook?", "--org", "derbyshire")
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d+)*m")


def run(*arguments: str, said: str = "") -> Result:
    """Run a command as the shell would."""
    return CliRunner().invoke(app, list(arguments), input=said)


def test_an_answer_in_the_terminal_says_what_its_json_says() -> None:
    """Headline, deciding quote and receipt are all there, in lines of at most 88 characters."""
    given, shown = json.loads(run(*QUESTION, "--json").stdout), run(*QUESTION).stdout
    flat = " ".join(shown.split())
    assert "No." in flat and " ".join(given["citations"][0]["quote"].split())[:60] in flat and given["receipt"] in flat
    assert max(map(len, shown.splitlines())) <= 88


def test_a_conversation_in_the_terminal() -> None:
    """Organisation and role are chosen by number, a wrong number is asked again, and leaving is calm."""
    done = run("chat", said="2\n9\n3\nhello\nbye\n")
    assert done.exit_code == 0
    assert "Type a number from 1 to 4." in done.stdout
    assert done.stdout.count("Asking never reports you") == 2
    assert done.stdout.rstrip().endswith(words.GOODBYE)


def test_the_end_of_input_ends_a_conversation() -> None:
    """Ctrl-D is a way out, also before anything was chosen."""
    for said in ("", "2\n", "2\n1\nhello\n"):
        done = run("chat", said=said)
        assert done.exit_code == 0 and words.GOODBYE in done.stdout


def on_a_terminal(**environment: str) -> bytes:
    """What a terminal receives from a question."""
    ours, theirs = pty.openpty()
    code = "from adapters.terminal.cli import main; main()"
    everything = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR", "COLORTERM")} | environment
    with subprocess.Popen([sys.executable, "-c", code, *QUESTION], cwd=ROOT.parent, stdin=theirs, stdout=theirs, stderr=theirs, env=everything):  # noqa: S603 - ourselves
        os.close(theirs)
        received = b""
        try:
            while part := os.read(ours, 65_536):
                received += part
        except OSError:  # the other end was closed
            pass
    os.close(ours)
    return received


def test_colours_are_for_terminals_that_want_them() -> None:
    """A dumb terminal gets plain text, NO_COLOR gets no colour, and both the same words."""
    plain, bare, full = on_a_terminal(TERM="dumb"), on_a_terminal(TERM="xterm-256color", NO_COLOR="1"), on_a_terminal(TERM="xterm-256color")
    assert b"\x1b" not in plain and b"No." in plain
    assert not COLOUR.search(bare) and b"No." in bare
    assert COLOUR.search(full)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_the_card_has_numbers_people_and_short_lines(organisation: str) -> None:
    """What hangs on the wall: 999 first, the routes, what to do when Askwell is down."""
    lines = run("card", organisation).stdout.splitlines()
    text = " ".join(" ".join(lines).split())
    assert max(map(len, lines)) <= 100
    assert all(part in text for part in ("ring 999 first", "0808 800 5000", "020 3117 2520", "101", words.WHEN_DOWN))


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_the_card_fits_a_page(organisation: str) -> None:
    """One page has 66 lines."""
    assert len(run("card", organisation).stdout.splitlines()) <= 66
