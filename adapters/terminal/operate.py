"""The commands of whoever runs Askwell: init, doctor, migrate, backup, restore, purge, privacy, settings."""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal import install
from adapters.terminal.shell import Root, SomeOrg, Stop, engine, err, explained, loaded, one, opened, tell
from bot import archive, inventory, load, vault
from bot import settings as configuration
from bot.settings import ENV_FILE, settings
from bot.store import backup as backups
from bot.store import retention
from bot.store.database import Database

app = typer.Typer()


@app.command()
def init(
    file: Annotated[Path, typer.Option("--file", help="Where to write them.", dir_okay=False)] = ENV_FILE,
    knowledge: Root = load.ROOT,
) -> None:
    """Ask for the settings, and write them into a file that only you can read.

    Example: askwell init
    """
    install.init(file, knowledge)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on, instead of ASKWELL_HOST.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on, instead of ASKWELL_PORT.", min=0, max=65535)] = None,
    knowledge: Root = load.ROOT,
) -> None:
    """Serve the web page, and Slack and Teams where they are configured, until it is stopped.

    Example: askwell serve --port 8080
    """
    from adapters import serve as serving  # it knows every channel, which other commands need not wait for

    with explained():
        chosen_ = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
        configured = settings().model_copy(update=chosen_)
        askwell = engine(knowledge)

        def announce() -> None:
            tell(f"Askwell is at {serving.address(configured)}. Stop it with Ctrl-C.")
            if configured.loopback:
                tell("Only this machine can open it. docs/operations.md says how to let others in.")

        serving.serve(askwell, configured, knowledge, announce)


@app.command()
def doctor(
    online: Annotated[bool, typer.Option("--online", help="Ask Slack, too.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Look whether everything is as it should be, and say how to mend what is not.

    Example: askwell doctor
    """
    from adapters import doctor as doctors  # it knows every channel, which other commands need not wait for

    with explained():
        configured = settings()
    ill = 0
    for part in doctors.parts(configured, knowledge, online=online):
        ill += bool(part.mend)
        tell(f"{'mend' if part.mend else 'ok  '} {part.name}: {part.mend or part.note}")
    if ill:
        raise Stop(f"{ill} to mend.", code=1)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date. Make a backup before.

    Example: askwell migrate
    """
    with explained(), closing(Database(settings().database_url)) as database:
        database.migrate()
    tell("The database is up to date.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write, for example askwell-monday.zip.", dir_okay=False)]) -> None:
    """Save the database and the archived knowledge while Askwell runs. Keys are not in it: keep a copy of them apart.

    Example: askwell backup askwell-monday.zip
    """
    with explained(), closing(Database(settings().database_url)) as database, err.status("Saving…"):
        rows = backups.save(database, archive.folder(), file)
    tell(f"Saved {_rows(rows)} to {file}.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `askwell backup` wrote.", exists=True, dir_okay=False)],
    replace: Annotated[bool, typer.Option("--replace", help="Give up what is in the database now.")] = False,
) -> None:
    """Put a backup in the place of the database. Stop the server before.

    Example: askwell restore askwell-monday.zip
    """
    with explained(), closing(Database(settings().database_url)) as database, err.status("Restoring…"):
        rows = backups.restore(database, archive.folder(), file, replace=replace)
    tell(f"Restored {_rows(rows)}. Whoever was forgotten after the backup was made has to be forgotten again (`askwell people forget`).")


def _rows(rows: Mapping[str, int]) -> str:
    count = sum(rows.values())
    return f"{count} row{'' if count == 1 else 's'}"


@app.command()
def purge() -> None:
    """Delete what is kept for no longer than now; the server does it each hour by itself.

    Example: askwell purge
    """
    with opened() as (configured, database), database.write() as connection:
        gone = retention.purge(connection, database.now(connection), configured.keeping, vault.found(configured.key_folder))
    tell(f"Deleted {_rows(gone)}.")


@app.command()
def privacy(
    org: SomeOrg = "",
    dpia: Annotated[bool, typer.Option("--dpia", help="Print a template for a data protection impact assessment.")] = False,
    knowledge: Root = load.ROOT,
) -> None:
    """Print the privacy notice, made from what is really kept (docs/data-inventory.yaml).

    Example: askwell privacy --org sefton
    """
    with explained():
        name = one(loaded(knowledge), org, settings()).name if org or settings().organisation else inventory.SOMEBODY
        known = inventory.load()
    typer.echo(inventory.dpia(known, name) if dpia else inventory.notice(known, name))


@app.command("settings")
def shown() -> None:
    """Print every setting with its default and what it is.

    Example: askwell settings
    """
    typer.echo(configuration.table(), nl=False)
