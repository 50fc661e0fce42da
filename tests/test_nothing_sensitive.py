"""What somebody reports stands nowhere to be read: not in the database's files, logs, messages, figures or receipts; only a handler reads it."""

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import report_stand
import reporting
from reporting import ANSWERS, BOSS, LEAD, ME, ORG, OTHER, World
from slack import reports_stand
from slack import stand as slack_stand
from starlette.applications import Starlette
from teams import reports_stand as teams_reports
from teams import stand as teams_stand
from web_stand import SERVED, THERE, Browser, Stand

from adapters.metrics import Metrics
from adapters.remind import Reminders
from adapters.terminal import chat
from adapters.web.part import part
from bot import load, logs, plans, vault, words
from bot.board import Board
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.messages import Filled, Press, Steered, Words
from bot.people import Asker
from bot.report import Running
from bot.service import Service
from bot.settings import Settings
from bot.store import invites
from bot.store.cases import NoCaseError
from bot.store.database import Database
from bot.store.invites import Invite

MARKED = {
    "seen": "Zebedeequix bruised both arms",
    "who": "Quillonfarrow",
    "where": "https://marked.example/wombatlane",
    "implicated": "The Boss\nNemopersson",
}
WORDS = ("Zebedeequix", "Quillonfarrow", "wombatlane", "Nemopersson", "bruised both arms")
NOTE = "Vermilionnote rang the council"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged, as `askwell serve` logs it, at its most talkative."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    logs.configure("debug", stream)
    yield stream
    root.handlers[:], root.level = before[0], before[1]


@pytest.fixture
def world(askwell: Askwell, tmp_path: Path) -> Iterator[World]:
    """On a database in a file, under keys of its own."""
    made = reporting.world(askwell, f"sqlite:///{tmp_path / 'db' / 'askwell.db'}", vault=vault.kept(tmp_path / "keys"))
    yield made
    made.database.close()


def found(raw: bytes) -> list[str]:
    """Which marked words stand there, in any of the ways in which text is stored."""
    return [w for w in (*WORDS, NOTE.split(maxsplit=1)[0]) if w.encode() in raw or w.encode("utf-16-le") in raw or w.lower().encode() in raw.lower()]


def files(folder: Path) -> bytes:
    """Database, write-ahead log and all."""
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_marked_words_of_a_report_are_found_nowhere_and_read_only_by_a_handler(world: World, tmp_path: Path, logged: io.StringIO) -> None:
    """Before sending, while it is open, and after it is closed."""
    reply = world.fills({**ANSWERS, **MARKED})
    shown = repr(reply)
    assert all(w in shown for w in ("Zebedeequix", "Quillonfarrow"))  # the reporter sees it in the summary
    assert found(files(tmp_path / "db")) == []
    world.steers("send")
    (reference,) = world.references()
    for _ in range(3):
        world.later(3_601)
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    world.board.acted(ORG, reference, LEAD, {"action": "note", "text": NOTE})
    Reminders(world.service, lambda: None).night()
    for who in (BOSS, OTHER, ME):
        with pytest.raises(NoCaseError):
            world.board.opened(ORG, reference, who)
    raw = files(tmp_path / "db")
    assert len(raw) > 50_000 and b"lead@x.uk" in raw  # it is the database that was looked through
    assert found(raw) == []
    assert found("".join(str(r.body) + r.key + r.conversation for r in world.rows()).encode()) == []
    assert found(Metrics(world.database).text()) == []
    assert '"log": "askwell.reports"' in logged.getvalue() and found(logged.getvalue().encode()) == []
    turns = world.service.exchanges("terminal", "me", "home-me")
    assert not [a.receipt for t in turns if t.reply for a in t.reply.answers if a.receipt]
    opened = world.board.opened(ORG, reference, LEAD)
    assert opened.content["seen"] == MARKED["seen"] and opened.entries[0].text == NOTE
    assert found(repr(opened.held).encode()) == []


def test_what_was_typed_while_reporting_is_not_shown_again(world: World) -> None:
    """The transcript of a channel that keeps one holds what was asked and not what was typed into the form."""
    world.fills({**ANSWERS, **MARKED})
    world.steers("cancel")
    said = [t.said for t in world.service.exchanges("terminal", "me", "home-me")]
    assert found(" ".join(said).encode()) == []


def test_without_the_key_nobody_can_read_it(world: World, askwell: Askwell, tmp_path: Path) -> None:
    """Whoever has only the database has nothing."""
    reference = world.files(MARKED)
    stranger = reporting.World(*_opened(askwell, f"sqlite:///{tmp_path / 'db' / 'askwell.db'}"))
    with pytest.raises(vault.SealBrokenError):
        stranger.board.opened(ORG, reference, LEAD)
    stranger.database.close()


