"""Reports in Slack, by signed requests: one modal from the first step to Send, pings, the case, and word to the reporter."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
from encoded import KNOWLEDGE

from bot import load, plans, words
from bot.board import Board
from bot.guide import Askwell
from bot.people import Person
from bot.store import cases as stored
from bot.store import directory
from slack.reports_stand import LEAD, MARK, OPEN_TO, TESS, begun, filled, labels, looked, pinged, staffed
from slack.stand import ANN, BOB, DIRECT, POST, TEAM, Stand, Trouble, play, press, press_in, text_of

PLANS = plans.load(load.ROOT, KNOWLEDGE)
HOME = f"{TEAM}:{ANN}"


def test_a_report_goes_on_in_one_modal_is_picked_up_and_closed_and_the_reporter_is_told(askwell: Askwell, tmp_path: Path) -> None:
    """From the worry to the end, for everybody who has a part in it."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        assert "step 1 of" in modal.text and "Is anybody in danger right now?" in modal.text and words.NOTHING_SENT_YET in modal.text
        await filled(modal)
        assert words.REVIEW in modal.text and MARK in modal.text and "Bob Boss" not in modal.text
        assert not any(m["channel"] in (LEAD, TESS) for m in slack.slack.messages)
        await modal.press("Send")
        assert modal.text.startswith("Sent. It goes to")
        ping = await pinged(slack, LEAD)
        assert ping["text"] == text_of(ping["blocks"]).splitlines()[0] and ping["text"].startswith("Askwell: something needs you by")
        assert labels(ping) == [words.CASE_OPEN, words.CASE_TAKE]
        case = await looked(slack, ping, words.CASE_OPEN, LEAD)
        assert MARK in case.text and words.CASE_STANDS["open"] in case.text
        await case.press(words.CASE_TAKE)
        assert words.CASE_YOURS in case.text
        count = len(slack.slack.messages)
        await case.press(words.CASE_ACTS["note"])
        await case.write(text=f"rang the council {MARK}")
        assert f"Lou Lead, {case.text.partition('Lou Lead, ')[2]}" in case.text and "rang the council" in case.text
        await case.press(words.CASE_ACTS["close"])
        await case.write(outcome="council", text="They have it.")
        assert "Closed: Passed to the council: They have it." in case.text
        assert words.CASE_STANDS["closed"] in case.text and "submit" not in case.view
        await slack.posted(count + 1)
        await slack.quiet()
        told = [m["text"] for m in slack.slack.messages if m["channel"] in (ANN, f"D{ANN[1:]}", "D01ANN")]
        assert words.PICKED_UP in told and words.REPORT_CLOSED in told
        assert not any(m["channel"] == BOB for m in slack.slack.messages), "the implicated manager hears nothing"

    play(go, askwell, tmp_path, plans=PLANS)


