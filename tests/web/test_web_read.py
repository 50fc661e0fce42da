"""The pages to read: policies word for word, one question under every policy, and what is kept."""

import re

import pytest
from web_stand import Browser, Page, Stand, stand

from adapters.web import reader
from bot import words
from bot.compare import Relation, compare
from bot.guide import Askwell
from bot.knowledge import Knowledge, Verdict
from bot.store import retention

ORGANISATIONS = ("cambspboro", "derbyshire", "rutland", "sefton", "warrington")
FRIENDS = "Can I be Facebook friends with a volunteer?"
DANGER = "he has taken tablets and says it is goodbye"


@pytest.fixture(scope="module")
def page(askwell: Askwell) -> Stand:
    """The page."""
    return stand(askwell)


@pytest.fixture
def browser(page: Stand) -> Browser:
    """Somebody who has not said who they are."""
    return page.browser()


def bare(text: str) -> str:
    """Words without what a layout may change: white space, bullets, the marks of links."""
    return re.sub(r"[\s§·•-]", "", text)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_the_reader_shows_the_policy_word_for_word(browser: Browser, knowledge: Knowledge, organisation: str) -> None:
    """All that stands in the text stands on the page, in its order, and nothing else but headings that are marked as ours."""
    html = browser.open(f"/policy/{organisation}").part('<article id="page-text"').split("</article>")[0]
    html = re.sub(r'<h2 class="ours">.*?</h2>', "", html)
    assert bare(Page(html).text) == bare(knowledge.organisations[organisation].policy.text)


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_each_passage_has_one_address(browser: Browser, knowledge: Knowledge, organisation: str) -> None:
    """Every clause can be linked to, no id stands twice, and each has its own link."""
    shown = browser.open(f"/policy/{organisation}")
    clauses = list(knowledge.organisations[organisation].clauses)
    assert len(shown.ids) == len(set(shown.ids))
    assert set(clauses) <= set(shown.ids) and {f"#{c}" for c in clauses} <= set(shown.links)


def test_a_policy_says_whose_and_how_old_it_is(browser: Browser, knowledge: Knowledge) -> None:
    """Title, owner, dates, source, age and whose reading it is."""
    shown = browser.open("/policy/derbyshire").text
    policy = knowledge.organisations["derbyshire"].policy
    assert all(part in shown for part in (policy.title, policy.owner, policy.source, "9 October 2017", "9 August 2021", "31 August 2023"))
    assert words.DRAFT.format(name="Healthwatch Derbyshire") in shown and "was due for review in August 2023" in shown
    assert "was dissolved on 1 July 2022" in browser.open("/policy/warrington").text


def test_lists_headings_and_paragraphs_are_as_in_the_text(knowledge: Knowledge) -> None:
    """A heading of the policy heads its section; bullets make a list; sentences that follow each other stay together."""
    sections = reader.sections(knowledge.organisations["derbyshire"])
    second = next(s for s in sections if s.title.startswith("2. "))
    assert [b.kind for b in second.blocks] == ["heading", "list"] and not second.name and second.blocks[1].numbered
    together = next(item for item in second.blocks[1].items if item[0].id == "2.4")
    assert len(together) == 2, "the second sentence of 2.4 stands in the same item"


def test_a_section_without_a_heading_gets_one_that_is_marked_as_ours(browser: Browser) -> None:
    """The names that answers give stand in the reader too."""
    assert '<h2 class="ours">Limits of use: Telling the manager, and the media</h2>' in browser.open("/policy/sefton").html


def test_all_policies_are_listed_and_an_unknown_one_is_said_kindly(browser: Browser) -> None:
    """The list leads to each; a wrong address leads back."""
    assert {f"/policy/{o}" for o in ORGANISATIONS} <= set(browser.open("/policy").links)
    assert "There is no such page" in browser.open("/policy/atlantis").text and browser.status == 404


