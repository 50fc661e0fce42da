"""Writes anew what each step of the recordings means, as the terminal shows it: `PYTHONPATH=.:tests python -m parity.record`, then read the diff."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.guide import Askwell, open_askwell
from parity.in_terminal import Played
from parity.recorded import RECORDINGS, Meaning, read

TODAY = date(2026, 11, 21)


def recorded(askwell: Askwell, path: Path) -> str:
    """A recording with what its steps mean now; its first line and what is done stay."""
    about, _, rest = path.read_text(encoding="utf-8").partition("\n")
    raw, recording = yaml.safe_load(rest), read(path)
    played = Played(askwell, recording)
    for i, step in enumerate(raw["steps"]):
        step.pop("then", None)
        meaning = played.step(i, recording.steps[i])
        if meaning:
            step["then"] = {**({"asks": played.talk.last.question.text} if played.talk.last.question else {}), **_said(meaning)}
    lines = [f"{name}: {_flow(value)}" for name, value in raw.items() if name != "steps"]
    return "\n".join([about, *lines, "steps:", *(line for step in raw["steps"] for line in _step(step)), ""])


def _said(meaning: Meaning) -> dict[str, Any]:
    found = {
        "verdicts": [str(v) for v in meaning.verdicts], "choices": list(meaning.choices), "cites": [section for section, _ in meaning.citations],
        "urgent": meaning.urgent, "says": list(meaning.says), "offer": meaning.offer,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _step(step: dict[str, Any]) -> list[str]:
    done = [f"{name}: {_flow(value)}" for name, value in step.items() if name != "then"]
    lines = [f"- {done[0]}", *(f"  {line}" for line in done[1:])]
    if "then" in step:
        lines += ["  then:", *(f"    {name}: {_flow(value)}" for name, value in step["then"].items())]
    return lines


def _flow(value: object) -> str:
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000).strip().removesuffix("...").strip()


def main() -> None:
    """All of them."""
    askwell = open_askwell(today=lambda: TODAY)
    for path in sorted(RECORDINGS.glob("*.yaml")):
        path.write_text(recorded(askwell, path), encoding="utf-8")


if __name__ == "__main__":
    main()
