"""A report in the terminal: the same steps as everywhere, numbers for choices, and words of its own for what can be done."""

from collections.abc import Iterator, Sequence
from io import StringIO

import pytest
from reporting import SAYS
from rich.console import Console

from adapters.terminal import chat
from bot import load, plans, words
from bot.guide import Askwell

PLANS = plans.load(load.ROOT, load.load())


def talked(askwell: Askwell, said: Sequence[str], organisation: str = "sefton") -> str:
    """What the window shows when somebody types these lines, on single blanks."""
    shown, lines = StringIO(), iter(said)
    console = Console(file=shown, width=100, no_color=True)

    def ask(_prompt: str) -> str:
        found = next(lines, None)
        if found is None:
            raise EOFError
        return found

    chat.run(askwell, PLANS, console, ask, organisation, "staff")
    return " ".join(shown.getvalue().split())


def after(shown: str, *marks: str) -> Iterator[bool]:
    """Whether each stands there, in this order."""
    at = 0
    for mark in marks:
        at = shown.find(mark, at)
        yield at >= 0
        at += len(mark)


def test_a_report_is_gone_through_and_says_that_there_is_nobody_to_send_it_to(askwell: Askwell) -> None:
    """The terminal knows no staff list, so it says at once that nothing can be sent; the numbers and people stay above."""
    shown = talked(askwell, [SAYS, "1", "2", "bruises", "1", "skip", "skip", "1", "skip", "1", "send"])
    assert all(after(shown, "999 first", words.NOBODY_TO_ASK, "step 1 of", words.NOTHING_SENT_YET, "step 2 of", "bruises", words.NOBODY_TO_ASK))
    assert "Sent." not in shown


def test_back_change_keep_and_cancel_have_words(askwell: Askwell) -> None:
    """What was kept is gone on with by words or by the number; "kept for seven days" would be a lie here."""
    shown = talked(askwell, [SAYS, "1", "2", "bruises", "back", "bruises again", "save", "1", "save", "go on", "cancel", "go on"])
    seen, about = "What did you see or hear?", "Is it about a child"
    kept = words.REPORT_SAVED_HERE
    assert all(after(shown, seen, about, seen, about, kept, words.RESUME_IT, about, kept, about, words.REPORT_CANCELLED))
    assert "seven days" not in shown and words.GOODBYE in shown


@pytest.mark.parametrize("organisation", ["cambspboro", "sefton", "derbyshire", "rutland", "warrington"])
def test_danger_in_a_report_says_999_on_the_very_next_screen_and_in_the_summary(askwell: Askwell, organisation: str) -> None:
    """Everywhere, whatever the policy says."""
    shown = talked(askwell, [SAYS, "1", "1", "bruises", "1", "skip", "skip", "1", "skip", "1"], organisation)
    assert all(after(shown, "Is anybody in danger right now?", "Ring 999 first.", "What did you see or hear?", words.REVIEW, words.EMERGENCY))


def test_wrongdoing_takes_no_words(askwell: Askwell) -> None:
    """Whatever is typed there is a question to Askwell, not a part of a report."""
    shown = talked(askwell, ["my manager fiddles the mileage claims", "1", "1"])
    assert all(after(shown, "Show me", "Please don't type names or details here", "I have kept nothing of this."))
