"""Opens the confidential reports of an installation from its settings. Raises SettingsError or DatabaseUnusableError, which say what to mend."""

import base64
import binascii
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from bot import words
from bot.cover import LONDON
from bot.knowledge import Knowledge
from bot.people import Person
from bot.settings import Settings, SettingsError
from bot.speakup.box import Box
from bot.speakup.office import Office, Recovery, Setup
from bot.speakup.sealing import made, public
from bot.speakup.veto import DUTY
from bot.store import directory
from bot.store.database import Database
from bot.vault import SIZE

KEY_FILE = "speak-up.secret"  # in the key folder; a backup of the database without it is of no use
_GROUP = 4


def opened(settings: Settings, knowledge: Knowledge, database: Database) -> Office:
    """The office. `database` is the main one, in which only the staff list is read."""

    def people(organisation: str) -> list[Person]:
        with database.read() as connection:
            return directory.people(connection, organisation)

    path = Path(settings.speakup_database) if settings.speakup_database else settings.data / "speak-up.db"
    own = key(settings.key_folder / KEY_FILE)
    return Office(Box(path, own), own, people, titled(knowledge), today, setup(settings))


def setup(settings: Settings) -> Setup:
    """What is configured about it."""
    administrators = frozenset(a.lower() for a in settings.speakup_administrators.replace(",", " ").split())
    return Setup(administrators, _recovery(settings), settings.speakup_receipt_days, settings.keep_speakup)


def _recovery(settings: Settings) -> Recovery | None:
    code, holder = settings.speakup_recovery_key, settings.speakup_recovery_holder.strip()
    if not code:
        return None
    if not holder:
        raise SettingsError("ASKWELL_SPEAKUP_RECOVERY_HOLDER is empty: say who keeps the recovery key, as reporters are told.")
    try:
        return Recovery(uncoded(code), holder.lower() if "@" in holder else holder)
    except ValueError:
        raise SettingsError("ASKWELL_SPEAKUP_RECOVERY_KEY is no public key: copy it again from what `askwell speak-up recovery` printed.") from None


def recovery_pair() -> tuple[str, str]:
    """A new recovery key as (private, public), to be written down: the private half is for paper and never for the server."""
    private = made()
    return coded(private), coded(public(private))


def coded(key: bytes) -> str:
    """A key in letters and digits, in groups of four."""
    text = base64.b32encode(key).decode().rstrip("=")
    return "-".join(text[i : i + _GROUP] for i in range(0, len(text), _GROUP))


def uncoded(typed: str) -> bytes:
    """A key that was typed or pasted; raises ValueError."""
    text = "".join(c for c in typed.upper() if c.isascii() and c.isalnum())
    try:
        found = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error:
        found = b""
    if len(found) != SIZE:
        raise ValueError("this is no key")  # what was typed may be nearly one, and stands in no message
    return found


def key(path: Path) -> bytes:
    """The server's key for reports of wrongdoing; a new installation gets one. It seals the database as a whole, and opens no report."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
                handle.write(secrets.token_bytes(SIZE))
        found = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"{path} cannot be used ({error.strerror}): see who may read the key folder.") from None
    if len(found) != SIZE:
        raise SettingsError(f"{path} is no key: put your copy back.")
    return found


def titled(knowledge: Knowledge) -> Callable[[Person], str]:
    """What somebody is, in words: the titles of the policy's roles that they hold, otherwise what the staff list says."""

    def title(person: Person) -> str:
        organisation = knowledge.organisations.get(person.organisation)
        titles: Mapping[str, str] = {**{i: r.title for i, r in organisation.roles.items()}, **words.DUTIES} if organisation else {}
        found = [titles[d] for d in person.duties if d in titles and d != DUTY]
        text = ", ".join(found) or words.ROLES_SAID.get(person.role, person.role)
        return text[:1].upper() + text[1:]

    return title


def today() -> date:
    """The day in the United Kingdom."""
    return datetime.now(UTC).astimezone(LONDON).date()