def _opened(askwell: Askwell, address: str) -> tuple[Service, Board, list[float]]:
    database = Database(address)
    service = Service(askwell, database, plans.load(load.ROOT, askwell.knowledge))
    return service, Board(service), [reporting.START]


def test_the_terminal_logs_nothing_of_a_report(askwell: Askwell, logged: io.StringIO) -> None:
    """As `askwell chat` runs it, where nobody can be asked: the words go no further than the window."""
    talk = chat.Talk(askwell, plans.load(load.ROOT, askwell.knowledge))
    talk.service.introduce("terminal", chat.ME, Asker(ORG, "staff"))
    talk.do(Words(reporting.SAYS))
    talk.do(Press(talk.number, "flow", "safeguarding"))
    talk.do(Press(talk.number, "step:danger", "no"))
    talk.do(Filled(talk.number, "seen", MARKED["seen"]))
    talk.do(Steered(talk.number, "cancel"))
    rows = "".join(talk.service.database.engine.raw_connection().driver_connection.iterdump())  # type: ignore[union-attr]  # sqlite3's own connection
    assert "terminal" in rows and found(rows.encode()) == [] and found(logged.getvalue().encode()) == []


# --- through every channel


@dataclass
class Left:
    """What a report left behind: where it is kept, everything that others were sent or shown, and what its handler read."""

    database: Database
    outside: str
    read: str


def by_terminal(askwell: Askwell, folder: Path) -> Left:
    """Typed, answered and steered; whoever is asked has mail."""
    world = reporting.world(askwell, f"sqlite:///{folder / 'askwell.db'}", vault=vault.kept(folder.parent / "keys"))
    reference = world.files(MARKED)
    outside = [str(r.body) for r in world.rows()]
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    world.board.acted(ORG, reference, LEAD, {"action": "note", "text": NOTE})
    read = world.board.opened(ORG, reference, LEAD)
    return Left(world.database, "".join([*outside, *world.told()]), f"{dict(read.content)} {read.entries[0].text}")


def by_page(askwell: Askwell, folder: Path) -> Left:
    """Forms of the page; others try the case's address, and forms are sent that cannot be taken."""
    world = reporting.world(askwell, f"sqlite:///{folder / 'askwell.db'}", vault=vault.kept(folder.parent / "keys"))
    served = part(world.service, Settings.model_validate(SERVED))
    assert served.channel
    world.service.join(served.channel)
    page = Stand(world.service, Starlette(routes=list(served.routes), exception_handlers=dict(served.lost)))
    me, boss, lead = (_in(page, who, world.clock[0]) for who in (ME, BOSS, LEAD))
    report_stand.filled(me, implicated=MARKED["implicated"], seen=MARKED["seen"], who=MARKED["who"])
    outside = [boss.open("/").html, *_errors(page, world.clock[0])]
    me.press("Send")
    (reference,) = world.references()
    outside += [me.open("/").html, *(str(r.body) for r in world.rows())]
    for path in ("/board", f"/board/{reference}", f"/board/{reference}/sheet"):
        outside += [boss.open(path).html, me.open(path).html]
    outside.append(boss.send(f"/board/{reference}", {"token": "t", "action": "note", "text": NOTE}).html)
    lead.open(f"/board/{reference}")
    lead.press(words.CASE_TAKE)
    lead.press(words.CASE_ACTS["note"], text=NOTE)
    outside += [lead.open("/board").html, lead.address, me.address, boss.open("/board").html]
    return Left(world.database, "".join(outside), lead.open(f"/board/{reference}").text)


def _errors(page: Stand, at: float) -> Iterator[str]:
    """What is answered to forms that cannot be taken: without their token, far too long, from elsewhere, for nothing that is there."""
    other = _in(page, OTHER, at)
    for path in ("/say", "/report", "/board/7QK4-XM29", "/nowhere"):
        for more, headers in (({}, {}), ({"token": "t", "more": "x" * 3_000_000}, {}), ({"token": "t"}, {"Sec-Fetch-Site": "cross-site"})):
            answer = other.client.post(path, data={"text": NOTE, "value": MARKED["seen"], **more}, headers=headers)
            assert answer.status_code >= 400
            yield answer.text


