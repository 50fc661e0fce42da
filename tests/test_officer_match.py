"""A new text held beside the old pieces: what stays is found again however it was laid out, and the rest is told apart."""

import re
import textwrap

import officer_copy
import pytest

from bot import passages
from bot.knowledge import Knowledge
from bot.officer.match import Matched, match
from bot.officer.tokens import clean

ORGANISATIONS = officer_copy.ORGANISATIONS
SMALL = (
    "1. Posts\n\n- 1.1 Staff must ask before they post a photo.\n- 1.2 Volunteers may share our news. They must be kind.\n\n"
    "2. Logins\n\nNever share a password."
)
PIECES = ("1. Posts", "1.1 Staff must ask before they post a photo.", "1.2 Volunteers may share our news. They must be kind.", "2. Logins",
          "Never share a password.")  # fmt: skip


def pieces(knowledge: Knowledge, organisation: str) -> list[str]:
    """The pieces as they are encoded."""
    return [" ".join(c.text.split()) for c in knowledge.organisations[organisation].clauses.values()]


def old_of(matched: Matched) -> list[int | None]:
    """Which old piece each new one continues."""
    return [p.old for p in matched.pieces]


def covers(text: str, matched: Matched) -> bool:
    """Whether the pieces, with only white space and bullets between them, are the text."""
    return not passages.locate(text, [p.text for p in matched.pieces]).gaps


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_the_same_text_is_found_again_whole(knowledge: Knowledge, organisation: str) -> None:
    """Every piece is itself, in order."""
    old = pieces(knowledge, organisation)
    matched = match(old, clean(officer_copy.text(organisation)))
    assert old_of(matched) == list(range(len(old))) and not matched.gone
    assert [" ".join(p.text.split()) for p in matched.pieces] == old


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_wrapped_lines_change_nothing(knowledge: Knowledge, organisation: str) -> None:
    """A word processor that breaks lines at 72 characters changes no sentence."""
    old = pieces(knowledge, organisation)
    lines = clean(officer_copy.text(organisation)).split("\n")
    text = "\n".join("\n".join(textwrap.wrap(line, 72)) if line.strip() else line for line in lines)
    matched = match(old, text)
    same = sum(p.old is not None and " ".join(p.text.split()) == old[p.old] for p in matched.pieces)
    assert covers(text, matched) and same >= len(old) - 2  # a line that ends in a heading's first words may hide a border


def test_moved_paragraphs_keep_what_they_are() -> None:
    """Two sections change places: every piece is still found, and the shorter one is said to have moved."""
    head, logins = SMALL.split("\n\n2. Logins")
    matched = match(PIECES, f"2. Logins{logins}\n\n{head}")
    assert old_of(matched) == [3, 4, 0, 1, 2] and not matched.gone
    assert [p.old for p in matched.pieces if p.moved] == [3, 4]


def test_other_numbers_change_no_sentence() -> None:
    """1.1 becomes 3.1, and is the same sentence."""
    matched = match(PIECES, SMALL.replace("1.1", "3.1").replace("1.2", "3.2").replace("1. ", "3. "))
    assert old_of(matched) == [0, 1, 2, 3, 4]
    assert [p.text for p in matched.pieces][1] == "3.1 Staff must ask before they post a photo."


def test_a_number_inside_a_sentence_is_a_word() -> None:
    """24 hours are not 48 hours: such a sentence has changed."""
    (piece,) = match(["24 hours are enough for an answer."], "48 hours are enough for an answer.").pieces
    assert piece.old == 0 and piece.text.startswith("48")


def test_changed_new_and_gone_sentences_are_told_apart() -> None:
    """Where one sentence stood between the same neighbours, the one that is most like it continues it."""
    text = officer_copy.swapped(
        SMALL, ("Staff must ask before they post a photo.", "Staff must ask everybody before they post a photo or a film."),
        ("2. Logins", "- 1.3 No emojis.\n\n2. Logins"), ("Never share a password.", "Lock your screen at lunch."),
    )  # fmt: skip
    matched = match(PIECES, text)
    assert old_of(matched) == [0, 1, 2, None, 3, None] and matched.gone == (4,)
    assert covers(text, matched)


def test_the_beginning_of_a_longer_sentence_is_not_the_old_one() -> None:
    """“… may share our news” is another sentence once “with friends only” follows."""
    (piece,) = match(["Volunteers may share our news"], "Volunteers may share our news with friends only").pieces
    assert piece.old == 0 and piece.text.endswith("friends only")


def test_short_headings_are_not_found_inside_sentences() -> None:
    """“Scope” is a heading where it stands alone."""
    matched = match(["Scope", "The scope of this policy is wide."], "The scope of this policy is wide.\n\nScope\n")
    assert old_of(matched) == [1, 0]


def test_headings_stand_alone() -> None:
    """A short line between blank lines, or a numbered one, is taken for a heading; a list item is not."""
    found = {p.text: p.heading for p in match([], f"{SMALL}\n\nUnacceptable behaviour\n\n- lewd jokes\n\nDo not do that.").pieces}
    assert {t for t, heading in found.items() if heading} == {"1. Posts", "2. Logins", "Unacceptable behaviour"}


@pytest.mark.parametrize("organisation", ORGANISATIONS)
def test_a_text_cut_by_itself_is_covered_whole(organisation: str) -> None:
    """Without any old pieces the sentences, items and headings are still the text."""
    text = clean(officer_copy.text(organisation))
    matched = match([], text)
    assert covers(text, matched)
    assert max(len(re.findall(r"[.!?] [A-Z]", p.text)) for p in matched.pieces) <= 2


def test_another_document_is_mostly_new(knowledge: Knowledge) -> None:
    """Held beside another policy's text, hardly a piece is found."""
    old = pieces(knowledge, "derbyshire")
    assert len(match(old, clean(officer_copy.text("rutland"))).gone) > 0.9 * len(old)
