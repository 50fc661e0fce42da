"""Words before they are understood: cleaned, parted into sentences, repaired; and passages found in a policy."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import passages
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.passages import Gap
from bot.understand import tidy
from bot.understand.facts import doer, number_of
from bot.understand.language import kind

SLOW = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PROSE = st.text(st.sampled_from("ab cZ1'é.!?;,\n\t\u00a0-") | st.characters(), max_size=900) | st.lists(
    st.text("abcdefg hij", max_size=400), max_size=5
).map(". ".join)  # fmt: skip
KNOWN = tidy.english()
POLICY = "1. Staff will not post.\n\n  • Volunteers may share.\n  • Directors decide. "


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("it’s “fine” – really", "it's \"fine\" - really"), ("ki\u200bll", "kill"), ("a\u00adb\ufeffc\x00d", "abcd"), ("\u202ehello", "hello"),
        ("ﬁle ① Ｆａｃｅｂｏｏｋ", "file 1 Facebook"), ("a \t\u00a0 b", "a b"), ("sooooooo!!!!!!", "sooo!!!"), ("  one\n two ", "one\n two"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_message_is_cleaned(raw: str, clean: str) -> None:
    """One kind of quote and blank, nothing invisible, no endless runs; lines stay lines."""
    assert tidy.plain(raw) == clean


@SLOW
@given(st.text())
def test_what_is_clean_holds_nothing_unseen(text: str) -> None:
    """No control or format characters, no blank but the plain one, no run of four."""
    clean = tidy.plain(text)
    assert not [c for c in clean if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cs")]
    assert {c for c in clean if c.isspace()} <= {" ", "\n"} and "  " not in clean
    assert not any(len(set(run)) == 1 and run[0] != "\n" for run in zip(clean, clean[1:], clean[2:], clean[3:], strict=False))


@SLOW
@given(PROSE)
def test_sentences_cover_all_words_in_order(text: str) -> None:
    """Nothing but blanks and the marks that end sentences is left out, nothing is read twice, and no sentence is endless."""
    spans = tidy.sentences(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    covered = {i for a, b in spans for i in range(a, b)}
    assert {c for i, c in enumerate(text) if i not in covered and not c.isspace()} <= set(".!?;")
    assert all(len(text[a:b].strip(" .!?;\n")) <= 240 for a, b in spans)


def test_sentences_end_at_marks_and_lines() -> None:
    """A full stop, a question mark, a semicolon or a line break ends one."""
    text = "Hello there. Can I post?\nmy mate said yes; I doubt it!! ok"
    assert [text[a:b].strip() for a, b in tidy.sentences(text)] == ["Hello there.", "Can I post?", "my mate said yes;", "I doubt it!!", "ok"]


@pytest.mark.parametrize(
    ("typo", "word"), [("volunter", "volunteer"), ("facebok", "facebook"), ("jounalist", "journalist"), ("safegaurding", "safeguarding")]
)
def test_a_typo_is_mended(askwell: Askwell, typo: str, word: str) -> None:
    """Towards words that our examples and the policies use."""
    assert askwell.understands.tidy.repaired(f"Is {typo.upper()} ok?") == f"is {word} ok?"


@pytest.mark.parametrize("word", ["volunteer", "facebook", "Healthwatch", "kettle", "don't", "goodbye", "overdose", "lass", "xq", "12"])
def test_a_known_word_is_left_alone(askwell: Askwell, word: str) -> None:
    """People's own words are not bent towards ours."""
    assert askwell.understands.tidy.repaired(word) == word.lower()


@SLOW
@given(st.data())
def test_no_known_word_is_ever_changed(askwell: Askwell, data: st.DataObject) -> None:
    """All eighty thousand of them."""
    repairer = askwell.understands.tidy
    words = data.draw(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=50))
    assert repairer.known.issuperset(words)
    assert repairer.repaired(" ".join(words)) == " ".join(words).lower()


@pytest.mark.parametrize(("words", "number"), [(" Twelve ", 12), ("12,500", 12_500), ("1.5k", 1_500), ("no", 0), ("", None), ("k", None)])
def test_numbers_as_people_write_them(words: str, number: float | None) -> None:
    """Digits, words, thousands; and nothing where there is none."""
    assert number_of(words) == number