def test_words_of_a_report_stand_in_modals_only(askwell: Askwell, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """No message, notification, metadata, Home, log or row of the outbox holds them; nor does any file of the database."""
    caplog.set_level(logging.DEBUG)

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        await filled(modal)
        await modal.press("Send")
        case = await looked(slack, await pinged(slack, LEAD), words.CASE_TAKE, LEAD)
        await case.press(words.CASE_ACTS["note"])
        await case.write(text=f"{MARK} noted")
        for user in (ANN, LEAD):
            await slack.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"})
        await slack.quiet()
        for call in slack.slack.calls:
            shown = call.arguments.pop("view", {}) if call.method in ("views.open", "views.update") else {}
            assert MARK not in json.dumps(call.arguments), call.method
            assert MARK not in json.dumps([shown.get("private_metadata"), shown.get("callback_id"), shown.get("title")])
        assert any(MARK in json.dumps(view) for view in modal.seen)
        assert "Jamie" not in caplog.text and MARK not in caplog.text

    play(go, askwell, tmp_path, plans=PLANS)
    assert all(MARK.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_press_by_whoever_may_not_see_a_case_is_told_that_there_is_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """Somebody else's button, a forged reference, an implicated manager: all the same words, and each try is audited."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        await filled(modal)
        await modal.press("Send")
        ping = await pinged(slack, LEAD)
        opened = len(slack.slack.to("views.open"))
        forged = json.loads(json.dumps(ping).replace(LEAD, BOB))
        guessed = json.loads(json.dumps(ping).replace(ping["text"][-9:], "AAAA-AAAA"))
        for message, user in ((forged, BOB), (guessed, LEAD)):
            for label in (words.CASE_OPEN, words.CASE_TAKE):
                (await slack.interact(press(message, label, user))).raise_for_status()
        said = await slack.calls("chat.postEphemeral", 4)
        assert {one["text"] for one in said} == {words.CASE_NOTHING} and len(slack.slack.to("views.open")) == opened
        with slack.service.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT who FROM case_audit WHERE act = 'refused'").scalars().all()
        assert set(rows) == {"boss@x.uk", "lead@x.uk"}

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_replayed_or_late_press_changes_nothing(askwell: Askwell, tmp_path: Path) -> None:
    """The same request again counts once; one of an earlier step shows where the report stands, kindly."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        first = press_in(modal.view, "No", ANN, modal.id)
        for _ in range(2):
            await slack.interact(first)
        await slack.quiet()
        shown = slack.slack.to("views.update")[-1]["view"]
        assert "What did you see or hear?" in text_of(shown["blocks"])
        await slack.interact(press_in(modal.view, "Yes", ANN, modal.id))
        late = slack.slack.to("views.update")[-1]["view"]
        assert words.REPORT_LATE in text_of(late["blocks"]) and "What did you see or hear?" in text_of(late["blocks"])
        running = slack.service.session("slack", HOME, HOME).running
        assert running is not None and dict(running.answers) == {"danger": "no"}

    play(go, askwell, tmp_path, plans=PLANS)


def test_typed_words_that_came_too_late_stay_in_their_field(askwell: Askwell, tmp_path: Path) -> None:
    """Somebody asked something else meanwhile: nothing that they wrote is lost."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        await modal.press("No")
        count = len(slack.slack.messages)
        await slack.say("Can I share our post on my own page?")
        await slack.posted(count + 1)
        await modal.write(typed=f"{MARK} said so")
        (entry,) = [b for b in modal.view["blocks"] if b["type"] == "input"]
        assert words.REPORT_LATE in modal.text and entry["element"]["initial_value"] == f"{MARK} said so"
        await modal.write(typed=f"{MARK} said so")
        assert "about a child" in modal.text

    play(go, askwell, tmp_path, plans=PLANS)


def test_home_shows_a_handler_references_and_times_and_is_the_same_as_ever_for_everybody_else(askwell: Askwell, tmp_path: Path) -> None:
    """Byte for byte: for the reporter, for their manager, who is implicated, and for whoever is not asked yet."""

    async def home(slack: Stand, user: str) -> str:
        count = len(slack.slack.to("views.publish"))
        await slack.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"})
        return json.dumps((await slack.calls("views.publish", count + 1))[-1]["view"])

    async def go(slack: Stand) -> None:
        staffed(slack)
        before = {user: await home(slack, user) for user in (ANN, BOB, LEAD, TESS)}
        modal = await begun(slack)
        await filled(modal)
        assert await home(slack, ANN) == before[ANN], "not while it is being made either"
        await modal.press("Send")
        await pinged(slack, LEAD)
        after = {user: await home(slack, user) for user in (ANN, BOB, LEAD, TESS)}
        assert {user for user in after if after[user] != before[user]} == {LEAD}
        (held,) = Board(slack.service).waiting_for(OPEN_TO, "lead@x.uk")
        assert held.case.reference in after[LEAD] and "by " in after[LEAD] and MARK not in after[LEAD]
        assert after[LEAD].count("afeguard") == before[LEAD].count("afeguard"), "nor of which kind it is"

    play(go, askwell, tmp_path, plans=PLANS)


def test_do_not_disturb_is_not_reached_so_the_next_person_is_asked_at_once(askwell: Askwell, tmp_path: Path) -> None:
    """The ping lies there for later, and nobody waits out the hour."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        slack.slack.resting[LEAD] = {"dnd_enabled": True, "next_dnd_start_ts": 0, "next_dnd_end_ts": 9e9}
        modal = await begun(slack)
        await filled(modal)
        await modal.press("Send")
        assert (await pinged(slack, LEAD))["text"][-9:] == (await pinged(slack, TESS))["text"][-9:]
        await slack.quiet()
        assert len([c for c in slack.slack.to(POST) if c["channel"] in (LEAD, TESS)]) == 2

    play(go, askwell, tmp_path, plans=PLANS)


def test_where_the_modal_does_not_open_a_private_message_leads_to_the_report(askwell: Askwell, tmp_path: Path) -> None:
    """It says only that there is something to open."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        await slack.say("A journalist has messaged me. What do I do?")
        answer = await slack.posted(1)
        slack.slack.troubles["views.open"] = [Trouble(body={"ok": False, "error": "expired_trigger_id"})]
        await slack.interact(press(answer, "Start"))
        ready = await slack.posted(2)
        assert ready["text"] == words.ANSWER_READY
        form = await looked(slack, ready, "Open", ANN)
        assert "step 1 of" in form.text

    play(go, askwell, tmp_path, plans=PLANS)


def test_a_call_from_the_media_goes_to_whom_the_policy_names_within_its_deadline(askwell: Askwell, tmp_path: Path) -> None:
    """Every step, a line to copy at the end, and a first level of a quarter of an hour where the answer is wanted within the hour."""

    async def go(slack: Stand) -> None:
        people = [Person(OPEN_TO, "ann@x.uk", "Ann Author", "staff", cover="always")]
        people += [Person(OPEN_TO, "lead@x.uk", "Lou Lead", "staff", cover="always", duties=("communications-team",))]
        staffed(slack)
        with slack.service.database.write() as connection:
            directory.replaced(connection, OPEN_TO, people)
        await slack.say("A journalist has messaged me. What do I do?")
        modal = await looked(slack, await slack.posted(1), "Start", ANN)
        await slack.calls("views.update", 1)
        modal.view, modal.id = (slack.slack.to("views.update")[-1][k] for k in ("view", "view_id"))
        assert "Please don't reply yet" in modal.text and "the Communications and Engagement Team" in modal.text
        for step in ("Skip", "Skip", "Direct message", {"typed": f"{MARK} asks about the ward"}, "Within the hour", "Yes", {"typed": "no comment"}):
            await (modal.press(step) if isinstance(step, str) else modal.write(**step))
        assert words.REVIEW in modal.text and MARK in modal.text and "no comment" in modal.text
        await modal.press("Send")
        assert "here is a line to copy" in modal.text
        await pinged(slack, LEAD)
        (held,) = Board(slack.service).waiting_for(OPEN_TO, "lead@x.uk")
        assert held.case.pace == 15.0
        case = await looked(slack, await pinged(slack, LEAD), words.CASE_TAKE, LEAD)
        assert words.CASE_KINDS["media"] in case.text and words.CASE_OUTSIDE not in case.text

    play(go, askwell, tmp_path, plans=PLANS)


def test_wrongdoing_is_gone_through_without_a_field_and_nothing_of_it_is_kept(askwell: Askwell, tmp_path: Path) -> None:
    """Only choices; no case, no ping, and the words that led there stand nowhere."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        await slack.say(f"my manager {MARK} fiddles the mileage claims")
        modal = await looked(slack, await slack.posted(1), "Open", ANN)
        await modal.press("Show me")
        assert "Please don't type names or details here" in modal.text
        await modal.press("Yes")
        assert not [b for view in modal.seen for b in view["blocks"] if b["type"] == "input"]
        assert "ways outside" in modal.text and "I have kept nothing of this." in modal.text
        await slack.quiet()
        assert not any(m["channel"] in (LEAD, TESS, BOB) for m in slack.slack.messages)
        with slack.service.database.read() as connection:
            assert connection.exec_driver_sql('SELECT count(*) FROM "case"').scalar_one() == 0

    play(go, askwell, tmp_path, plans=PLANS)
    assert all(MARK.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_chain_that_ends_is_told_to_the_reporter_plainly(askwell: Askwell, tmp_path: Path) -> None:
    """In their own messages, in a line that names nothing of the report."""

    async def go(slack: Stand) -> None:
        staffed(slack)
        modal = await begun(slack)
        await filled(modal)
        await modal.press("Send")
        await pinged(slack, LEAD)
        board = Board(slack.service)
        for _ in range(4):
            with slack.service.database.write() as connection:
                connection.exec_driver_sql('UPDATE "case" SET due = 1')
                held = connection.exec_driver_sql('SELECT reference FROM "case"').scalar_one()
            with slack.service.database.read() as connection:
                case = stored.load(connection, slack.service.database.vault, OPEN_TO, held)
            with slack.service.database.write() as connection:
                stored.save(connection, slack.service.database.vault, case, replace(case.case, due=1.0), 1.0)
            board.remind()
            slack.courier.wake()
        await slack.quiet()
        told = [m for m in slack.slack.messages if m["text"] == words.REPORT_EXHAUSTED]
        assert len(told) == 1 and told[0]["channel"] in (ANN, DIRECT) and MARK not in json.dumps(told)
        assert any(m["channel"] == TESS for m in slack.slack.messages)

    play(go, askwell, tmp_path, plans=PLANS)
