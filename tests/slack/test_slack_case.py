"""A case in Slack, by signed requests: what its handler does with it, each thing once, and everything that may be done from Home."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import load, plans, words
from bot.board import Board
from bot.guide import Askwell
from bot.messages import BEHALF
from bot.people import Asker, Person
from bot.store import directory
from slack.reports_stand import LEAD, MARK, OPEN_TO, PEOPLE, TESS, Modal, begun, filled, labels, looked, pinged, staffed
from slack.stand import ANN, BOB, POST, TEAM, Stand, play, press, press_in, text_of

PLANS = plans.load(load.ROOT, load.load())
SOON = (datetime.now(UTC) + timedelta(days=3)).strftime("%Y-%m-%d")


async def sent(slack: Stand) -> None:
    """A report by Ann that her manager must not see."""
    modal = await begun(slack)
    await filled(modal)
    await modal.press("Send")


async def taken(slack: Stand) -> Modal:
    """A case that the lead has taken, opened by its ping."""
    staffed(slack)
    await sent(slack)
    return await looked(slack, await pinged(slack, LEAD), words.CASE_TAKE, LEAD)


async def does(case: Modal, action: str, **values: Any) -> None:  # noqa: ANN401 - JSON
    """One thing with a case: its button, then its fields."""
    await case.press(words.CASE_ACTS[action])
    await case.write(**values)


async def home(slack: Stand, user: str) -> dict[str, Any]:
    """Their Home as it is shown when they open it."""
    count = len(slack.slack.to("views.publish"))
    await slack.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"})
    return dict((await slack.calls("views.publish", count + 1))[-1]["view"])


async def opened(slack: Stand, view: dict[str, Any], label: str, user: str) -> Modal:
    """Press a button of Home; the modal that opens."""
    count = len(slack.slack.to("views.open"))
    assert (await slack.interact(press_in(view, label, user, "VHOME"))).status_code == 200
    return Modal(slack, (await slack.calls("views.open", count + 1))[-1]["view"], "V01HOMEMODAL", user)


async def filling(slack: Stand, request: dict[str, Any], user: str = ANN) -> Modal:
    """A press that opens the modal of a report; the modal with its first screen."""
    count = len(slack.slack.to("views.update"))
    assert (await slack.interact(request)).status_code == 200
    update = (await slack.calls("views.update", count + 1))[-1]
    return Modal(slack, update["view"], update["view_id"], user)


def audited(slack: Stand, act: str) -> int:
    """How often the audit says so."""
    with slack.service.database.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM case_audit WHERE act = ?", (act,)).scalar_one())


def test_a_handler_notes_decides_waits_and_closes(askwell: Askwell, tmp_path: Path) -> None:
    """Each has a button, and then only the fields that it needs; what was done stands in the case at once."""

    async def go(slack: Stand) -> None:
        case = await taken(slack)
        assert words.CASE_YOURS in case.text and words.CASE_ACTS["link"] not in labels(case.view), "there is nothing to link it with"
        await does(case, "note", text="rang the school")
        assert "Note: rang the school" in case.text
        await does(case, "decision", text="we refer it today")
        assert "Decision: we refer it today" in case.text
        await does(case, "wait", on="police", until=SOON, text="they ring back")
        assert f"{words.CASE_YOURS} Waiting for: The police: they ring back." in case.text
        assert "Waiting: The police: they ring back" in case.text and f"{int(SOON[-2:])} " in case.text
        await does(case, "close", outcome="council", text="they have it")
        assert "Closed: Passed to the council: they have it" in case.text and words.CASE_STANDS["closed"] in case.text
        assert not set(labels(case.view)) & set(words.CASE_ACTS.values())

    play(go, askwell, tmp_path, plans=PLANS)


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_done(askwell: Askwell, tmp_path: Path) -> None:
    """Slack keeps what was typed, and the case stays as it is."""

    async def go(slack: Stand) -> None:
        case = await taken(slack)
        tries = [
            ("note", {"text": "  "}, words.CASE_NEEDS_TEXT), ("decision", {}, words.CASE_NEEDS_TEXT), ("hand-over", {}, words.CASE_NEEDS_PERSON),
            ("wait", {"until": SOON}, words.CASE_NEEDS_ONE), ("wait", {"on": "police", "until": "2020-01-01"}, words.CASE_NEEDS_DAY),
            ("close", {"text": "done"}, words.CASE_NEEDS_ONE), ("close", {"outcome": "here"}, words.CASE_NEEDS_TEXT),
        ]  # fmt: skip
        for action, values, says in tries:
            await case.press(words.CASE_ACTS[action])
            answer = await case.write(**values)
            ((block, said),) = answer["errors"].items()
            assert said == says and block in {b.get("block_id") for b in case.view["blocks"]}
            await case.press(words.CASE_BACK)
        assert audited(slack, "note") == audited(slack, "close") == audited(slack, "wait") == 0

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_request_that_slack_delivers_twice_is_done_once(askwell: Askwell, tmp_path: Path) -> None:
    """A note and its event are one transaction, so neither a double nor two at the same moment write it twice."""

    async def go(slack: Stand) -> None:
        case = await taken(slack)
        await case.press(words.CASE_ACTS["note"])
        request = case.sent(text="said once")
        answers = await asyncio.gather(*(slack.interact(request) for _ in range(3)))
        assert {a.status_code for a in answers} == {200} and audited(slack, "note") == 1
        assert all("said once" in text_of(a.json()["view"]["blocks"]) for a in answers)

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_case_is_handed_over_and_whoever_must_not_see_it_is_not_offered(askwell: Askwell, tmp_path: Path) -> None:
    """The next person gets a ping; to whoever gave it away the case says that nobody has it yet."""

    async def go(slack: Stand) -> None:
        case = await taken(slack)
        await case.press(words.CASE_ACTS["hand-over"])
        assert "tess@x.uk" in json.dumps(case.view) and "boss@x.uk" not in json.dumps(case.view)
        await case.write(to="tess@x.uk", text="please ring her")
        assert words.CASE_STANDS["open"] in case.text and "please ring her" in case.text
        theirs = await looked(slack, await pinged(slack, TESS), words.CASE_TAKE, TESS)
        assert words.CASE_YOURS in theirs.text

    play(go, askwell, tmp_path, plans=PLANS)


def test_two_cases_are_linked_and_the_link_is_taken_back(askwell: Askwell, tmp_path: Path) -> None:
    """From the one the other is opened; both say so to whoever may read both."""

    async def go(slack: Stand) -> None:
        case = await taken(slack)
        first = case.text.partition("ref ")[2][:9]
        await slack.quiet()
        await sent(slack)
        second = next(h.case.reference for h in Board(slack.service).waiting_for(OPEN_TO, "lead@x.uk") if h.case.reference != first)
        await case.press(words.CASE_ACTS["note"])
        await case.write(text="x")
        await does(case, "link", to=second)
        assert f"Linked with {second}" in case.text and second in labels(case.view)
        await case.press(second)
        assert f"Linked with {first}" in case.text and words.CASE_STANDS["open"] in case.text
        await case.press(first)
        before = case.view
        await does(case, "unlink", to=second)
        assert second not in labels(case.view) and f"No longer linked with {second}" in case.text
        case.view = before
        await case.press(words.CASE_ACTS["unlink"])
        assert not [b for b in case.view["blocks"] if b["type"] == "input"], "there is nothing left to choose: the case as it stands"

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_case_opens_from_home_and_a_late_take_says_how_it_stands(askwell: Askwell, tmp_path: Path) -> None:
    """Home is no modal: a press there opens one."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        await sent(slack)
        await pinged(slack, LEAD)
        case = await opened(slack, await home(slack, LEAD), words.CASE_OPEN, LEAD)
        assert MARK in case.text and words.CASE_TAKE in labels(case.view)
        reference = case.text.partition("ref ")[2][:9]
        Board(slack.service).acted(OPEN_TO, reference, "lead@x.uk", {"action": "take"})
        await case.press(words.CASE_TAKE)
        assert words.CASE_MOVED in case.text and words.CASE_YOURS in case.text

    play(go, askwell, tmp_path, plans=PLANS)


