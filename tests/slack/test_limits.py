"""Everything that we show passes Slack's limits: two gates of others, and what Slack documents nowhere."""

import json
from copy import deepcopy
from typing import Any

import pytest
import slackblocks
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from adapters.slack import blocks, fit
from bot import words
from bot.guide import Askwell
from bot.messages import Reply
from slack import shown_reports, strict
from slack.shown import LONG, Shown, answers, edges, full, message
from slack.stand import text_of

EDGES = list(edges())
REPORTS = list(shown_reports.edges())


def sdk_gate(one: Shown) -> None:
    """Slack's own models: every block parses, validates, and comes back with what went in."""
    for block in one.json["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None and parsed.to_dict()["type"] == block["type"]
    if one.surface != "message":
        View(**one.json).validate_json()


def strict_gate(one: Shown) -> None:
    """slackblocks: each block, element and text at its strict limits, and only what the surface takes."""
    strict.surface(one)


def own_gate(one: Shown) -> None:
    """What is documented nowhere: all words of a message together; every text has some; every id once."""
    shown, home = one.json["blocks"], one.surface != "message"
    assert len(shown) <= (fit.MOST_IN_VIEW if home else fit.MOST_BLOCKS)
    assert blocks.size(shown) <= (fit.MOST_CHARACTERS_IN_VIEW if home else fit.MOST_CHARACTERS)
    assert all(t["text"] for t in blocks.texts(shown)) and len(json.dumps(one.json).encode()) < 250_000
    assert len(one.json.get("private_metadata", "")) <= 3000 and (home or 0 < len(one.json["text"]) <= 40_000)
    for row in shown:
        ids = [e["action_id"] for e in row.get("elements", ()) if "action_id" in e]
        assert len(ids) == len(set(ids))


def gates(one: Shown) -> None:
    """All three."""
    sdk_gate(one)
    strict_gate(one)
    own_gate(one)


@pytest.mark.parametrize("one", EDGES, ids=[e.name for e in EDGES])
def test_what_is_shown_passes_the_gates_at_its_edges(one: Shown) -> None:
    """Longest quotes, most choices, 13,000 characters."""
    gates(one)


@pytest.mark.parametrize("one", REPORTS, ids=[e.name for e in REPORTS])
def test_every_screen_of_a_report_and_of_a_case_passes_the_gates_at_its_edges(one: Shown) -> None:
    """A thousand people to pick from, three hundred entries, every field full."""
    gates(one)


def test_what_does_not_fit_into_a_case_is_said_to_stand_on_the_board() -> None:
    """The buttons stay, and the newest entries."""
    full = next(e for e in REPORTS if e.name == "case safeguarding taken 300")
    text = text_of(full.json["blocks"])
    assert words.CASE_EARLIER in text and words.CASE_SHEET in text and all(label in text for label in words.CASE_ACTS.values())
    assert words.HOME_MORE in text_of(next(e for e in REPORTS if e.name == "Home, 200 cases").json["blocks"])


@pytest.mark.whole
def test_every_answer_of_the_whole_knowledge_passes_the_gates(askwell: Askwell) -> None:
    """Each organisation on each topic, and what opens where somebody is in danger; nothing of them had to be left out."""
    seen = list(answers(askwell))
    assert len(seen) > 300
    for one in seen:
        gates(one)
        assert words.SHOW_REST not in text_of(one.json["blocks"]), one.name


LONG_LABEL = {**blocks.button("a", "x", "v"), "text": {"type": "plain_text", "text": "x" * 76}}
BROKEN: list[tuple[str, Any]] = [
    ("a button of 76 characters", {"type": "actions", "elements": [LONG_LABEL]}),
    ("26 buttons", {"type": "actions", "elements": [blocks.button(f"a{i}", "x", "v") for i in range(26)]}),
    ("a value of 2001 characters", {"type": "actions", "elements": [blocks.button("a", "x", "v" * 2001)]}),
    ("a heading of 151 characters", {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}),
    ("a text of 3001 characters", {"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}),
]


@pytest.mark.parametrize(("_name", "block"), BROKEN, ids=[name for name, _ in BROKEN])
def test_the_gates_see_what_is_too_long(_name: str, block: dict[str, Any]) -> None:
    """A gate that lets everything through is none."""
    good = EDGES[0]
    broken = Shown("broken", "message", {**good.json, "blocks": [block]})
    for gate, error in ((sdk_gate, SlackObjectFormationError), (strict_gate, (slackblocks.LengthError, slackblocks.InvalidUsageError))):
        with pytest.raises(error):
            gate(broken)


def test_thumbs_are_refused_where_slack_takes_none() -> None:
    """Home and modals take plain buttons only."""
    thumbs = next(b for b in message("", Reply(answers=(full(1, 10),))).json["blocks"] if b["type"] == "context_actions")
    home = next(e for e in EDGES if e.surface == "home")
    with pytest.raises(slackblocks.TypeMismatchError):
        strict_gate(Shown("broken", "home", {**home.json, "blocks": [thumbs]}))


def test_what_is_left_out_is_the_least_important_and_a_button_shows_it() -> None:
    """The policy's deciding words stay; small print and law go before people and steps."""
    shown = message("", Reply(answers=(full(3, 1_500, more=3),), notices=("A notice.",))).json
    text = text_of(shown["blocks"])
    assert words.SHOW_REST in text and "a passage of the policy" in text and words.HEADLINES[full(1, 1).verdict] in text
    assert "A notice." not in text and "Not from your policy" not in text and words.WHO_TO_ASK in text
    assert "A notice." in shown["text"] and "Not from your policy" in shown["text"]


def test_a_quote_that_alone_is_too_long_is_cut_visibly() -> None:
    """It ends with an ellipsis, and the button shows it whole."""
    shown = message("", Reply(answers=(full(1, LONG),))).json
    passage = next(t["text"] for t in blocks.texts(shown["blocks"]) if t["text"].startswith("“a passage"))
    assert passage.endswith("…") and len(passage) > fit.MOST_CHARACTERS / 2 and words.SHOW_REST in text_of(shown["blocks"])


def test_fitting_leaves_its_parts_as_they_were() -> None:
    """Cutting works on copies."""
    reply = Reply(answers=(full(1, LONG),))
    before = deepcopy(message("", reply).json)
    assert message("", reply).json == before
