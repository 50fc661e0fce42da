"""What a person reads: a first screen that fits a phone, nothing said twice, and the law and outside help only where they help."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import by_hand
import pytest

from bot import render, words
from bot.answer import MANY, MOST_ALSO, Answer
from bot.choose import candidate
from bot.guide import Askwell
from bot.interpret import Act, Said
from bot.knowledge import Flow, Verdict
from bot.messages import Reply
from bot.screen import MOST_WORDS, danger_once, first_screen, sentences
from bot.understand.triage import Triage

ROLES = ("staff", "volunteer", "director")
NUMBER = re.compile(r"(?<![\d.])(?:0\d[\d ]{7,}\d|116 123|999|101|111|85258|18000)(?!\d)")
TRIAGES = (
    by_hand.CALM, by_hand.found(Flow.SAFEGUARDING), by_hand.found(Flow.SAFEGUARDING, urgent=True), by_hand.found(Flow.WHISTLEBLOWING),
    by_hand.found(own=True),
)  # fmt: skip


def replies(askwell: Askwell, triage: Triage = by_hand.CALM) -> Iterator[tuple[tuple[str, str, str], Reply]]:
    """The answer to every topic of every policy for every role, to people who know the answer to no question back."""
    for organisation in askwell.knowledge.organisations:
        for topic in askwell.knowledge.topics:
            for role in ROLES:
                done = by_hand.taken(askwell, organisation, topic, role, triage)
                while done.reply.question:
                    done = by_hand.answered(askwell, done, topic, Said(Act.UNKNOWN))
                yield (organisation, topic, role), done.reply


def told(askwell: Askwell, organisation: str, topic: str, said: str, role: str = "staff") -> Answer:
    """The answer to words that are surely about one topic."""
    return by_hand.first(askwell, askwell.begin(organisation, role), by_hand.reading(askwell, topic, said)).reply.answers[0]


@pytest.mark.parametrize("triage", TRIAGES, ids=range(len(TRIAGES)))
def test_the_first_screen_fits_a_phone_and_little_stands_below(askwell: Askwell, triage: Triage) -> None:
    """Headline and what to do have sixty words at most, and three lines go along, whatever is asked by whom."""
    most = 0
    for case, reply in replies(askwell, triage):
        for one in reply.answers:
            count = len(" ".join([one.headline, *one.say]).split())
            assert 0 < count <= MOST_WORDS == 60, (case, count)
            assert len(one.also) <= MOST_ALSO == 3, case
            most = max(most, len(one.also))
    assert most >= MOST_ALSO - 1  # there is enough to leave out


@pytest.mark.parametrize("triage", TRIAGES, ids=range(len(TRIAGES)))
def test_no_number_stands_twice_in_an_answer(askwell: Askwell, triage: Triage) -> None:
    """Emergency lines, rules, steps, outside help and law notes give each number once between them."""
    seen: set[str] = set()
    for case, reply in replies(askwell, triage):
        for one in reply.answers:
            own = replace(one, quotes=())  # the policy's own words stay as they are
            found = Counter(NUMBER.findall("\n".join([*own.urgent, *render.paragraphs(own)])))
            assert all(n == 1 for n in found.values()), (case, found)
            seen.update(found)
    assert triage == by_hand.CALM or seen


def test_what_goes_along_without_being_shown_is_named_by_its_section(askwell: Askwell) -> None:
    """Nothing that the rules brought is lost: its passage is shown, or its section is named."""
    cut = 0
    for (organisation, topic, role), reply in replies(askwell):
        one = reply.answers[0]
        if one.topic != topic or not any(q.leading for q in one.quotes):
            continue
        found = candidate(askwell.knowledge, askwell.knowledge.organisations[organisation], role, by_hand.reading(askwell, topic), topic, 1.0, {})
        shown, rest = render.shown_quotes(one)
        sections = {q.section for q in shown} | set(rest)
        rules = [*found.decision.result.leading, *found.decision.result.also]
        clauses = {q.clause: q.section for q in one.quotes}
        assert all(clauses[c] in sections for r in rules for c in r.clauses), (organisation, topic)
        cut += len(one.also) == MOST_ALSO and len(found.decision.result.also) > MOST_ALSO
    assert cut > 5
    assert "More on this in the policy: " in words.SEE_ALSO


@pytest.mark.parametrize(
    ("organisation", "topic", "said", "role", "shown"),
    [
        ("derbyshire", "friend-request", "A volunteer wants to be friends on my own Facebook", "staff", False),
        ("derbyshire", "friend-request", "A service user wants to be friends on my own Facebook", "staff", False),
        ("warrington", "existing-friendship", "My old friend became a patient of ours", "staff", True),
        ("warrington", "existing-friendship", "My old friend became a volunteer here", "staff", False),
        ("warrington", "existing-friendship", "My old friend became a patient of ours", "director", False),
    ],
)
def test_the_nurses_note_goes_only_where_it_adds_something(
    askwell: Askwell, organisation: str, topic: str, said: str, role: str, shown: bool
) -> None:
    """It is for staff who are in touch with patients, where the policy doesn't forbid it anyway; and it is one sentence."""
    notes = [n for n in told(askwell, organisation, topic, said, role).law if n.id == "nurses"]
    assert bool(notes) == shown
    assert all(len(sentences(n.says)) == 1 and n.says.startswith("If you are a registered nurse") for n in notes)


