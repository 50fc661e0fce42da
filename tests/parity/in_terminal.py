"""Plays recordings in the terminal, and reads what it printed."""

import io
import re
from dataclasses import replace

from rich.console import Console

from adapters.terminal import show
from adapters.terminal.chat import ME, Talk, Terminal
from bot.guide import Askwell
from bot.messages import Act, Edited, Judged, PassOn, Press, Reply, Words
from parity.recorded import VERDICTS, YES, Meaning, Recording, Step, meaning

_NUMBERED = re.compile(r"^  (\d+)\. (.+)$", re.MULTILINE)


def played(askwell: Askwell, recording: Recording) -> list[Meaning | None]:
    """What each step showed."""
    return Played(askwell, recording).steps()


class Played:
    """One conversation."""

    def __init__(self, askwell: Askwell, recording: Recording) -> None:
        self.recording, self.talk = recording, Talk(askwell)
        if recording.asker:
            self.talk.service.introduce(Terminal.name, ME, recording.asker)
        self.shown: list[str] = []
        self.numbers: list[int] = []
        self.choices: list[dict[str, Press]] = []

    def steps(self) -> list[Meaning | None]:
        """All steps."""
        return [self.step(i, step) for i, step in enumerate(self.recording.steps)]

    def step(self, i: int, step: Step) -> Meaning | None:
        """One step."""
        reply = self.talk.do(self._act(i, step))
        text = _printed(reply) if reply else ""
        self.shown.append(text)
        offered = [Press(self.talk.number, a.fact, v) for a in self.talk.last.choices for v, _ in a.options]
        labels = [label for _, label in _NUMBERED.findall(text)]
        self.choices.append(dict(zip(labels, offered, strict=True)))
        self.numbers.append(self.talk.number)
        return _read(text) if reply else None

    def _act(self, i: int, step: Step) -> Act:
        """As somebody types it; what cannot be typed (an edit, an old button, a judgement) is given to the loop as it is."""
        of = i - 1 if step.of is None else step.of - 1
        if step.act == "say":
            typed = self.talk.typed(step.value)
            return replace(typed, source=f"m{i}") if isinstance(typed, Words) else typed
        if step.act in ("edit", "delete"):
            return Edited(f"m{of}", step.value)
        if step.act == "judge":
            return Judged(self.numbers[of], step.value == "right", step.reason)
        if of < i - 1:
            return self.choices[of][step.value] if step.act == "press" else PassOn(self.numbers[of], step.value == YES)
        if step.act == "press":
            return self.talk.typed(str(list(self.choices[of]).index(step.value) + 1))
        return self.talk.typed("yes" if step.value == YES else "no")


def _printed(reply: Reply) -> str:
    console = Console(file=io.StringIO(), width=show.WIDTH, color_system=None)
    show.reply(console, reply)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]  # a StringIO, made above
    return text


def _read(text: str) -> Meaning:
    lines = [line.rstrip() for line in text.splitlines()]
    verdicts = tuple(VERDICTS[line] for line in lines if line in VERDICTS)
    return meaning(text.replace("│", " "), verdicts=verdicts, choices=tuple(label for _, label in _NUMBERED.findall(text)), citations=_quotes(lines))


def _quotes(lines: list[str]) -> tuple[tuple[str, str], ...]:
    """Passages stand behind a bar, in quotation marks, with their section in brackets at the end."""
    passages: list[str] = []
    for line in lines:
        if line.startswith("  │ “"):
            passages.append(line.removeprefix("  │ "))
        elif passages and line.startswith("  ") and not _NUMBERED.match(line):
            passages[-1] += " " + line.strip()
    found = []
    for passage in passages:
        quote, _, section = " ".join(passage.split()).rpartition("” (")
        found.append((section.removesuffix(")"), quote.removeprefix("“")))
    return tuple(found)
