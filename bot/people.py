"""Who asks: what the organisation's directory knows of a person, or what they said themselves."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Asker:
    """The person of a conversation. `member`: matched in the directory by a confirmed address, not self-declared.

    A self-declared role changes wording and never authority; only members are shown people of the organisation by name.
    """

    organisation: str
    role: str
    member: bool = False
    email: str | None = None
    manager: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the directory. `cover` are the hours in which they can be reached, `leave` the days on which they cannot.

    `duties` are the roles of the policy that they hold (`safeguarding-lead`), or deputise in (`deputy:safeguarding-lead`).
    """

    organisation: str
    email: str
    name: str
    role: str
    manager: str | None = None
    joined: date | None = None
    channels: tuple[str, ...] = ()
    cover: str = ""
    leave: tuple[tuple[date, date], ...] = ()
    duties: tuple[str, ...] = ()
