"""The board: what its members see and do, and that a case is, to everybody else, a page that does not exist."""

import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
from report_stand import SEEN, Reports, sent, served
from reporting import BOSS, DEPUTY, LAST, LEAD, ME, OTHER, TEAM
from sqlalchemy import select
from web_stand import THERE, Browser

from bot import words
from bot.guide import Askwell
from bot.people import Person
from bot.store import chain, directory
from bot.store.tables import case_audit
from bot.waits import days, until

FAR = Person("sefton", "far@y.uk", "Far Away", "manager", duties=("safeguarding-lead", "manager", "fallback"))
pytestmark = pytest.mark.whole
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
    assert "Decision: refer today" in lead.press("Write down a decision", text="refer today").text
    waits = lead.press("Wait for somebody outside", text="the police", until="2026-11-25")
    assert "Next reminder: 25 November 2026, 09:00" in waits.text and "Waiting: the police" in waits.text
    closed = lead.press(words.CASE_ACTS["close"], text="the council has it")
    assert words.CASE_STANDS["closed"] in closed.text and "Closed: the council has it" in closed.text
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
    assert "Handed over to: Tess Team: please ring her" in team.open(f"/board/{reference}").text
    assert "You have it." in team.press(words.CASE_TAKE).text
    assert "Tess Team has it." in lead.open(f"/board/{reference}").text


def test_a_sheet_to_print_holds_report_and_chronology_and_not_who_sent_it(reports: Reports, reference: str) -> None:
    """What a council needs, from whom it comes, and that nobody has checked it."""
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    does(lead, reference, "note")
    shown = lead.open(f"/board/{reference}/sheet")
    assert all(part in shown.text for part in (reference, SEEN, "Note: rang", "Lou Lead", "NHS Warrington", "Nobody has checked them"))
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
            for day in days(now):
                assert until(day.isoformat(), now)


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


def test_two_cases_are_linked_and_told_as_one_story(reports: Reports, reference: str) -> None:
    """Whoever may read both sees the link in both, and one chronology; it is taken back by the same way."""
    other = sent(reports, reports.browser(ME))
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    assert "Linked with" not in lead.page.text
    lead.press(words.CASE_ACTS["link"], to=other)
    assert f"Linked with: {other}" in lead.page.text and f"/board/{other}" in lead.page.links
    reports.clock[0] += 60
    does(lead, reference, "note", text="the same family")
    told = lead.open(f"/board/{reference}/chronology")
    assert all(part in told.text for part in ("2 cases", reference, other, "Reported: Somebody may be at risk", "the same family"))
    assert told.text.index("Reported: Somebody") < told.text.index("Linked with") < told.text.index("the same family")
    assert f"Linked with: {reference}" in lead.open(f"/board/{other}").text
    lead.open(f"/board/{reference}")
    lead.press(words.CASE_ACTS["unlink"], to=other)
    assert "Linked cases" not in lead.page.text and f"No longer linked with: {other}" in lead.page.text


def test_a_link_to_a_case_that_one_may_not_read_is_no_link(reports: Reports, reference: str) -> None:
    """A deputy who gets one of two linked cases finds it byte for byte as if there were no other; what is forged is refused and audited."""
    other = sent(reports, reports.browser(ME), implicated="Dee Deputy")
    lead, deputy = reports.browser(LEAD), reports.browser(DEPUTY)
    does(lead, reference, "take")
    does(lead, reference, "hand-over", to=DEPUTY)
    does(deputy, reference, "take")
    does(deputy, reference, "hand-over", to=LEAD)
    does(lead, reference, "take", again="1")
    before = [_plain(deputy.open(path).html) for path in (f"/board/{reference}", f"/board/{reference}/chronology", "/board")]
    does(lead, reference, "link", to=other)
    assert f"Linked with: {other}" in lead.page.text
    assert [_plain(deputy.open(path).html) for path in (f"/board/{reference}", f"/board/{reference}/chronology", "/board")] == before
    for path in (f"/board/{other}", f"/board/{other}/chronology"):
        deputy.open(path)
        assert deputy.status == 404
    does(lead, reference, "hand-over", to=DEPUTY, again="1")
    does(deputy, reference, "take", again="1")
    does(deputy, reference, "link", to=other)
    assert words.CASE_MOVED in deputy.page.text and ("refused", DEPUTY) in acts(reports, reference)


def _plain(html: str) -> str:
    """A page without what is new each time."""
    return re.sub(r'name="token" value="[^"]*"', "", html)


