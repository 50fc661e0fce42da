"""Triage is one-sided: nothing that is said beside a worry takes it back, and the list of phrases needs no model."""

import copy
from dataclasses import replace

import numpy as np
import pytest
from encoded import KNOWLEDGE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.guide import Askwell
from bot.knowledge import Flow
from bot.load import ROOT
from bot.understand import features, tidy, triage
from bot.understand.corpus import triage_examples
from bot.understand.encoder import SIZE, MiniLM
from bot.understand.head import Head
from bot.understand.reading import Understanding, lexical
from bot.understand.triage import LABELS, RISK, Reader, Thresholds, Triage

LEXICAL = lexical(ROOT)
PHRASES = (
    ("danger", "he wants to kill himself"), ("danger", "she has taken an overdose"), ("danger", "he has a knife"),
    ("danger", "my dad isn't breathing"), ("danger", "they are in immediate danger"), ("danger", "she is going to die, she wants to die"),
    ("safeguarding", "she is being groomed"), ("safeguarding", "his mum hits him"), ("safeguarding", "she has been self-harming"),
    ("hate-crime", "it was racist abuse against our volunteer"), ("whistleblowing", "i want to blow the whistle"),
    ("whistleblowing", "they are covering it all up"),
)  # fmt: skip
OTHER = (("distress", "i can't cope any more"), ("harassment", "somebody is stalking me"))
EXAMPLES = sorted({text for text, _ in triage_examples(ROOT)} | {e for t in KNOWLEDGE.topics.values() for e in t.examples})
WORRIES = sorted(text for text, label in triage_examples(ROOT) if label in ("danger", "safeguarding", "whistleblowing"))
MESSAGES = st.lists(st.sampled_from(EXAMPLES), min_size=0, max_size=6)
SLOW = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CLEAR = 0.2  # how far beyond its threshold a reading of the encoder must be for a test to rest on it


def deaf() -> Head:
    """A head that reads nothing in anything, so that only the list counts."""
    labels = (*LABELS, "none")
    bias = np.array([0.0] * len(LABELS) + [20.0], dtype=np.float32)
    words = np.zeros((features.BUCKETS, len(labels)), dtype=np.float32)
    return Head(labels, np.zeros((len(labels), SIZE), dtype=np.float32), words, bias, np.ones(features.BUCKETS, dtype=np.float32), "")


DEAF = Reader(deaf(), deaf(), LEXICAL, Thresholds(), second=None)


@pytest.fixture(scope="session")
def list_only(askwell: Askwell) -> Understanding:
    """Understanding in which triage has nothing but the list."""
    made = copy.copy(askwell.understands)
    made.triage = DEAF
    return made


@pytest.fixture(scope="session")
def words_only(askwell: Askwell) -> Understanding:
    """Understanding without the encoder's vectors in triage, as where the model is missing."""
    made = copy.copy(askwell.understands)
    made.encoder = None
    made.triage = replace(made.triage, head=made.triage.words_head)
    return made


def seen(understands: Understanding, sentences: list[str]) -> Triage:
    """What triage finds in sentences, each on a line of its own."""
    clean = understands.tidy.repaired(tidy.plain("\n".join(sentences)))
    return understands.triage.read(features.message(clean, understands.encoder))


def placed(message: list[str], phrase: str, at: int) -> list[str]:
    """The message with the phrase before, between or after its sentences."""
    where = at % (len(message) + 1)
    return [*message[:where], phrase + ".", *message[where:]]


@pytest.mark.parametrize(("label", "phrase"), [*PHRASES, *OTHER])
def test_each_phrase_is_in_the_list_and_survives_the_repair_of_typos(list_only: Understanding, label: str, phrase: str) -> None:
    """By the list alone, without encoder, in capitals, and with typographic quotes."""
    for text in (phrase, phrase.upper(), phrase.replace("'", "’"), f"Hello. {phrase}. What about our logo?"):
        found = seen(list_only, [text])
        assert found.scores[label] == 1.0
        assert found.urgent == (label == "danger")
        assert (Flow.SAFEGUARDING in found.flows) == (label in RISK)
        assert (Flow.WHISTLEBLOWING in found.flows) == (label == "whistleblowing")
        assert found.own == (label in ("distress", "harassment"))


def test_the_list_is_silent_on_small_talk(list_only: Understanding) -> None:
    """A list that always rings would prove nothing here."""
    found = seen(list_only, ["Can I share our post on my own page?", "We had tea and cake."])
    assert (found.urgent, found.flows, found.own) == (False, frozenset(), False)


@SLOW
@given(MESSAGES, st.sampled_from(PHRASES), st.integers(0, 30))
def test_a_risk_phrase_anywhere_adds_and_never_removes(words_only: Understanding, message: list[str], phrase: tuple[str, str], at: int) -> None:
    """Before, between or after any sentences: what was found without it is still found, and so is the phrase."""
    before, alone, both = (seen(words_only, m) for m in (message, [phrase[1] + "."], placed(message, phrase[1], at)))
    assert both.flows >= before.flows | alone.flows
    assert both.urgent >= (before.urgent or alone.urgent)
    assert both.own >= before.own


