"""Slow hashes: of receipts, and of the passphrases under which readers keep their keys (argon2id, RFC 9106)."""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SALT, NONCE = 16, 12  # bytes
LEAST = 16  # characters of a passphrase
MOST = 200
_WAITING = 8  # who may wait for a hash: each takes memory


class BusyError(Exception):
    """Too many at once; try again in a moment. Nothing was done."""


class PassphraseError(Exception):
    """It is not the passphrase that this key was made with, or it is too short for a new one."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: passes over the memory, and memory in KiB."""

    passes: int = 3
    memory: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A private key under a passphrase."""

    salt: bytes
    passes: int
    memory: int
    sealed: bytes


class Gate:
    """Lets one hash run at a time and a few wait, so that a flood of guesses takes no memory. Raises BusyError for the others."""

    def __init__(self) -> None:
        self._one, self._few = threading.Lock(), threading.BoundedSemaphore(_WAITING)

    @contextmanager
    def passed(self) -> Iterator[None]:
        """One's turn."""
        if not self._few.acquire(blocking=False):
            raise BusyError
        try:
            with self._one:
                yield
        finally:
            self._few.release()


def hashed(text: str, salt: bytes, cost: Cost, length: int = 32, secret: bytes | None = None) -> bytes:
    """The hash, of so many bytes. The same letters count as the same, whichever keyboard made them."""
    plain = unicodedata.normalize("NFKC", text).encode("utf-8", errors="replace")
    return Argon2id(salt=salt, length=length, iterations=cost.passes, lanes=1, memory_cost=cost.memory, secret=secret).derive(plain)


def good(passphrase: str) -> bool:
    """Whether it may be a new passphrase: long enough, and not a few letters again and again."""
    return LEAST <= len(passphrase) <= MOST and len(set(passphrase)) >= LEAST // 2


def wrap(private: bytes, passphrase: str, cost: Cost) -> Wrapped:
    """The key under this passphrase; raises PassphraseError where it is not `good`."""
    if not good(passphrase):
        raise PassphraseError
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    sealed = nonce + AESGCM(hashed(passphrase, salt, cost)).encrypt(nonce, private, None)
    return Wrapped(salt, cost.passes, cost.memory, sealed)


def unwrap(wrapped: Wrapped, passphrase: str) -> bytes:
    """The key; raises PassphraseError."""
    key = hashed(passphrase[:MOST], wrapped.salt, Cost(wrapped.passes, wrapped.memory))
    try:
        return AESGCM(key).decrypt(wrapped.sealed[:NONCE], wrapped.sealed[NONCE:], None)
    except InvalidTag:
        raise PassphraseError from None
