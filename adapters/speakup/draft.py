"""What somebody has filled in so far. It stands sealed in the page itself and nowhere else: nothing is kept before Send is pressed.

The key lives as long as the process, and a page for two hours; whoever finds an old page in a browser can open nothing with it.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cryptography.fernet import Fernet, InvalidToken
from pydantic import TypeAdapter

LIFE = 2 * 60 * 60  # seconds


class TooOldError(Exception):
    """The page was made too long ago, by a server that has been restarted since, or by somebody else."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One report before it is sent, or one visit with a receipt.

    `about` and `unseen` are addresses in the directory; `others` are names as they were typed, `meant` whom
    those could be. `agreed` are the readers to whom the
    writer said yes; `mark` makes each form count once.
    """

    organisation: str = ""
    about: tuple[str, ...] = ()
    others: str = ""
    meant: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    receipt: str = ""
    mark: str = ""

    @property
    def implicated(self) -> frozenset[str]:
        """Everybody in the directory who must not see it."""
        return frozenset((*self.about, *self.unseen))

    def told(self, **answers: str) -> "Draft":
        """With these answers as well."""
        return replace(self, answers={**self.answers, **answers})


_DRAFTS = TypeAdapter(Draft)


class Seal:
    """Seals drafts for as long as this process lives."""

    def __init__(self) -> None:
        self._key = Fernet(Fernet.generate_key())

    def seal(self, draft: Draft) -> str:
        """The draft as it stands in a page, with a fresh mark."""
        return self._key.encrypt(_DRAFTS.dump_json(replace(draft, mark=secrets.token_hex(8)))).decode()

    def open(self, sealed: str) -> Draft:
        """The draft; raises TooOldError."""
        try:
            return _DRAFTS.validate_json(self._key.decrypt(sealed.encode(errors="replace"), ttl=LIFE))
        except InvalidToken:
            raise TooOldError from None
