"""The board: what its members see and do, and that a case is, to everybody else, a page that does not exist."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from report_stand import SEEN, Reports, sent, served
from reporting import BOSS, DEPUTY, LAST, LEAD, ME, OTHER, TEAM
from sqlalchemy import select
from web_stand import THERE, Browser

from adapters.web import dossier
from bot import words
from bot.guide import Askwell
from bot.people import Person
from bot.store import chain, directory
from bot.store.tables import case_audit

FAR = Person("sefton", "far@y.uk", "Far Away", "manager", duties=("safeguarding-lead", "manager", "fallback"))
NOBODY = "7QK4-XM29"
DOES = {
    "take": {},
    "note": {"text": "rang"},
    "decision": {"text": "we refer it"},
    "wait": {"text": "police", "until": "2026-11-25"},
    "hand-over": {"to": OTHER},
    "close": {"text": "done"},
}
IN_STATE = {"open": (), "taken": ("take",), "closed": ("take", "close")}
OUTSIDERS = (ME, BOSS, OTHER, TEAM, LAST)  # the reporter and their manager; who was named; who is only asked later


@pytest.fixture
def reports(askwell: Askwell) -> Reports:
    """Everybody, and somebody of another organisation with every duty."""
    return served(askwell, FAR)


@pytest.fixture
def reference(reports: Reports) -> str:
    """A case that the lead has been asked to take; somebody must not see it."""
    return sent(reports, reports.browser(ME), implicated="Otto Other")


def acts(reports: Reports, reference: str = "") -> list[tuple[str, str]]:
    """What the audit says of a case: (act, who)."""
    with reports.page.database.read() as connection:
        rows = connection.execute(select(case_audit).order_by(case_audit.c.number)).all()
    return [(r.act, r.who) for r in rows if not reference or r.reference == reference]


def does(browser: Browser, reference: str, action: str, **more: str) -> None:
    """One press, by hand."""
    fields = {"token": f"{action}-{more}-{id(browser)}", "action": action, **DOES.get(action, {}), **more}
    browser.send(f"/board/{reference}", fields)


def test_a_member_finds_what_waits_for_them_and_reads_it_on_demand(reports: Reports, reference: str) -> None:
    """The list holds reference and kind and no word of the report; the case holds all of it, escaped, and each view is audited."""
    lead = reports.browser(LEAD)
    assert "/board" in lead.open("/").links
    listed = lead.open("/board")
    assert f"/board/{reference}" in listed.links and "MARKED" not in listed.html and words.CASE_STANDS["open"] in listed.text
    assert ("read", LEAD) not in acts(reports, reference)
    shown = lead.open(f"/board/{reference}")
    assert SEEN in shown.text and "<b>both" not in shown.html
    assert acts(reports, reference)[-1] == ("read", LEAD)
    lead.open(f"/board/{reference}/sheet")
    assert acts(reports, reference)[-2:] == [("read", LEAD), ("read", LEAD)]


def test_a_case_is_taken_worked_on_and_closed_by_the_pages_own_forms(reports: Reports, reference: str) -> None:
    """Every action in order; each leaves its words in the chronology, and what may no longer be done is not shown."""
    lead = reports.browser(LEAD)
    lead.open(f"/board/{reference}")
    assert "You have it." in lead.press(words.CASE_TAKE).text
    assert "rang <the> school" in lead.press(words.CASE_ACTS["note"], text="rang <the> school").text
    assert "Decision. refer today" in lead.press("Write down a decision", text="refer today").text
    waits = lead.press("Wait for somebody outside", text="the police", until="2026-11-25")
    assert "Next reminder: 25 November 2026, 09:00" in waits.text and "Waiting. the police" in waits.text
    closed = lead.press(words.CASE_ACTS["close"], text="the council has it")
    assert words.CASE_STANDS["closed"] in closed.text and "Closed. the council has it" in closed.text
    assert {f.action for f in closed.forms} == set(), "nothing more can be done"
    with reports.page.database.read() as connection:
        assert chain.broken(connection, reports.page.database.vault, "warrington") is None


def test_a_case_is_handed_to_a_colleague_but_never_to_whom_it_is_kept_from(reports: Reports, reference: str) -> None:
    """Who must not see it is not in the list, and a forged choice of them is refused."""
    lead = reports.browser(LEAD)
    lead.open(f"/board/{reference}")
    lead.press(words.CASE_TAKE)
    assert f'value="{TEAM}"' in lead.page.html and OTHER not in lead.page.html and "Otto" not in lead.page.html.replace("Otto Other</dd>", "")
    for forged in (OTHER, LEAD, FAR.email, "nobody@x.uk"):
        does(lead, reference, "hand-over", to=forged)
        assert "That did not go through" in lead.page.text
    team = reports.browser(TEAM)
    team.open(f"/board/{reference}")
    assert team.status == 404
    does(lead, reference, "hand-over", to=TEAM, text="please ring her")
    assert "please ring her" in team.open(f"/board/{reference}").text
    assert "You have it." in team.press(words.CASE_TAKE).text
    assert "Tess Team has it." in lead.open(f"/board/{reference}").text


def test_a_sheet_to_print_holds_report_and_chronology_and_not_who_sent_it(reports: Reports, reference: str) -> None:
    """What a council needs, from whom it comes, and that nobody has checked it."""
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    does(lead, reference, "note")
    shown = lead.open(f"/board/{reference}/sheet")
    assert all(part in shown.text for part in (reference, SEEN, "Note. rang", "Lou Lead", "NHS Warrington", "Nobody has checked them"))
    assert "Me Myself" not in shown.text and ME not in shown.text


@pytest.mark.parametrize("state", IN_STATE)
def test_to_outsiders_a_case_is_a_page_that_does_not_exist(reports: Reports, reference: str, state: str) -> None:
    """Each action of everybody who may not, in every state: byte for byte what a reference that does not exist gives; all of it audited."""
    lead = reports.browser(LEAD)
    for action in IN_STATE[state]:
        does(lead, reference, action)
    for who, organisation in [*((o, "warrington") for o in OUTSIDERS), (FAR.email, "sefton")]:
        browser = reports.browser(who, organisation)
        there = browser.client.get(f"/board/{NOBODY}")
        assert there.status_code == 404
        for path in (f"/board/{reference}", f"/board/{reference}/sheet"):
            found = browser.client.get(path)
            assert (found.status_code, found.content, _headers(found.headers)) == (404, there.content, _headers(there.headers))
        before = acts(reports, reference).count(("refused", who))
        for action, more in [*DOES.items(), ("read", {}), ("note", {"text": ""}), ("wait", {"text": "x", "until": "never"}), ("rubbish", {})]:
            found = browser.client.post(f"/board/{reference}", data={"token": action + str(more), "action": action, **more})
            assert (found.status_code, found.content) == (404, there.content)
        assert acts(reports, reference).count(("refused", who)) == before + 10
        assert reference not in browser.open("/board").html and "Nothing waits for you" in browser.page.text
    assert lead.open(f"/board/{reference}").text.count("rang") == 0


def _headers(headers: object) -> dict[str, str]:
    return {k: v for k, v in dict(headers).items() if k != "date"}  # type: ignore[call-overload] # httpx2's headers


@pytest.mark.parametrize("state", IN_STATE)
def test_the_handler_alone_acts_on_a_case_and_others_who_see_it_are_told_how_it_stands(reports: Reports, reference: str, state: str) -> None:
    """A deputy who was asked as well reads it, and may take it while nobody has it, and nothing else."""
    reports.clock[0] += 61 * 60
    reports.board.remind()
    lead, deputy = reports.browser(LEAD), reports.browser(DEPUTY)
    for action in IN_STATE[state]:
        does(lead, reference, action)
    assert SEEN in deputy.open(f"/board/{reference}").text
    for action in ("note", "decision", "wait", "close", "hand-over"):
        does(deputy, reference, action, **({"to": TEAM} if action == "hand-over" else {}))
        assert deputy.status == 200 and "That did not go through" in deputy.page.text
    does(deputy, reference, "take")
    assert ("That did not go through" in deputy.page.text) == (state != "open")


def test_a_press_counts_once_however_often_it_is_sent(reports: Reports, reference: str) -> None:
    """Back and again, a double click, a replay: one note."""
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    for _ in range(3):
        does(lead, reference, "note", text="said once")
        assert lead.status == 200
    assert lead.page.text.count("said once") == 1
    assert acts(reports, reference).count(("note", LEAD)) == 1


def test_somebody_elses_form_gives_nothing(reports: Reports, reference: str) -> None:
    """A form that was given to the lead, sent by a colleague, is their own press: refused, and the lead's still counts."""
    lead, other = reports.browser(LEAD), reports.browser(OTHER)
    fields = {"token": "the-leads-own", "action": "take"}
    assert other.client.post(f"/board/{reference}", data=fields).status_code == 404
    assert "You have it." in lead.send(f"/board/{reference}", fields).text


