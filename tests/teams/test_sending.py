"""While Teams is in trouble: nothing is lost, the order is kept, nobody else waits, and what cannot be sent raises an alarm."""

import asyncio
import time
from pathlib import Path

import pytest
from served import until
from sqlalchemy import text

from adapters.teams.channel import POST
from bot import words
from bot.guide import Askwell
from bot.store import outbox, shapes
from teams.microsoft import Microsoft, play_guarded
from teams.stand import ANN, BOB, BOT, GROUP, TENANT, Stand, Trouble, card_of, dialog_of, play, text_of

pytestmark = pytest.mark.whole

FRIEND = "Can I accept a friend request from one of our volunteers on my own Facebook?"
MEDIA = "a journalist has messaged me, what now?"
DANGER = "a young person just told me he has taken tablets and it is goodbye"
LIMIT = Trouble(429, {"Retry-After": "1"})


@pytest.mark.parametrize(
    "troubles",
    [
        [LIMIT],
        [Trouble(429), LIMIT],
        [Trouble(502)],
        [Trouble(503)],
        [Trouble(504)],
        [Trouble(412)],
        [Trouble(500)],
        [Trouble(401)],
        [LIMIT, Trouble(502)],
    ],
    ids=["429", "429 twice", "502", "503", "504", "412", "500", "401", "429, then 502"],
)
def test_nothing_is_lost_or_doubled_and_the_order_is_kept(askwell: Askwell, tmp_path: Path, troubles: list[Trouble]) -> None:
    """The answer comes when Teams takes it again, before the next one."""

    async def go(teams: Stand, _vendor: Microsoft) -> None:
        teams.known()
        teams.teams.troubles = list(troubles)
        await teams.say(FRIEND)
        await teams.say(MEDIA)
        await teams.posted(2)
        await teams.quiet()
        assert [m["summary"].split(".")[0] for m in teams.teams.messages] == ["No", "Ask first"] and not teams.alarms
        assert len([c for c in teams.teams.calls if c.method == "POST"]) == 2 + len(troubles)

    play_guarded(go, askwell, tmp_path)


def test_a_limit_is_waited_for_as_long_as_teams_says(askwell: Askwell, tmp_path: Path) -> None:
    """And holds up only its own conversation: somebody else is answered meanwhile."""

    async def go(teams: Stand) -> None:
        teams.known()
        teams.known(BOB)
        teams.teams.troubles = [Trouble(429, {"Retry-After": "3"})]
        began = time.monotonic()
        await teams.say(FRIEND)
        await until(lambda: len(teams.teams.calls) >= 1, "the limit")
        await teams.say(MEDIA, BOB)
        await teams.posted(2)
        assert [m["to"] for m in teams.teams.messages] == [f"a:29:{BOB}", f"a:29:{ANN}"]
        assert time.monotonic() - began >= 3

    play(go, askwell, tmp_path)


@pytest.mark.parametrize("status", [400, 413])
def test_what_teams_refuses_as_a_card_goes_whole_as_plain_text(askwell: Askwell, tmp_path: Path, status: int) -> None:
    """Nobody goes without an answer for a card's sake."""

    async def go(teams: Stand) -> None:
        teams.known()
        teams.teams.troubles = [Trouble(status)]
        await teams.say(FRIEND)
        message = await teams.posted(1)
        assert message["textFormat"] == "plain" and "attachments" not in message
        assert message["text"].startswith("No. Please don't connect") and "Any contact between Healthwatch Sefton staff" in message["text"]

    play(go, askwell, tmp_path)


def test_what_teams_will_never_take_raises_an_alarm_and_holds_up_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """The next answer comes all the same."""

    async def go(teams: Stand) -> None:
        teams.known()
        teams.teams.troubles = [Trouble(403), Trouble(403)]
        await teams.say(FRIEND)
        await until(lambda: bool(teams.alarms), "an alarm")
        await teams.say(MEDIA)
        assert (await teams.posted(1))["summary"].startswith("Ask first")
        assert teams.alarms == [f"{TENANT}:{ANN} Teams answers 403"]

    play(go, askwell, tmp_path)


def test_what_teams_has_taken_is_not_sent_again_after_a_crash(askwell: Askwell, tmp_path: Path) -> None:
    """Teams can't be asked what stands in a chat, so what it took is written down as soon as it says so."""

    async def go(teams: Stand) -> None:
        to = {"service": teams.teams.url, "conversation": "a:1", "bot": BOT}
        body = shapes.payload_text({"method": POST, "to": to, "activity": {"type": "message", "text": "once"}})
        with teams.service.database.write() as connection:
            number = outbox.put(connection, "sefton", "a:1", "teams", "the-key", body, teams.service.database.now(connection))
        teams.courier.wake()
        await teams.posted(1)
        await teams.quiet()
        with teams.service.database.write() as connection:  # as a crash leaves it between Teams' answer and our own note of it
            left = {"body": body, "number": number}
            connection.execute(
                text("UPDATE outbox SET status = 'due', body = :body, doubtful = true, lease = NULL, leased_until = 0 WHERE number = :number"), left
            )
        teams.courier.wake()
        await teams.quiet()
        assert len(teams.teams.messages) == 1

    play(go, askwell, tmp_path)