def by_slack(askwell: Askwell, folder: Path) -> Left:
    """Signed requests; everything that Slack was told but for the modals, which only one person sees and which Slack does not keep."""
    outside: list[str] = []
    read: list[str] = []
    databases: list[Database] = []

    async def go(slack: slack_stand.Stand) -> None:
        reports_stand.staffed(slack)
        modal = await reports_stand.begun(slack)
        await modal.press("No")
        await modal.write(typed=MARKED["seen"])
        await modal.press("A child")
        await modal.write(typed=MARKED["who"])
        await modal.press("Skip")
        await modal.press("No")
        await modal.write(picked=["boss@x.uk"], typed="Nemopersson")
        await modal.press("No")
        await modal.press("Send")
        case = await reports_stand.looked(slack, await reports_stand.pinged(slack, reports_stand.LEAD), words.CASE_TAKE, reports_stand.LEAD)
        await case.press(words.CASE_ACTS["note"])
        await case.write(text=NOTE)
        for user in (slack_stand.ANN, slack_stand.BOB, reports_stand.LEAD):
            await slack.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home"})
        await slack.quiet()
        read.append(case.text)
        for call in slack.slack.calls:
            modal_ = call.arguments.get("view", {}).get("type") == "modal"
            outside.append(repr({**call.arguments, "view": ""} if modal_ else call.arguments))
        databases.append(slack.service.database)

    slack_stand.play(go, askwell, folder, plans=plans.load(load.ROOT, askwell.knowledge))
    return Left(databases[0], "".join(outside), read[0])


def by_teams(askwell: Askwell, folder: Path) -> Left:
    """Signed requests; everything that Teams was told but for the dialogs, which only one person sees and which Teams does not keep."""
    outside: list[str] = []
    read: list[str] = []
    databases: list[Database] = []

    async def go(teams: teams_stand.Stand) -> None:
        await teams_reports.staffed(teams)
        dialog = await teams_reports.begun(teams)
        await dialog.press("No")
        await dialog.press("Next", typed=MARKED["seen"])
        await dialog.press("A child or young person under 18")
        await dialog.press("Next", typed=MARKED["who"])
        while "Send" not in dialog.labels:
            await (dialog.press("Skip") if "Skip" in dialog.labels else dialog.press(next(x for x in dialog.labels if x.startswith("No"))))
        await dialog.press("Send")
        ping = await teams_reports.pinged(teams, teams_reports.LEAD)
        await teams.press(ping, words.CASE_TAKE, teams_reports.LEAD)
        case = teams_reports.Dialog(teams, await teams.press(ping, words.CASE_OPEN, teams_reports.LEAD), teams_reports.LEAD)
        await case.press(words.CASE_ACTS["note"])
        await case.press(words.CASE_SAVE, text=NOTE)
        await teams.quiet()
        read.append(case.text)
        outside.extend(teams_stand.dumped(call.body) for call in teams.teams.calls)
        databases.append(teams.service.database)

    teams_stand.play(go, askwell, folder, plans=plans.load(load.ROOT, askwell.knowledge))
    return Left(databases[0], "".join(outside), read[0])


def _in(page: Stand, email: str, at: float) -> Browser:
    with page.database.write() as connection:
        token = invites.create(connection, Invite(ORG, email, "staff"), at, 7)
    browser = page.browser(THERE)
    browser.open(f"/invite/{token}")
    browser.press("Open Askwell")
    return browser


@pytest.mark.parametrize("file", [by_terminal, by_page, by_slack, by_teams])
def test_through_every_channel_words_of_a_report_stand_nowhere_but_before_its_handler(
    askwell: Askwell, file: Callable[[Askwell, Path], Left], tmp_path: Path, logged: io.StringIO
) -> None:
    """Database files, logs, the outbox, figures, what others were sent and shown, error pages and addresses."""
    folder = tmp_path / "db"
    folder.mkdir()
    left = file(askwell, folder)
    assert {"Zebedeequix", "Quillonfarrow", "Vermilionnote"} <= set(found(left.read.encode()))
    assert len(left.outside) > 300 and found(left.outside.encode()) == []
    raw = files(folder)
    assert len(raw) > 50_000 and found(raw) == []
    assert found(logged.getvalue().encode()) == [] and found(Metrics(left.database).text()) == []
    with left.database.read() as connection:
        assert found(repr(connection.exec_driver_sql("SELECT * FROM outbox").all()).encode()) == []
    left.database.close()


def test_what_carries_words_does_not_show_them_by_accident(world: World) -> None:
    """Neither in a log line nor in an error: each hides them."""
    assert found(repr(Filled(1, "seen", MARKED["seen"])).encode()) == []
    assert found(repr(Running(Flow.SAFEGUARDING, "", MARKED)).encode()) == []
    reference = world.files(MARKED)
    world.board.acted(ORG, reference, LEAD, {"action": "take"})
    world.board.acted(ORG, reference, LEAD, {"action": "note", "text": NOTE})
    assert found(repr(world.board.opened(ORG, reference, LEAD)).encode()) == []
