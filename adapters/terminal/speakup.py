"""`askwell speak-up`: the confidential form, and what its recovery key needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal.shell import Root, SomeOrg, Stop, explained, loaded, one, opened, tell
from bot import load
from bot.settings import settings
from bot.speakup.office import Office

app = typer.Typer()


@app.callback(invoke_without_command=True)
def speak_up(
    context: typer.Context,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on, instead of ASKWELL_SPEAKUP_HOST.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on, instead of ASKWELL_SPEAKUP_PORT.", min=0, max=65535)] = None,
    knowledge: Root = load.ROOT,
) -> None:
    """Serve the confidential form for speaking up, in a process of its own, until it is stopped.

    Example: askwell speak-up --port 8090
    """
    if context.invoked_subcommand:
        return
    from adapters.speakup import serve as serving  # it brings a web server, which other commands need not wait for

    with explained():
        chosen = {name: value for name, value in (("speakup_host", host), ("speakup_port", port)) if value is not None}
        configured = settings().model_copy(update=chosen)
        serving.serve(configured, knowledge, lambda: tell(f"The confidential form is at {serving.address(configured)}. Stop it with Ctrl-C."))


@app.command()
def recovery() -> None:
    """Make a recovery key, for the day on which a reader loses their passphrase. Do this on a machine that is not the server.

    Example: askwell speak-up recovery
    """
    from bot.speakup import opening

    private, public = opening.recovery_pair()
    tell(
        "Write this private key on paper, look at each letter twice, and lock the paper away. Never type it on the server but to recover:",
        private,
        "",
        "Put the public key into the server's settings, with the name of whoever keeps the paper:",
        f"ASKWELL_SPEAKUP_RECOVERY_KEY='{public}'",
        "ASKWELL_SPEAKUP_RECOVERY_HOLDER='Jo Fox, solicitor'",
    )


@app.command()
def restart(
    email: Annotated[str, typer.Argument(help="The reader's e-mail address.")],
    org: SomeOrg = "",
    knowledge: Root = load.ROOT,
) -> None:
    """Take a reader's key away when its passphrase is lost for good. They make a new one, which opens no report that came before.

    Example: askwell speak-up restart chair@example.org --org sefton
    """
    from bot.speakup.reading import NoReportError, Reading

    with _office(knowledge, org) as (office, where):
        try:
            Reading(office).restart(where, email.strip().lower())
        except NoReportError:
            raise Stop(f"{email} has no key at {where}: see that it is spelt as in the staff list.") from None
    tell(f"{email} can make a new key now. Another reader can then let them in to each report.")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="The file to write, for example speak-up-monday.db.", dir_okay=False)]) -> None:
    """Copy the confidential reports while they are in use. The copy has always the same size; keep it and its key apart.

    Example: askwell speak-up backup speak-up-monday.db
    """
    if file.exists():
        raise Stop(f"{file} is there already: name another file.")
    with _office(load.ROOT, None) as (office, _):
        office.box.save(file)
    tell(f"Copied to {file}. It is of no use without the server's key, which is not in it.")


@contextmanager
def _office(knowledge: Path, org: str | None) -> Iterator[tuple[Office, str]]:
    """The confidential reports as they are configured, and the organisation that is meant (None: none has to be)."""
    from bot.speakup import opening

    with opened() as (configured, database):
        known = loaded(knowledge)
        yield opening.opened(configured, known, database), "" if org is None else one(known, org, configured).id