def test_never_more_than_two_notes_on_the_law(askwell: Askwell) -> None:
    """Whoever asks about whatever."""
    counts = {len(one.law) for _case, reply in replies(askwell) for one in reply.answers}
    assert max(counts) == 2


@pytest.mark.parametrize(
    ("organisation", "passage"),
    [("rutland", "a Board Member should be approached"), ("warrington", "contact the Communications and Engagement Team"), ("derbyshire", "")],
)
def test_where_the_policy_is_silent_its_own_sentence_says_whom_to_ask(askwell: Askwell, organisation: str, passage: str) -> None:
    """Quoted under a title of its own, never as what decides; where the policy has no such sentence, none is made up."""
    silent = by_hand.ruled(askwell, organisation, "photo-consent", ())
    for one in (told(silent, organisation, topic, "May I do it that way?") for topic in ("photo-consent", "near-scope")):
        assert one.verdict == Verdict.NOT_COVERED and bool(one.quotes) == bool(passage)
        if passage:
            assert passage in render.flat(one.quotes[0]) and not one.quotes[0].leading and one.quotes_intro == words.DOUBT_PASSAGE


@pytest.mark.parametrize("topic", ["safeguarding-concern", "whistleblowing", "own-distress"])
def test_nobody_in_need_is_sent_to_ask_for_leave(askwell: Askwell, topic: str) -> None:
    """Whom the policy names for doubts about posts is nobody to wait for when somebody may come to harm."""
    silent = by_hand.ruled(askwell, "rutland", topic, ())
    for triage in TRIAGES[1:]:
        one = by_hand.taken(silent, "rutland", topic, triage=triage).reply.answers[0]
        assert one.quotes_intro != words.DOUBT_PASSAGE


def test_a_question_of_manner_gets_no_you_must(askwell: Askwell) -> None:
    """Who asks about a joke on the page is told what the policy says of tone; a duty elsewhere stays a duty."""
    manner = by_hand.ruled(askwell, "derbyshire", "tone", (), by_hand.rule("polite", "tone", Verdict.REQUIRED))
    duty = by_hand.ruled(askwell, "derbyshire", "complaints", (), by_hand.rule("answer", "complaints", Verdict.REQUIRED))
    one = told(manner, "derbyshire", "tone", "Is a joke all right?")
    assert (one.verdict, one.headline) == (Verdict.REQUIRED, "The policy says…")
    assert told(duty, "derbyshire", "complaints", "What comes next?").headline == "You must…"


@pytest.mark.parametrize("topic", ["harassment", "own-distress"])
def test_kindness_comes_before_any_verdict(askwell: Askwell, topic: str) -> None:
    """Nobody who is hurt reads "You must…" first."""
    for organisation in askwell.knowledge.organisations:
        one = by_hand.taken(askwell, organisation, topic, triage=by_hand.found(own=True)).reply.answers[0]
        assert one.headline == "" and one.say[0] == words.OWN_DISTRESS