def test_the_sheet_to_print_is_a_link_to_the_board(askwell: Askwell, tmp_path: Path) -> None:
    """It opens in a browser, where they sign in; who outside may have to know stands in the case."""

    async def go(slack: Stand) -> None:
        case = await taken(slack)
        (url,) = [e["url"] for b in case.view["blocks"] for e in b.get("elements", ()) if "url" in e]
        reference = case.text.partition("ref ")[2][:9]
        assert url == f"https://askwell.example.org/board/{reference}/sheet"
        assert words.CASE_OUTSIDE in case.text and words.REFER_CHILDREN in case.text and words.REFER_LADO not in case.text

    play(go, askwell, tmp_path, plans=PLANS)


def test_somebody_with_a_duty_writes_down_what_a_caller_said_and_has_it_at_once(askwell: Askwell, tmp_path: Path) -> None:
    """From Home; nobody is asked, the caller stands sealed in the case, and others find neither the buttons nor a way round them."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        assert words.BEHALF_ASKS not in text_of((await home(slack, ANN))["blocks"])
        mine = await home(slack, LEAD)
        modal = await filling(slack, press_in(mine, words.BEHALF_IT["safeguarding"], LEAD, "VHOME"), LEAD)
        assert words.EMERGENCY.split(".")[0].split(",")[0] in modal.text and words.NOTHING_SENT_YET in modal.text
        await modal.press("No")
        await modal.write(typed=f"{MARK} bruises")
        assert "Who told you" in modal.text
        await modal.write(typed=f"{MARK} Mrs Caller, 01632 960 001")
        await modal.press("A child")
        await modal.press("Skip")
        await modal.press("Skip")
        await modal.press("No")
        await modal.press("Skip")
        await modal.press("No")
        assert words.BEHALF_YOURS in modal.text
        await modal.press("Send")
        assert words.BEHALF_SENT in modal.text
        await slack.quiet()
        assert not any(m["channel"] in (LEAD, TESS) for m in slack.slack.to(POST)), "nobody is pinged"
        (held,) = Board(slack.service).waiting_for(OPEN_TO, "lead@x.uk")
        assert held.case.handler == "lead@x.uk" and held.case.due
        case = await opened(slack, await home(slack, LEAD), words.CASE_OPEN, LEAD)
        assert "Mrs Caller" in case.text and words.CASE_YOURS in case.text
        forged = json.loads(json.dumps(mine).replace(LEAD, ANN))
        refused = await filling(slack, press_in(forged, words.BEHALF_IT["safeguarding"], ANN, "VHOME"), ANN)
        assert words.REPORT_NOTHING in refused.text
        running = slack.service.session("slack", f"{TEAM}:{ANN}", f"{TEAM}:{ANN}").running
        assert running is None and BEHALF in json.dumps(mine)

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_report_that_was_kept_is_gone_on_with_later(askwell: Askwell, tmp_path: Path) -> None:
    """By the button in the same window, by words, and by a button under whatever was asked meanwhile; no answer is lost."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        await modal.press("No")
        await modal.press(words.SAVE_IT)
        assert words.REPORT_SAVED in modal.text and labels(modal.view) == [words.RESUME_IT]
        await modal.press(words.RESUME_IT)
        assert "What did you see or hear?" in modal.text
        await modal.press(words.SAVE_IT)
        count = len(slack.slack.messages)
        await slack.say("Can I share our post on my own page?")
        answer = await slack.posted(count + 1)
        assert words.REPORT_STILL_OPEN in answer["text"] and words.RESUME_IT in labels(answer)
        again = await filling(slack, press(answer, words.RESUME_IT))
        assert "What did you see or hear?" in again.text
        await slack.say("go on")
        ready = await slack.posted(count + 2)
        assert ready["text"] == words.ANSWER_READY
        assert "What did you see or hear?" in (await looked(slack, ready, "Open", ANN)).text

    play(go, askwell, tmp_path, plans=PLANS)


