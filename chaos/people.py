"""People who talk: each waits for the answer before going on, as people do, and some press twice or type on."""

import asyncio
import random
from dataclasses import dataclass, field

from chaos import slack
from chaos.servers import Servers
from chaos.slack import Json, Posted, Request, Slack

TWICE, QUICK, AGAIN, THUMB = 0.15, 0.15, 0.1, 0.3  # shares
PATIENCE = 60.0  # seconds to wait for an answer, besides what a lease may take
SENTENCES = (
    "Can I accept a friend request from one of our volunteers on my own Facebook?",
    "Can I accept a friend request?",
    "can I post on work time",
    "Who runs our Twitter account?",
    "Can I set up a new official account?",
    "What is the capital of France?",
    "A journalist from the Echo has rung me and wants a comment",
    "hello",
    "thanks",
)


@dataclass
class Person:
    """Somebody in Slack, and what they did: `turns` were answered once each, `judged` counted once each."""

    user: str
    chance: random.Random
    turns: int = 0
    judged: int = 0
    said: list[str] = field(default_factory=list)

    async def talk(self, servers: Servers, stage: Slack, steps: int) -> None:
        """A conversation of so many steps, given up where no answer comes."""
        for _ in range(steps):
            shown = stage.posted[f"D{self.user}"]
            last = shown[-1] if shown else None
            offered = slack.choices(last.message) if last else []
            right = slack.thumb(last.message) if last else None
            if last and offered:
                await self._press(servers, last.message, self.chance.choice(offered))
            elif last and right and self.chance.random() < THUMB:
                self.judged += 1
                await self._deliver(servers, slack.pressed(self.user, last.message, right))
                await self._type(servers)
            else:
                await self._type(servers)
            try:
                async with asyncio.timeout(servers.lease + PATIENCE):
                    await self._answered(stage)
            except TimeoutError:
                return

    async def _type(self, servers: Servers) -> None:
        """One message, or two in one breath."""
        count = 2 if self.chance.random() < QUICK else 1
        self.turns += count
        texts = [self.chance.choice(SENTENCES) for _ in range(count)]
        self.said += texts
        await asyncio.gather(*(self._deliver(servers, slack.said(self.user, text)) for text in texts))

    async def _press(self, servers: Servers, message: Json, button: Json) -> None:
        """A double press is two presses: the second comes too late."""
        self.turns += 1
        count = 2 if self.chance.random() < TWICE else 1
        await asyncio.gather(*(self._deliver(servers, slack.pressed(self.user, message, button)) for _ in range(count)))

    async def _deliver(self, servers: Servers, request: Request) -> None:
        """Some come again although they were acknowledged, or to two processes at the same moment."""
        again = self.chance.random() < AGAIN
        await asyncio.gather(*(servers.deliver(request) for _ in range(2 if again else 1)))
        if self.chance.random() < AGAIN:
            await servers.offered(request)

    async def _answered(self, stage: Slack) -> None:
        """Wait until everything is answered."""
        where = f"D{self.user}"
        while len(keys(stage.posted[where])) < self.turns:
            stage.woken[where].clear()
            await stage.woken[where].wait()


def keys(posted: list[Posted]) -> dict[str, int]:
    """How often each of our messages was posted."""
    counted: dict[str, int] = {}
    for one in posted:
        counted[one.key] = counted.get(one.key, 0) + 1
    return counted
