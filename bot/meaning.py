"""What an organisation's encoded policy means, as plain data: without places in files, comments, order of keys, or who confirmed it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date

from bot.knowledge import Organisation, Place

_ASIDE = frozenset({"status", "status_note", "reading", "confirmed", "on_topic"})


def meaning(organisation: Organisation) -> dict[str, object]:
    """Everything that an answer of this organisation can depend on, comparable and free of where it stands."""
    return {f.name: _plain(getattr(organisation, f.name)) for f in fields(organisation) if f.name not in _ASIDE}


def digest(organisation: Organisation) -> str:
    """A short hash of the meaning: what somebody confirmed, and still confirms while it stays the same."""
    return hashlib.sha256(json.dumps(meaning(organisation), sort_keys=True).encode()).hexdigest()[:12]


def _plain(thing: object) -> object:
    if is_dataclass(thing) and not isinstance(thing, type):
        return {f.name: _plain(value) for f in fields(thing) if not isinstance(value := getattr(thing, f.name), Place)}
    if isinstance(thing, Mapping):
        return {key: _plain(value) for key, value in thing.items()}
    if isinstance(thing, frozenset):
        return sorted(str(x) for x in thing)
    if isinstance(thing, tuple):
        return [_plain(x) for x in thing]
    return thing.isoformat() if isinstance(thing, date) else thing
