"""`askwell speak-up`: the confidential form, and what its recovery key needs."""

from typing import Annotated

import typer

from adapters.terminal.shell import Root, explained, tell
from bot import load
from bot.settings import settings

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
