"""What somebody in Teams wants of us, once a request is read: one small type each."""

from collections.abc import Mapping
from dataclasses import dataclass

from adapters.teams.places import Spot
from bot.messages import Incoming


@dataclass(frozen=True, slots=True)
class Say:
    """Something typed, edited or deleted: the answer comes as a message."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Hello:
    """The app was installed for this person."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Left:
    """The app was taken out for this person."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Refused:
    """A press that does nothing, and what is said to it. `dialog`: one in a dialog, or that opens one."""

    spot: Spot
    says: str
    dialog: bool


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button on a card: the card is answered in place. `fact` is the row of buttons."""

    spot: Spot
    incoming: Incoming
    number: int
    fact: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """It was not right: the card asks why, in place."""

    spot: Spot
    number: int


@dataclass(frozen=True, slots=True)
class Open:
    """Open the sensitive answer of a turn in a dialog."""

    spot: Spot
    number: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Open the whole of an ordinary answer that was too long for a message."""

    spot: Spot
    number: int


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask about a message: open the form for it."""

    spot: Spot
    message: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something done in a dialog, or that opens one: the dialog goes on with the reply."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Reported:
    """A press or a typed step of a report, in its dialog."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Look:
    """A handler opens a case, takes it (`take`) and opens it, or wants to do something with it (`doing`). `key` is the same for the same request."""

    spot: Spot
    key: str
    reference: str
    take: bool = False
    doing: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """A handler takes a case from the ping about it. `key` is the same for the same request."""

    spot: Spot
    key: str
    reference: str


@dataclass(frozen=True, slots=True)
class Act:
    """What a handler does with a case, from its dialog. `key` is the same for the same request."""

    spot: Spot
    key: str
    reference: str
    what: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unknown:
    """An invocation that we do not know: it is answered all the same."""


Dialog = Open | Rest | Ask | Told | Reported | Look | Act
Want = Say | Hello | Left | Refused | Pressed | Wrong | Take | Dialog | Unknown
