"""Invitations: a link works once, until it expires or is taken back, and its token is nowhere in the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.store import invites
from bot.store.database import Database
from bot.store.invites import DAY, Invite, Listed
from bot.store.tables import invite

SAM = Invite("sefton", "sam@example.org", "volunteer")


def create(database: Database, who: Invite = SAM, now: float = 0.0) -> str:
    """Invite somebody for a week."""
    with database.write() as connection:
        return invites.create(connection, who, now, 7)


def use(database: Database, token: str, now: float = 1.0) -> Invite | None:
    """Open the link."""
    with database.write() as connection:
        return invites.use(connection, token, now)


def test_a_link_works_once(database: Database) -> None:
    """It says who was invited, and then never again."""
    token = create(database)
    assert use(database, token) == SAM
    assert use(database, token) is None


def test_a_link_that_was_never_given_opens_nothing(database: Database) -> None:
    """Nor does an almost right one, or none."""
    token = create(database)
    for wrong in ("", token[:-1], token.upper(), token + "A", "%"):
        assert use(database, wrong) is None
    assert use(database, token) == SAM


@pytest.mark.parametrize(("days", "opens"), [(6.99, True), (7.0, False), (400.0, False)])
def test_a_link_expires(database: Database, days: float, opens: bool) -> None:
    """On the day that was said, to the second."""
    token = create(database)
    assert (use(database, token, days * DAY) == SAM) is opens


def test_a_link_can_be_taken_back(database: Database) -> None:
    """Only by the organisation that gave it, and only for that address."""
    token = create(database)
    with database.write() as connection:
        assert invites.revoke(connection, "rutland", SAM.email, 1.0) == 0
        assert invites.revoke(connection, SAM.organisation, "kim@example.org", 1.0) == 0
        assert invites.revoke(connection, SAM.organisation, SAM.email, 1.0) == 1
        assert invites.revoke(connection, SAM.organisation, SAM.email, 1.0) == 0
    assert use(database, token) is None


def test_a_new_link_takes_the_old_one_back(database: Database) -> None:
    """One address has one open invitation in an organisation; others keep theirs."""
    old, other, elsewhere = create(database), create(database, Invite("sefton", "kim@example.org", "staff")), Invite("rutland", SAM.email, "staff")
    theirs, new = create(database, elsewhere), create(database)
    assert use(database, old) is None
    assert use(database, new) == SAM and use(database, theirs) == elsewhere and use(database, other)


def test_of_many_uses_at_once_exactly_one_gets_in(address: str) -> None:
    """Eight browsers open the same link in the same moment."""
    shared = Database(address)
    token = create(shared)
    shared.close()

    def browser(_: int) -> Invite | None:
        own = Database(address)
        found = use(own, token)
        own.close()
        return found

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(browser, range(8)), key=bool) == [None] * 7 + [SAM]


def test_no_token_can_be_read_in_the_database(database: Database) -> None:
    """Only a hash of it, so that whoever reads a backup cannot get in."""
    tokens = [create(database, Invite("sefton", f"p{i}@example.org", "staff")) for i in range(5)]
    with database.read() as connection:
        held = str(connection.execute(select(invite)).all())
    assert not any(token in held for token in tokens)
    assert len(set(tokens)) == 5 and all(len(token) >= 43 for token in tokens)


def test_invitations_are_listed_with_how_they_stand(database: Database) -> None:
    """Open, used, revoked, expired; those of the organisation only."""
    names = ("open", "used", "revoked", "expired")
    made = {name: create(database, Invite("sefton", f"{name}@example.org", "staff"), 0.0 if name == "expired" else DAY) for name in names}
    create(database, Invite("rutland", "elsewhere@example.org", "staff"))
    assert use(database, made["used"], 2 * DAY)
    with database.write() as connection:
        invites.revoke(connection, "sefton", "revoked@example.org", 2 * DAY)
        found = invites.listed(connection, "sefton", 7.5 * DAY)
    assert {i.invite.email.split("@")[0]: i.standing for i in found} == {name: name for name in names}
    assert found[-1] == Listed(Invite("sefton", "expired@example.org", "staff"), 7 * DAY, "expired")
