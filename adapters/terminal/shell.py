"""What the commands share: where they print, how they stop, and what goes wrong said in one message."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import archive, effective, load, receipt
from bot.findings import KnowledgeError
from bot.guide import ROLES, Askwell, UnknownOrganisationError, UnknownRoleError, open_askwell
from bot.knowledge import Knowledge, Organisation
from bot.officer.folder import OfficerError
from bot.settings import ENV, Settings, SettingsError, settings
from bot.spreadsheet import SpreadsheetError
from bot.store.backup import BackupError
from bot.store.database import Database, DatabaseUnusableError

out, err = Console(highlight=False), Console(stderr=True, highlight=False)

Role = Annotated[str, typer.Option("--role", help="Who asks: " + ", ".join(ROLES) + ".")]
Root = Annotated[Path, typer.Option("--knowledge", help="The folder with the encoded policies.")]
SomeOrg = Annotated[str, typer.Option("--org", help="The organisation; the configured one, or all, when left out.")]


def configured(
    env_file: Annotated[Path | None, typer.Option("--env-file", help="File with settings, instead of ./askwell.env.", dir_okay=False)] = None,
) -> None:
    """What counts for every command."""
    if env_file:
        os.environ[ENV] = str(env_file)


class Stop(typer.Exit):
    """Ends a command after saying what to mend."""

    def __init__(self, message: str, code: int = 2) -> None:
        err.print(message, markup=False, soft_wrap=True)
        super().__init__(code=code)


@contextmanager
def explained() -> Iterator[None]:
    """Turns what can go wrong into a message that says what, where and how to mend it."""
    try:
        yield
    except KnowledgeError as error:
        count = len(error.findings)
        raise Stop(f"The knowledge cannot be loaded, so nothing is answered from it. {count} to mend:\n{error}") from None
    except SpreadsheetError as error:
        raise Stop(f"Nothing is imported. {len(error.slips)} to mend:\n{error}") from None
    except (UnknownOrganisationError, UnknownRoleError, receipt.BadReceiptError, archive.NotArchivedError) as error:
        raise Stop(f"{error}") from None
    except (OfficerError, SettingsError, DatabaseUnusableError, BackupError) as error:
        raise Stop(f"{error}") from None
    except FileNotFoundError as error:
        raise Stop(f"{error.filename} is missing. If it is a model file, run `askwell train`.") from None
    except OSError as error:
        raise Stop(f"{error.filename or 'A file'} cannot be used ({error.strerror}): check who may read and write it, and the disk's room.") from None


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """The settings and the database, ready; what can go wrong with either is explained."""
    with explained():
        configured = settings()
        database = Database(configured.database_url)
        try:
            database.ready()
            yield configured, database
        finally:
            database.close()


def engine(root: Path, org: str | None = None) -> Askwell:
    """The engine; with the next versions beside the present ones where one of them is asked for, to try it before it holds."""
    with err.status("Reading the policies…"):
        askwell = open_askwell(root)
    if org and org.endswith(effective.NEXT):
        askwell = Askwell(effective.everything(askwell.encoded), askwell.understands)
    if askwell.understands.encoder is None:
        err.print("The language model is not installed, so only plain words are matched and nothing is permitted. Run `make setup`.", markup=False)
    try:
        archive.keep_editions(root, askwell.encoded)
    except OSError as error:
        err.print(f"Receipts of today cannot be replayed later: {error}. Set ASKWELL_DATA to a folder that can be written.", markup=False)
    return askwell


def loaded(root: Path) -> Knowledge:
    """The encoded policies."""
    with err.status("Reading the policies…"):
        return load.load(root)


def organisation(known: Knowledge, name: str) -> Organisation:
    """One of those that are encoded; stops where it is none of them."""
    if name not in known.organisations:
        raise Stop(f"'{name}' is not an organisation that is encoded here; these are: {', '.join(sorted(known.organisations))}")
    return known.organisations[name]


def chosen(known: Knowledge, name: str, configured: Settings) -> tuple[Organisation, ...]:
    """The organisation that was named or is configured; all where there is none."""
    which = name or configured.organisation
    return (organisation(known, which),) if which else tuple(known.organisations.values())


def one(known: Knowledge, name: str, configured: Settings) -> Organisation:
    """The organisation that was named or is configured, or the only one there is; stops where it could be several."""
    found = chosen(known, name, configured)
    if len(found) > 1:
        raise Stop(f"Say for which organisation, with --org: {', '.join(sorted(known.organisations))}")
    return found[0]


def tell(*lines: str) -> None:
    """Print lines as they are: what people wrote is never markup, and never moves the cursor."""
    for line in lines:
        out.print("".join(c if c.isprintable() else " " for c in line), markup=False, soft_wrap=True)