@SLOW
@given(MESSAGES, st.sampled_from(PHRASES), st.integers(0, 30))
def test_with_the_encoder_too(askwell: Askwell, message: list[str], phrase: tuple[str, str], at: int) -> None:
    """What the encoder has clearly read, and what is in the list, no neighbour takes back."""
    understands = askwell.understands
    higher = Thresholds(*(getattr(Thresholds(), name) + CLEAR for name in Thresholds.__slots__))
    clear = triage.judged(seen(understands, message).scores, higher)
    alone, both = seen(understands, [phrase[1] + "."]), seen(understands, placed(message, phrase[1], at))
    assert both.flows >= clear.flows | seen_by_list(phrase).flows
    assert both.urgent >= (clear.urgent or seen_by_list(phrase).urgent)
    assert alone.flows >= seen_by_list(phrase).flows


@pytest.mark.whole
@settings(SLOW, max_examples=60)
@given(MESSAGES, st.sampled_from(WORRIES), st.integers(0, 30))
def test_no_worry_takes_back_another(askwell: Askwell, message: list[str], worry: str, at: int) -> None:
    """Nor does a worry that is on no list, though the second reader reads both together."""
    higher = Thresholds(*(getattr(Thresholds(), name) + CLEAR for name in Thresholds.__slots__))
    clear = triage.judged(seen(askwell.understands, message).scores, higher)
    both = seen(askwell.understands, placed(message, worry, at))
    assert both.flows >= clear.flows
    assert both.urgent >= clear.urgent


def seen_by_list(phrase: tuple[str, str]) -> Triage:
    """What the list alone finds in a phrase."""
    return DEAF.read(features.message(phrase[1], None))


def test_no_sentence_sees_another() -> None:
    """A sentence's vector is the same alone and in company, whatever was read before."""
    text = "he has taken tablets and it is goodbye."
    alone, _ = MiniLM().encode([text])
    company, _ = MiniLM().encode(["the weather is nice today.", text, "we went to the shop!!!"])
    assert float(np.abs(alone[0] - company[1]).max()) < 1e-3


@pytest.mark.parametrize(
    ("line", "following"),
    [("he is standing on the bridge", "can you help"), ("she's overdosed", "last year we met"), ("he wants to take his life", "story by sue")],
)
def test_the_next_line_does_not_hide_a_phrase(list_only: Understanding, line: str, following: str) -> None:
    """A line break ends a phrase as a full stop does."""
    assert seen(list_only, [line]).urgent
    assert seen(list_only, [line, following]).urgent


def test_a_phrase_at_the_cut_is_heard(list_only: Understanding) -> None:
    """Wherever in a long message it stands."""
    filler = "so we went on to talk of other things. " * 300
    for start in range(tidy.MOST_CHARACTERS - 20, tidy.MOST_CHARACTERS + 2):
        text = filler[: start - 1].rstrip().ljust(start - 1, "x") + " he will kill himself tonight"
        assert list_only.read(text, "sefton").triage.urgent, start


@pytest.mark.parametrize("sign", "\u200b\u200c\u200d\u2060\ufeff\u00ad\u202e\u2063\x00\x07")
def test_a_sign_that_nobody_sees_does_not_hide_a_phrase(list_only: Understanding, sign: str) -> None:
    """Zero-width blanks, soft hyphens, NUL and marks of direction are taken out before anything reads."""
    assert list_only.read(f"he will ki{sign}ll him{sign}self", "sefton").triage.urgent


@pytest.mark.parametrize("sign", "\u034f\ufe0f\u115f\u3164")
def test_other_signs_without_width_do_not_hide_a_phrase_either(list_only: Understanding, sign: str) -> None:
    """Variation selectors come with every second emoji; joiners and fillers can be pasted."""
    assert list_only.read(f"he will ki{sign}ll himself", "sefton").triage.urgent


@pytest.mark.parametrize("count", [0, 1, 2, 7, triage.MOST_PAIRED])
def test_groups_hold_every_sentence_and_every_pair(count: int) -> None:
    """Up to forty sentences, neighbours or not."""
    groups = set(triage.groups(count))
    assert groups == {(i,) for i in range(count)} | {(i, j) for i in range(count) for j in range(i + 1, count)}


def test_groups_of_very_long_messages_hold_sentences_and_near_pairs() -> None:
    """Beyond forty, each sentence, its neighbour and the next but one; the number of groups grows with the length only."""
    groups = set(triage.groups(500))
    assert all((i,) in groups for i in range(500)) and {(7, 8), (7, 9), (498, 499)} <= groups and len(groups) <= 1_500


SCORES = st.fixed_dictionaries({label: st.floats(0, 1) for label in (*LABELS, "risk")})


@settings(max_examples=300)
@given(SCORES, st.sampled_from((*LABELS, "risk")), st.floats(0, 1))
def test_a_higher_score_never_removes_anything(scores: dict[str, float], label: str, more: float) -> None:
    """Urgent, flows and own distress only ever grow with a score."""
    low = triage.judged(scores, Thresholds())
    high = triage.judged({**scores, label: max(scores[label], more)}, Thresholds())
    assert high.urgent >= low.urgent and high.flows >= low.flows and high.own >= low.own
    assert not high.urgent or Flow.SAFEGUARDING in high.flows


@pytest.mark.parametrize("label", LEXICAL)
@pytest.mark.parametrize("unit", ["a ", "he is going to ", "taken a ", "asked her ", "nudes of a "])
def test_patterns_finish_on_long_texts(label: str, unit: str) -> None:
    """A hundred thousand characters of what a pattern begins with: a pattern that is not linear would never end here."""
    assert LEXICAL[label].search(unit * (100_000 // len(unit))) is None