def test_what_is_missing_is_said_and_nothing_is_done(reports: Reports, reference: str) -> None:
    """Words, a colleague, a day from tomorrow on within two weeks; a form without its token is refused."""
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    before = len([a for a in acts(reports, reference) if a[0] != "read"])
    days = ["", "never", "2026-11-19", "2027-01-01", "9999-99-99", "0001-01-01"]
    tries = [("note", {"text": " "}, "words first"), ("close", {"text": ""}, "words first"), ("hand-over", {"to": ""}, "choose who gets it")]
    for action, more, said in [*tries, *(("wait", {"until": day}, "choose a day") for day in days)]:
        does(lead, reference, action, **more)
        assert said in lead.page.text
    assert lead.client.post(f"/board/{reference}", data={"action": "note", "text": "x"}).status_code == 400
    assert len([a for a in acts(reports, reference) if a[0] != "read"]) == before


def test_every_day_that_is_offered_can_be_waited_for(reports: Reports) -> None:
    """The first and the last day of the field are taken, at every hour of a day and across the change of the clocks."""
    for start in (datetime(2026, 10, 20, tzinfo=UTC), datetime(2027, 3, 20, tzinfo=UTC)):
        for hour in range(0, 24, 3):
            now = (start + timedelta(hours=hour)).timestamp()
            for day in dossier.days(now):
                assert dossier.until(day.isoformat(), now)


