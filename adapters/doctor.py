"""Looks at an installation as a doctor does: each part is as it should be, or there is something to mend, and how."""

import asyncio
import contextlib
import functools
import os
import shutil
import smtplib
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from sqlalchemy import select

from adapters import alarm
from adapters.slack import part as slack_part
from adapters.slack.channel import Slack
from adapters.slack.sdk import InDoubtError, Web
from adapters.web.access import access
from bot import load, plans, vault, watch
from bot.courier import LaterError, RefusedError
from bot.findings import KnowledgeError
from bot.guide import Askwell
from bot.knowledge import Knowledge
from bot.messages import Outgoing
from bot.post import MAIL
from bot.settings import Settings, SettingsError, env_file, unknown
from bot.speakup import opening
from bot.speakup import watch as speakup
from bot.store import directory, records
from bot.store.database import Database, DatabaseUnusableError
from bot.store.tables import case, conversation
from bot.understand.reading import understanding

ROOM = 500_000_000  # bytes that should be free
SKEW = 60.0  # seconds by which clocks may differ; Slack's requests count for five minutes
SAMPLE = "Can I accept a friend request from a volunteer?"
TIMEOUT = 10.0  # seconds
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
Known = Callable[[], Knowledge]
Engine = Callable[[], Askwell]


@dataclass(frozen=True, slots=True)
class Part:
    """One part that was looked at. `mend` says what is wrong and how to mend it; empty: it is as it should be."""

    name: str
    mend: str = ""
    note: str = ""


class _WrongError(Exception):
    """What is wrong with a part, and how to mend it."""


def parts(settings: Settings, knowledge: Path, *, online: bool) -> Iterator[Part]:
    """Every part, one after the other. `online` asks Slack and Microsoft, too."""
    known = functools.cache(lambda: load.load(knowledge))  # reading the policies takes seconds, so they are read once for all parts
    engine = functools.cache(lambda: _opened(known, knowledge))
    yield _part("settings", lambda: _settings(settings))
    yield _part("page", lambda: _page(settings))
    yield _part("folder", lambda: _folder(settings.data))
    yield _part("database", lambda: _database(settings))
    yield _part("keys", lambda: _keys(settings))
    yield _part("knowledge", lambda: _knowledge(settings, engine))
    yield _part("reports", lambda: _reports(settings, known, knowledge))
    if settings.speakup_url:
        yield _part("confidential form", lambda: _speak_up(settings, known))
    yield _part("clock", lambda: _clock(settings, online=online))
    yield _part("alarm", lambda: _alarm(settings))
    yield _part("mail", lambda: _mail(settings))
    yield _part("Slack", lambda: _slack(settings, engine, online=online))
    yield _part("Teams", lambda: _teams(settings, online=online))


def _part(name: str, look: Callable[[], str]) -> Part:
    try:
        return Part(name, note=look())
    except (_WrongError, SettingsError, DatabaseUnusableError) as error:
        return Part(name, mend=str(error))


def _settings(settings: Settings) -> str:
    path = env_file()
    wrong = unknown(os.environ, path)
    if path and stat.S_IMODE(path.stat().st_mode) & _OTHERS:
        wrong.append(f"{path} can be read by others, and it holds secrets: run `chmod 600 {path}`")
    if wrong:
        raise _WrongError(". ".join(wrong) + ".")
    if settings.heartbeat_url and httpx.URL(settings.heartbeat_url).scheme not in ("http", "https"):
        raise _WrongError("ASKWELL_HEARTBEAT_URL must be an http or https address.")
    return f"from {path} and the environment" if path else "from the environment"


def _page(settings: Settings) -> str:
    access(settings)
    return settings.public_url or f"http://{settings.host}:{settings.port}, on this machine only"


