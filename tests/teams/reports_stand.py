"""A report in Teams as one person's hands make it: who is who, the press that begins it, and each screen of its dialog."""

from dataclasses import dataclass, field

from served import until

from bot.people import Asker, Person
from bot.store import directory
from teams.stand import ANN, BOB, TENANT, Json, Stand, dialog_of, labels, text_of

MARK = "Zebrafinch"  # in every word of a report: it may be found nowhere
LEAD, TESS = "cccccccc-0000-0000-0000-000000000003", "dddddddd-0000-0000-0000-000000000004"
OPEN_TO = "warrington"
PEOPLE = (
    (ANN, "ann@x.uk", "Ann Author", "boss@x.uk", ()),
    (BOB, "boss@x.uk", "Bob Boss", None, ()),
    (LEAD, "lead@x.uk", "Lou Lead", None, ("safeguarding-lead",)),
    (TESS, "tess@x.uk", "Tess Team", None, ("safeguarding-team",)),
)
WORRY = "a lad in the youth group showed me bruises and said his dad did it"


async def staffed(stand: Stand, organisation: str = OPEN_TO) -> None:
    """Everybody is in the directory, reachable at all hours, and has the app: Teams says who they are, and they are greeted."""
    people = [Person(organisation, email, name, "staff", manager, cover="always", duties=duties) for _, email, name, manager, duties in PEOPLE]
    with stand.service.database.write() as connection:
        directory.replaced(connection, organisation, people)
    for user, email, *_ in PEOPLE:
        stand.teams.members[f"29:{user}"] = {"id": f"29:{user}", "email": email, "userPrincipalName": email, "tenantId": TENANT, "aadObjectId": user}
        count = len(stand.teams.messages)
        await stand.send(stand.activity("installationUpdate", user, action="add"))
        await stand.posted(count + 1)
        known = stand.service.asker("teams", f"{TENANT}:{user}")
        assert known == Asker(organisation, "staff", member=True, email=email, manager=known.manager if known else None)


@dataclass
class Dialog:
    """The dialog in which a report is made: what it shows now, and what can be done in it."""

    stand: Stand
    answer: Json
    user: str = ANN
    seen: list[Json] = field(default_factory=list)

    @property
    def card(self) -> Json:
        """What it shows."""
        return dialog_of(self.answer)

    @property
    def text(self) -> str:
        """Everything that can be read."""
        return text_of(self.card)

    @property
    def labels(self) -> list[str]:
        """What can be pressed."""
        return labels(self.card)

    async def press(self, label: str, **fields: str) -> None:
        """Press a button, with what the fields hold; the answer is the next screen."""
        self.answer = await self.stand.press_in(self.answer, label, self.user, **fields)
        self.seen.append(self.card)


async def begun(stand: Stand, words: str = WORRY, user: str = ANN) -> Dialog:
    """Somebody says what worries them, opens the answer, and presses the button that begins a report."""
    count = len(stand.teams.messages)
    await stand.say(words, user)
    dialog = Dialog(stand, await stand.press(await stand.posted(count + 1), "Open", user), user)
    await dialog.press("Start a report")
    return dialog


async def filled(dialog: Dialog) -> None:
    """Every step up to the summary."""
    await dialog.press("No")
    await dialog.press("Next", typed=f"{MARK}: bruises on both arms")
    await dialog.press("A child or young person under 18")
    await dialog.press("Next", typed=f"{MARK} Jamie")
    for _ in range(12):
        if "Send" in dialog.labels:
            return
        await (dialog.press("Skip") if "Skip" in dialog.labels else dialog.press(next(one for one in dialog.labels if one.startswith("No"))))
    raise AssertionError(dialog.text)


async def pinged(stand: Stand, user: str) -> Json:
    """Wait until somebody was asked to look; the message."""

    def mine() -> list[Json]:
        return [m for m in stand.teams.messages if m["to"] == f"a:29:{user}" and m["summary"].startswith("Askwell: something needs you")]

    await until(lambda: bool(mine()), f"a ping to {user}")
    return mine()[-1]
