"""Slack's requests around a case, sent by everybody else: their own presses, the handler's presses with their name on them, and old ones again."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import load, plans, words
from bot.board import Board
from bot.guide import Askwell
from bot.store.cases import Held
from bot.store.tables import case_audit
from slack.reports_stand import LEAD, MARK, OPEN_TO, TESS, Modal, begun, filled, looked, pinged, staffed
from slack.stand import ANN, BOB, Stand, play, press, press_in, text_of

PLANS = plans.load(load.ROOT, load.load())
STRANGER = "U77STRANGE"
OTHERS = {ANN: "ann@x.uk", BOB: "boss@x.uk", TESS: "tess@x.uk", STRANGER: ""}  # who reported; who must not see it; who is asked later; nobody
STATES = ("open", "taken", "closed")
Json = dict[str, Any]


def held(slack: Stand) -> Held:
    """The case, as the lead may see it."""
    (one,) = Board(slack.service).waiting_for(OPEN_TO, "lead@x.uk")
    return one


def refused(slack: Stand) -> list[str]:
    """Whose tries were refused."""
    with slack.service.database.read() as connection:
        return list(connection.execute(select(case_audit.c.who).where(case_audit.c.act == "refused")).scalars())


def as_if(request: Json, user: str) -> Json:
    """The same request, sent by somebody else; also everything in it that named whose it was."""
    return dict(json.loads(json.dumps(request).replace(LEAD, user)))


async def requests(slack: Stand, state: str) -> list[Json]:
    """A case in this state, and what the lead has sent or could send: opening, taking, a thing to do, its fields."""
    staffed(slack)
    modal = await begun(slack)
    await filled(modal)
    await modal.press("Send")
    ping = await pinged(slack, LEAD)
    made = [press(ping, words.CASE_OPEN, LEAD), press(ping, words.CASE_TAKE, LEAD)]
    if state == "open":
        return made
    case = await looked(slack, ping, words.CASE_TAKE, LEAD)
    for action in ("note", "close"):
        made.append(press_in(case.view, words.CASE_ACTS[action], LEAD, case.id))
        whole = Modal(slack, case.view, case.id, LEAD)
        await whole.press(words.CASE_ACTS[action])
        made.append(whole.sent(text=f"{MARK} again", outcome="council"))
    if state == "closed":
        await whole.write(text="They have it.", outcome="council")
    return made


@pytest.mark.parametrize("state", STATES)
def test_whoever_else_sends_a_handlers_request_gets_nothing_and_it_is_written_down(askwell: Askwell, tmp_path: Path, state: str) -> None:
    """In every state, by everybody: the case stays as it is, and no word of it is shown to them."""

    async def go(slack: Stand) -> None:
        made = await requests(slack, state)
        await slack.quiet()
        before, tries = held(slack), len(refused(slack))
        calls = len(slack.slack.calls)
        for user in OTHERS:
            for request in made:
                answer = await slack.interact(as_if(request, user))
                assert (
                    answer.status_code == 200
                    and MARK not in answer.text
                    and before.case.reference not in text_of(answer.json() if answer.text else {})
                )
        await slack.quiet()
        assert held(slack) == before
        assert not [c for c in slack.slack.calls[calls:] if MARK in json.dumps(c.arguments)]
        by = refused(slack)[tries:]
        assert set(by) == {"ann@x.uk", "boss@x.uk", "tess@x.uk"} and len(by) >= 3 * len(made[:2])
        await slack.interact(made[-1])
        await slack.quiet()
        assert (held(slack) != before) == (state != "closed"), "the same request of the handler counts"

    play(go, askwell, tmp_path, plans=PLANS)


def test_the_handlers_own_old_requests_change_a_closed_case_no_more(askwell: Askwell, tmp_path: Path) -> None:
    """Sent again as they were, and as new ones: the case stays closed, with what stood in it."""

    async def go(slack: Stand) -> None:
        made = await requests(slack, "closed")
        await slack.quiet()
        before = held(slack)
        for request in made[1:]:
            for _ in range(2):
                assert (await slack.interact({**request, "trigger_id": "t-again"})).status_code == 200
        await slack.quiet()
        assert held(slack) == before
        opened = Board(slack.service).opened(OPEN_TO, before.case.reference, "lead@x.uk")
        assert [e.kind for e in opened.entries] == ["close"]

    play(go, askwell, tmp_path, plans=PLANS)
