"""What a frightened person needs of the confidential form: the keyboard alone, a fast way out, dark and large and in forced colours."""

import contextlib
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, Page, Route, expect
from speakup.stand import WHAT, Stand

from e2e.serving import NewPage
from e2e.speakup_form.test_speakup_journey import press
from e2e.test_web_access import CUT, SPACING, violations
from e2e.test_web_journey import named, tab_to
from e2e.test_web_report import fits

AWAY = "https://www.bbc.co.uk/weather"


def at_start(_page: Page) -> None:
    """Safety first."""


def at_about(page: Page) -> None:
    """Whom it is about."""
    press(page, "Start a report")


def at_readers(page: Page) -> None:
    """Who could read it."""
    at_about(page)
    page.get_by_label("Cleo Chief").check()
    press(page, "Next")


def at_outside(page: Page) -> None:
    """The ways outside."""
    press(page, "Ways outside")


def at_what(page: Page) -> None:
    """The first words, with a note that some are missing."""
    at_readers(page)
    press(page, "Yes, ")
    press(page, "Next")


def at_name(page: Page) -> None:
    """Whether to give a name."""
    at_what(page)
    page.get_by_label("What has happened").fill(WHAT)
    press(page, "Next")
    press(page, "Next")


def at_summary(page: Page) -> None:
    """All of it once more."""
    at_name(page)
    page.get_by_label("Without my name").check()
    press(page, "Next")


def at_sent(page: Page) -> None:
    """The receipt."""
    at_summary(page)
    press(page, "Send")


def at_receipt(page: Page) -> None:
    """A receipt that opens nothing."""
    press(page, "I have a receipt")
    page.get_by_label("Your receipt").fill("0000 0000 0000 0000 0000")
    press(page, "Open")
    page.locator("#note.note").wait_for()


def at_refused(page: Page) -> None:
    """A page that is no more."""
    page.goto("/nothing")


Go = Callable[[Page], None]
PAGES = (at_start, at_about, at_readers, at_outside, at_what, at_name, at_summary, at_sent, at_receipt, at_refused)
each_page = pytest.mark.parametrize("there", PAGES, ids=lambda p: p.__name__.removeprefix("at_"))


@each_page
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wide_and_narrow(visit: NewPage, there: Go, scheme: str) -> None:
    """WCAG 2.2 A and AA and good practice, and nothing scrolls sideways, at 320 px (1280 at 400 %) and 1280 px."""
    page = visit(color_scheme=scheme, expected="status of 404")
    there(page)
    fits(page, f"speakup-{there.__name__}-{scheme}")
    page.set_viewport_size({"width": 1280, "height": 900})
    fits(page, f"speakup-{there.__name__}-{scheme}-wide")
    page.set_viewport_size({"width": 320, "height": 256})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@each_page
def test_readers_may_set_their_own_spacing(visit: NewPage, there: Go) -> None:
    """With wider letters, words and lines nothing is cut off and nothing scrolls sideways."""
    page = visit(bypass_csp=True, expected="status of 404")
    there(page)
    page.add_style_tag(content=SPACING)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(CUT) == []


def test_forced_colours_keep_the_way_out_and_the_receipt_visible(visit: NewPage) -> None:
    """A frame says what colour no longer can."""
    page = visit(forced_colors="active")
    at_sent(page)
    for place in ("#exit", "#receipt"):
        assert page.locator(place).evaluate("e => getComputedStyle(e).borderTopStyle") == "solid"
    assert violations(page) == []


def test_buttons_and_boxes_are_large_enough_to_hit(visit: NewPage) -> None:
    """At least 44 px high; WCAG 2.2 demands 24."""
    page = visit(has_touch=True, is_mobile=True)
    at_readers(page)
    heights = page.locator("button, .pick, #exit").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)")
    assert len(heights) > 8 and min(heights) >= 43.5


def test_the_whole_way_with_the_keyboard_alone(visit: NewPage, form: Stand) -> None:
    """From the first page to the receipt; the focus can always be seen, and a note is where it goes."""
    page = visit()
    page.keyboard.press("Tab")
    assert named(page) == "Skip to the page"
    tab_to(page, "Exit this page")
    keys(page, "Start a report", "Who is it about?")
    tab_to(page, "Cleo Chief")
    page.keyboard.press("Space")
    keys(page, "Next", "Who could read it")
    keys(page, "Yes, these people", "What happened?")
    keys(page, "Next", "What happened?")
    expect(page.locator("#note")).to_be_focused()
    tab_to(page, "What has happened")
    page.keyboard.type("It is THE tin.")
    keys(page, "Next", "What you know, and what you want")
    keys(page, "Next", "Do you want to say who you are?")
    tab_to(page, "Without my name")
    page.keyboard.press("Space")
    keys(page, "Next", "Read it once more")
    expect(page.get_by_text("It is THE tin.")).to_be_visible()
    keys(page, "Send", "It is sent. Write down this receipt.")
    assert form.kept() == 1


