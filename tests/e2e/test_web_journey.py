"""Whole journeys on the page in a real browser: with a mouse, with the keyboard alone, and without JavaScript."""

import pytest
from playwright.sync_api import Page, Route, expect

from bot import words
from e2e.conftest import ask, begin
from e2e.serving import NewPage

FRIENDS = "Can I accept a friend request?"
RULE = "HWD staff will not add any current volunteer(s)"


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_ask_clarify_and_read_the_passage_in_the_policy(new_page: NewPage, scripts: bool) -> None:
    """Question, one press, verdict with its quote; the quote opens the policy at the passage, marked."""
    page = new_page(java_script_enabled=scripts)
    begin(page)
    ask(page, FRIENDS)
    page.get_by_role("button", name="A volunteer – Who is the other person?").click()
    answer = page.locator("#turn-2")
    expect(answer.get_by_role("heading", name="No.", exact=True)).to_be_visible()
    expect(answer.locator("blockquote")).to_contain_text(RULE)
    answer.get_by_role("link", name="Read it in the policy: 2 Directors and staff").click()
    marked(page, "2.4")
    page.get_by_role("link", name="Back to your conversation").click()
    expect(page.locator("#turn-2")).to_contain_text(RULE)


def marked(page: Page, clause: str) -> None:
    """The policy is open at this passage: it is on the screen, it looks unlike the others, and says so in words."""
    page.wait_for_url(f"**/policy/derbyshire#{clause}")
    passage = page.locator(f"[id='{clause}']")
    expect(passage).to_be_in_viewport()
    looks = "e => [getComputedStyle(e.querySelector('.words')).backgroundColor, getComputedStyle(e, '::before').content]"
    colour, says = passage.evaluate(looks)
    plain, nothing = page.locator("[id='2.5']").evaluate(looks)
    assert colour != plain and "This passage" in says and "This passage" not in nothing


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_say_that_an_answer_was_wrong_and_pass_the_question_on(new_page: NewPage, scripts: bool) -> None:
    """No, a reason, sorry, and only then the offer; a yes to it is thanked for, and the conversation can be forgotten."""
    page = new_page(java_script_enabled=scripts)
    begin(page, "Healthwatch Sefton")
    ask(page, "A journalist has messaged me. What do I do?")
    page.get_by_text("No", exact=True).click()
    page.get_by_label(words.WHAT_WAS_WRONG).fill("They are from a <blog>")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text(words.SORRY_WRONG)).to_be_visible()
    page.get_by_role("button", name=f"{words.OFFER_YES} –").click()
    expect(page.locator("#note")).to_have_text(words.PASSED_ON)
    expect(page.get_by_role("button", name=words.OFFER_YES)).to_have_count(0)
    page.get_by_role("button", name="End and forget this conversation").click()
    expect(page.locator("#note")).to_have_text(words.STARTED_AGAIN)
    expect(page.locator("article.turn")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_compare_one_question_under_every_policy(new_page: NewPage, scripts: bool) -> None:
    """Five organisations, each with verdict and quote, and a way into each policy."""
    page = new_page(java_script_enabled=scripts)
    page.goto("/compare")
    page.get_by_label("Your question").fill("Can I be Facebook friends with a volunteer?")
    page.get_by_label("Asked as").select_option("Volunteer")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("#found article")).to_have_count(5)
    assert "friends" not in page.url, "what was asked stands in no address"
    expect(page.get_by_label("Asked as")).to_have_value("volunteer")
    page.locator("#found figcaption a").first.click()
    page.wait_for_url("**/policy/*#*")


