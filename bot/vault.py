"""Seals what people wrote: AES-256-GCM under a master key, bound to where it belongs, so that a row cannot be moved.

At rest, not end to end: whoever has both the database and the keys can read. Keys are kept apart from the data.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12
_NAME = 4
SIZE = 32


class SealBrokenError(Exception):
    """The text was sealed with a key that is not there, for another place, or was changed."""


@dataclass(frozen=True, slots=True, repr=False)
class Vault:
    """Master keys by name. New texts are sealed with `current`; the others still open older ones."""

    keys: Mapping[bytes, bytes]
    current: bytes
    folder: Path | None = None  # looked into for a key that was added while this runs

    @property
    def oldest(self) -> bytes:
        """The first key, which is never retired: audit chains rest on it."""
        return next(iter(self.keys.values()))

    def seal(self, plain: bytes, *place: str) -> bytes:
        """Key's name, nonce, and the sealed bytes. `place` is where it belongs: organisation, record, field."""
        nonce = secrets.token_bytes(_NONCE)
        return self.current + nonce + AESGCM(self.keys[self.current]).encrypt(nonce, plain, _bound(place))

    def open(self, sealed: bytes, *place: str) -> bytes:
        """The bytes; raises SealBrokenError."""
        name, nonce, rest = sealed[:_NAME], sealed[_NAME : _NAME + _NONCE], sealed[_NAME + _NONCE :]
        key = self.keys.get(name) or _added(self.folder, name)
        if key is None:
            raise SealBrokenError(f"The key {name.hex()} is missing: put its file back into the key folder.")
        try:
            return AESGCM(key).decrypt(nonce, rest, _bound(place))
        except InvalidTag:
            raise SealBrokenError("A sealed text was changed, or belongs elsewhere. Restore the last backup.") from None


def _added(folder: Path | None, name: bytes) -> bytes | None:
    files = folder.glob(f"*-{name.hex()}.key") if folder else iter(())
    return next((path.read_bytes() for path in files), None)


def _bound(place: tuple[str, ...]) -> bytes:
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode() for p in place))


def fleeting() -> Vault:
    """A vault whose key is gone with the process: for the terminal and for databases in memory."""
    name = secrets.token_bytes(_NAME)
    return Vault({name: secrets.token_bytes(SIZE)}, name)


def kept(folder: Path) -> Vault:
    """The vault of a folder, one file a key (mode 600), newest last; a new folder gets its first key."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = sorted(folder.glob("*.key")) or [add(folder)]
    keys = {bytes.fromhex(path.stem.split("-")[1]): path.read_bytes() for path in files}
    return Vault(keys, bytes.fromhex(files[-1].stem.split("-")[1]), folder)


def found(folder: Path) -> Vault | None:
    """The vault of a folder that holds a key; None where there is none, and so nothing can have been sealed."""
    return kept(folder) if any(folder.glob("*.key")) else None


def add(folder: Path) -> Path:
    """A new master key, which seals from now on; its file."""
    number = 1 + max((int(p.stem.split("-")[0]) for p in folder.glob("*.key")), default=0)
    path = folder / f"{number:04d}-{secrets.token_hex(_NAME)}.key"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(secrets.token_bytes(SIZE))
    return path
