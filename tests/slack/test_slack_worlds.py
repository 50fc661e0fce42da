"""Two workspaces that differ in one report only: in Home and in messages, whoever must not know finds the same in both."""

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from bot import load, plans, words
from bot.guide import Askwell
from bot.people import Asker, Person
from bot.store import cases, directory
from slack.reports_stand import OPEN_TO, begun
from slack.stand import ANN, TEAM, Stand, play

PLANS = plans.load(load.ROOT, load.load())
ME = "ann@x.uk"
USERS = {ME: ANN, **{f"{c}@x.uk": f"U0{c.upper()}X" for c in "bcdef"}}
DUTIES = ("safeguarding-lead", "deputy:safeguarding-lead", "safeguarding-team", "human-resources", "fallback")


def organisation(chance: random.Random) -> tuple[list[Person], list[str]]:
    """Six people with any duties and managers, the first of whom reports; and who must not know."""
    names = list(USERS)
    made = []
    for i, email in enumerate(names):
        duties = tuple(chance.sample(DUTIES, chance.randint(0, 2))) if i else ()
        made.append(Person(OPEN_TO, email, f"Person {email[0].upper()}", "staff", chance.choice([None, *names[1:]]), cover="always", duties=duties))
    made[-1] = replace(made[-1], duties=(*made[-1].duties, "fallback"))
    return made, chance.sample(names[1:-1], chance.randint(1, 2))


async def lived(slack: Stand, people: list[Person], implicated: list[str], ends: str) -> None:
    """Somebody fills everything in and sends it, or cancels it."""
    with slack.service.database.write() as connection:
        directory.replaced(connection, OPEN_TO, people)
    for one in people:
        slack.service.introduce("slack", f"{TEAM}:{USERS[one.email]}", Asker(OPEN_TO, "staff", member=True, email=one.email))
    modal = await begun(slack)
    await modal.press("No")
    await modal.write(typed="bruises")
    await modal.press("A child")
    await modal.write(typed="Jamie")
    await modal.press("Skip")
    await modal.press("No")
    await modal.write(picked=implicated, typed="")
    await modal.press("No")
    await modal.press(ends)
    await slack.quiet()


async def shown(slack: Stand, user: str) -> str:
    """Their Home, and every message that they were sent."""
    count = len(slack.slack.to("views.publish"))
    await slack.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"})
    home = (await slack.calls("views.publish", count + 1))[-1]["view"]
    return json.dumps([home, [m for m in slack.slack.messages if m["channel"] in (user, f"D{user[1:]}")]])


@pytest.mark.parametrize("seed", range(4))
def test_home_and_messages_of_whoever_must_not_know_are_the_same_with_and_without_the_report(askwell: Askwell, tmp_path: Path, seed: int) -> None:
    """Byte for byte; and those who were asked find something."""
    people, implicated = organisation(random.Random(seed))  # noqa: S311 - a run can be repeated
    found: dict[str, dict[str, str]] = {}
    asked: set[str] = set()

    for ends in (words.SEND, words.CANCEL_IT):

        async def go(slack: Stand, ends: str = ends) -> None:
            await lived(slack, people, implicated, ends)
            found[ends] = {one.email: await shown(slack, USERS[one.email]) for one in people if one.email != ME}
            with slack.service.database.read() as connection:
                rows = connection.exec_driver_sql('SELECT reference FROM "case"').scalars().all()
                asked.update(p for r in rows for p in cases.load(connection, slack.service.database.vault, OPEN_TO, r).case.asked)

        folder = tmp_path / ends
        folder.mkdir()
        play(go, askwell, folder, plans=PLANS)
    real, other = found[words.SEND], found[words.CANCEL_IT]
    assert asked and not asked & set(implicated)
    assert {email for email in real if real[email] != other[email]} == asked
