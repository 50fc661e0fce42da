"""Receipts: 16 secret digits and 4 that only the server can make from them.

The last four are no secret of the reporter's. They let the server refuse 9,999 of 10,000 guesses before the slow hash, so that somebody with
a real receipt is served while others guess. Whoever has stolen the server's key can make them, too, and still has 16 digits to guess.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from bot.speakup.slow import Cost, hashed

SECRET, CHECK = 16, 4  # digits
SPACE = 10**SECRET
_HALF = 32  # bytes


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What a receipt leads to: the name under which its report is found, and the private key to which replies are sealed."""

    lookup: bytes
    private: bytes


def make(key: bytes) -> str:
    """A new receipt as it is shown: five groups of four digits."""
    secret = f"{secrets.randbelow(SPACE):0{SECRET}d}"
    digits = secret + _check(secret, key)
    return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))


def digits(typed: str) -> str:
    """What somebody typed, without all that is no digit."""
    return "".join(c for c in typed[:100] if c.isascii() and c.isdigit())


def plausible(typed: str, key: bytes) -> bool:
    """Whether this may be a receipt: no slip of the pen, and no guess. Costs next to nothing."""
    found = digits(typed)
    return len(found) == SECRET + CHECK and hmac.compare_digest(found[SECRET:], _check(found[:SECRET], key))


def derive(typed: str, key: bytes, cost: Cost) -> Opened:
    """What this receipt leads to. Slow on purpose."""
    salt = hmac.digest(key, b"salt", hashlib.sha256)[:16]
    raw = hashed(digits(typed)[:SECRET], salt, cost, 2 * _HALF, secret=hmac.digest(key, b"receipt", hashlib.sha256))
    return Opened(raw[:_HALF], raw[_HALF:])


def _check(secret: str, key: bytes) -> str:
    number = int.from_bytes(hmac.digest(key, b"check" + secret.encode(), hashlib.sha256), "big")
    return f"{number % 10**CHECK:0{CHECK}d}"
