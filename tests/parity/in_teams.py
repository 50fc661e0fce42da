"""Plays recordings in Teams, by activities to the application, and reads the cards that its connector and its requests got."""

import asyncio
from pathlib import Path

from teams.stand import CARD, NOTE, Json, Stand, buttons, card_of, dialog_of, found, offered, replaced, standing, text_of

from bot import words
from bot.guide import Askwell
from parity.recorded import VERDICTS, YES, Meaning, Recording, Step, meaning

CONTROLS = {words.OFFER_YES, words.OFFER_NO, words.OPEN, words.SHOW_REST}


def played(askwell: Askwell, recording: Recording, folder: Path) -> list[Meaning | None]:
    """What each step showed, to the person and to nobody else."""

    async def run() -> list[Meaning | None]:
        async with standing(askwell, folder) as stand:
            if recording.asker:
                stand.known(organisation=recording.asker.organisation, role=recording.asker.role)
            return await Played(stand, recording).steps()

    return asyncio.run(run())


class Shown:
    """What one step showed: a message, a dialog, or a word in answer to a press."""

    def __init__(self, card: Json, message: Json | None = None, dialog: Json | None = None) -> None:
        self.card, self.message, self.dialog = card, message, dialog


class Played:
    """One conversation, in the person's own chat with the app."""

    def __init__(self, stand: Stand, recording: Recording) -> None:
        self.stand, self.recording = stand, recording
        self.shown: list[Shown | None] = []
        self.sources: list[str] = []

    async def steps(self) -> list[Meaning | None]:
        """All steps."""
        return [await self._step(i, step) for i, step in enumerate(self.recording.steps)]

    async def _step(self, i: int, step: Step) -> Meaning | None:
        of = i - 1 if step.of is None else step.of - 1
        seen = len(self.stand.teams.messages)
        shown = await self._do(step, of)
        await self.stand.quiet()
        posted = self.stand.teams.messages[seen:]
        if posted:
            shown = await self._opened(posted[-1])
        self.shown.append(shown)
        return _read(shown) if shown else None

    async def _opened(self, message: Json) -> Shown:
        """A message; where it only says that there is an answer, the dialog behind it."""
        card = card_of(message)
        if not any(b["title"] == words.OPEN for b in buttons(card)):
            return Shown(card, message)
        assert message["summary"] == words.ANSWER_READY == text_of(card)  # it says nothing of the matter
        dialog = await self.stand.press(message, words.OPEN)
        return Shown(dialog_of(dialog), dialog=dialog)

    async def _do(self, step: Step, of: int) -> Shown | None:
        """What Teams' own request was answered with, where that is shown."""
        self.sources.append(self.sources[of] if step.act in ("edit", "delete") else "")
        match step.act:
            case "say":
                self.sources[-1] = await self.stand.say(step.value)
            case "press":
                return await self._pressed(of, step.value)
            case "judge" if step.value == "right":
                return await self._pressed(of, words.RIGHT, words.WAS_IT_RIGHT)
            case "judge":
                return await self._wrong(of, step.reason)
            case "pass on":
                return await self._pressed(of, words.OFFER_YES if step.value == YES else words.OFFER_NO)
            case _:
                kind = "messageDelete" if step.act == "delete" else "messageUpdate"
                changed = self.stand.activity(kind, text=step.value)
                assert (await self.stand.send({**changed, "id": self.sources[of]})).status_code == 200
        return None

    async def _pressed(self, of: int, label: str, row: str = "") -> Shown | None:
        shown = self.shown[of]
        assert shown is not None
        if shown.dialog:
            answer = await self.stand.press_in(shown.dialog, label)
            return Shown(dialog_of(answer), dialog=answer)
        assert shown.message is not None
        return _answered(await self.stand.press(shown.message, label, row=row), shown.card)

    async def _wrong(self, of: int, reason: str) -> Shown | None:
        shown = self.shown[of]
        assert shown is not None and shown.message is not None
        asked = await self.stand.press(shown.message, words.WRONG, row=words.WAS_IT_RIGHT)
        if asked["type"] == NOTE:
            return _answered(asked, shown.card)
        action = found(replaced(asked), words.SEND)
        return _answered(await self.stand.execute({**action, "data": {**action["data"], "why": reason}}, shown.message), shown.card)


def _answered(answer: Json, before: Json) -> Shown | None:
    """A word to whoever pressed, or what is new on the card."""
    if answer["type"] == NOTE:
        return Shown({"body": [{"type": "TextBlock", "text": answer["value"]}]})
    assert answer["type"] == CARD
    fresh = [one for one in replaced(answer)["body"] if one not in before["body"]]
    return Shown({"body": fresh}) if words.THANKS in text_of(fresh) else None


def _read(shown: Shown) -> Meaning:
    body = shown.card["body"]
    verdicts = tuple(VERDICTS[b["text"]] for b in body if b["type"] == "TextBlock" and b.get("style") == "heading" and b["text"] in VERDICTS)
    quotes = [b["items"] for b in body if b["type"] == "Container" and len(b["items"]) > 1 and "weight" in b["items"][-1]["inlines"][0]]
    citations = tuple((text_of(items[-1]), text_of(items[0]).removeprefix("“").removesuffix("”")) for items in quotes)
    judging = [b["title"] for b in buttons(body) if words.WAS_IT_RIGHT in b.get("tooltip", "")]
    labels = tuple(offered({"body": [b for b in body if b["type"] != "ActionSet" or buttons(b)[0]["title"] not in judging]}))
    text = text_of(body)
    if shown.message:  # who cannot see the card gets all of it as plain text
        assert all(passage in shown.card["fallbackText"] for _, passage in citations)
        (cited,) = shown.message.get("entities") or [{"citation": []}]
        assert [c["position"] for c in cited["citation"]] == list(range(1, len(citations) + 1))
        assert all(f"[{c['position']}]" in shown.message["text"] for c in cited["citation"])
    return meaning(text, verdicts=verdicts, choices=tuple(label for label in labels if label not in CONTROLS), citations=citations)