def test_without_javascript_the_page_comes_back_at_the_answer(new_page: NewPage) -> None:
    """After a form the browser stands at the new turn, and Tab goes on from there."""
    page = new_page(width=390, height=844, java_script_enabled=False)
    begin(page)
    for question in ("A journalist has messaged me", "Can I use our logo on my own page?"):
        ask(page, question)
    assert page.url.endswith("/#turn-2")
    expect(page.locator("#turn-2 .verdict")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.locator("#turn-2 a, #turn-2 button").first.evaluate("e => e === document.activeElement")


def test_with_javascript_the_page_stays_and_only_what_is_new_is_added(new_page: NewPage) -> None:
    """Nothing is loaded anew, earlier turns stay the same elements (so that nobody hears them again), and lose their buttons."""
    page = new_page()
    begin(page)
    ask(page, FRIENDS)
    page.evaluate("document.querySelector('#turn-1').kept = window.kept = true")
    expect(page.locator("#question")).to_be_focused()
    page.get_by_role("button", name="A colleague –").click()
    expect(page.locator("#turn-2")).to_be_focused()
    assert page.evaluate("window.kept && document.querySelector('#turn-1').kept") is True
    expect(page.locator("#turn-1 button")).to_have_count(0)
    assert page.locator("#log").get_attribute("aria-busy") == "false"
    expect(page).not_to_have_title("Ask – HWD · Askwell")


def test_enter_sends_and_shift_enter_does_not(new_page: NewPage) -> None:
    """As people know it from every chat."""
    page = new_page()
    begin(page)
    question = page.locator("#question")
    question.press_sequentially("Can I share")
    question.press("Shift+Enter")
    question.press_sequentially("our post on my page?")
    question.press("Enter")
    expect(page.locator("#turn-1 .said")).to_contain_text("Can I share\nour post on my page?")
    expect(question).to_have_value("")


def test_an_empty_question_is_announced_and_nothing_is_lost(new_page: NewPage) -> None:
    """White space alone: the note says what to do, and is where the focus goes."""
    page = new_page()
    begin(page)
    page.locator("#question").fill("   ")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("#note")).to_have_text(words.EMPTY)
    expect(page.locator("#note")).to_be_focused()
    expect(page).to_have_title("Please look – HWD · Askwell")


def test_a_failing_connection_falls_back_to_the_plain_form(new_page: NewPage) -> None:
    """The same form is sent the plain way; it counts once."""
    page = new_page(expected="ERR_FAILED")
    begin(page)

    def broken(route: Route) -> None:
        if route.request.resource_type == "fetch":
            route.fetch()  # it arrives, but the browser never hears of it
            route.abort()
        else:
            route.continue_()

    page.route("**/say", broken)
    page.locator("#question").fill("A journalist has messaged me")
    with page.expect_navigation():
        page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("article.turn")).to_have_count(1)


def test_the_whole_journey_with_the_keyboard_alone(new_page: NewPage) -> None:
    """From the picker to the passage and back, and a judgement, without touching a mouse; the focus can always be seen."""
    page = new_page()
    page.goto("/")
    tab_to(page, "Healthwatch Cambridgeshire and Peterborough")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Staff")
    page.keyboard.press("Space")
    tab_to(page, "Start")
    page.keyboard.press("Enter")
    page.locator("#question").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert named(page) == "Skip to your question"
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(FRIENDS)
    page.keyboard.press("Enter")
    page.locator("#turn-1").wait_for()
    tab_to(page, "A volunteer – Who is the other person?", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#turn-2")).to_be_focused()
    tab_to(page, "2 Directors and staff")
    page.keyboard.press("Enter")
    marked(page, "2.4")
    tab_to(page, "Ask", "Shift+Tab")
    page.keyboard.press("Enter")
    page.locator("#turn-2").wait_for()
    tab_to(page, "Yes, this was right")
    page.keyboard.press("Space")
    expect(page.get_by_text(words.THANKS)).to_be_visible()


NAME = "() => { const e = document.activeElement; return (e.labels?.[0] ?? e).ariaLabel || (e.labels?.[0] ?? e).innerText || '' }"
SEEN = """() => {
  const e = document.activeElement, s = getComputedStyle(e.closest('.pick') ?? e), b = e.getBoundingClientRect();
  const at = document.elementFromPoint(b.x + b.width / 2, b.y + Math.min(b.height, innerHeight) / 2);
  const ringed = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2;
  return ringed && b.bottom > 0 && b.top < innerHeight && (e.contains(at) || at?.contains(e) || !!at?.closest('label'));
}"""


def named(page: Page) -> str:
    """The accessible name of what has the focus, near enough."""
    return " ".join(str(page.evaluate(NAME)).split())


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until something of this name has the focus; each stop on the way can be seen."""
    for _ in range(60):
        page.keyboard.press(key)
        assert page.evaluate(SEEN), f"the focus on “{named(page)}” cannot be seen"
        if name in named(page):
            return
    raise AssertionError(f"Tab never came to “{name}”")
