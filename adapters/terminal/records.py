"""`askwell cases`, `askwell keys`, `askwell subject`: for whoever looks after the records. None shows what was reported, or by whom."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from adapters.terminal.shell import Root, SomeOrg, Stop, chosen, loaded, one, opened, tell
from bot import cells, load, vault, watch
from bot.settings import Settings
from bot.store import cases as stored
from bot.store import chain, subject_access
from bot.store.cases import Listed, NoCaseError
from bot.store.chain import Done
from bot.vault import SealBrokenError, Vault

cases = typer.Typer(no_args_is_help=True)
keyring = typer.Typer(no_args_is_help=True)
ADMINISTRATOR = ""  # in the audit: whoever may type commands on the server
Reference = Annotated[str, typer.Argument(help="Its reference, as `askwell cases list` shows it.")]


def _needed(configured: Settings) -> Vault:
    found = vault.found(configured.key_folder)
    if found is None:
        raise Stop(f"{configured.key_folder} holds no key, so no report can be read. If there should be one, put your copy back.")
    return found


@cases.callback()
def reports() -> None:
    """The records of reports: how they stand, and which must not be deleted.

    Example: askwell cases list --org sefton
    """


@cases.command("list")
def listed(org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """References, how they stand, and days. Nothing of what was reported, and nothing about wrongdoing at work.

    Example: askwell cases list --org sefton
    """
    with opened() as (configured, database):
        which = chosen(loaded(knowledge), org, configured)
        held = vault.found(configured.key_folder)
        with database.read() as connection:
            found = [(o.id, x) for o in which for x in _listed(connection, held, o.id)]
    tell(*(_line(o, x) for o, x in found) if found else ["There are no reports."])


def _listed(connection: Connection, held: Vault | None, organisation: str) -> list[Listed]:
    try:
        return stored.listed(connection, held, organisation) if held else []
    except SealBrokenError as error:
        raise Stop(str(error)) from None


def _line(organisation: str, one: Listed) -> str:
    ended = f", closed {one.ended}" if one.ended else ""
    return f"{one.reference}  {one.status.value:6}  {organisation}, sent {one.day}{ended}{', held: it will not be deleted' if one.hold else ''}"


@cases.command()
def hold(reference: Reference, org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """Keep a report whatever its time says, for a court, the police or the regulator, until it is released.

    Example: askwell cases hold 7QK4-XM29 --org sefton
    """
    _held(reference, org, knowledge, hold=True)
    tell(f"{reference.upper()} will not be deleted until `askwell cases release`.")


@cases.command()
def release(reference: Reference, org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """Let a report that was held be deleted when its time is over.

    Example: askwell cases release 7QK4-XM29 --org sefton
    """
    _held(reference, org, knowledge, hold=False)
    tell(f"{reference.upper()} is deleted when its time is over.")


def _held(reference: str, org: str, knowledge: Path, *, hold: bool) -> None:
    with opened() as (configured, database):
        where, held = one(loaded(knowledge), org, configured).id, _needed(configured)
        with database.write() as connection:
            try:
                if reference.upper() not in {x.reference for x in _listed(connection, held, where)}:
                    raise NoCaseError(reference)
                stored.held_back(connection, where, reference.upper(), hold=hold)
            except NoCaseError:
                raise Stop(f"{where} has no report {reference.upper()}. `askwell cases list` shows what there is.") from None
            done = Done("held" if hold else "released", reference.upper(), ADMINISTRATOR)
            chain.append(connection, held, where, done, database.now(connection))


@cases.command()
def seals(at: Annotated[int, typer.Argument(help="The number that stands in the mail.")], org: SomeOrg = "", knowledge: Root = load.ROOT) -> None:
    """Print the seals of the audit as they were when they were mailed to ASKWELL_AUDIT_TO. Where one differs, something was cut out.

    Example: askwell cases seals 1795170600
    """
    with opened() as (configured, database), database.read() as connection:
        encoded = loaded(knowledge)
        named = {o.id: o for o in chosen(encoded, org, configured)}
        tell(*watch.seals(connection, replace(encoded, organisations=named), float(at)))


@keyring.callback()
def ring() -> None:
    """The keys that seal what people wrote.

    Example: askwell keys rotate
    """


@keyring.command()
def rotate() -> None:
    """Make a new key, and seal the keys of all reports with it. Servers that run can read on; restart them to seal with it, too.

    Example: askwell keys rotate
    """
    with opened() as (configured, database):
        _needed(configured)
        path = vault.add(configured.key_folder)
        try:
            with database.write() as connection:
                count = stored.rewrap(connection, vault.kept(configured.key_folder))
        except SealBrokenError as error:
            path.unlink()
            raise Stop(f"Nothing was changed. {error}") from None
    tell(f"Sealed the keys of {count} report{'' if count == 1 else 's'} anew. Copy {path} to where you keep the others, and restart the server.")
    tell("Keep the older keys: conversations that are open, backups and the audit still need them.")


def subject(email: Annotated[str, typer.Argument(help="Their e-mail address.")]) -> None:
    """Print all that is kept about a person, as JSON, for when they ask for it. What somebody reported, and who did, is not in it.

    Example: askwell subject ann@example.org
    """
    try:
        address = cells.email(email)
    except cells.CellError as error:
        raise Stop(str(error)) from None
    with opened() as (_, database), database.read() as connection:
        found = subject_access.about(connection, address)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    tell("Reports are not in it. Ask whoever looks after them what this person may see: it must not tell who reported, or put anybody at risk.")
