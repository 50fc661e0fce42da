"""The command line as somebody types it, what they answer to `askwell init`, and a database of another version."""

import shlex
import sqlite3
from contextlib import closing

from typer.testing import CliRunner, Result

from adapters.terminal.cli import app
from bot.store.database import Database

TOKEN, SIGNING = "xoxb-1-very-secret", "signing-very-secret"
SEFTON_BY_SLACK = f"sefton\n\n\ny\n{TOKEN}\n\n{SIGNING}\nn\nslack:U0123456789\n"


def run(line: str, said: str = "") -> Result:
    """Type a line."""
    return CliRunner().invoke(app, shlex.split(line), input=said)


def revision(database: Database, name: str) -> None:
    """Let it be of another version."""
    with closing(sqlite3.connect(str(database.url.database))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (name,))
