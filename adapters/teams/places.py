"""Where somebody spoke or pressed in Teams, and which conversation that is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.payload import deep, once
from bot.messages import Act, Incoming

CHANNEL = "teams"
PERSONAL = "personal"
MOST_ID = 400  # characters of an id of Teams'
_AAD = re.compile(r"[0-9a-fA-F-]{32,40}")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BOT = "28:"  # how the ids of bots begin

Activity = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A person in a place. `user` is their id in the directory, `member` their id in Teams; `service` is where Teams takes answers.

    `conversation` is a chat, or a thread of a channel; `message` the card that was pressed.
    """

    tenant: str
    user: str
    member: str
    conversation: str
    kind: str
    service: str
    bot: str
    message: str = ""

    @property
    def account(self) -> str:
        """The person."""
        return f"{self.tenant}:{self.user}"

    @property
    def room(self) -> str:
        """The chat or channel: without the thread, which has no members of its own."""
        return self.conversation.partition(";")[0]

    @property
    def direct(self) -> bool:
        """Whether nobody else reads along."""
        return self.kind == PERSONAL

    @property
    def talk(self) -> str:
        """Their private conversation, or their own one in a group or thread."""
        return self.account if self.direct else f"{self.tenant}:{once(self.conversation)}:{self.user}"

    def incoming(self, event: str, act: Act, flags: Mapping[str, str] | None = None, *, private: bool = False) -> Incoming:
        """What was done here, as the service takes it. `flags` join the place; `private`: in a dialog, which only this person sees."""
        conversation = self.account if private else self.talk
        return Incoming(event, CHANNEL, self.account, conversation, self.account, act, self.place(flags))

    def place(self, flags: Mapping[str, str] | None = None) -> dict[str, str]:
        """What is needed to answer here."""
        found = {
            "tenant": self.tenant, "user": self.user, "member": self.member, "conversation": self.conversation, "kind": self.kind,
            "service": self.service, "bot": self.bot,
        }  # fmt: skip
        return {k: v for k, v in {**found, **(flags or {})}.items() if v}

    def once(self, what: str, *parts: object) -> str:
        """An id for something that was done here: delivered again, it has the same."""
        return once(what, self.tenant, self.conversation, self.user, *parts)


def spot(activity: Activity) -> Spot | None:
    """Who did something, and where; None where Teams does not say, and for what bots do."""
    member, bot, conversation = deep(activity, "from", "id"), deep(activity, "recipient", "id"), deep(activity, "conversation", "id")
    service, tenant = str(activity.get("serviceUrl") or ""), tenant_of(activity)
    if not all(map(_is_id, (member, bot, conversation, service))) or not (tenant == "" or _is_id(tenant)):
        return None
    if member.startswith(_BOT) or member == bot:
        return None
    kind = deep(activity, "conversation", "conversationType") or PERSONAL
    return Spot(tenant, _user(activity, member), member, conversation, str(kind), service, bot, str(activity.get("replyToId") or ""))


def tenant_of(activity: Activity) -> str:
    """The organisation's tenant that an activity comes from; empty where it does not say."""
    return str(deep(activity, "channelData", "tenant", "id") or deep(activity, "conversation", "tenantId") or "").lower()


def _user(activity: Activity, member: str) -> str:
    """Their id in the directory; people without one (guests of a meeting) go by their id in Teams."""
    found = deep(activity, "from", "aadObjectId")
    return found.lower() if isinstance(found, str) and _AAD.fullmatch(found) else once(member)


def _is_id(found: object) -> bool:
    return isinstance(found, str) and 0 < len(found) <= MOST_ID and found.isprintable()


def is_guid(text: str) -> bool:
    """Whether this can be one of Microsoft's ids, of an app or a tenant."""
    return bool(_GUID.fullmatch(text))