def test_what_it_waits_for_and_how_it_ended_are_chosen_and_stand_above(reports: Reports, reference: str) -> None:
    """The police, until a day; passed to the council. A choice that nobody was given is refused."""
    lead = reports.browser(LEAD)
    does(lead, reference, "take")
    does(lead, reference, "wait", on="police", text="they ring back")
    assert "You have it. Waiting for: The police: they ring back. Next reminder: 25 November 2026" in lead.page.text
    does(lead, reference, "wait", on="the pope")
    assert words.CASE_MOVED in lead.page.text
    does(lead, reference, "note")
    assert "Waiting for:" not in lead.open(f"/board/{reference}").text
    does(lead, reference, "close", outcome="council", text="they take it on")
    assert "Closed: Passed to the council: they take it on" in lead.page.text


def test_the_sheet_says_who_outside_may_have_to_know_and_leaves_room_for_what_was_done(reports: Reports) -> None:
    """A child and a colleague: children's services, the designated officer within one working day, the police; none of it is printed on the sheet."""
    me = reports.browser(ME)
    me.say("a lad in the youth group showed me bruises and said his dad did it")
    for name, value in (
        ("Start a report", ""),
        ("Yes –", ""),
        ("Next", SEEN),
        ("A child", ""),
        ("Skip", ""),
        ("Skip", ""),
        ("Yes –", ""),
        ("Skip", ""),
    ):
        me.press(name, **({"value": value} if value else {}))
    me.press("No –")
    me.press("Send")
    (held,) = reports.board.waiting_for("warrington", BOSS)
    shown = reports.browser(BOSS).open(f"/board/{held.case.reference}/sheet")
    for line in (words.REFER_999, words.REFER_CHILDREN, words.REFER_LADO, words.REFER_POLICE, words.COUNCIL_FINDER):
        assert line in shown.text
    assert words.REFER_ADULTS not in shown.text and shown.html.count('class="line"') == 5 and BOSS in shown.text
    assert shown.html.index('class="noprint"') < shown.html.index(words.REFER_CHILDREN.split("'")[0]) < shown.html.index("<h1>")


def test_a_caller_is_written_down_from_the_board_and_the_case_is_there_at_once(reports: Reports) -> None:
    """The lead has it, nobody is pinged, and who told it stands in the case and nowhere else."""
    lead = reports.browser(LEAD)
    lead.open("/board")
    lead.press(words.BEHALF_IT["safeguarding"])
    assert "Write down what you were told" in lead.page.text
    steps = (
        ("No –", ""),
        ("Next", SEEN),
        ("Next", "Mrs Caller, 01632 960 001"),
        ("A child", ""),
        ("Skip", ""),
        ("Skip", ""),
        ("No –", ""),
        ("Skip", ""),
    )
    for name, value in steps:
        lead.press(name, **({"value": value} if value else {}))
    lead.press("No –")
    assert words.BEHALF_YOURS in lead.page.text and "Mrs Caller" in lead.page.text
    lead.open("/board")
    lead.press(words.BEHALF_IT["media"])
    assert words.REPORT_FIRST in lead.page.text and words.BEHALF_YOURS in lead.page.text, "the one that is open is not lost"
    lead.press("Send")
    assert words.BEHALF_SENT in lead.page.text
    (held,) = reports.board.waiting_for("warrington", LEAD)
    assert held.case.handler == LEAD and "Mrs Caller" in lead.open(f"/board/{held.case.reference}").text
    with reports.page.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE conversation LIKE 'ping:%'").scalar_one() == 0
    assert words.BEHALF_ASKS not in reports.browser(OTHER).open("/board").text


def test_a_line_manager_sees_what_the_policys_route_gives_them_and_nothing_else(reports: Reports) -> None:
    """Warrington sends a colleague's conduct to the line manager too; other worries of the same person stay out of their sight."""
    sent(reports, reports.browser(ME))
    boss = reports.browser(BOSS)
    assert "Nothing waits for you" in boss.open("/board").text
    me = reports.browser(ME)
    me.say("a lad in the youth group showed me bruises and said a colleague did it")
    me.press("Start a report")
    for name, value in (("No –", ""), ("Next", SEEN), ("A child", ""), ("Skip", ""), ("Skip", ""), ("Yes –", ""), ("Skip", ""), ("No –", "")):
        me.press(name, **({"value": value} if value else {}))
    me.press("Send")
    (held,) = reports.board.waiting_for("warrington", BOSS)
    assert held.case.route.rungs[0].duty == "line-manager"
    assert SEEN in boss.open(f"/board/{held.case.reference}").text and words.CASE_TAKE in boss.page.text


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