def keys(page: Page, button: str, then: str) -> None:
    """Tab to a button, press it, and wait for the page that follows."""
    tab_to(page, button)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name=then, exact=True).wait_for()


@pytest.mark.parametrize("way", ["button", "Shift"])
def test_leaving_shows_another_page_and_back_does_not_return(visit: NewPage, way: str) -> None:
    """By the button and by three presses of Shift; the page that was left is not in the history, and says nothing of where it came from."""
    page = visit()
    asked = away(page)
    at_name(page)
    page.get_by_role("textbox", name="Your name").fill("Sam")
    before = page.evaluate("history.length")
    if way == "button":
        page.get_by_role("link", name="Exit this page").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(AWAY)
    assert page.evaluate("history.length") == before
    assert "referer" not in asked[0] and "cookie" not in asked[0]
    page.go_back()
    assert "Sam" not in page.content() and WHAT not in page.content()


def away(page: Page) -> list[dict[str, str]]:
    """The page outside, without a network; the headers with which it is asked for."""
    asked: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        asked.append(route.request.all_headers())
        route.fulfill(body="<title>Weather</title>Rain", content_type="text/html")

    page.route(re.compile(r"^https://www\.bbc\.co\.uk/"), answer)
    return asked


def test_shift_counts_down_aloud_and_capitals_do_not_leave(visit: NewPage) -> None:
    """Each press says how many are left; typing capital letters in between begins anew."""
    page = visit()
    away(page)
    at_receipt(page)
    expect(page.get_by_label("Your receipt")).to_be_visible()
    expect(page.locator("html.scripts")).to_be_attached()  # before it is there, nobody counts
    page.keyboard.press("Shift")
    expect(page.locator("#exiting")).to_have_text("Shift: press it twice more to leave this page.")
    page.keyboard.press("Shift")
    expect(page.locator("#exiting")).to_have_text("Shift: press it once more to leave this page.")
    page.get_by_label("Your receipt").press_sequentially("ABCDEF")
    expect(page.get_by_label("Your receipt")).to_have_value("ABCDEF")
    assert AWAY not in page.url


def test_without_javascript_the_way_out_is_a_link(visit: NewPage) -> None:
    """And nothing is promised that needs JavaScript."""
    page = visit(java_script_enabled=False)
    asked = away(page)
    expect(page.get_by_text("Pressing Shift three times")).to_be_hidden()
    page.get_by_role("link", name="Exit this page").click()
    page.wait_for_url(AWAY)
    assert "referer" not in asked[0]


def test_the_receipt_is_copied_and_printed(visit: NewPage) -> None:
    """Copy puts it where it can be pasted; on paper stands the receipt, and no button."""
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    at_sent(page)
    shown = page.locator("#receipt").inner_text()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).to_have_text("The receipt is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == shown
    page.emulate_media(media="print")
    expect(page.locator("#receipt")).to_be_visible()
    for place in ("#exit", "#copy", "#print", ".foot"):
        expect(page.locator(place)).to_be_hidden()


def test_all_pages_share_one_address_and_back_shows_none_of_them(visit: NewPage) -> None:
    """Whoever looks at the history afterwards sees that somebody was here, and neither how far they went nor what they wrote."""
    page = visit(expected="ERR_CACHE_MISS")
    addresses = set()
    page.on("framenavigated", lambda frame: addresses.add(frame.url))
    at_sent(page)
    assert len(addresses) == 1 and next(iter(addresses)).endswith("/")
    with contextlib.suppress(Error):  # a form would have to be sent again, which is what stands there instead of the page
        page.go_back(timeout=5000)
    expect(page.get_by_text(WHAT)).to_have_count(0)


def test_no_storage_of_the_browser_holds_anything(visit: NewPage) -> None:
    """Neither cookies nor what pages can keep besides."""
    page = visit()
    at_sent(page)
    assert page.context.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases().then(d => d.length)") == 0
    assert page.evaluate("caches.keys().then(k => k.length)") == 0


def test_emergency_help_stands_on_the_first_screen(visit: NewPage) -> None:
    """Where words of danger were typed: 999 can be tapped at once, and the page is as usable as before."""
    page = visit()
    at_readers(page)
    press(page, "Yes, ")
    page.get_by_label("What has happened").fill("He said he is going to kill her, he has a knife")
    press(page, "Next")
    number = page.locator(".urgent a").first
    expect(number).to_be_in_viewport(ratio=1)
    assert number.get_attribute("href") == "tel:999"
    fits(page, "speakup-urgent")