def test_an_answer_of_teams_that_got_lost_leaves_no_message_unsent(askwell: Askwell, tmp_path: Path) -> None:
    """Nobody can know whether it arrived: better twice than not at all, and the next one comes after it."""

    async def go(teams: Stand) -> None:
        teams.known()
        teams.teams.troubles = [Trouble(late=True)]
        await teams.say(FRIEND)
        await teams.say(MEDIA)
        await teams.posted(3)
        await teams.quiet()
        assert [m["summary"].split(".")[0] for m in teams.teams.messages] == ["No", "No", "Ask first"]

    play(go, askwell, tmp_path)


class Heart:
    """Beats in the loop, and remembers the longest pause."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def beat(self) -> None:
        """Until cancelled."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.01)
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now


def test_a_slow_sign_in_never_blocks_the_loop(askwell: Askwell, tmp_path: Path) -> None:
    """Microsoft takes three seconds for a token: meanwhile everything else goes on, and then the answer goes out, once."""

    async def go(teams: Stand, vendor: Microsoft) -> None:
        teams.known()
        heart = Heart()
        beating = asyncio.create_task(heart.beat())
        began = time.monotonic()
        await teams.say(FRIEND)
        took = time.monotonic() - began
        await teams.posted(1)
        whole = time.monotonic() - began
        beating.cancel()
        assert vendor.asked and whole > 2 > took, "the request is answered long before the token is there"
        assert heart.longest < 1, "a call that blocks would have stopped the heart for three seconds"
        await teams.quiet()
        assert len(teams.teams.messages) == 1 and len(vendor.asked) == 1

    slow = Microsoft()
    slow.slow = 3.0
    play_guarded(go, askwell, tmp_path, slow)


def test_while_microsoft_gives_no_token_messages_wait(askwell: Askwell, tmp_path: Path) -> None:
    """Nothing is sent without one; as soon as there is one, in order."""

    async def go(teams: Stand, vendor: Microsoft) -> None:
        teams.known()
        await teams.say(FRIEND)
        await teams.say(MEDIA)
        await teams.posted(2)
        assert [m["summary"].split(".")[0] for m in teams.teams.messages] == ["No", "Ask first"]
        assert {c.headers["Authorization"] for c in teams.teams.calls} == {f"Bearer our-own-token-{len(vendor.asked)}"}

    down = Microsoft()
    down.down = 3
    play_guarded(go, askwell, tmp_path, down)


def test_a_private_answer_to_a_question_in_a_group_opens_the_persons_own_chat(askwell: Askwell, tmp_path: Path) -> None:
    """Once: the next one goes to the same chat. In the group it only says that they should look there."""

    async def go(teams: Stand) -> None:
        teams.known()
        for count in (2, 4):
            await teams.say(DANGER, conversation=GROUP)
            await teams.posted(count)
        await teams.quiet()
        (created,) = teams.teams.created
        assert created["members"] == [{"id": f"29:{ANN}"}] and created["bot"] == {"id": BOT} and created["tenantId"] == TENANT
        own = [m for m in teams.teams.messages if m["to"] == f"a:29:{ANN}"]
        assert [m["summary"] for m in own] == [words.ANSWER_READY] * 2
        assert [m["text"] for m in teams.teams.messages if m["to"] == GROUP] == [words.NUDGE] * 2

    play(go, askwell, tmp_path)


def test_where_no_chat_can_be_opened_the_dialog_opens_from_the_group(askwell: Askwell, tmp_path: Path) -> None:
    """It shows the answer to whoever asked and to nobody else; the group sees only that there is one."""

    async def go(teams: Stand) -> None:
        teams.known()
        teams.teams.creates = False
        await teams.say(DANGER, conversation=GROUP)
        await teams.posted(2)
        ready = next(m for m in teams.teams.messages if m["summary"] == words.ANSWER_READY)
        assert ready["to"] == GROUP and text_of(card_of(ready)) == words.ANSWER_READY
        assert words.EMERGENCY in text_of(dialog_of(await teams.press(ready, words.OPEN)))
        assert text_of(dialog_of(await teams.press(ready, words.OPEN, BOB))) == words.NOT_YOURS
        assert not teams.alarms

    play(go, askwell, tmp_path)


def test_typing_shows_only_to_whoever_has_to_wait(askwell: Askwell, tmp_path: Path) -> None:
    """An indicator that came after a quick answer would stay."""

    async def go(teams: Stand) -> None:
        teams.known()
        await teams.say(FRIEND)
        await teams.posted(1)
        before = len(teams.teams.typing)
        holding = asyncio.to_thread(_held, teams, 1.5)
        waiting = asyncio.create_task(holding)
        await asyncio.sleep(0.1)
        await teams.say(MEDIA)
        await waiting
        await teams.posted(2)
        assert len(teams.teams.typing) == before + 1 and teams.teams.typing[-1]["conversation"] == {"id": f"a:29:{ANN}"}

    play(go, askwell, tmp_path)


def _held(teams: Stand, seconds: float) -> None:
    """Somebody else writes into the database for so long."""
    with teams.service.database.write():
        time.sleep(seconds)
