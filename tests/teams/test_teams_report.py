"""Reports and cases in Teams: each in one dialog, pings that say nothing, and nobody who may not see a case learns of it."""

import json
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from served import until

from bot import load, plans, words
from bot.cover import LONDON
from bot.guide import Askwell
from bot.plans import Plans
from bot.store import addresses, directory
from teams.reports_stand import LEAD, MARK, OPEN_TO, TESS, Dialog, begun, filled, pinged, staffed
from teams.stand import ANN, BOB, GROUP, TENANT, Stand, card_of, dialog_of, dumped, fields, labels, play, replaced, text_of

HOME = f"{TENANT}:{ANN}"


@pytest.fixture(scope="module")
def known(askwell: Askwell) -> Plans:
    """The plans of all organisations."""
    return plans.load(load.ROOT, askwell.knowledge)


async def does(case: Dialog, action: str, **given: str) -> None:
    """Choose one thing to do with a case, fill in its fields, and save."""
    await case.press(words.CASE_ACTS[action])
    assert set(given) <= {f["id"] for f in fields(case.card)}
    await case.press(words.CASE_SAVE, **given)


async def taken(teams: Stand, user: str) -> Dialog:
    """Somebody takes a case from the ping, whose card then says so, and opens it."""
    ping = await pinged(teams, user)
    card = replaced(await teams.press(ping, words.CASE_TAKE, user))
    assert words.CASE_YOURS in text_of(card) and labels(card) == [words.CASE_OPEN]
    return Dialog(teams, await teams.press(ping, words.CASE_OPEN, user), user)


