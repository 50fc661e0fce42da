"""A report in Slack as one person's hands make it: who is who, the press that begins it, and each screen of its modal."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from served import until

from bot.people import Asker, Person
from bot.store import directory
from slack.stand import ANN, BOB, TEAM, Stand, buttons, press, press_in, submit, text_of

MARK = "Zebrafinch"  # in every word of a report: it may be found nowhere
LEAD, TESS = "U03LEAD", "U04TESS"
OPEN_TO = "warrington"
PEOPLE = (
    (ANN, "ann@x.uk", "Ann Author", "boss@x.uk", ()),
    (BOB, "boss@x.uk", "Bob Boss", None, ()),
    (LEAD, "lead@x.uk", "Lou Lead", None, ("safeguarding-lead",)),
    (TESS, "tess@x.uk", "Tess Team", None, ("safeguarding-team",)),
)
WORRY = "a lad in the youth group showed me bruises and said his dad did it"
Json = dict[str, Any]
_COUNT = itertools.count(1)


def staffed(stand: Stand, organisation: str = OPEN_TO) -> None:
    """Everybody is in the directory, reachable at all hours, and known in Slack."""
    people = [Person(organisation, email, name, "staff", manager, cover="always", duties=duties) for _, email, name, manager, duties in PEOPLE]
    with stand.service.database.write() as connection:
        directory.replaced(connection, organisation, people)
    for user, email, *_ in PEOPLE:
        stand.service.introduce("slack", f"{TEAM}:{user}", Asker(organisation, "staff", member=True, email=email))


@dataclass
class Modal:
    """The modal in which a report is made: what it shows now, and what can be done in it."""

    stand: Stand
    view: Json
    id: str
    user: str = ANN
    seen: list[Json] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return text_of(self.view["blocks"])

    async def press(self, label: str) -> None:
        """Press a button, and wait for the next screen."""
        before = len(self._updates())
        assert (await self.stand.interact(press_in(self.view, label, self.user, self.id))).status_code == 200
        await self.stand.calls("views.update", len(self.stand.slack.to("views.update")) + (0 if len(self._updates()) > before else 1))
        self._now(self._updates()[-1]["view"])

    def _updates(self) -> list[Json]:
        return [u for u in self.stand.slack.to("views.update") if u["view_id"] == self.id]

    def _now(self, view: Json) -> None:
        self.seen.append(view)
        self.view = view

    async def write(self, **values: Any) -> Json:  # noqa: ANN401 - JSON
        """Send the fields; the answer to Slack's request is the next screen."""
        answer = await self.stand.interact(self.sent(**values))
        assert answer.status_code == 200
        if answer.json().get("response_action") == "update":
            self._now(answer.json()["view"])
        return dict(answer.json())

    def sent(self, **values: Any) -> Json:  # noqa: ANN401 - JSON
        """The request of a modal that is sent."""
        return {**submit({}, user=self.user), "view": {**self.view, "id": self.id, "state": {"values": dict(self._values(values))}}}

    def _values(self, values: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
        for block in self.view["blocks"]:
            if block["type"] == "input":
                name = block["element"]["action_id"]
                yield block["block_id"], {name: _state(block["element"]["type"], values.get(name))}


def _state(kind: str, value: Any) -> Json:  # noqa: ANN401 - JSON
    match kind:
        case "multi_static_select":
            return {"type": kind, "selected_options": [{"value": one} for one in value or []]}
        case "static_select" | "radio_buttons":
            return {"type": kind, "selected_option": {"value": value} if value else None}
        case "datepicker":
            return {"type": kind, "selected_date": value}
        case _:
            return {"type": kind, "value": value}


async def begun(stand: Stand, words: str = WORRY, user: str = ANN) -> Modal:
    """Somebody says what worries them, opens the answer, and presses the button that begins a report."""
    count = len(stand.slack.messages)
    await stand.say(words, user)
    ready = await stand.posted(count + 1)
    opened = len(stand.slack.to("views.open"))
    await stand.interact(press(ready, "Open", user))
    answer = (await stand.calls("views.open", opened + 1))[-1]["view"]
    modal = Modal(stand, answer, f"V{next(_COUNT)}X", user)
    await modal.press("Start a report")
    return modal


async def filled(modal: Modal) -> None:
    """Answer every step, as far as the summary."""
    await modal.press("No")
    await modal.write(typed=f"he said {MARK} it was his dad")
    await modal.press("A child")
    await modal.write(typed=f"{MARK} Jamie")
    await modal.press("Skip")
    await modal.press("No")
    await modal.write(picked=["boss@x.uk"], typed="")
    await modal.press("No")


async def pinged(stand: Stand, user: str) -> Json:
    """Wait for the ping of somebody, and give it."""
    await until(lambda: any(m["channel"] == user for m in stand.slack.messages), f"a ping to {user}")
    return next(m for m in reversed(stand.slack.messages) if m["channel"] == user)


async def looked(stand: Stand, ping: Json, label: str, user: str) -> Modal:
    """Press a button of a ping; the modal that opens."""
    opened = len(stand.slack.to("views.open"))
    assert (await stand.interact(press(ping, label, user))).status_code == 200
    return Modal(stand, (await stand.calls("views.open", opened + 1))[-1]["view"], f"V{next(_COUNT)}C", user)


def labels(view: Json) -> list[str]:
    """What stands on the buttons."""
    return [one["text"]["text"] for _, one in buttons(view)]
