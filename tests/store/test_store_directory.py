"""The directory: who belongs to an organisation, their accounts, and how somebody is forgotten."""

from datetime import date

from sqlalchemy import select

from bot.people import Asker, Person
from bot.store import directory, invites, visits
from bot.store.database import Database
from bot.store.invites import Invite
from bot.store.tables import metadata
from bot.store.visits import Visit

ANN = Person(
    "sefton", "ann@example.org", "Ann Lee", "manager", None, date(2024, 2, 1), ("slack", "email"), "Mon-Fri 09:00-17:00",
    ((date(2026, 12, 24), date(2027, 1, 2)), (date(2027, 3, 1), date(2027, 3, 1))), ("safeguarding-lead", "deputy:chair"),
)  # fmt: skip
BOB = Person("sefton", "bob@example.org", "Bob", "staff", ANN.email)
ROY = Person("rutland", "roy@example.org", "Roy", "staff")


def fill(database: Database, *people: Person, organisation: str = "sefton") -> None:
    """The directory of one organisation."""
    with database.write() as connection:
        directory.replaced(connection, organisation, people)


def test_people_come_back_as_they_went_in(database: Database) -> None:
    """By name, with everything that is known of them."""
    fill(database, BOB, ANN)
    with database.read() as connection:
        assert directory.people(connection, "sefton") == [ANN, BOB]
        assert directory.people(connection, "rutland") == []
        assert directory.find(connection, ANN.email) == [ANN] and directory.find(connection, "nobody@example.org") == []
        assert directory.managed_by(connection, "sefton", ANN.email) == ["Bob"] and directory.managed_by(connection, "rutland", ANN.email) == []


def test_a_member_is_who_the_directory_says_today(database: Database) -> None:
    """Their role follows the directory; their manager is known by name."""
    fill(database, ANN, BOB)
    with database.write() as connection:
        directory.introduce(connection, "slack", "U1", Asker("sefton", "director", member=True, email=BOB.email), 1.0)
        assert directory.asker(connection, "slack", "U1") == Asker("sefton", "staff", member=True, email=BOB.email, manager="Ann Lee")
        assert directory.asker(connection, "teams", "U1") is None


def test_whoever_says_themselves_what_they_are_is_no_member(database: Database) -> None:
    """Even with an address."""
    with database.write() as connection:
        directory.introduce(connection, "slack", "U1", Asker("sefton", "manager", email=ANN.email), 1.0)
        assert directory.asker(connection, "slack", "U1") == Asker("sefton", "manager")


def test_whoever_is_out_of_the_list_is_no_longer_known(database: Database) -> None:
    """Their account goes with them; the others stay; other organisations do not notice."""
    fill(database, ANN, BOB)
    fill(database, ROY, organisation="rutland")
    with database.write() as connection:
        for account, person in (("U1", ANN), ("U2", BOB), ("U3", ROY)):
            directory.introduce(connection, "slack", account, Asker(person.organisation, person.role, member=True, email=person.email), 1.0)
    fill(database, ANN)
    with database.read() as connection:
        assert directory.asker(connection, "slack", "U2") is None
        assert directory.asker(connection, "slack", "U1") is not None and directory.asker(connection, "slack", "U3") is not None
        assert directory.accounts(connection, ANN.email) == ["slack"] and directory.accounts(connection, BOB.email) == []


def test_an_address_in_two_directories_says_nothing(database: Database) -> None:
    """Nobody could tell whose rules count."""
    fill(database, ANN)
    with database.read() as connection:
        assert directory.by_email(connection, " Ann@Example.org ") == ("sefton", "manager")
        assert directory.by_email(connection, "nobody@example.org") is None
    fill(database, Person("rutland", ANN.email, "Ann Lee", "staff"), organisation="rutland")
    with database.read() as connection:
        assert directory.by_email(connection, ANN.email) is None


def test_whoever_is_forgotten_is_nowhere(database: Database) -> None:
    """Directory, accounts, visits, invitations, and the manager's place of others; nobody else loses anything."""
    fill(database, ANN, BOB)
    with database.write() as connection:
        directory.introduce(connection, "slack", "U1", Asker("sefton", "manager", member=True, email=ANN.email), 1.0)
        token = visits.start(connection, Visit("sefton", "manager", ANN.email, 1e9))
        directory.introduce(connection, "web", visits.hashed(token), Asker("sefton", "manager"), 1.0)
        invites.create(connection, Invite("sefton", ANN.email, "manager"), 1.0, 7)
        directory.introduce(connection, "slack", "U2", Asker("sefton", "staff", member=True, email=BOB.email), 1.0)
        gone = directory.erase(connection, ANN.email)
        assert (gone.people, gone.accounts, gone.invitations) == (1, 2, 1)
        left = str([connection.execute(select(table)).all() for table in metadata.sorted_tables])
        assert ANN.email not in left and "Ann Lee" not in left and visits.hashed(token) not in left
        assert directory.asker(connection, "slack", "U2") == Asker("sefton", "staff", member=True, email=BOB.email)
        assert directory.erase(connection, ANN.email) == directory.Erased(0, 0, 0)


def test_accounts_of_a_workspace_that_left_are_forgotten_together(database: Database) -> None:
    """And those of another stay."""
    with database.write() as connection:
        for account in ("T1:U1", "T1:U2", "T2:U1"):
            directory.introduce(connection, "slack", account, Asker("sefton", "staff"), 1.0)
        directory.forget_like(connection, "slack", "T1:%")
        assert [directory.asker(connection, "slack", a) is None for a in ("T1:U1", "T1:U2", "T2:U1")] == [True, True, False]
        directory.forget(connection, "slack", "T2:U1")
        assert directory.asker(connection, "slack", "T2:U1") is None
