"""One person's hands at the Playground: they type, press, and look at cards and dialogs."""

import os
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from adapters.teams.activities import ASK

WAIT, START = 60_000, 180_000  # milliseconds until an answer must have appeared; until the client must have
expect.set_options(timeout=WAIT)  # an answer goes through three processes, on machines that may have much else to do
COMPLAINS = ("(×) Error", "(!) Warning")  # in the client's own log: what it could not show, or what the application refused
CANNOT = ("Task module (task/fetch)", "typing activity")  # what it says that it does not do itself


class Client:
    """A person's own chat with the bot, in the client's page."""

    def __init__(self, page: Page, address: str, picture: str) -> None:
        page.set_default_timeout(WAIT)
        page.route(lambda url: not url.startswith(address), lambda route: route.abort())  # it would fetch flags and fonts from elsewhere
        page.goto(address, wait_until="domcontentloaded", timeout=START)
        self.page, self._picture = page, picture
        self.cards = page.locator(".ac-adaptiveCard")
        self.dialog = page.get_by_role("dialog")

    def card(self, number: int) -> Locator:
        """The card that is the so many-eth of the chat, once it is there; nothing else has come."""
        expect(self.cards).to_have_count(number)
        return self.cards.nth(number - 1)

    def go(self, chat: str) -> None:
        """Go to another chat."""
        self.page.locator(f"[aria-label='{chat}']").first.click()

    def say(self, text: str, mention: str = "") -> None:
        """Type a message; with a `mention` before it, chosen from those that the client offers."""
        self.page.locator("[data-lexical-editor]").click()
        if mention:
            self.page.keyboard.type(f"@{mention[:3]}")
            self.page.get_by_role("menuitem", name=mention).click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def ask_about(self, message: str, action: str = ASK) -> None:
        """Choose an action on a message that was typed; the client knows no manifest, so the action is named to it."""
        self.page.get_by_text(message, exact=True).first.locator("xpath=preceding::button[@aria-label='Show more information'][1]").click()
        self.page.get_by_role("menuitem", name="Action Command").click()
        self.dialog.get_by_placeholder("Input command id").fill(action)
        self.dialog.get_by_role("button", name="Create").click()

    def press(self, label: str) -> None:
        """Press a button in the dialog."""
        self.dialog.get_by_role("button", name=label, exact=True).click()

    def seen(self, name: str) -> None:
        """Nothing went wrong in the client; a picture where somebody wants to look."""
        if folder := os.environ.get("ASKWELL_PICTURES"):
            self.page.wait_for_timeout(500)  # until what opens has opened
            self.page.screenshot(path=Path(folder) / f"teams-{self._picture}-{name}.png")
        said = [one for mark in COMPLAINS for one in self.page.get_by_text(mark).locator("xpath=..").all_inner_texts()]
        assert [one for one in said if not any(known in one for known in CANNOT)] == []


def labels(card: Locator) -> list[str]:
    """What can be pressed on a card."""
    return card.get_by_role("button").all_inner_texts()
