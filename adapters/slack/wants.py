"""What somebody in Slack wants of us, once a request is read: one small type each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.slack.places import Spot
from bot.messages import Incoming


@dataclass(frozen=True, slots=True)
class Say:
    """Something for the service. `bare`: said in a thread without addressing us, so it counts only where we are talking already."""

    spot: Spot
    incoming: Incoming
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Amend:
    """A message that was edited or deleted; it may belong to the thread or to what went on in private."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Home:
    """Their Home is open."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Prompts:
    """Their messages with the app are open."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Changed:
    """An account was changed: it may be deactivated, or no longer a full member."""

    spot: Spot
    user: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The workspace took the app out."""

    team: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """The workspace took the bot's token back."""

    team: str


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody pressed a button that was made for somebody else."""

    spot: Spot


@dataclass(frozen=True, slots=True)
class Open:
    """Open the sensitive answer of a turn."""

    spot: Spot
    trigger: str
    number: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Open the whole of an ordinary answer that was too long for a message."""

    spot: Spot
    trigger: str
    number: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """It was not right: ask why. `incoming` is the plain no, where asking fails."""

    spot: Spot
    trigger: str
    number: int
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask about a message."""

    spot: Spot
    trigger: str
    message: str


@dataclass(frozen=True, slots=True)
class Introduce:
    """They are somebody else than they told us."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Begin:
    """Begin a report from a message: a modal opens at once, and the report goes on in it."""

    spot: Spot
    trigger: str
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Reported:
    """A press in a report's modal."""

    spot: Spot
    incoming: Incoming
    view: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A step of a report that was typed and sent: Slack's request is answered with the next one."""

    spot: Spot
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Look:
    """A handler opens a case, takes it (`take`) and opens it, or wants to do something with it (`doing`). `view`: the modal in which they pressed."""

    spot: Spot
    trigger: str
    reference: str
    take: bool = False
    view: str = ""
    doing: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What a handler does with a case, from its modal: note, wait, hand over, close… `key` is the same for the same request.

    `blocks` are the ids of the fields in it, to say where something is missing.
    """

    spot: Spot
    key: str
    reference: str
    what: Mapping[str, str]
    blocks: Mapping[str, str]


Reports = Begin | Reported | Typed | Look | Act
Want = Say | Amend | Home | Prompts | Changed | Uninstalled | Revoked | Stranger | Open | Rest | Wrong | Ask | Introduce | Reports