def _folder(folder: Path) -> str:
    """The data folder can be written, and has room."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        raise _WrongError(f"{folder} cannot be written ({error.strerror}): set ASKWELL_DATA to a folder that Askwell's user may write to.") from None
    if free < ROOM:
        raise _WrongError(f"{folder} has only {free // 1_000_000} MB left: make room for at least {ROOM // 1_000_000} MB.")
    return f"{folder}, {free // 1_000_000_000} GB free"


def _database(settings: Settings) -> str:
    with closing(Database(settings.database_url)) as database:
        if database.sqlite and database.revision() is None:
            return "new, and made at the first start"
        database.ready()
    return "SQLite" if database.sqlite else "PostgreSQL"


def _keys(settings: Settings) -> str:
    """The keys are there as soon as something is sealed with them, and nobody else can read them."""
    files = sorted(settings.key_folder.glob("*.key"))
    if open_ := [f for f in files if stat.S_IMODE(f.stat().st_mode) & _OTHERS]:
        raise _WrongError(f"{open_[0]} can be read by others: run `chmod 600 {open_[0]}`.")
    if files:
        return f"{len(files)} in {settings.key_folder}"
    with contextlib.suppress(DatabaseUnusableError), closing(Database(settings.database_url)) as database:  # said elsewhere
        if database.migrated() and _sealed(database):
            raise _WrongError(f"{settings.key_folder} holds no key, but there is something sealed: put your copy of the keys back before you start.")
    return "made at the first start"


def _sealed(database: Database) -> bool:
    with database.read() as connection:
        return any(connection.execute(select(table).limit(1)).first() is not None for table in (conversation, case))


def _knowledge(settings: Settings, engine: Engine) -> str:
    askwell = engine()
    known = askwell.knowledge.organisations
    if settings.organisation and settings.organisation not in known:
        raise _WrongError(f"ASKWELL_ORGANISATION is '{settings.organisation}', which is not encoded here; these are: {', '.join(sorted(known))}.")
    if askwell.understands.encoder is None:
        raise _WrongError("The language model is not installed, so only plain words are matched and nothing is permitted. Run `make setup`.")
    if askwell.understands.triage.second is None:
        raise _WrongError("The second reader is not installed, so harmless messages raise more alarms. Take its files from the repository.")
    return f"{len(known)} organisations, version {askwell.knowledge.version}"


def _opened(read: Known, root: Path) -> Askwell:
    try:
        return Askwell(known := read(), understanding(known, root))
    except KnowledgeError as error:
        raise _WrongError(f"The policies cannot be used, {len(error.findings)} to mend. Run `askwell check`.") from None
    except FileNotFoundError as error:
        raise _WrongError(f"{error.filename} is missing. If it is a model file, run `askwell train`.") from None


def _reports(settings: Settings, read: Known, root: Path) -> str:
    """No report lies there with nothing to come, nobody has changed the audit, and whoever is asked can be reached."""
    said_elsewhere = (DatabaseUnusableError, KnowledgeError, FileNotFoundError)
    with contextlib.suppress(*said_elsewhere), closing(Database(settings.database_url)) as database:
        if database.migrated():
            known = _served(read(), settings.organisation)
            with database.read() as connection:
                found = watch.stranded(connection) + watch.unreachable(connection, known, plans.load(root, known), _pinging(settings))
                if keys := vault.found(settings.key_folder):
                    found += watch.broken(connection, keys, known)
                listed = [o for o in known.organisations if directory.people(connection, o)]
            if found:
                raise _WrongError(" ".join(found))
            if listed:
                return f"whoever is asked can be reached, in {', '.join(listed)}"
    return "none can be sent before there is a staff list (`askwell people import`)"


def _speak_up(settings: Settings, read: Known) -> str:
    """Somebody can read confidential reports. What is said is the same with and without one."""
    said_elsewhere = (KnowledgeError, FileNotFoundError)
    with contextlib.suppress(*said_elsewhere), closing(Database(settings.database_url)) as database:
        known = _served(read(), settings.organisation)
        found = speakup.findings(opening.opened(settings, known, database), sorted(known.organisations)) if database.migrated() else []
        if found:
            raise _WrongError(" ".join(found))
    return "whoever reads confidential reports has a key"


def _served(known: Knowledge, organisation: str) -> Knowledge:
    return known.only(organisation) if organisation in known.organisations else known


def _pinging(settings: Settings) -> frozenset[str]:
    return frozenset([*(["slack"] if settings.slack else []), *(["teams"] if settings.teams else []), *([MAIL] if settings.smtp_host else [])])


def _clock(settings: Settings, *, online: bool) -> str:
    """The clock of this machine beside the database's, its own last sign of life, and Slack's."""
    with contextlib.suppress(DatabaseUnusableError), closing(Database(settings.database_url)) as database:  # said elsewhere
        if database.migrated():
            with database.read() as connection:
                now, beat = database.now(connection), records.last_beat(connection, "courier")
            _beside("the database's clock", now)
            if beat is not None and beat - time.time() > SKEW:
                raise _WrongError("The clock has gone back since Askwell last ran. Let the machine take its time from the network (NTP).")
    if online and settings.slack:
        try:
            said = httpx.get(settings.slack_api_url, timeout=TIMEOUT).headers.get("date", "")
            _beside("Slack's clock", parsedate_to_datetime(said).timestamp())
        except (httpx.HTTPError, ValueError):
            raise _WrongError("Slack could not be asked for the time: check that this machine may reach it.") from None
    return time.strftime("%H:%M %Z")


def _beside(whose: str, other: float) -> None:
    off = time.time() - other
    if abs(off) > SKEW:
        raise _WrongError(f"This machine's clock and {whose} are {abs(off):.0f} seconds apart. Let both take their time from the network (NTP).")


def _alarm(settings: Settings) -> str:
    if alarm.teller(settings, alarm.slack(settings)):
        return settings.alarm_to
    if settings.slack or settings.teams:
        raise _WrongError("Nobody is told when messages cannot be delivered: set ASKWELL_ALARM_TO.")
    return "nobody, as nothing is sent anywhere"


def _mail(settings: Settings) -> str:
    if not settings.smtp_host:
        return "not set up"
    try:
        with alarm.server(settings) as connected:
            connected.noop()
    except smtplib.SMTPAuthenticationError:
        raise _WrongError("The mail server refuses ASKWELL_SMTP_USER or ASKWELL_SMTP_PASSWORD.") from None
    except (OSError, smtplib.SMTPException) as error:
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        raise _WrongError(f"The mail server {where} cannot be used ({error}): check ASKWELL_SMTP_HOST and ASKWELL_SMTP_PORT.") from None
    return settings.smtp_host


def _slack(settings: Settings, engine: Engine, *, online: bool) -> str:
    if not settings.slack:
        return "not set up"
    slack_part.check(settings)
    how = "Socket Mode" if settings.socket_mode else "HTTP"
    if not (settings.socket_mode or settings.public_url):
        raise _WrongError("Slack cannot call this machine: set ASKWELL_PUBLIC_URL, or ASKWELL_SLACK_APP_TOKEN for Socket Mode.")
    if online:
        asyncio.run(_asked(settings, engine))
    return f"{how}, {'and Slack agrees' if online else 'tokens look right; ask Slack with --online'}"


async def _asked(settings: Settings, engine: Engine) -> None:
    """Slack accepts the token, and a sample answer as we show it."""
    web = Web(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    try:
        if wrong := await slack_part.found(web):
            raise _WrongError(" ".join(wrong))
        try:
            await web.call("blocks.validate", {"blocks": _sample(engine(), settings)})
        except RefusedError as error:
            raise _WrongError(f"Slack refuses an answer as Askwell shows it ({error}). Install the newest Askwell.") from None
        except (LaterError, InDoubtError):
            raise _WrongError("Slack could not say whether it takes answers as Askwell shows them. Try again later.") from None
    finally:
        await web.close()


def _sample(askwell: Askwell, settings: Settings) -> object:
    organisation = settings.organisation or min(askwell.knowledge.organisations)
    _, reply = askwell.say(askwell.begin(organisation), SAMPLE)
    place = {"user": "U0000000000", "channel": "D0000000000"}
    (payload,) = Slack(settings.public_url).payloads(Outgoing(1, reply, place, private=True, organisation=organisation))
    return payload["arguments"]["blocks"]


def _teams(settings: Settings, *, online: bool) -> str:
    if not settings.teams:
        return "not set up"
    from adapters.teams import part as teams_part  # Microsoft's SDK takes its time to load

    teams_part.check(settings)
    if not settings.teams_app_id:
        return "the playground, on this machine only"
    if not settings.public_url.startswith("https://"):
        raise _WrongError("Teams cannot call this machine: set ASKWELL_PUBLIC_URL to its https address.")
    if online and (wrong := asyncio.run(teams_part.found(settings))):
        raise _WrongError(" ".join(wrong))
    return "and Microsoft agrees" if online else "settings look right; ask Microsoft with --online"
