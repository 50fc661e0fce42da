"""`askwell doctor`: what is as it should be, what is to mend and how; with a real mail server and a recording Slack."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from commands import SEFTON_BY_SLACK, TOKEN, revision, run
from mail_server import HOST, Mailbox, certificate
from typer.testing import Result

from bot import vault
from bot.knowledge import Knowledge
from bot.settings import settings
from bot.store import records
from bot.store.database import Database

pytestmark = pytest.mark.whole

GUID = "12345678-1234-1234-1234-123456789abc"


@pytest.fixture(autouse=True)
def _here(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """In a folder of the test's own, with nothing configured; the policies are read only once."""
    monkeypatch.setattr("bot.load.load", lambda _root: knowledge)
    monkeypatch.delenv("ASKWELL_ENV")
    monkeypatch.chdir(tmp_path)


def lines(done: Result) -> dict[str, str]:
    """What the doctor says of each part."""
    found = (line.split(": ", 1) for line in done.stdout.splitlines())
    return {name[5:]: (name[:5].strip() if name.startswith("ok") else what) for name, what in found}


def test_a_fresh_installation_is_well() -> None:
    """Nothing has to be configured to try it."""
    done = run("doctor")
    assert done.exit_code == 0, done.output
    found = lines(done)
    assert set(found) == {"settings", "page", "folder", "database", "keys", "knowledge", "reports", "clock", "alarm", "mail", "Slack", "Teams"}
    assert set(found.values()) == {"ok"}


@pytest.mark.parametrize(
    ("environment", "part", "says"),
    [
        ({"ASKWELL_HOTS": "x"}, "settings", "did you mean ASKWELL_HOST?"),
        ({"ASKWELL_HEARTBEAT_URL": "ftp://x"}, "settings", "http or https"),
        ({"ASKWELL_HOST": "192.0.2.1"}, "page", "Set ASKWELL_PUBLIC_URL"),
        ({"ASKWELL_DATA": "file/data"}, "folder", "set ASKWELL_DATA to a folder"),
        ({"ASKWELL_DATABASE": "postgresql://a:very-secret@127.0.0.1:1/x"}, "database", "cannot be reached"),
        ({"ASKWELL_ORGANISATION": "mars"}, "knowledge", "'mars', which is not encoded here; these are: cambspboro"),
        ({"ASKWELL_ALARM_TO": "kim"}, "alarm", "must begin with mailto: or slack:"),
        ({"ASKWELL_SMTP_HOST": "127.0.0.1", "ASKWELL_SMTP_PORT": "1"}, "mail", "The mail server 127.0.0.1:1 cannot be used"),
        ({"ASKWELL_SLACK_BOT_TOKEN": "very-secret"}, "Slack", "must be the bot token"),
        ({"ASKWELL_SLACK_BOT_TOKEN": TOKEN}, "alarm", "set ASKWELL_ALARM_TO"),
        ({"ASKWELL_SLACK_BOT_TOKEN": TOKEN}, "Slack", "ASKWELL_SLACK_SIGNING_SECRET is missing"),
        ({"ASKWELL_TEAMS_APP_ID": "askwell"}, "Teams", "ASKWELL_TEAMS_APP_ID must be like"),
        ({"ASKWELL_TEAMS_APP_ID": GUID}, "Teams", "ASKWELL_TEAMS_TENANT must be like"),
        ({"ASKWELL_TEAMS_APP_ID": GUID, "ASKWELL_TEAMS_TENANT": GUID}, "Teams", "ASKWELL_TEAMS_APP_SECRET is missing"),
        ({"ASKWELL_TEAMS_APP_ID": GUID, "ASKWELL_TEAMS_TENANT": GUID, "ASKWELL_TEAMS_APP_SECRET": "x"}, "Teams", "set ASKWELL_PUBLIC_URL"),
        ({"ASKWELL_TEAMS_PLAYGROUND": "yes", "ASKWELL_HOST": "192.0.2.1"}, "Teams", "ASKWELL_TEAMS_APP_ID is missing"),
        ({"ASKWELL_SLACK_BOT_TOKEN": TOKEN, "ASKWELL_SLACK_SIGNING_SECRET": "x"}, "Slack", "set ASKWELL_PUBLIC_URL, or ASKWELL_SLACK_APP_TOKEN"),
    ],
)
def test_what_is_wrong_is_named_with_how_to_mend_it(environment: dict[str, str], part: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other parts are looked at as well; exit code 1, and no secret is shown."""
    Path("file").write_text("no folder")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = run("doctor")
    assert done.exit_code == 1 and "to mend." in done.stderr
    assert says in lines(done)[part] and lines(done)["clock"] == "ok"
    assert "very-secret" not in done.output and "Traceback" not in done.output


def test_an_env_file_that_others_can_read_is_named() -> None:
    """It holds secrets."""
    run("init", SEFTON_BY_SLACK)
    Path("askwell.env").chmod(0o644)
    assert "chmod 600 askwell.env" in lines(run("doctor"))["settings"]


def test_a_disk_that_is_nearly_full_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before it is full."""
    monkeypatch.setattr("adapters.doctor.ROOM", 10**18)
    assert "make room for at least" in lines(run("doctor"))["folder"]


def test_knowledge_that_is_broken_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the command that says where."""
    monkeypatch.undo()
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "data"))
    assert "Run `askwell check`." in lines(run("doctor --knowledge nowhere"))["knowledge"]


@pytest.fixture
def prepared() -> Database:
    """The database of this installation, made ready."""
    database = Database(settings().database_url)
    database.ready()
    return database


def test_a_database_of_another_version_is_named(prepared: Database) -> None:
    """With what to do first."""
    revision(prepared, "9999")
    prepared.close()
    assert "newer Askwell" in lines(run("doctor"))["database"]


def test_a_clock_that_went_back_is_named(prepared: Database) -> None:
    """Slack refuses requests of another time, and what is due would wait."""
    with prepared.write() as connection:
        records.beaten(connection, "courier", prepared.now(connection) + 3600)
    prepared.close()
    assert "gone back" in lines(run("doctor"))["clock"]


def test_keys_that_are_missing_or_open_are_named(prepared: Database) -> None:
    """Before a new key is made beside what the old one sealed."""
    folder = settings().key_folder
    vault.kept(folder)
    assert lines(run("doctor"))["keys"] == "ok"
    (key,) = folder.glob("*.key")
    key.chmod(0o640)
    assert "chmod 600" in lines(run("doctor"))["keys"]
    key.unlink()
    assert lines(run("doctor"))["keys"] == "ok"
    with closing(sqlite3.connect(str(prepared.url.database))) as connection, connection:
        connection.execute("INSERT INTO conversation VALUES ('sefton', 'c', 1, x'00', 1.0)")
    prepared.close()
    assert "put your copy of the keys back" in lines(run("doctor"))["keys"]


def test_a_mail_server_is_really_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The right password, and a wrong one."""
    path = certificate(tmp_path)
    with Mailbox(path) as box:
        for name, value in (("HOST", HOST), ("PORT", str(box.port)), ("USER", box.user), ("PASSWORD", box.password)):
            monkeypatch.setenv(f"ASKWELL_SMTP_{name}", value)
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert lines(run("doctor"))["mail"] == "ok"
        monkeypatch.setenv("ASKWELL_SMTP_PASSWORD", "very-secret")
        done = run("doctor")
        assert "refuses ASKWELL_SMTP_USER or ASKWELL_SMTP_PASSWORD" in lines(done)["mail"] and "very-secret" not in done.output


class SlackHandler(BaseHTTPRequestHandler):
    """Slack's Web API as far as the doctor asks it."""

    answers: dict[str, str]
    asked: list[tuple[str, bytes]]
    date: float | None
    scopes: str

    def do_POST(self) -> None:
        """Answer a call."""
        self.asked.append((self.path, self.rfile.read(int(self.headers.get("content-length", 0)))))
        self._say(self.answers.get(self.path.strip("/"), '{"ok": true}'))

    def do_GET(self) -> None:
        """Say only the time."""
        self._say("{}")

    def _say(self, body: str) -> None:
        self.send_response_only(200)
        self.send_header("Date", formatdate(self.date, usegmt=True))
        self.send_header("Content-Type", "application/json")
        self.send_header("X-OAuth-Scopes", self.scopes)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[SlackHandler]]:
    """A recording Slack on loopback, which is content."""
    from adapters.slack.manifest import SCOPES

    content: dict[str, object] = {"answers": {}, "asked": [], "date": None, "scopes": ",".join(SCOPES)}
    handler: type[SlackHandler] = type("Handler", (SlackHandler,), content)
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("ASKWELL_SLACK_API_URL", f"http://127.0.0.1:{server.server_port}/")
    for name, value in (("BOT_TOKEN", TOKEN), ("APP_TOKEN", "xapp-1")):
        monkeypatch.setenv(f"ASKWELL_SLACK_{name}", value)
    monkeypatch.setenv("ASKWELL_ALARM_TO", "slack:U0123456789")
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def refuse(method: str, error: str) -> Callable[[type[SlackHandler]], object]:
    """Slack says no to a call."""
    return lambda slack: slack.answers.update({method: f'{{"ok": false, "error": "{error}"}}'})