def test_a_report_goes_its_whole_way_in_dialogs(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """From the worry to the summary; the first of the chain is asked, takes it, notes, closes; the reporter hears each time."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        dialog = await begun(teams)
        await filled(dialog)
        assert f"{MARK}: bruises on both arms" in dialog.text and words.NOTHING_SENT_YET in dialog.text
        await dialog.press("Send")
        assert dialog.text.startswith("Sent.")
        ping = await pinged(teams, LEAD)
        assert ping["importance"] == "high" and ping["channelData"] == {"notification": {"alert": True}}
        assert text_of(card_of(ping)) == ping["summary"] == card_of(ping)["fallbackText"]
        case = Dialog(teams, await teams.press(ping, words.CASE_OPEN, LEAD), LEAD)
        assert MARK in case.text and words.CASE_STANDS["open"] in case.text and not fields(case.card)
        await case.press(words.CASE_TAKE)
        assert words.CASE_YOURS in case.text
        await does(case, "note", text=f"rang the council {MARK}")
        assert "rang the council" in case.text.partition("Lou Lead, ")[2]
        await does(case, "decision", text="No strategy meeting yet.")
        await does(case, "wait", on=next(iter(words.WAITS)), until=f"{datetime.now(LONDON) + timedelta(days=3):%Y-%m-%d}")
        assert "Waiting: " in case.text and "Decision: No strategy meeting yet." in case.text
        await does(case, "close", outcome=next(iter(words.OUTCOMES)), text="The council has it.")
        assert words.CASE_STANDS["closed"] in case.text and case.labels == [words.CASE_SHEET]
        await teams.quiet()
        told = [m["summary"] for m in teams.teams.messages if m["to"] == f"a:29:{ANN}"]
        assert told[-2:] == [words.PICKED_UP, words.REPORT_CLOSED]
        assert not [m for m in teams.teams.messages if m["to"] == f"a:29:{BOB}" and "needs you" in m["summary"]], "the manager was not asked"

    play(go, askwell, tmp_path, plans=known)


def test_words_of_a_report_stand_in_dialogs_only(askwell: Askwell, tmp_path: Path, known: Plans, caplog: pytest.LogCaptureFixture) -> None:
    """No message, notification, log or file of the database holds them, nor do the buttons."""
    caplog.set_level(logging.DEBUG)

    async def go(teams: Stand) -> None:
        await staffed(teams)
        dialog = await begun(teams)
        await filled(dialog)
        await dialog.press("Send")
        case = await taken(teams, LEAD)
        await does(case, "note", text=f"{MARK} noted")
        await teams.quiet()
        assert all(MARK not in dumped(call.body) and "afeguard" not in dumped(call.body) for call in teams.teams.calls)
        assert any(MARK in dumped(card) for card in dialog.seen) and MARK in case.text
        assert not [b for card in [*dialog.seen, case.card] for b in _data(card) if MARK in dumped(b)]
        assert "Jamie" not in caplog.text and MARK not in caplog.text

    play(go, askwell, tmp_path, plans=known)
    assert all(MARK.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def _data(card: object) -> list[object]:
    """What the buttons of a card carry."""
    if isinstance(card, dict):
        return [*([card["data"]] if "data" in card else []), *(d for one in card.values() for d in _data(one))]
    return [d for one in card for d in _data(one)] if isinstance(card, list) else []


def test_whoever_may_not_see_a_case_is_told_that_there_is_nothing(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """Somebody else's button, a forged reference, whoever is not asked: the same words, and each try is audited."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        dialog = await begun(teams)
        await filled(dialog)
        await dialog.press("Send")
        ping = await pinged(teams, LEAD)
        forged = json.loads(json.dumps(ping).replace(LEAD, BOB))
        guessed = json.loads(json.dumps(ping).replace(ping["summary"][-9:], "AAAA-AAAA"))
        for message, user in ((forged, BOB), (guessed, LEAD)):
            assert text_of(dialog_of(await teams.press(message, words.CASE_OPEN, user))) == words.CASE_NOTHING
            assert (await teams.press(message, words.CASE_TAKE, user))["value"] == words.CASE_NOTHING
        with teams.service.database.read() as connection:
            rows = connection.exec_driver_sql("SELECT who FROM case_audit WHERE act = 'refused'").scalars().all()
        assert set(rows) == {"boss@x.uk", "lead@x.uk"}

    play(go, askwell, tmp_path, plans=known)


def test_a_late_press_shows_where_the_report_stands_and_typed_words_stay(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """Somebody asked something else meanwhile, or pressed twice: nothing that they wrote is lost, and nothing counts twice."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        dialog = await begun(teams)
        first = dialog.answer
        await dialog.press("No")
        late = text_of(dialog_of(await teams.press_in(first, "Yes")))
        assert words.REPORT_LATE in late and "What did you see or hear?" in late
        running = teams.service.session("teams", HOME, HOME).running
        assert running is not None and dict(running.answers) == {"danger": "no"}
        count = len(teams.teams.messages)
        await teams.say("Can I share our post on my own page?")
        await teams.posted(count + 1)
        await dialog.press(words.NEXT_STEP, typed=f"{MARK} said so")
        (field,) = fields(dialog.card)
        assert words.REPORT_LATE in dialog.text and field["value"] == f"{MARK} said so"
        await dialog.press(words.NEXT_STEP, typed=f"{MARK} said so")
        assert "about a child" in dialog.text

    play(go, askwell, tmp_path, plans=known)


def test_a_closed_dialog_is_found_again(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """“Go on” leads back to the step where they were; cancelled, nothing of it is left."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        dialog = await begun(teams)
        await dialog.press("No")
        count = len(teams.teams.messages)
        await teams.say("go on")
        ready = await teams.posted(count + 1)
        assert ready["summary"] == words.ANSWER_READY
        again = Dialog(teams, await teams.press(ready, words.OPEN))
        assert "step 2 of" in again.text
        await again.press(words.CANCEL_IT)
        assert words.REPORT_CANCELLED in again.text and teams.service.session("teams", HOME, HOME).running is None
        await again.stand.quiet()
        assert "Your report has moved on" in text_of(dialog_of(await teams.press_in(dialog.answer, words.NEXT_STEP, typed="x")))

    play(go, askwell, tmp_path, plans=known)


def test_a_report_that_begins_in_a_group_goes_on_where_nobody_reads_along(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """The button opens the dialog; in the group nothing is said of it, and later words go to their own chat."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        count = len(teams.teams.messages)
        await teams.say("A journalist has messaged me. What do I do?", conversation=GROUP)
        answer = await teams.posted(count + 1)
        dialog = Dialog(teams, await teams.press(answer, "Start"))
        assert "step 1 of" in dialog.text
        await teams.quiet()
        assert len(teams.teams.messages) == count + 1

    play(go, askwell, tmp_path, plans=known)


def test_a_slip_in_a_case_is_said_and_nothing_typed_is_lost(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """No choice, no words, a day that is over, nobody to hand it over to: what to do stands on top."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        dialog = await begun(teams)
        await filled(dialog)
        await dialog.press("Send")
        case = await taken(teams, LEAD)
        await case.press(words.CASE_ACTS["wait"])
        day = {f["id"]: f for f in fields(case.card)}["until"]
        assert day["type"] == "Input.Date" and day["min"] < day["max"]
        await case.press(words.CASE_SAVE, on="", until="2020-01-01", text="They ring back.")
        kept = {f["id"]: f.get("value", "") for f in fields(case.card)}
        assert case.text.startswith(words.CASE_NEEDS_ONE) and (kept["text"], kept["until"]) == ("They ring back.", "2020-01-01")
        await case.press(words.CASE_BACK)
        for action, says, given in (
            ("note", words.CASE_NEEDS_TEXT, {"text": " "}),
            ("hand-over", words.CASE_NEEDS_PERSON, {"to": "", "text": "a word"}),
        ):
            await does(case, action, **given)
            assert case.text.startswith(says) and {f["id"]: f.get("value", "") for f in fields(case.card)} == given
            await case.press(words.CASE_BACK)
        await does(case, "hand-over", to="tess@x.uk")
        assert words.CASE_STANDS["open"] in case.text
        assert (await pinged(teams, TESS))["summary"].startswith("Askwell: something needs you")

    play(go, askwell, tmp_path, plans=known)


def test_pings_go_to_the_channels_that_somebody_wants(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """`teams` in the staff list counts like any other."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        with teams.service.database.write() as connection:
            people = [p if p.email != "lead@x.uk" else replace(p, channels=("teams",)) for p in directory.people(connection, OPEN_TO)]
            directory.replaced(connection, OPEN_TO, people)
        dialog = await begun(teams)
        await filled(dialog)
        await dialog.press("Send")
        assert labels(card_of(await pinged(teams, LEAD))) == [words.CASE_OPEN, words.CASE_TAKE]

    play(go, askwell, tmp_path, plans=known)


def test_the_address_of_a_chat_is_kept_for_members_only_and_goes_with_them(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """Whoever only said who they are is never written to first."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        other = "eeeeeeee-0000-0000-0000-000000000005"
        teams.known(other)
        await teams.say("hello", other)
        with teams.service.database.read() as connection:
            assert addresses.of(connection, "teams", HOME) == {"service": teams.teams.url, "conversation": f"a:29:{ANN}", "bot": "28:askwell"}
            assert addresses.of(connection, "teams", f"{TENANT}:{other}") is None
        with teams.service.database.write() as connection:
            directory.erase(connection, "ann@x.uk")
            assert addresses.of(connection, "teams", HOME) is None

    play(go, askwell, tmp_path, plans=known)


def test_a_ping_that_cannot_be_delivered_is_given_up_with_an_alarm(askwell: Askwell, tmp_path: Path, known: Plans) -> None:
    """Somebody took the app out since; whoever runs Askwell hears of it, without a word of the report."""

    async def go(teams: Stand) -> None:
        await staffed(teams)
        with teams.service.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM address")
        dialog = await begun(teams)
        await filled(dialog)
        await dialog.press("Send")
        await until(lambda: bool(teams.alarms), "an alarm")
        assert teams.alarms[0].endswith("this person has no chat with Askwell in Teams")

    play(go, askwell, tmp_path, plans=known)