@pytest.mark.parametrize(("words", "number"), [("a hundred", 100), ("a thousand", 1_000), ("nan", None), ("infinity", None)])
def test_more_numbers(words: str, number: float | None) -> None:
    """Round numbers in words count; what is no number does not."""
    assert number_of(words) == number


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("One of our trustees has tweeted about it", "director"), ("My colleague posted it, then a volunteer has shared it", "staff"),
        ("Can I add a volunteer?", None), ("I posted it", None), ("", None),
    ],
)  # fmt: skip
def test_whose_deed_it_is(text: str, who: str | None) -> None:
    """Somebody else who acts is the doer, the first who is named; whoever is only spoken of is not."""
    assert doer(text) == who


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("Je ne sais pas si je peux publier une photo", True), ("Nie wiem, czy moge to zrobić", True), ("можно ли мне", True),
        ("هل يمكنني إضافة متطوع", True), ("Can I add a volunteer?", False), ("cn i ad a volunter on fb pls", False), ("Café Zoë", False), ("", False),
    ],
)  # fmt: skip
def test_other_languages_are_noticed(askwell: Askwell, text: str, foreign: bool) -> None:
    """Another script, or words of another language; bad spelling and names are English."""
    assert kind(tidy.plain(text), askwell.understands.tidy.known).foreign == foreign


@pytest.mark.parametrize("text", ["Czy mogę dodać wolontariusza do znajomych?", "¿Puedo añadir a un voluntario?", "Posso adicionar um voluntário?"])
def test_plain_questions_in_other_languages_are_noticed(askwell: Askwell, text: str) -> None:
    """“Can I add a volunteer?”, as it would be asked."""
    assert kind(tidy.plain(text), askwell.understands.tidy.known).foreign


def test_pieces_are_cut_out_as_they_stand() -> None:
    """White space may differ, bullets may stand between; what is shown is the policy's own text."""
    found = passages.locate(POLICY, ["1. Staff  will not\npost.", "Volunteers may share.", "Directors decide."])
    assert found.gaps == ()
    assert [POLICY[a:b] for a, b in (s for s in found.spans if s)] == ["1. Staff will not post.", "Volunteers may share.", "Directors decide."]


@pytest.mark.parametrize(
    ("pieces", "gaps", "lost"),
    [
        (["1. Staff will not post.", "Directors decide."], (Gap(1, "Volunteers may share. • ", "Directors decide."),), []),
        (["1. Staff will now post.", "Volunteers may share.", "Directors decide."],
         (Gap(0, "1. Staff will not post. • Volunteers may share. • Directors decide. ", "1. Staff will now post."),
          Gap(1, "1. Staff will not post. • ", "Volunteers may share.")), [0]),
        (["1. Staff will not post.", "Volunteers may share."], (Gap(2, "Directors decide. ", "the end of the policy"),), []),
        (["Volunteers may share.", "1. Staff will not post.", "Directors decide."], (Gap(0, "1. Staff will not post. • ", "Volunteers may share."),
         Gap(1, "Directors decide. ", "1. Staff will not post.")), [1]),
    ],
    ids=["left out", "changed", "the end is missing", "order"],
)  # fmt: skip
def test_a_gap_says_what_stands_where_what_was_expected(pieces: list[str], gaps: tuple[Gap, ...], lost: list[int]) -> None:
    """Left out, changed, cut short or in another order: each is found, with both texts."""
    found = passages.locate(POLICY, pieces)
    assert found.gaps == gaps
    assert [i for i, span in enumerate(found.spans) if span is None] == lost


def test_one_changed_letter_of_a_real_policy_leaves_a_gap(knowledge: Knowledge) -> None:
    """Every fifth clause of every policy, with its last letter changed."""
    for organisation in knowledge.organisations.values():
        says = [c.text for c in sorted(organisation.clauses.values(), key=lambda c: c.start)]
        assert passages.locate(organisation.policy.text, says).gaps == ()
        for i in range(0, len(says), 5):
            changed = [*says[:i], says[i][:-1] + "¤", *says[i + 1 :]]
            assert passages.locate(organisation.policy.text, changed).gaps[0].index == i
