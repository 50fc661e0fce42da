"""A recorded conversation means the same in the terminal, on the page, in Slack and in Teams."""

from pathlib import Path

import pytest

from bot.guide import Askwell
from parity import in_slack, in_teams, in_terminal, in_web
from parity.recorded import CHANNELS, Meaning, Recording, expected, found, recordings

pytestmark = pytest.mark.whole

ALL = recordings()


@pytest.mark.parametrize("recording", ALL, ids=lambda r: r.name)
def test_a_recorded_conversation_means_the_same_on_every_channel(askwell: Askwell, recording: Recording, tmp_path: Path) -> None:
    """The same verdicts, choices and citations, step by step, and those that were recorded."""
    shown: dict[str, list[Meaning | None]] = {
        "terminal": in_terminal.played(askwell, recording),
        **({"web": in_web.played(askwell, recording)} if "web" in recording.channels else {}),
        **({"slack": in_slack.played(askwell, recording, tmp_path / "slack")} if "slack" in recording.channels else {}),
        **({"teams": in_teams.played(askwell, recording, tmp_path / "teams")} if "teams" in recording.channels else {}),
    }
    for i, step in enumerate(recording.steps):
        for channel in recording.channels:
            mine, terminals = shown[channel][i], shown["terminal"][i]
            place = f"step {i + 1} ({step.act} {step.value}) in {channel}"
            assert found(mine) == expected(step), place
            if mine and terminals and step.then:
                assert [(s, _flat(q)) for s, q in mine.citations] == [(s, _flat(q)) for s, q in terminals.citations], place
                assert step.then.get("asks", "") in mine.text, place


def _flat(passage: str) -> str:
    return " ".join(passage.split())


def test_the_recordings_cover_what_can_happen() -> None:
    """At least a dozen conversations, most of them on all channels, over all kinds of steps, verdicts and sensitive matters."""
    steps = [s for r in ALL for s in r.steps]
    assert len(ALL) >= 12 and sum(set(r.channels) == set(CHANNELS) for r in ALL) >= 10
    assert {s.act for s in steps} == {"say", "press", "edit", "delete", "judge", "pass on"}
    verdicts = {v for s in steps if s.then for v in s.then.get("verdicts", ())}
    assert verdicts >= {"allowed", "conditional", "not_allowed", "required", "refer", "info", "not_covered", "out_of_scope"}
    says = {n for s in steps if s.then for n in s.then.get("says", ())}
    assert says >= {"TOO_LATE", "SORRY_WRONG", "PASSED_ON", "WHISTLEBLOWING_CARE", "OWN_DISTRESS", "NOBODY_TOLD", "STARTED_AGAIN"}
    assert any(s.then and s.then.get("urgent") for s in steps) and any(s.reason for s in steps) and any(r.asker is None for r in ALL)
    assert any(len(s.then.get("verdicts", ())) == 2 for s in steps if s.then)
