"""Seals words to somebody's public key, all of one size: HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM.

Whoever seals cannot open again. `place` binds what is sealed to where it belongs, so that it cannot be moved.
"""

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SIZE = 24 * 1024  # bytes that every message has before it is sealed, however short it is
NOTE = 8 * 1024  # the same for what is noted about a report
_LENGTH = 4
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class NotOpenedError(Exception):
    """Sealed to another key, for another place, or changed."""


class TooLongError(Exception):
    """More words than one message holds (`SIZE` bytes)."""


def made() -> bytes:
    """A new private key."""
    return X25519PrivateKey.generate().private_bytes_raw()


def public(private: bytes) -> bytes:
    """The public half of a private key."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal(key: bytes, plain: bytes, *place: str) -> bytes:
    """Sealed to this public key, 48 bytes longer than it was."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(key), info=_bound(place))


def unseal(private: bytes, sealed: bytes, *place: str) -> bytes:
    """What was sealed; raises NotOpenedError."""
    try:
        return _SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info=_bound(place))
    except InvalidTag:
        raise NotOpenedError from None


def padded(plain: bytes, size: int = SIZE) -> bytes:
    """Filled up to `size` bytes; raises TooLongError."""
    if len(plain) > size - _LENGTH:
        raise TooLongError
    return (len(plain).to_bytes(_LENGTH, "big") + plain).ljust(size, b"\0")


def bare(filled: bytes) -> bytes:
    """Without what `padded` added."""
    return filled[_LENGTH : _LENGTH + int.from_bytes(filled[:_LENGTH], "big")]


def fingerprint(key: bytes) -> str:
    """A public key as four groups of letters, to compare by telephone."""
    text = hashlib.sha256(b"askwell speak-up key" + key).hexdigest()[:16]
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))


def _bound(place: tuple[str, ...]) -> bytes:
    return b"".join(len(raw).to_bytes(4, "big") + raw for raw in (p.encode() for p in ("askwell speak-up", *place)))
