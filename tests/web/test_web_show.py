"""Words made into what a page shows: numbers, addresses and pages as links, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from adapters.web import show
from bot import words
from bot.answer import Answer, Quote
from bot.knowledge import Knowledge, Verdict
from bot.messages import Reply
from bot.session import Gap, Session
from bot.store.conversations import Exchange

ANSWER = Answer(Verdict.NOT_ALLOWED, "friend-request", headline="No.")


@pytest.mark.parametrize(("text", "link"), [
    ("ring 999 first", '<a href="tel:999">999</a>'),
    ("(101)", '(<a href="tel:101">101</a>)'),
    ("Childline: 0800 1111, free", '<a href="tel:08001111">0800 1111</a>'),
    ("call 020 3117 2520.", '<a href="tel:02031172520">020 3117 2520</a>.'),
    ("Samaritans: 116 123", '<a href="tel:116123">116 123</a>'),
    ("write to help@nspcc.org.uk.", '<a href="mailto:help@nspcc.org.uk">help@nspcc.org.uk</a>.'),
    ("(gov.uk/report-child-abuse)", '<a href="https://www.gov.uk/report-child-abuse">gov.uk/report-child-abuse</a>'),
    ("see https://www.ceop.police.uk.", '<a href="https://www.ceop.police.uk">https://www.ceop.police.uk</a>.'),
])  # fmt: skip
def test_numbers_and_addresses_become_links(text: str, link: str) -> None:
    """They dial, write, or lead there; the point at the end of a sentence stays outside."""
    assert link in show.linked(text)


@pytest.mark.parametrize(
    "text", ["your organisation", "2.4 HWD staff", "in 1999 or 9990", "13 years", "press 55", "18000", "5 & 6 < 7", "organ.", "e.g. us"]
)
def test_other_words_stay_as_they_are(text: str) -> None:
    """Nothing is a link that only looks a little like one."""
    assert "<a" not in show.linked(text)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_becomes_markup(text: str) -> None:
    """Without its links a text is what it was, escaped."""
    made = show.linked(text)
    assert made.striptags().split() == Markup.escape(text).striptags().split()
    assert made.count("<") == 2 * made.count("<a href=")


def test_every_fixed_sentence_with_a_number_to_ring_has_its_link() -> None:
    """No emergency number in our own sentences is left for the reader to type."""
    for sentence in (words.EMERGENCY, words.EMERGENCY_MORE, words.SAFEGUARDING_OUTSIDE, words.OWN_LINES, words.UNDER_18):
        assert "tel:" in show.linked(sentence), sentence


def test_every_signposts_number_can_be_dialled(knowledge: Knowledge) -> None:
    """Digits are all that is left of it."""
    numbers = [s.phone for s in knowledge.signposts if s.phone]
    assert numbers and all(show.tel(n).removeprefix("tel:").isdigit() for n in numbers)


def latest(session: Session, reply: Reply) -> show.Turn:
    """The turn that a session ends with."""
    return show.turns([Exchange(1, "a", Reply()), Exchange(session.number, "b", reply)], session)[-1]


def test_only_the_latest_turn_can_be_answered() -> None:
    """Earlier turns have no buttons, whatever they offered."""
    asking = Reply(answers=(ANSWER,))
    earlier, last = show.turns([Exchange(1, "a", asking), Exchange(2, "b", asking)], Session(number=2))
    assert last.latest and last.right and not earlier.latest and not earlier.right and earlier.choices == ()


def test_what_became_of_was_this_right() -> None:
    """Thanks after a yes; regret and the offer after a no; the offer of a silent policy stays until it is answered."""
    reply, gap = Reply(answers=(ANSWER,)), Gap("May I?", "friend-request")
    assert latest(Session(2, gap=gap), reply).after == ""
    right = latest(Session(2, judged=2), reply)
    assert (right.after, right.right, right.offered) == (words.THANKS, False, "")
    wrong = latest(Session(2, judged=2, gap=gap), reply)
    assert (wrong.after, wrong.offered) == (words.SORRY_WRONG, "May I?")
    silent = latest(Session(2, judged=2, gap=gap), Reply(answers=(ANSWER,), offer="May I?"))
    assert (silent.after, silent.offered) == (words.THANKS, "May I?")
    assert latest(Session(2), Reply(answers=(ANSWER,), offer="May I?")).offered == ""


def test_a_turn_that_cannot_be_read_any_more_is_still_shown() -> None:
    """It has a name, and nothing to press."""
    turn = show.turns([Exchange(3, "b", None)], Session(number=3))[0]
    assert turn.name == "Askwell" and turn.choices == () and not turn.right


def test_passages_that_only_go_along_are_named_once_a_section() -> None:
    """The deciding ones stand whole."""
    quotes = tuple(Quote("P", section, clause, "x", leads) for section, clause, leads in (("1", "a", True), ("2", "b", False), ("2", "c", False)))
    whole, others = show.shown(Answer(Verdict.INFO, None, quotes=quotes))
    assert [q.clause for q in whole] == ["a"] and [q.clause for q in others] == ["b"]


def test_the_heading_of_quotes_stands_apart_from_what_is_said_about_them() -> None:
    """An analogy is a sentence before the heading; a closest passage has a heading of its own."""
    quotes, named = (Quote("P", "1", "a", "x"),), words.FROM_POLICY.format(policy="P")
    assert show.introduced(Answer(Verdict.INFO, None, quotes=quotes)) == ("", named)
    assert show.introduced(Answer(Verdict.INFO, None, quotes=quotes, quotes_intro=f"By analogy: so. {named}")) == ("By analogy: so.", named)
    assert show.introduced(Answer(Verdict.INFO, None, quotes=quotes, quotes_intro=words.CLOSEST)) == ("", words.CLOSEST)
