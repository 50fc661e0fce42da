"""`askwell people`: the directory that says who belongs to an organisation, and invitations to the page."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal.shell import Root, SomeOrg, Stop, chosen, err, loaded, one, opened, tell
from bot import cells, cover, load, staff
from bot.guide import ROLES
from bot.knowledge import Knowledge
from bot.people import Person
from bot.routing import FALLBACK
from bot.settings import Settings
from bot.speakup.veto import DUTY as SPEAK_UP
from bot.staff import Change, Place, Staff
from bot.store import directory, invites
from bot.store.invites import Invite

app = typer.Typer(no_args_is_help=True)
MOST_SHOWN = 20
LONGEST_INVITATION = 90  # days

Email = Annotated[str, typer.Argument(help="Their e-mail address.")]


@app.callback()
def people() -> None:
    """Who belongs to an organisation, and who is invited to the page.

    Example: askwell people list
    """


@app.command("import")
def take(
    file: Annotated[Path, typer.Argument(help="A CSV with name, email, role and more.", exists=True, dir_okay=False, readable=True)],
    org: SomeOrg = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Take over a staff list: it replaces the directory of each organisation in it. docs/operations.md names the columns.

    Example: askwell people import staff.csv --org sefton --dry-run
    """
    with opened() as (configured, database):
        known = loaded(knowledge)
        only = one(known, org, configured).id if org or configured.organisation else ""
        with err.status("Reading the staff list…"):
            found = staff.read(file.read_bytes(), _places(known), only)
        with database.write() as connection:
            here = {p.organisation for p in found.people}
            change = staff.compare([p for o in here for p in directory.people(connection, o)], found.people)
            for organisation in () if dry_run else here:
                directory.replaced(connection, organisation, [p for p in found.people if p.organisation == organisation])
    tell(*_told(found, change))
    tell("This was a dry run: nothing has changed." if dry_run else "The directory is up to date.")


def _places(known: Knowledge) -> dict[str, Place]:
    """Each organisation by its names, and the roles of its policy that people can hold."""
    always = ("safeguarding-lead", FALLBACK, SPEAK_UP)
    return {o.id: Place((o.name, o.short), tuple(dict.fromkeys((*always, *o.roles)))) for o in known.organisations.values()}


def _told(found: Staff, change: Change) -> list[str]:
    """What changes, person by person as far as one can read it."""
    same = len(found.people) - len(change.new) - len(change.changed)
    lines = [f"{len(change.new)} new, {len(change.changed)} changed, {len(change.gone)} gone, {same} as before."]
    lines += _some("new", (_line(p) for p in change.new), len(change.new))
    differ = (f"{_line(b)}: {', '.join(staff.differences(a, b))}" for a, b in change.changed)
    lines += _some("changed", differ, len(change.changed))
    lines += _some("gone", (_line(p) for p in change.gone), len(change.gone))
    return [*lines, *([f"Left out, as Askwell does not need them: {', '.join(found.ignored)}."] if found.ignored else [])]


def _some(word: str, lines: Iterable[str], count: int) -> list[str]:
    shown = [f"  {word:8} {line}" for line, _ in zip(lines, range(MOST_SHOWN), strict=False)]
    return [*shown, *([f"  {word:8} and {count - MOST_SHOWN} more"] if count > MOST_SHOWN else [])]


def _line(person: Person) -> str:
    return f"{person.name} <{person.email}>, {person.role}, {person.organisation}"


