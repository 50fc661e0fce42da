"""Plays recordings in Slack, by signed requests to the application, and reads what its Web API was sent."""

import asyncio
from pathlib import Path
from typing import Any

from slack.stand import ANN, DIRECT, Json, Stand, buttons, press, press_in, stamp, standing, submit, text_of

from bot import words
from bot.guide import Askwell
from parity.recorded import VERDICTS, YES, Meaning, Recording, Step, meaning

POST, EPHEMERAL, OPENED, UPDATED = "chat.postMessage", "chat.postEphemeral", "views.open", "views.update"
CONTROLS = {words.OFFER_YES, words.OFFER_NO, words.OPEN, words.SHOW_REST}


def played(askwell: Askwell, recording: Recording, folder: Path) -> list[Meaning | None]:
    """What each step showed, to the person and to nobody else."""

    async def run() -> list[Meaning | None]:
        async with standing(askwell, folder) as stand:
            if recording.asker:
                stand.known(organisation=recording.asker.organisation, role=recording.asker.role)
            return await Played(stand, recording).steps()

    return asyncio.run(run())


class Played:
    """One conversation, in the person's messages with the app."""

    def __init__(self, stand: Stand, recording: Recording) -> None:
        self.stand, self.recording = stand, recording
        self.shown: list[Json | None] = []
        self.sources: list[tuple[str, str]] = []

    async def steps(self) -> list[Meaning | None]:
        """All steps."""
        return [await self._step(i, step) for i, step in enumerate(self.recording.steps)]

    async def _step(self, i: int, step: Step) -> Meaning | None:
        of = i - 1 if step.of is None else step.of - 1
        seen = len(self.stand.slack.calls)
        await self._do(step, of)
        shown = await self._new(seen)
        if shown and any(b["text"]["text"] == words.OPEN for _, b in buttons(shown.get("view", shown))):
            assert shown["text"] == words.ANSWER_READY == text_of(shown["blocks"]).split("\n")[0]  # it says nothing of the matter
            seen = len(self.stand.slack.calls)
            await self.stand.interact(press(shown, words.OPEN))
            shown = await self._new(seen)
        self.shown.append(shown)
        return _read(shown) if shown else None

    async def _new(self, seen: int) -> Json | None:
        """What was shown since: a modal, else a message, else a word to this person only."""
        await self.stand.quiet()
        for call in reversed(self.stand.slack.calls[seen:]):
            if call.method == POST:
                return self.stand.slack.messages[-1]
            if call.method in (UPDATED, OPENED, EPHEMERAL) and call.arguments.get("view", {}).get("callback_id") != "wrong":
                return call.arguments
        return None

    async def _do(self, step: Step, of: int) -> None:
        source = ("", "")
        match step.act:
            case "say":
                source = (await self.stand.say(step.value), step.value)
            case "press":
                await self._pressed(of, step.value)
            case "judge":
                await self._judged(of, step)
            case "pass on":
                await self._pressed(of, words.OFFER_YES if step.value == YES else words.OFFER_NO)
            case _:
                source = (self.sources[of][0], step.value)
                await self._changed(*self.sources[of], step)
        self.sources.append(source)

    async def _pressed(self, of: int, label: str) -> None:
        shown = self.shown[of]
        assert shown is not None
        answer = await self.stand.interact(press_in(shown["view"], label) if "view" in shown else press(shown, label))
        assert answer.status_code == 200

    async def _judged(self, of: int, step: Step) -> None:
        right = step.value == "right"
        await self._pressed(of, f"{words.WAS_IT_RIGHT} {words.RIGHT if right else words.WRONG}")
        if not right:
            await self.stand.interact(submit(self.stand.slack.to(OPENED)[-1]["view"], step.reason))

    async def _changed(self, ts: str, text: str, step: Step) -> None:
        old = {"type": "message", "user": ANN, "text": text, "ts": ts}
        found: dict[str, Any] = {"type": "message", "channel": DIRECT, "channel_type": "im", "ts": stamp(), "previous_message": old}
        if step.act == "delete":
            found |= {"subtype": "message_deleted", "deleted_ts": ts}
        else:
            found |= {"subtype": "message_changed", "message": {**old, "text": step.value, "edited": {"user": ANN}}}
        assert (await self.stand.event(found)).status_code == 200


def _read(shown: Json) -> Meaning:
    blocks = shown["view"]["blocks"] if "view" in shown else shown.get("blocks", [])
    rich = [element for block in blocks if block["type"] == "rich_text" for element in block["elements"]]
    firsts = [r["elements"][0] for r in rich if r["type"] == "rich_text_section" and r["elements"]]
    verdicts = tuple(VERDICTS[f["text"]] for f in firsts if f.get("style", {}).get("bold") and f.get("text") in VERDICTS)
    citations = tuple(_citation(r["elements"]) for r in rich if r["type"] == "rich_text_quote" and len(r["elements"]) > 1)
    labels = tuple(b["text"]["text"] for block, b in buttons({"blocks": blocks}) if block["type"] == "actions")
    text = text_of(blocks) or shown["text"]
    if blocks and "view" not in shown:  # who hears the message instead of seeing it gets all of it as well
        assert all(passage in shown["text"] for _, passage in citations)
    return meaning(text, verdicts=verdicts, choices=tuple(label for label in labels if label not in CONTROLS), citations=citations)


def _citation(elements: list[Json]) -> tuple[str, str]:
    return elements[1]["text"], elements[0]["text"].strip().removeprefix("“").removesuffix("”")