def test_what_it_depends_on_is_said_by_kinds(askwell: Askwell) -> None:
    """Values with one outcome stand together, kinds of a wider one are left out, and the rest is "otherwise"."""
    rules = (
        by_hand.rule("no", "tone", Verdict.NOT_ALLOWED, who="served"), by_hand.rule("ask", "tone", Verdict.REFER, who="volunteer"),
        by_hand.rule("also-ask", "tone", Verdict.REFER, who="member"),
    )  # fmt: skip
    engine = by_hand.ruled(askwell, "derbyshire", "tone", ("who",), *rules)
    done = by_hand.taken(engine, "derbyshire", "tone")
    while done.reply.question:
        done = by_hand.answered(engine, done, "tone", Said(Act.UNKNOWN))
    said = " ".join(done.reply.answers[0].say)
    assert "It depends. Someone we support: no; a volunteer or a member: ask first; otherwise: the policy doesn't say." in said
    assert MANY == 3


def test_facts_are_shown_back_in_a_sentence(askwell: Askwell) -> None:
    """As the buttons say it, but to the reader: "your own", small letters, names as they are written."""
    one = told(askwell, "derbyshire", "friend-request", "A volunteer wants to add me on my own Facebook")
    assert "the other person (a volunteer)" in one.taken and "platform (Facebook)" in one.taken
    rule = by_hand.rule("own", "tone", Verdict.INFO, account="personal")
    engine = by_hand.ruled(askwell, "derbyshire", "tone", ("account",), rule)
    assert "account (your own personal account)" in told(engine, "derbyshire", "tone", "It is on my own account").taken


def test_an_analogy_stands_above_the_passage_that_stops_short(askwell: Askwell) -> None:
    """It is said aloud, next to the quote that it explains."""
    rule = replace(by_hand.rule("near", "tone", Verdict.REFER), by_analogy="The policy speaks of letters.")
    one = told(by_hand.ruled(askwell, "derbyshire", "tone", (), rule), "derbyshire", "tone", "May I do it that way?")
    assert one.quotes_intro.startswith("By analogy: The policy speaks of letters. From the policy, “")
    assert one.quotes_intro in render.quotes(one)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]), ("Write “A. B.” there. Then stop.", ["Write “A. B.” there.", "Then stop."]),
        ('It says "maybe. Or not." Fine', ['It says "maybe. Or not." Fine']), ("at info@x.org now", ["at info@x.org now"]), ("", []),
        ("An open “quote. Goes on.", ["An open “quote.", "Goes on."]),
    ],
)  # fmt: skip
def test_a_text_is_cut_between_sentences_only(text: str, parts: list[str]) -> None:
    """An exact wording in quotation marks stays whole, and no word is lost."""
    assert sentences(text) == parts


def test_every_answer_is_its_sentences(askwell: Askwell) -> None:
    """No rule's words are changed by being cut."""
    answers = [r.answer for o in askwell.knowledge.organisations.values() for r in o.rules]
    assert len(answers) > 500 and [a for a in answers if " ".join(sentences(a)) != a] == []


def test_what_does_not_fit_the_first_screen_goes_below_in_order() -> None:
    """The first answer is cut after a sentence, and then no later one slips in front of its rest."""
    long = " ".join(["word"] * 49) + " end."
    assert first_screen([], [f"Do it. {long}", "Short."]) == ([f"Do it. {long}", "Short."], [])
    assert first_screen(["Yes."] * 10, [f"Do it. {long}", "Short."]) == (["Do it."], [long, "Short."])
    assert first_screen(["Yes."] * 60, ["Only this."]) == ([], ["Only this."])
    assert first_screen(["No."], ["word " * 70 + "end."]) == (["word " * 70 + "end."], [])
    assert first_screen([], []) == ([], [])


def test_ring_999_is_said_once() -> None:
    """A line that says nothing else goes; what else a line says stays."""
    lines = ["In danger, ring 999. Tell the lead.", "In danger, dial 999.", "Note the link."]
    assert danger_once(lines, said=False) == (["In danger, ring 999. Tell the lead.", "Note the link."], True)
    assert danger_once(lines, said=True) == (["Tell the lead.", "Note the link."], True)
