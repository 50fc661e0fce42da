"""Microsoft's Agents Playground: a client for bots as Teams is one, for one person, in a process of its own."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from teams.stand import BOT, TENANT

from e2e.teams.node import packages, program

CLIENT = "node_modules/@microsoft/m365agentsplayground/cli.js"
CONFIG, READY = ".m365agentsplayground.yml", "Listening on"
COLLEAGUES = 5  # the client wants exactly so many


@dataclass(frozen=True)
class User:
    """Who sits at the client, as the organisation's directory knows them."""

    number: int
    name: str
    email: str

    @property
    def known(self) -> dict[str, Any]:
        """As the client's settings have them."""
        given, _, family = self.name.partition(" ")
        return {
            "id": f"29:user-{self.number}", "name": self.name, "userPrincipleName": self.email, "email": self.email,
            "aadObjectId": f"{self.number:08d}-0000-0000-0000-000000000000", "givenName": given, "surname": family,
        }  # fmt: skip


@contextmanager
def playground(folder: Path, endpoint: str, user: User) -> Iterator[str]:
    """A client for this person that talks to the bot at `endpoint`, until the block ends; where its page is."""
    place = folder / f"client-{user.number}"
    place.mkdir()
    (place / CONFIG).write_text(yaml.safe_dump(_config(user)), encoding="utf-8")
    port = _free()
    command = [
        program("node"), str(packages() / CLIENT), "start", "-e", endpoint, "-c", "msteams", "-p", str(port),
        "--service-url", f"http://127.0.0.1:{port}/_connector", "--disable-telemetry",
    ]  # fmt: skip
    environment = {**os.environ, "TEAMSAPPTESTER_BROWSER": "none", "HOME": str(place)}
    with subprocess.Popen(  # noqa: S603 - our own node
        command, cwd=place, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert f"{READY} {port}" in said, said
            yield f"http://127.0.0.1:{port}/"
        finally:
            os.killpg(process.pid, signal.SIGKILL)  # node may be the child of a launcher


def _config(user: User) -> dict[str, Any]:
    colleagues = [User(user.number * 100 + i, f"Colleague {i}", f"colleague-{i}@x.uk").known for i in range(COLLEAGUES)]
    return {
        "version": "0.1.1", "tenantId": TENANT, "bot": {"id": BOT, "name": "Askwell"}, "currentUser": user.known, "users": colleagues,
        "personalChat": {"id": f"a:personal-{user.number}"}, "groupChat": {"id": f"19:group-{user.number}@thread.v2", "name": "Office"},
        "team": {
            "id": f"team-{user.number}", "name": "Team", "aadGroupId": "00000000-0000-0000-0000-000000000031",
            "channels": [{"id": f"19:channel-{user.number}@thread.tacv2", "name": "Announcements"}],
        },
    }  # fmt: skip


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
