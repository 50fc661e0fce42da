"""What is shown at once or not at all: modals, Home, suggestions, a word aside. Where it fails, nothing is lost."""

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from typing import Any

from adapters.parts import policy_page
from adapters.payload import deep
from adapters.slack import cases, forms, views
from adapters.slack.blocks import Block
from adapters.slack.channel import Slack, note
from adapters.slack.places import CHANNEL, Spot
from adapters.slack.sdk import Web
from adapters.slack.sender import SlackSender
from bot import words
from bot.answer import policy_name
from bot.board import Board
from bot.guide import ROLES
from bot.messages import Outgoing, Reply
from bot.people import Asker
from bot.service import Service

AT_ONCE = 2.0  # seconds: Slack waits three for its answer, and forgets a trigger after three
ASIDE = "aside"  # the key of what is not in the outbox
log = logging.getLogger("askwell.slack")


class Opening:
    """Calls of Slack that are made before its request is answered."""

    def __init__(self, service: Service, web: Web, channel: Slack) -> None:
        self._service, self._web, self._channel = service, web, channel
        self._sender, self._board = SlackSender(web), Board(service)

    async def tell(self, spot: Spot, text: str) -> None:
        """A word to this person only."""
        await _tried(self._sender.send(ASIDE, note(spot.place(), text)))

    async def looked_up(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """What Slack knows; nothing where it does not say in time."""
        return await _tried(self._web.look(method, arguments, AT_ONCE)) or {}

    async def answer(self, spot: Spot, trigger: str, number: int) -> None:
        """The sensitive answer of a turn, for whoever it was given to."""
        found = await asyncio.to_thread(self._service.exchange, CHANNEL, spot.account, spot.account, number)
        now = await asyncio.to_thread(self._service.session, CHANNEL, spot.account, spot.account)
        if found is None and now.last and (now.last.reporting or (now.number == number and not now.last.answers)):
            if await self.opened(trigger, forms.view(now.last, spot.user, now.number)) is None:
                await self.tell(spot, words.NOT_OPENED)
            return
        await self._read(spot, trigger, number, found.reply if found else None, buttons=now.number == number)

    async def rest(self, spot: Spot, trigger: str, number: int) -> None:
        """The whole of an ordinary answer, while it is the last one."""
        now = await asyncio.to_thread(self._service.session, CHANNEL, spot.account, spot.conversation)
        await self._read(spot, trigger, number, now.last if now.number == number else None, buttons=False)

    async def _read(self, spot: Spot, trigger: str, number: int, reply: Reply | None, *, buttons: bool) -> None:
        if reply is None:
            await self.tell(spot, words.GONE)
            return
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        made = Outgoing(number, reply, spot.place(), private=True, organisation=who.organisation if who else "")
        if not await self._open(trigger, views.reading(self._channel.parts(made, buttons=buttons))):
            await self.tell(spot, words.NOT_OPENED)

    async def ask(self, spot: Spot, trigger: str, message: str) -> None:
        """The form for asking about a message."""
        if not await self._open(trigger, views.asking(message)):
            await self.tell(spot, words.NOT_OPENED)

    async def reason(self, spot: Spot, trigger: str, number: int) -> bool:
        """The form for what was wrong; whether it opened."""
        return await self._open(trigger, views.wronged({**spot.place(), "number": str(number)}))

    async def prompts(self, spot: Spot) -> None:
        """Suggested questions above the field where people write."""
        found = [{"title": text, "message": text} for text in words.SUGGESTED]
        call = self._web.call("assistant.threads.setSuggestedPrompts", {"channel_id": spot.channel, "prompts": found}, AT_ONCE)
        await _tried(call)

    async def home(self, spot: Spot) -> None:
        """Home. It is silent about everything sensitive."""
        who = await asyncio.to_thread(self._service.asker, CHANNEL, spot.account)
        last = (await asyncio.to_thread(self._service.session, CHANNEL, spot.account, spot.account)).last
        question = last.question.text if last and last.question and not last.sensitive else ""
        policy, about, url = words.YOUR_POLICY, list[Block](), ""
        if who:
            policy, about = self._about(spot, who)
            url = policy_page(self._channel.public_url, who.organisation)
        view = views.home(spot.user, policy, [*await self._waiting(spot, who), *about], question, url)
        await _tried(self._web.call("views.publish", {"user_id": spot.user, "view": view}, AT_ONCE))

    async def _waiting(self, spot: Spot, who: Asker | None) -> list[Block]:
        """What waits for a handler, and where they write down what others tell them. For everybody else it is as if there were no cases."""
        if self._service.plans is None or who is None or not who.member or not who.email:
            return []
        held = await asyncio.to_thread(self._board.waiting_for, who.organisation, who.email)
        writes = await asyncio.to_thread(self._service.handles, who)
        return [*cases.waiting(spot.user, held), *(cases.behalf(spot.user) if writes else [])]

    def _about(self, spot: Spot, who: Asker) -> tuple[str, list[Block]]:
        organisation = self._service.askwell.knowledge.organisations[who.organisation]
        role = dict(zip(ROLES, words.ROLE_LABELS, strict=True)).get(who.role, who.role)
        return policy_name(organisation), views.known(spot.user, role, organisation.name, member=who.member)

    async def _open(self, trigger: str, view: views.View) -> bool:
        return await self.opened(trigger, view) is not None

    async def opened(self, trigger: str, view: views.View) -> str | None:
        """Open a modal; its id, None where it did not open."""
        found = await self.now("views.open", {"trigger_id": trigger, "view": view})
        return str(deep(found, "view", "id") or "") if found is not None else None

    async def now(self, method: str, arguments: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """One call at once or not at all; None where it failed."""
        return await _tried(self._web.call(method, arguments, AT_ONCE))


async def _tried(call: Awaitable[Mapping[str, Any] | None]) -> Mapping[str, Any] | None:
    """What a call gives; None where it failed. Nothing hangs on it."""
    try:
        async with asyncio.timeout(AT_ONCE):
            return await call or {}
    except Exception as error:
        log.warning("slack: a call that was to be made at once failed: %s", type(error).__name__)
        return None