@app.command("list")
def listed(org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """Everybody in the directory.

    Example: askwell people list --org sefton
    """
    with opened() as (configured, database):
        which = chosen(loaded(knowledge), org, configured)
        with database.read() as connection:
            found = [p for o in which for p in directory.people(connection, o.id)]
    tell(*(_line(p) for p in found) if found else ["Nobody is in the directory yet. Take over a staff list with `askwell people import`."])


@app.command()
def show(email: Email) -> None:
    """All that is kept of one person.

    Example: askwell people show ann@example.org
    """
    with opened() as (_, database), database.read() as connection:
        found = directory.find(connection, _address(email))
        managed = {p.organisation: directory.managed_by(connection, p.organisation, p.email) for p in found}
        accounts = directory.accounts(connection, _address(email))
        here = datetime.fromtimestamp(database.now(connection), UTC)
    if not found:
        raise Stop(f"Nobody with the address {email} is in the directory.")
    for person in found:
        tell(*_shown(person, managed[person.organisation], here), f"  accounts      {', '.join(accounts) or 'none yet'}")


def _shown(person: Person, managed: list[str], at: datetime) -> list[str]:
    leave = "; ".join(f"{_day(a)} to {_day(b)}" if a != b else _day(a) for a, b in person.leave)
    now = "can be reached now" if cover.on_duty([person], at) else "cannot be reached now"
    rows = {
        "organisation": person.organisation, "role": person.role, "manager": person.manager or "none", "manages": ", ".join(managed) or "nobody",
        "joined": _day(person.joined) if person.joined else "not said", "channels": ", ".join(person.channels) or "not said",
        "cover": f"{person.cover or f'not said, so {cover.OFFICE_HOURS}'} ({now})", "leave": leave or "none",
        "duties": ", ".join(person.duties) or "none",
    }  # fmt: skip
    return [f"{person.name} <{person.email}>", *(f"  {name:13} {value}" for name, value in rows.items())]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@app.command()
def forget(email: Email, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete a person: from the directory, with their accounts, visits and invitations.

    Example: askwell people forget ann@example.org --yes
    """
    address = _address(email)
    if not yes and not typer.confirm(f"Delete all that is kept of {address}?"):
        raise Stop("Nothing was deleted.", code=1)
    with opened() as (_, database), database.write() as connection:
        gone = directory.erase(connection, address)
    if not any((gone.people, gone.accounts, gone.invitations)):
        raise Stop(f"Nothing is kept of {address}.")
    tell(f"Deleted: {gone.people} in the directory, {gone.accounts} accounts, {gone.invitations} invitations.")
    tell("An open conversation goes within a day. Take them out of the staff list as well, and remember that backups still hold them.")


@app.command()
def invite(
    email: Email,
    org: SomeOrg = "",
    role: Annotated[str, typer.Option("--role", help=f"One of: {', '.join(ROLES)}.")] = "volunteer",
    days: Annotated[int, typer.Option("--days", min=1, max=LONGEST_INVITATION, help="How long the link can be used.")] = 7,
    knowledge: Root = load.ROOT,
) -> None:
    """Print a link with which somebody without Slack, Teams or sign-on can use the page. It works once; older links of theirs stop working.

    Example: askwell people invite sam@example.org --org sefton --role volunteer --days 7
    """
    if role not in ROLES:
        raise Stop(f"'{role}' is not a role; use one of: {', '.join(ROLES)}")
    with opened() as (configured, database):
        where = one(loaded(knowledge), org, configured)
        with database.write() as connection:
            token = invites.create(connection, Invite(where.id, _address(email), role), database.now(connection), days)
    tell(f"{address(configured)}/invite/{token}")
    err.print(f"Send this link to {_address(email)} yourself. It works once, within {days} days.", markup=False)


def address(configured: Settings) -> str:
    """Where people reach the page."""
    return configured.public_url.rstrip("/") or f"http://{configured.host}:{configured.port}"


@app.command("invites")
def invited(org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """Invitations and how they stand.

    Example: askwell people invites --org sefton
    """
    with opened() as (configured, database):
        which = chosen(loaded(knowledge), org, configured)
        with database.read() as connection:
            now = database.now(connection)
            found = [i for o in which for i in invites.listed(connection, o.id, now)]
    until = (f"{i.standing:8} {i.invite.email}, {i.invite.role}, {i.invite.organisation}, until {_day(_date(i.expires))}" for i in found)
    tell(*until if found else ["Nobody is invited."])


def _date(at: float) -> date:
    return datetime.fromtimestamp(at, cover.LONDON).date()


@app.command()
def revoke(email: Email, org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """Take back an invitation that has not been used.

    Example: askwell people revoke sam@example.org --org sefton
    """
    with opened() as (configured, database):
        which = chosen(loaded(knowledge), org, configured)
        with database.write() as connection:
            count = sum(invites.revoke(connection, o.id, _address(email), database.now(connection)) for o in which)
    if not count:
        raise Stop(f"{email} has no open invitation. To end a visit that has begun, use `askwell people forget`.")
    tell(f"Revoked: {count}.")


def _address(email: str) -> str:
    try:
        return cells.email(email)
    except cells.CellError as error:
        raise Stop(str(error)) from None
