"""Where somebody spoke or pressed in Slack, and which conversation that is."""

import re
from dataclasses import dataclass

from bot.messages import Act, Incoming

CHANNEL = "slack"
_ID = re.compile(r"[A-Z0-9]{2,32}")


@dataclass(frozen=True, slots=True)
class Spot:
    """A person in a place. `thread` is the thread to answer in; `threaded`: it exists already, so that a note in it is seen.

    `respond` is the address that Slack lends for answering what only this person sees (a command, a press there).
    """

    team: str
    user: str
    channel: str = ""
    thread: str = ""
    threaded: bool = False
    respond: str = ""

    @property
    def account(self) -> str:
        """The person."""
        return f"{self.team}:{self.user}"

    @property
    def direct(self) -> bool:
        """Whether nobody else reads along: their own messages with the app, its Home, a modal, what only they see."""
        return not self.channel or self.channel.startswith("D") or bool(self.respond)

    @property
    def conversation(self) -> str:
        """Their private conversation, or their own one in a thread."""
        return self.account if self.direct else f"{self.team}:{self.channel}:{self.thread}:{self.user}"

    def incoming(self, event: str, act: Act, **more: str) -> Incoming:
        """What was done here, as the service takes it."""
        return Incoming(event, CHANNEL, self.account, self.conversation, self.account, act, self.place(**more))

    def place(self, **more: str) -> dict[str, str]:
        """What is needed to answer here."""
        threaded = "yes" if self.threaded else ""
        found = {"team": self.team, "user": self.user, "channel": self.channel, "thread": self.thread, "threaded": threaded, "respond": self.respond}
        return {k: v for k, v in {**found, **more}.items() if v}


def spot(team: object, user: object, channel: object = "", *, thread: str = "", threaded: bool = False, respond: str = "") -> Spot | None:
    """A checked spot; None where Slack's ids are missing or are none."""
    known = all(map(is_id, (team, user, channel or "NONE")))
    return Spot(str(team), str(user), str(channel or ""), thread, threaded, respond) if known else None


def is_id(found: object) -> bool:
    """Whether this can be an id of Slack's."""
    return isinstance(found, str) and bool(_ID.fullmatch(found))
