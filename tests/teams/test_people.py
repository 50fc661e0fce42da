"""Who people in Teams are: members of the organisation by the address that it gave them, and nobody else."""

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.people import confirmed
from bot.guide import Askwell
from bot.people import Asker
from teams.stand import ANN, FOREIGN, TENANT, THREAD, Stand, card_of, play, text_of

MEMBER = {"id": f"29:{ANN}", "email": "Ann@X.uk", "userPrincipalName": "ann.author@x.uk", "tenantId": TENANT, "aadObjectId": ANN, "userRole": "user"}


def test_a_member_is_known_by_address_and_asked_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """Once; from then on by their id in the directory, whatever Teams says."""

    async def go(teams: Stand) -> None:
        teams.hired(("ann@x.uk", "Ann"))
        teams.teams.members[f"29:{ANN}"] = MEMBER
        await teams.say("Can I share our post on my own page?")
        await teams.posted(1)
        assert teams.service.asker("teams", f"{TENANT}:{ANN}") == Asker("sefton", "staff", member=True, email="ann@x.uk")
        looked = [c.path for c in teams.teams.calls if c.method == "GET"]
        await teams.say("And a photo?")
        await teams.posted(2)
        assert looked == [c.path for c in teams.teams.calls if c.method == "GET"] == [f"/v3/conversations/a:29:{ANN}/members/29:{ANN}"]

    play(go, askwell, tmp_path)


def test_in_a_thread_the_channel_is_asked_who_somebody_is(askwell: Askwell, tmp_path: Path) -> None:
    """A thread has no members of its own."""

    async def go(teams: Stand) -> None:
        await teams.say("Can I share our post on my own page?", conversation=THREAD)
        await teams.posted(1)
        assert [c.path for c in teams.teams.calls if c.method == "GET"] == [f"/v3/conversations/{THREAD.partition(';')[0]}/members/29:{ANN}"]

    play(go, askwell, tmp_path)


def test_the_sign_in_name_counts_where_the_address_is_another(askwell: Askwell, tmp_path: Path) -> None:
    """Both are given by the organisation."""

    async def go(teams: Stand) -> None:
        teams.hired(("ann.author@x.uk", "Ann"))
        teams.teams.members[f"29:{ANN}"] = MEMBER
        await teams.say("hello")
        await teams.posted(1)
        known = teams.service.asker("teams", f"{TENANT}:{ANN}")
        assert known and known.email == "ann.author@x.uk"

    play(go, askwell, tmp_path)


@pytest.mark.parametrize(
    "more",
    [
        {"userRole": "guest"}, {"userRole": "anonymous"}, {"userPrincipalName": "ann_y.uk#EXT#@x.onmicrosoft.com"}, {"tenantId": FOREIGN},
        {"aadObjectId": "bbbbbbbb-0000-0000-0000-000000000002"}, {"aadObjectId": None}, {"email": None, "userPrincipalName": None},
        {"email": "", "userPrincipalName": "ann"},
    ],
    ids=["guest", "anonymous", "an account of elsewhere", "another tenant", "somebody else", "nobody", "no address", "none that is one"],
)  # fmt: skip
def test_nobody_else_is_taken_for_a_member(more: dict[str, Any]) -> None:
    """Guests, people of other tenants, and a roster that speaks of somebody else."""
    assert confirmed(MEMBER, ANN, TENANT) == ["ann@x.uk", "ann.author@x.uk"]
    assert confirmed({**MEMBER, **more}, ANN, TENANT) == []


def test_where_teams_does_not_say_they_are_asked(askwell: Askwell, tmp_path: Path) -> None:
    """And next time it is tried again."""

    async def go(teams: Stand) -> None:
        teams.hired(("ann@x.uk", "Ann"))
        await teams.say("Can I share our post on my own page?")
        assert "Which organisation are you with?" in text_of(card_of(await teams.posted(1)))
        teams.teams.members[f"29:{ANN}"] = MEMBER
        await teams.say("Can I share our post on my own page?")
        await teams.posted(2)
        assert teams.service.asker("teams", f"{TENANT}:{ANN}") is not None

    play(go, askwell, tmp_path)


def test_people_without_an_id_in_the_directory_have_an_account_that_tells_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """Guests of a meeting: a fingerprint of their id in Teams, short enough for the database."""

    async def go(teams: Stand) -> None:
        said = teams.activity("message", text="hello")
        said["from"] = {"id": "29:" + "x" * 200}
        await teams.send(said)
        await teams.posted(1)
        with teams.service.database.read() as connection:
            (found,) = connection.exec_driver_sql("SELECT id FROM conversation").scalars().all()
        assert found.startswith(f"{TENANT}:") and len(found) == len(TENANT) + 41 and "xxx" not in found

    play(go, askwell, tmp_path)


def test_the_roster_is_never_logged_or_kept(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Only that they are a member, by the address of the staff list."""

    async def go(teams: Stand) -> None:
        teams.teams.members[f"29:{ANN}"] = {**MEMBER, "email": "zebrafinch@x.uk", "givenName": "Zebrafinch"}
        await teams.say("hello")
        await teams.posted(1)
        await teams.quiet()
        with teams.service.database.read() as connection:
            rows = [connection.exec_driver_sql(f"SELECT * FROM {name}").all() for name in ("account", "address", "event", "audit")]  # noqa: S608 - our own tables
        assert "zebrafinch" not in json.dumps(rows, default=str).lower() + caplog.text.lower()

    play(go, askwell, tmp_path)