def test_the_board_is_for_members_only(reports: Reports, reference: str) -> None:
    """Strangers are shown the way in, whatever they ask for; guests without a row in the directory get what does not exist."""
    stranger = reports.page.browser(THERE)
    doors = {stranger.client.get(path).content for path in ("/board", f"/board/{reference}", f"/board/{NOBODY}", f"/board/{reference}/sheet")}
    assert len(doors) == 1 and "invited" in stranger.open("/board").text
    assert SEEN not in stranger.send(f"/board/{reference}", {"token": "x", "action": "take"}).text
    guest = reports.browser("guest@elsewhere.uk")
    assert "/board" not in guest.open("/").links
    for path in ("/board", f"/board/{reference}"):
        guest.open(path)
        assert guest.status == 404
    assert guest.client.post(f"/board/{reference}", data={"token": "x", "action": "take"}).status_code == 404
    assert acts(reports, reference) == [("filed", "")]


def test_whoever_leaves_the_directory_leaves_the_board(reports: Reports, reference: str) -> None:
    """Their visit lasts, their authority does not."""
    lead = reports.browser(LEAD)
    with reports.page.database.write() as connection:
        directory.erase(connection, LEAD)
    assert SEEN not in lead.open(f"/board/{reference}").text


def test_forms_of_other_sites_do_nothing(reports: Reports, reference: str) -> None:
    """A page elsewhere cannot press for the lead."""
    lead = reports.browser(LEAD)
    lead.send(f"/board/{reference}", {"token": "x", "action": "take"}, {"Sec-Fetch-Site": "cross-site"})
    assert lead.status == 403 and ("take", LEAD) not in acts(reports, reference)


def test_nothing_of_a_report_is_in_addresses_titles_or_the_log(reports: Reports, reference: str, caplog: pytest.LogCaptureFixture) -> None:
    """And no browser keeps the page."""
    caplog.set_level(logging.DEBUG, "askwell")
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    does(lead, reference, "note", text="MARKED note")
    for path in (f"/board/{reference}", f"/board/{reference}/sheet"):
        response = lead.client.get(path)
        assert response.headers["cache-control"] == "no-store"
        title = re.findall(r"<title>(.*?)</title>", response.text)
        assert title and "MARKED" in response.text and "MARKED" not in title[0]
    assert "MARKED" not in lead.address and "MARKED" not in caplog.text
