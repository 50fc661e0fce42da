"""Receipts contain what was decided on, and notice a slip of the pen."""

import pytest
from encoded import KNOWLEDGE
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import receipt
from bot.receipt import BadReceiptError, Receipt


@st.composite
def receipts(draw: st.DrawFn) -> Receipt:
    """Any receipt that this knowledge can give."""
    topic = draw(st.sampled_from(sorted(KNOWLEDGE.topics)))
    facts = {}
    for name in KNOWLEDGE.topics[topic].facts:
        fact = KNOWLEDGE.facts[name]
        value = draw(st.none() | (st.integers(0, 4000).map(str) if fact.unit else st.sampled_from([v.id for v in fact.values])))
        if value is not None:
            facts[name] = value
    organisation = draw(st.sampled_from(sorted(KNOWLEDGE.organisations)))
    return Receipt(organisation, draw(st.sampled_from(["staff", "manager", "volunteer", "director"])), topic, facts)


@settings(max_examples=300, deadline=None)
@given(receipts())
def test_what_is_packed_is_unpacked(given_receipt: Receipt) -> None:
    """Nothing is lost, whatever the topic and the facts."""
    assert receipt.unpack(KNOWLEDGE, receipt.pack(KNOWLEDGE, given_receipt)) == given_receipt


@settings(max_examples=100, deadline=None)
@given(receipts(), st.data())
def test_one_wrong_letter_is_noticed(given_receipt: Receipt, data: st.DataObject) -> None:
    """A mistyped letter fails the check (a thousand to one, so a rare accident is tolerated by drawing another)."""
    code = receipt.pack(KNOWLEDGE, given_receipt).replace("-", "")
    at = data.draw(st.integers(len(code) - 6, len(code) - 1))
    other = data.draw(st.sampled_from("23456789ABCDEFGH").filter(lambda c: c != code[at]))
    wrong = code[:at] + other + code[at + 1 :]
    try:
        assert receipt.unpack(KNOWLEDGE, wrong) != given_receipt
    except BadReceiptError:
        return


def test_a_receipt_of_another_version_says_so() -> None:
    """Replaying against other knowledge is refused, never guessed."""
    code = receipt.pack(KNOWLEDGE, Receipt("sefton", "staff", "friend-request", {"who": "volunteer"}))
    assert receipt.version_of(code) == receipt.version_number(KNOWLEDGE.version)


@pytest.mark.parametrize("code", ["", "hello", "!!!!-0000", "0000-0000-0001"])
def test_what_is_no_receipt_is_refused_in_words(code: str) -> None:
    """Garbage gives a sentence, not a traceback."""
    with pytest.raises(BadReceiptError, match=r"letters|digits|version"):
        receipt.unpack(KNOWLEDGE, code)
