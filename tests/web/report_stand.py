"""The page with reports on it: everybody of tests/reporting.py in the directory, each of whom can come in by an invite link."""

from dataclasses import dataclass

from reporting import PEOPLE, SAYS, START
from sqlalchemy import select
from web_stand import SERVED, THERE, Browser, Stand, stand

from bot import load, plans
from bot.board import Board
from bot.guide import Askwell
from bot.people import Person
from bot.store import directory, invites
from bot.store.invites import Invite
from bot.store.tables import case

DANGER, SEEN, WHO = "No –", "MARKED bruises <b>both</b> arms", "MARKED Jamie"


@dataclass
class Reports:
    """A served page, its clock, and who can come in."""

    page: Stand
    clock: list[float]

    @property
    def board(self) -> Board:
        """The cases behind the page."""
        return Board(self.page.service)

    def browser(self, email: str, organisation: str = "warrington", role: str = "staff") -> Browser:
        """Somebody who has used their invite link."""
        with self.page.database.write() as connection:
            token = invites.create(connection, Invite(organisation, email, role), self.clock[0], 7)
        browser = self.page.browser(THERE)
        browser.open(f"/invite/{token}")
        browser.press("Open Askwell")
        return browser

    def visitor(self, email: str) -> tuple[str, str]:
        """Account and conversation of somebody who came in once."""
        with self.page.database.read() as connection:
            ((_, account),) = directory.accounts_of(connection, "warrington", email)
        return account, f"web:{account}"


def served(askwell: Askwell, *more: Person) -> Reports:
    """The page as others reach it, with these people besides."""
    clock = [START]
    page = stand(askwell, lambda: clock[0], plans.load(load.ROOT, askwell.knowledge), **SERVED)
    everybody = (*PEOPLE, *more)
    with page.database.write() as connection:
        for organisation in sorted({p.organisation for p in everybody}):
            directory.replaced(connection, organisation, [p for p in everybody if p.organisation == organisation])
    return Reports(page, clock)


def filled(browser: Browser, implicated: str = "", seen: str = SEEN, who: str = WHO) -> None:
    """Everything up to the summary, by the page's own forms."""
    browser.say(SAYS)
    browser.press("Start a report –")
    browser.press(DANGER)
    browser.press("Next", value=seen)
    browser.press("A child")
    browser.press("Next", value=who)
    browser.press("Skip")
    browser.press("No –")
    browser.press("Next", value=implicated)
    browser.press("No –")


def sent(reports: Reports, browser: Browser, implicated: str = "") -> str:
    """A report that was sent; its reference."""
    before = _references(reports)
    filled(browser, implicated)
    browser.press("Send")
    (new,) = _references(reports) - before
    return new


def _references(reports: Reports) -> set[str]:
    with reports.page.database.read() as connection:
        return set(connection.execute(select(case.c.reference)).scalars())
