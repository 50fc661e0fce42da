"""What everybody needs to be able to use the page: axe-core on each page in light and dark, wide and narrow; zoom, spacing, contrast, motion."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot import words
from bot.guide import Askwell
from bot.service import Service
from bot.settings import Settings
from bot.store import invites
from bot.store.database import Database
from bot.store.invites import Invite
from e2e.conftest import ask, begin, serving
from e2e.serving import NewPage

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW, PHONE, WIDE = (320, 640), (390, 844), (1280, 900)
DANGER = "he has taken tablets and says it is goodbye"
CUT = """[...document.querySelectorAll('button, summary, .verdict, label, h1, h2, h3, p')]
  .filter(e => !e.matches('.unseen, .skip, .said') && getComputedStyle(e).display !== 'inline' && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.className + e.innerText)"""
# What WCAG 1.4.12 lets readers set.
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }"


def picker(page: Page) -> None:
    """Who is asking."""
    page.goto("/")


def empty(page: Page) -> None:
    """Before the first question."""
    begin(page)


def question(page: Page) -> None:
    """A question back, with its buttons."""
    begin(page)
    ask(page, "Can I accept a friend request?")


def answer(page: Page) -> None:
    """An answer with everything: quotes, people, law, and the place to say what was wrong."""
    begin(page, "NHS Warrington")
    ask(page, "Can I comment on work on my own page?")
    page.get_by_text("No", exact=True).click()


def offer(page: Page) -> None:
    """A silent policy, and the offer to pass the question on."""
    begin(page)
    ask(page, "Can I use AI to write our posts?")


def danger(page: Page) -> None:
    """Emergency help."""
    begin(page)
    ask(page, DANGER)


def note(page: Page) -> None:
    """A form that could not be taken."""
    begin(page)
    page.goto("/?note=late#note")


def policies(page: Page) -> None:
    """All policies."""
    page.goto("/policy")


def policy(page: Page) -> None:
    """One policy, at a marked passage, with its contents open."""
    page.goto("/policy/cambspboro#4-bully")
    page.get_by_text("Sections", exact=True).click()


def compared(page: Page) -> None:
    """Five answers."""
    page.goto("/compare?q=Can+I+add+a+volunteer+on+Facebook%3F")


def unclear(page: Page) -> None:
    """A comparison that could not be made, where somebody may be in danger elsewhere."""
    page.goto("/compare?q=what%27s+the+weather")


def serious(page: Page) -> None:
    """A comparison with emergency help."""
    page.goto("/compare?q=he+has+taken+tablets+and+says+goodbye")


def privacy(page: Page) -> None:
    """What is kept."""
    page.goto("/privacy")


def refused(page: Page) -> None:
    """A page that does not exist."""
    page.goto("/policy/atlantis")


def invitation(page: Page) -> None:
    """An invite link."""
    page.goto("/invite/some-token")


PAGES = (picker, empty, question, answer, offer, danger, note, policies, policy, compared, unclear, serious, privacy, refused, invitation)
each_page = pytest.mark.parametrize("there", PAGES, ids=lambda p: p.__name__)
Go = Callable[[Page], None]


def violations(page: Page) -> list[str]:
    """What axe-core finds, with where."""
    found = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    return [f"{v['id']}: {v['help']} at {[n['target'] for n in v['nodes']]}" for v in found]


@each_page
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["320", "1280"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(new_page: NewPage, there: Go, size: tuple[int, int], scheme: str) -> None:
    """WCAG 2.2 A and AA and good practice, on every page, in both schemes and widths."""
    page = new_page(*size, color_scheme=scheme)
    there(page)
    assert violations(page) == []


def test_axe_would_find_something(new_page: NewPage) -> None:
    """The gate itself works: a page that is spoilt on purpose is found out."""
    page = new_page()
    empty(page)
    page.evaluate("document.querySelector('label').remove(); document.querySelector('.who p').style.color = '#ccc'")
    assert {v.split(":")[0] for v in violations(page)} >= {"color-contrast", "label"}


def test_a_page_that_is_served_is_as_usable(askwell: Askwell, new_page: NewPage) -> None:
    """The door, the invitation, and the conversation behind it."""
    database = Database("sqlite://")
    database.ready()
    with database.write() as connection:
        token = invites.create(connection, Invite("sefton", "ann@example.org", "volunteer"), database.now(connection), 7)
    with serving(Service(askwell, database), Settings.model_validate({"public_url": "https://askwell.example.org"})) as address:
        page = new_page()
        page.goto(f"{address}/")
        expect(page.get_by_text("invite link")).to_be_visible()
        assert violations(page) == []
        page.goto(f"{address}/invite/{token}")
        page.get_by_role("button", name="Open Askwell on this device").click()
        page.locator("#question").wait_for()
        assert violations(page) == []


@each_page
@pytest.mark.parametrize("size", [NARROW, (320, 256)], ids=["320 px", "1280 px at 400 %"])
def test_nothing_scrolls_sideways_on_a_narrow_screen(new_page: NewPage, there: Go, size: tuple[int, int]) -> None:
    """All fits 320 px, which is also what 1280 px are at four times the size."""
    page = new_page(*size)
    there(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@each_page
def test_readers_may_set_their_own_spacing(new_page: NewPage, there: Go) -> None:
    """With wider letters, words and lines nothing is cut off and nothing scrolls sideways."""
    page = new_page(*NARROW, bypass_csp=True)
    there(page)
    page.add_style_tag(content=SPACING)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(CUT) == []


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "390"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_phones_first_screen_shows_verdict_and_what_to_do(new_page: NewPage, size: tuple[int, int], scripts: bool) -> None:
    """Nobody has to scroll for the answer, not even in the middle of a conversation."""
    page = new_page(*size, java_script_enabled=scripts, has_touch=True, is_mobile=True, reduced_motion="reduce")
    begin(page, "Healthwatch Sefton")
    ask(page, "Can I post about my holidays on my own page?")
    ask(page, "A journalist has messaged me. What do I do?")
    turn = page.locator("#turn-2")
    expect(turn.locator(".verdict")).to_be_in_viewport(ratio=1)
    expect(turn.locator(".say")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [NARROW, PHONE], ids=["320", "390"])
def test_a_phones_first_screen_shows_emergency_help(new_page: NewPage, size: tuple[int, int]) -> None:
    """999 can be tapped at once, on a target that a thumb hits."""
    page = new_page(*size, reduced_motion="reduce")
    danger(page)
    number = page.locator("#turn-1 .urgent a").first
    expect(number).to_be_in_viewport(ratio=1)
    box = number.bounding_box()
    assert number.get_attribute("href") == "tel:999" and box and box["height"] >= 40


def test_buttons_are_large_enough_to_hit(new_page: NewPage) -> None:
    """At least 44 px high, more than the 24 that WCAG 2.2 demands."""
    page = new_page(*PHONE)
    question(page)
    heights = page.locator("button, summary, .top a").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) > 15 and min(heights) >= 44


def test_forced_colours_keep_verdict_and_passage_visible(new_page: NewPage) -> None:
    """Shape, words and frame say what colour no longer can."""
    page = new_page(forced_colors="active")
    answer(page)
    verdict = page.locator("#turn-1 .verdict")
    expect(verdict.locator("svg")).to_be_visible()
    assert verdict.evaluate("e => getComputedStyle(e).borderTopStyle") == "solid" and verdict.inner_text().strip()
    assert violations(page) == []
    page.goto("/policy/derbyshire#2.4")
    assert page.locator("[id='2.4'] .words").evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"


def test_verdicts_differ_by_shape_and_words(new_page: NewPage) -> None:
    """No two verdicts have the same picture, and none is without words."""
    page = new_page()
    page.goto("/compare?q=Can+I+add+a+volunteer+on+Facebook%3F")
    shown = page.locator(".verdict").evaluate_all("all => all.map(e => [e.innerText.trim(), e.querySelector('svg').innerHTML])")
    shapes: dict[str, set[str]] = {}
    for said, shape in shown:
        shapes.setdefault(said, set()).add(shape)
    assert len(shapes) >= 3 and all(len(s) == 1 for s in shapes.values()) and "" not in shapes
    assert len({next(iter(s)) for s in shapes.values()}) == len(shapes)


def test_less_motion_means_none(new_page: NewPage) -> None:
    """Where people ask for it nothing glides."""
    page = new_page(reduced_motion="reduce")
    empty(page)
    assert page.locator(".compose button").evaluate("e => getComputedStyle(e).transitionDuration") == "0s"


def test_language_and_headings_are_in_order(new_page: NewPage) -> None:
    """British English, one first heading, and no level left out."""
    page = new_page()
    answer(page)
    assert page.locator("html").get_attribute("lang") == "en-GB"
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(e => Number(e.tagName[1]))")
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))


def test_the_title_tells_the_state(new_page: NewPage) -> None:
    """What a screen reader says first: where one is, what came of it, or that something needs a look."""
    page = new_page(java_script_enabled=False)
    picker(page)
    expect(page).to_have_title("Who is asking? · Askwell")
    question(page)
    expect(page).to_have_title("A question back – HWD · Askwell")
    page.goto("/?note=late")
    expect(page).to_have_title("Please look – HWD · Askwell")
    expect(page.get_by_role("status")).to_have_text(words.TOO_LATE)
