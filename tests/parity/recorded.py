"""Conversations as data, and what a step of one means, whatever the channel that shows it."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot import words
from bot.people import Asker

RECORDINGS = Path(__file__).parents[1] / "recordings"
YES = "True"  # of "pass on"
CHANNELS = ("terminal", "web", "slack", "teams")
VERDICTS = {headline: verdict for verdict, headline in words.HEADLINES.items()}
SENTENCES = (
    "TOO_LATE", "THANKS", "SORRY_WRONG", "PASSED_ON", "NOT_PASSED_ON", "STARTED_AGAIN", "NO_BACK", "WELCOME_BACK", "EMPTY", "ENGLISH", "UNDER_18",
    "WHISTLEBLOWING_CARE", "NOBODY_TOLD", "OWN_DISTRESS", "OUT_OF_SCOPE", "SAFEGUARDING_STEPS", "ATTACHMENT",
)  # fmt: skip


@dataclass(frozen=True)
class Meaning:
    """What somebody is told by one reply: verdicts, what they can choose, passages with their sections, and fixed sentences by name.

    `text` is everything that is shown, with single blanks; it is not compared.
    """

    verdicts: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    citations: tuple[tuple[str, str], ...] = ()
    urgent: bool = False
    says: tuple[str, ...] = ()
    offer: bool = False
    text: str = ""

    def compared(self) -> "Meaning":
        """Without the words around it, which each channel puts in its own order."""
        return replace(self, choices=tuple(sorted(self.choices)), text="")


@dataclass(frozen=True)
class Step:
    """What is done: say, press, edit, delete, judge or pass on; `of` is the number of the step that it belongs to, else the last."""

    act: str
    value: str
    of: int | None
    reason: str
    then: dict[str, Any] | None


@dataclass(frozen=True)
class Recording:
    """A conversation. Without an asker we have to ask who they are."""

    name: str
    asker: Asker | None
    channels: tuple[str, ...]
    steps: tuple[Step, ...]


ACTS = ("say", "press", "edit", "delete", "judge", "pass on")


def meaning(text: str, **found: Any) -> Meaning:  # noqa: ANN401 - the fields
    """What a channel found, with the sentences that stand in its text."""
    flat = " ".join(text.split())
    says = tuple(name for name in SENTENCES if getattr(words, name) in flat)
    return Meaning(says=says, urgent=words.EMERGENCY in flat, offer=words.OFFER in flat, text=flat, **found)


def read(path: Path) -> Recording:
    """A recording; raises KeyError or ValueError for what is not one."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    asker = Asker(raw["organisation"], raw["role"]) if "organisation" in raw else None
    return Recording(path.stem, asker, tuple(raw.get("channels", CHANNELS)), tuple(map(_step, raw["steps"])))


def _step(raw: dict[str, Any]) -> Step:
    (act,) = [a for a in ACTS if a in raw]
    if unknown := set(raw) - {act, "of", "reason", "then"}:
        raise ValueError(f"a step cannot have {unknown}")
    return Step(act, str(raw[act]), raw.get("of"), raw.get("reason", ""), raw.get("then"))


def recordings() -> list[Recording]:
    """All of them."""
    return [read(path) for path in sorted(RECORDINGS.glob("*.yaml"))]


def expected(step: Step) -> Meaning | None:
    """What the recording says that this step means; None: it is not answered."""
    if step.then is None:
        return None
    then = step.then
    return Meaning(
        verdicts=tuple(then.get("verdicts", ())), choices=tuple(sorted(then.get("choices", ()))), urgent=then.get("urgent", False),
        says=tuple(n for n in SENTENCES if n in then.get("says", ())), offer=then.get("offer", False),
        citations=tuple((c, "") for c in then.get("cites", ())), text="",
    )  # fmt: skip


def found(one: Meaning | None) -> Meaning | None:
    """A meaning as recordings write it: of citations the sections only."""
    return replace(one.compared(), citations=tuple((s, "") for s, _ in one.citations)) if one else None