def test_the_reporter_is_not_in_the_list_of_whom_to_keep_it_from(askwell: Askwell, tmp_path: Path) -> None:
    """It never goes to them; everybody else can be picked."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        for step in ("No", {"typed": "x"}, "A child", "Skip", "Skip", "No"):
            await (modal.press(step) if isinstance(step, str) else modal.write(**step))
        (picked,) = [b["element"] for b in modal.view["blocks"] if b.get("type") == "input" and b["element"]["type"] == "multi_static_select"]
        assert [o["value"] for o in picked["options"]] == ["boss@x.uk", "lead@x.uk", "tess@x.uk"]

    play(go, askwell, tmp_path, plans=PLANS)


def member(user: str, email: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """A full member as Slack describes them."""
    return {"id": user, "deleted": False, "is_email_confirmed": True, "profile": {"email": email}, **more}


def unknown(slack: Stand, *users: str) -> None:
    """They have never written to us: only the directory has them."""
    staffed(slack)
    for user in users:
        slack.service.left("slack", f"{TEAM}:{user}", f"{TEAM}:{user}")


def test_a_ping_finds_somebody_who_never_wrote_to_askwell(askwell: Askwell, tmp_path: Path) -> None:
    """By their confirmed address; its buttons are theirs, and the first press makes them known."""

    async def go(slack: Stand) -> None:
        unknown(slack, LEAD)
        slack.slack.users[LEAD] = member(LEAD, "lead@x.uk")
        await sent(slack)
        ping = await pinged(slack, LEAD)
        assert [c["email"] for c in slack.slack.to("users.lookupByEmail")] == ["lead@x.uk"]
        assert words.CASE_YOURS in (await looked(slack, ping, words.CASE_TAKE, LEAD)).text

    play(go, askwell, tmp_path, plans=PLANS)


@pytest.mark.parametrize("more", [{"is_restricted": True}, {"is_email_confirmed": False}, {"deleted": True}, {"profile": {"email": "other@x.uk"}}])
def test_where_slack_has_nobody_for_an_address_the_next_person_is_asked_at_once(askwell: Askwell, tmp_path: Path, more: dict[str, Any]) -> None:
    """Guests, unconfirmed and foreign addresses are nobody. Nothing is sent to them, and nobody waits out the hour."""

    async def go(slack: Stand) -> None:
        unknown(slack, LEAD)
        slack.slack.users[LEAD] = {**member(LEAD, "lead@x.uk"), **more}
        await sent(slack)
        await pinged(slack, TESS)
        await slack.quiet()
        assert not any(m["channel"] == LEAD for m in slack.slack.messages) and not slack.alarms

    play(go, askwell, tmp_path, plans=PLANS)


def test_do_not_disturb_of_somebody_who_was_found_is_not_reached_either(askwell: Askwell, tmp_path: Path) -> None:
    """The ping lies there for later, and the next person is asked."""

    async def go(slack: Stand) -> None:
        unknown(slack, LEAD)
        slack.slack.users[LEAD] = member(LEAD, "lead@x.uk")
        slack.slack.resting[LEAD] = {"snooze_enabled": True, "snooze_endtime": 9e9}
        await sent(slack)
        assert (await pinged(slack, LEAD))["text"][-9:] == (await pinged(slack, TESS))["text"][-9:]

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_line_manager_sees_in_home_exactly_what_the_policys_route_gives_them(askwell: Askwell, tmp_path: Path) -> None:
    """At Warrington a colleague's conduct goes to the line manager; another worry of the same person does not, and shows them nothing."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        before = await home(slack, BOB)
        modal = await begun(slack)
        for step in ("No", {"typed": "x"}, "A child", "Skip", "Skip", "No", "Skip", "No", "Send"):
            await (modal.press(step) if isinstance(step, str) else modal.write(**step))
        await pinged(slack, LEAD)
        assert await home(slack, BOB) == before
        modal = await begun(slack)
        for step in ("No", {"typed": "x"}, "A child", "Skip", "Skip", "Yes", "Skip", "No", "Send"):
            await (modal.press(step) if isinstance(step, str) else modal.write(**step))
        await pinged(slack, BOB)
        case = await opened(slack, await home(slack, BOB), words.CASE_OPEN, BOB)
        assert words.CASE_TAKE in labels(case.view) and text_of((await home(slack, BOB))["blocks"]).count("ref ") == 1

    play(go, askwell, tmp_path, plans=PLANS)


def test_an_account_that_is_not_of_the_organisation_opens_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """Whoever says of themselves that they are the lead's colleague is no member, and gets the same words as anybody."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        await sent(slack)
        ping = await pinged(slack, LEAD)
        with slack.service.database.write() as connection:
            people = [Person(OPEN_TO, e, n, "staff", m, cover="always", duties=d) for u, e, n, m, d in PEOPLE if u != LEAD]
            directory.replaced(connection, OPEN_TO, people)
        slack.service.introduce("slack", f"{TEAM}:{LEAD}", Asker(OPEN_TO, "staff"))
        view = {"type": "home", "blocks": ping["blocks"]}
        for label in (words.CASE_OPEN, words.CASE_TAKE):
            await slack.interact(press_in(view, label, LEAD, "VHOME"))
        await slack.quiet()
        assert slack.slack.to("views.open")[-1]["view"]["callback_id"] != "case"

    play(go, askwell, tmp_path, plans=PLANS)
