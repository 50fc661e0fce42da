"""What a screen reader is given: the accessibility tree of conversations, recorded as data and compared.

When the words of an answer were changed on purpose: `ASKWELL_RECORD=1 make e2e`, then read what changed in tests/e2e/recordings.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from e2e.conftest import ask, begin
from e2e.serving import NewPage

RECORDINGS = Path(__file__).parent / "recordings"
RECEIPT = re.compile(r"Receipt [0-9A-Z-]+")  # it changes with the knowledge, and is the same to the ear


def clarified(page: Page) -> None:
    """A question back, a choice, and the answer."""
    begin(page)
    ask(page, "Can I accept a friend request?")
    page.get_by_role("button", name="A volunteer –").click()
    page.locator("#turn-2").wait_for()


def asking(page: Page) -> None:
    """A question back, still open."""
    begin(page)
    ask(page, "Can I accept a friend request?")


def danger(page: Page) -> None:
    """Emergency help, people and numbers."""
    begin(page, "Healthwatch Sefton")
    ask(page, "he has taken tablets and says it is goodbye")


def silent(page: Page) -> None:
    """A policy that says nothing, and the offer to pass the question on."""
    begin(page, "Healthwatch Sefton", "Volunteer")
    ask(page, "Can I use AI to write our posts?")


CONVERSATIONS = {"asking": asking, "clarified": clarified, "danger": danger, "silent": silent}


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("conversation", CONVERSATIONS)
def test_the_log_is_heard_as_it_was_recorded(new_page: NewPage, conversation: str, scripts: bool) -> None:
    """Order, roles, names and words of everything in the log; the same with and without JavaScript."""
    page = new_page(java_script_enabled=scripts)
    CONVERSATIONS[conversation](page)
    heard = RECEIPT.sub("Receipt …", page.get_by_role("log", name="Conversation").aria_snapshot()) + "\n"
    path = RECORDINGS / f"{conversation}.yaml"
    if os.environ.get("ASKWELL_RECORD"):
        path.write_text(heard, encoding="utf-8")
    assert path.is_file(), f"{path.name} is not recorded yet: run once with ASKWELL_RECORD=1, and read it"
    assert heard == path.read_text(encoding="utf-8")


def test_new_turns_are_announced_and_old_ones_are_not_again(new_page: NewPage) -> None:
    """Only the new turn is added to the log: that is what a live region reads out."""
    page = new_page()
    asking(page)
    page.evaluate(
        "window.added = []; new MutationObserver(all => all.forEach(m => m.addedNodes.forEach(n => n.id && window.added.push(n.id))))"
        ".observe(document.getElementById('log'), {childList: true, subtree: true})"
    )
    page.get_by_role("button", name="A volunteer –").click()
    page.locator("#turn-2").wait_for()
    assert page.evaluate("window.added") == ["turn-2"]