def test_every_quote_of_an_answer_leads_to_a_passage(page: Stand) -> None:
    """Links out of answers and comparisons end at an id that exists."""
    browser = page.browser()
    browser.begin("warrington")
    browser.say("Can I comment on work on my own page?")
    links = {link for link in browser.page.links if "#" in link and link.startswith("/policy/")}
    links |= {link for link in browser.send("/compare", {"q": FRIENDS}).links if "#" in link and link.startswith("/policy/")}
    assert len(links) > 3
    for link in links:
        path, _, clause = link.partition("#")
        assert clause in browser.open(path).ids, link


def test_one_question_stands_under_every_policy(browser: Browser, askwell: Askwell) -> None:
    """All five, each with its verdict, its words and how it stands to one's own, which comes first."""
    browser.begin("sefton", "staff")
    shown = browser.send("/compare", {"q": FRIENDS, "role": "staff"})
    found = compare(askwell, FRIENDS, "staff", "sefton")
    assert found and found.rows[0].organisation.id == "sefton" and len(found.rows) == 5
    for row in found.rows:
        assert row.organisation.name in shown.text and row.answer.headline in shown.text and row.answer.say[0] in shown.text
        assert row.relation is None or f"{row.relation}" in shown.text
    assert "Any contact between Healthwatch Sefton staff and volunteers/members" in shown.text


def test_a_comparison_says_how_policies_stand_to_each_other(askwell: Askwell) -> None:
    """Silent is not strict, the same is the same, and a yes beside a no is less strict."""
    found = compare(askwell, FRIENDS, "staff", "sefton")
    assert found
    by = {row.organisation.id: row for row in found.rows}
    assert by["derbyshire"].answer.verdict == by["sefton"].answer.verdict == Verdict.NOT_ALLOWED
    assert by["derbyshire"].relation == Relation.SAME and by["warrington"].relation == Relation.LOOSER
    assert by["rutland"].relation == Relation.SILENT and by["sefton"].relation is None
    beside = compare(askwell, FRIENDS, "staff", "rutland")
    assert beside and {r.relation for r in beside.rows} == {None, Relation.DIFFERENT, Relation.BOTH_SILENT}


def test_a_link_may_carry_the_question_but_the_form_does_not(browser: Browser) -> None:
    """`/compare?q=…` is answered; the form posts, so that no address, history or log holds what somebody asked."""
    assert "Healthwatch Sefton" in browser.open("/compare?q=Can+I+add+a+volunteer%3F&role=volunteer").text
    assert 'method="post" action="/compare"' in browser.page.html


def test_comparing_leaves_no_trace(page: Stand) -> None:
    """No row is written anywhere."""
    browser = page.browser()
    browser.begin()
    before = page.rows()
    browser.send("/compare", {"q": FRIENDS})
    browser.open("/compare?q=Can+I+post+photos")
    browser.open("/policy/sefton")
    assert page.rows() == before


def test_danger_comes_first_in_a_comparison_too(browser: Browser) -> None:
    """999 above the table, and the way to people and numbers."""
    shown = browser.send("/compare", {"q": DANGER}).part('id="found"')
    assert shown.index('href="tel:999"') < shown.index('class="beside"') and "ask in the conversation" in shown


@pytest.mark.parametrize("question", ["", "?!", "what's the weather like"])
def test_what_cannot_be_compared_is_said_so(browser: Browser, question: str) -> None:
    """The page says what to do, and marks the field."""
    shown = browser.send("/compare", {"q": question})
    assert words.UNCLEAR in shown.text and 'aria-invalid="true"' in shown.html


def test_markup_in_a_compared_question_stays_text(browser: Browser) -> None:
    """It is shown again as it was typed."""
    assert "</textarea><script>" not in browser.send("/compare", {"q": "</textarea><script>alert(1)</script> photo"}).html


def test_the_privacy_page_is_true_to_what_is_deleted(browser: Browser) -> None:
    """The times on the page are those of the purge."""
    shown = browser.open("/privacy").text
    assert retention.IDLE == 24 * 3600 and "after 24 hours without a word" in shown
    assert 365 <= retention.YEAR / 86_400 <= 366 and "deleted after a year" in shown
