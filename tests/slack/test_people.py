"""Who somebody in Slack is to the organisation, and that who leaves is forgotten."""

from pathlib import Path
from typing import Any

import pytest

from bot import words
from bot.guide import Askwell
from slack.stand import ANN, OFFICE, TEAM, Stand, Trouble, mention, play, press, stamp

EMAIL = "ann@sefton.example"
FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
HOME = f"{TEAM}:{ANN}"


def person(**more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A full member as Slack describes them."""
    return {"id": ANN, "team_id": TEAM, "deleted": False, "is_email_confirmed": True, "profile": {"email": EMAIL.title()}, **more}


def test_a_full_member_with_a_confirmed_address_is_known_at_once(askwell: Askwell, tmp_path: Path) -> None:
    """The directory says organisation and role; nothing is asked, and Slack is asked once."""

    async def go(slack: Stand) -> None:
        slack.hired(EMAIL, role="volunteer")
        slack.slack.users[ANN] = person()
        await slack.say(FRIEND)
        assert "volunteer" in (await slack.posted(1))["text"].lower()
        who = slack.service.asker("slack", HOME)
        assert who and (who.organisation, who.role, who.member, who.email) == ("sefton", "volunteer", True, EMAIL)
        await slack.say("and a journalist?")
        await slack.posted(2)
        assert len(slack.slack.to("users.info")) == 1

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "more",
    [
        {"is_restricted": True}, {"is_ultra_restricted": True}, {"is_stranger": True}, {"is_bot": True}, {"deleted": True},
        {"is_email_confirmed": False}, {"is_email_confirmed": None}, {"profile": {}}, {"profile": {"email": "other@sefton.example"}},
        {"profile": None},
    ],
)  # fmt: skip
def test_whoever_is_not_surely_a_member_is_asked(askwell: Askwell, tmp_path: Path, more: dict[str, Any]) -> None:
    """Guests, people of other workspaces, unconfirmed addresses: organisation and role are asked once, and give no authority."""

    async def go(slack: Stand) -> None:
        slack.hired(EMAIL)
        slack.slack.users[ANN] = person(**more)
        await slack.say(FRIEND)
        asked = await slack.posted(1)
        assert asked["text"].startswith(words.WHICH_ORGANISATION)
        await slack.interact(press(asked, "Healthwatch Sefton"))
        await slack.interact(press(await slack.posted(2), "Staff"))
        assert (await slack.posted(3))["text"].startswith("No.")
        who = slack.service.asker("slack", HOME)
        assert who and not who.member and who.email is None

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("trouble", [Trouble(status=500), Trouble(status=429, headers={"Retry-After": "30"}), Trouble(late=True)])
def test_where_slack_does_not_say_who_they_are_they_are_asked(askwell: Askwell, tmp_path: Path, trouble: Trouble) -> None:
    """The question does not wait for Slack."""

    async def go(slack: Stand) -> None:
        slack.hired(EMAIL)
        slack.slack.users[ANN] = person()
        slack.slack.troubles["users.info"] = [trouble]
        await slack.say(FRIEND)
        assert (await slack.posted(1))["text"].startswith(words.WHICH_ORGANISATION)

    play(go, askwell, tmp_path)


def test_askwell_of_one_organisation_asks_only_for_the_role(askwell: Askwell, tmp_path: Path) -> None:
    """And answers from that organisation's policy; a directory entry of another one does not count."""

    async def go(slack: Stand) -> None:
        slack.hired(EMAIL, organisation="derbyshire")
        slack.slack.users[ANN] = person()
        await slack.say(FRIEND)
        asked = await slack.posted(1)
        assert asked["text"].startswith(words.WHICH_ROLE)
        await slack.interact(press(asked, "Staff"))
        assert "Healthwatch Sefton Social Media Policy" in (await slack.posted(2))["text"]

    play(go, askwell.only("sefton"), tmp_path)


def test_who_belongs_to_an_organisation_that_is_no_longer_served_is_asked_again(askwell: Askwell, tmp_path: Path) -> None:
    """Their old answer is not taken for this organisation's."""

    async def go(slack: Stand) -> None:
        slack.known(organisation="derbyshire")
        await slack.say(FRIEND)
        assert (await slack.posted(1))["text"].startswith(words.WHICH_ROLE)

    play(go, askwell.only("sefton"), tmp_path)


async def talked(slack: Stand) -> str:
    """Somebody has asked in private and in a channel; returns the thread's conversation."""
    root = stamp()
    await slack.say(FRIEND)
    await slack.event(mention(FRIEND, ts=root))
    await slack.posted(2)
    return f"{TEAM}:{OFFICE}:{root}:{ANN}"


def test_who_is_deactivated_is_forgotten(askwell: Askwell, tmp_path: Path) -> None:
    """Account and conversations, private and in channels; others keep theirs."""

    async def go(slack: Stand) -> None:
        slack.known()
        slack.known("U02BOB")
        thread = await talked(slack)
        await slack.event({"type": "user_change", "user": person(deleted=True)})
        assert slack.service.asker("slack", HOME) is None and slack.service.asker("slack", f"{TEAM}:U02BOB")
        slack.known()
        assert slack.service.session("slack", HOME, HOME).number == slack.service.session("slack", HOME, thread).number == 0

    play(go, askwell, tmp_path)


def test_a_member_who_becomes_a_guest_is_no_longer_known_as_a_member(askwell: Askwell, tmp_path: Path) -> None:
    """A change that leaves the membership as it is changes nothing."""

    async def go(slack: Stand) -> None:
        slack.hired(EMAIL)
        slack.slack.users[ANN] = person()
        await slack.say(FRIEND)
        await slack.posted(1)
        await slack.event({"type": "user_change", "user": person(real_name="Ann B")})
        assert slack.service.asker("slack", HOME)
        await slack.event({"type": "user_change", "user": person(is_restricted=True)})
        assert slack.service.asker("slack", HOME) is None

    play(go, askwell, tmp_path)


def test_when_the_app_is_removed_the_workspace_is_forgotten(askwell: Askwell, tmp_path: Path) -> None:
    """Everybody of it; other workspaces stay."""

    async def go(slack: Stand) -> None:
        slack.known()
        await talked(slack)
        slack.service.introduce("slack", "T02ELSE:U1", who := slack.service.asker("slack", HOME))  # type: ignore[arg-type]  # she is known
        assert (await slack.event({"type": "app_uninstalled"})).status_code == 200
        assert slack.service.asker("slack", HOME) is None and slack.service.asker("slack", "T02ELSE:U1") == who
        with slack.service.database.read() as connection:
            assert not connection.exec_driver_sql("SELECT count(*) FROM conversation").scalar_one()

    play(go, askwell, tmp_path)


def test_a_token_that_was_taken_back_is_said_in_the_log(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """With what to do about it."""

    async def go(slack: Stand) -> None:
        assert (await slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U99BOT"]}})).status_code == 200

    play(go, askwell, tmp_path)
    assert "install the app again" in caplog.text
