"""Every card that we send is one of a strict schema, and within what Teams takes."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from slack.shown import LONG, full

from adapters.teams import cards, fit
from bot import words
from bot.guide import Askwell
from bot.messages import Reply
from teams import shown
from teams.shown import Shown, message
from teams.shown_reports import reports
from teams.stand import buttons, text_of

SCHEMA = json.loads((Path(__file__).parent / "cards.schema.json").read_text(encoding="utf-8"))
MOST_BYTES = 80_000  # of a message, as UTF-16: Teams refuses more
EDGES, REPORTS = list(shown.edges()), list(reports())


def complaints(one: Shown) -> list[str]:
    """What the schema has against a card, the deepest first."""
    validator = Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{one.surface}"}, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(one.card)]


def limits(one: Shown) -> list[str]:
    """What Teams would refuse: a message or card that is too long; what it would show wrongly: two buttons that no voice can tell apart."""
    whole = one.message or one.card
    found = [] if 2 * cards.size(whole) <= MOST_BYTES else ["too many bytes"]
    most = fit.MOST if one.message else fit.MOST_IN_DIALOG
    found += [] if cards.size(one.card) <= most else [f"{cards.size(one.card)} characters"]
    said = [(b["title"], b.get("tooltip", "")) for b in buttons(one.card) if b["type"] != "Action.OpenUrl"]
    return found + [f"two buttons {title}" for title, tip in set(said) if said.count((title, tip)) > 1]


@pytest.mark.parametrize("one", [*EDGES, *REPORTS], ids=lambda one: one.name)
def test_what_is_shown_is_of_the_schema_at_its_edges(one: Shown) -> None:
    """Longest quotes, most choices, 13,000 characters; every step of a report and every view of a case with every field full."""
    assert complaints(one) == [] and limits(one) == []


@pytest.mark.whole
def test_every_answer_of_the_whole_knowledge_is_of_the_schema(askwell: Askwell) -> None:
    """Each organisation on each topic, and what opens where somebody is in danger; nothing of them had to be left out."""
    seen = [*shown.answers(askwell), *shown.asked(askwell)]
    assert len(seen) > 300 and {one.surface for one in seen} == {"message", "dialog"}
    for one in seen:
        assert (one.name, complaints(one), limits(one)) == (one.name, [], [])
        assert words.SHOW_REST not in [b["title"] for b in buttons(one.card)], one.name


BROKEN: list[tuple[str, str, Any]] = [
    ("a property that we never send", "body.0.color", "Attention"),
    ("a type that Teams does not know", "body.0.type", "RichText"),
    ("an image, which would be fetched", "body.0", {"type": "Image", "url": "https://example.org/a.png"}),
    ("a plain address", "body.0", cards.line(cards.run("there", url="http://example.org"))),
    ("a script for an address", "body.0", cards.line(cards.run("there", url="javascript:alert(1)"))),
    ("words that may be markup", "body.0", {"type": "TextBlock", "text": "**user**", "wrap": True}),
    ("no words", "body.0", cards.line(cards.run(""))),
    ("seven buttons in a row", "body.0", {"type": "ActionSet", "actions": [cards.execute("choose", f"{i}", '["u",1,"",""]') for i in range(7)]}),
    ("a verb that is none", "body.0", {"type": "ActionSet", "actions": [cards.execute("delete", "Delete", '["u",1,"",""]')]}),
    ("a button of a dialog in a message", "body.0", {"type": "ActionSet", "actions": [cards.submit("step", "Next", '["u",1,"",""]')]}),
    ("a choice that is none of ours", "body.0", {"type": "ActionSet", "actions": [cards.execute("choose", "Yes", "yes")]}),
    ("another version", "version", "1.6"),
    ("nothing for who sees no cards", "fallbackText", ""),
]


@pytest.mark.parametrize(("place", "value"), [(place, value) for _, place, value in BROKEN], ids=[name for name, *_ in BROKEN])
def test_the_schema_sees_what_is_wrong(place: str, value: object) -> None:
    """A gate that lets everything through is none."""
    good = message("good", Reply(lines=("A line.",)))
    assert complaints(good) == []
    card = deepcopy(good.card)
    *way, last = place.split(".")
    at: Any = card
    for name in way:
        at = at[int(name) if name.isdigit() else name]
    at[int(last) if last.isdigit() else last] = value
    assert complaints(Shown("broken", card, good.message)) != []


def test_headings_hold_our_own_fixed_words_only(askwell: Askwell) -> None:
    """A heading reads markup: whatever stands in one stands in our words or in a flow's title."""
    ours = {*words.HEADLINES.values(), *words.CASE_ACTS.values(), *words.CASE_KINDS.values()}
    for one in [*shown.answers(askwell), *EDGES]:
        assert {b["text"] for b in one.card["body"] if b["type"] == "TextBlock"} <= ours, one.name


def test_what_is_left_out_is_the_least_important_and_a_button_shows_it() -> None:
    """The policy's deciding words stay; small print and law go before people and steps; who sees no cards reads on in plain text."""
    one = message("", Reply(answers=(full(3, 3_000, more=3),), notices=("A notice.",)))
    text = text_of(one.card)
    assert words.SHOW_REST in [b["title"] for b in buttons(one.card)]
    assert "a passage of the policy" in text and words.WHO_TO_ASK in text and words.HEADLINES[full(1, 1).verdict] in text
    assert "A notice." not in text and "Not from your policy" not in text
    assert "a passage of the policy" in one.card["fallbackText"]


def test_a_quote_that_alone_is_too_long_is_cut_visibly() -> None:
    """It ends with an ellipsis, and the button shows it whole."""
    one = message("", Reply(answers=(full(1, 2 * LONG),)))
    passage = next(t["text"] for t in cards.texts(one.card) if t["text"].startswith("“a passage"))
    assert passage.endswith("…") and len(passage) > fit.MOST / 3 and words.SHOW_REST in [b["title"] for b in buttons(one.card)]


def test_where_teams_refuses_a_card_the_plain_text_is_within_its_limits_too() -> None:
    """The whole answer, or as much as Teams takes, cut visibly."""
    plain = shown.plain()
    assert 2 * cards.size(plain) <= MOST_BYTES and len(plain["text"]) > 10_000