def test_slack_is_asked_only_online(slack: type[SlackHandler]) -> None:
    """Whether the token holds, what it may do, and whether it takes an answer as we show it."""
    assert run("doctor").exit_code == 0 and slack.asked == []
    done = run("doctor --online")
    assert done.exit_code == 0, done.output
    assert [path for path, _ in slack.asked] == ["/auth.test", "/blocks.validate"]
    assert b'"type": "rich_text"' in slack.asked[1][1] and TOKEN not in done.output


@pytest.mark.parametrize(
    ("change", "part", "says"),
    [
        (refuse("auth.test", "invalid_auth"), "Slack", "check the network, then the token"),
        (refuse("auth.test", "token_revoked"), "Slack", "copy the new token"),
        (refuse("blocks.validate", "invalid_blocks"), "Slack", "Install the newest Askwell"),
        (refuse("blocks.validate", "ratelimited"), "Slack", "Try again later"),
        (lambda slack: setattr(slack, "scopes", "chat:write"), "Slack", "The app lacks scopes"),
        (lambda slack: setattr(slack, "date", 1e9), "clock", "seconds apart"),
    ],
)
def test_what_slack_has_against_it_is_said(slack: type[SlackHandler], change: Callable[[type[SlackHandler]], object], part: str, says: str) -> None:
    """With how to mend it."""
    change(slack)
    done = run("doctor --online")
    assert done.exit_code == 1 and says in lines(done)[part] and TOKEN not in done.output


def test_a_slack_that_is_not_reached_is_said(slack: type[SlackHandler], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a traceback."""
    monkeypatch.setenv("ASKWELL_SLACK_API_URL", "http://127.0.0.1:1/")
    found = lines(run("doctor --online"))
    assert "may reach it" in found["clock"] and "cannot be reached" in found["Slack"]
    assert slack.asked == []
