"""A report on the page: one question at a time, nothing sent before Send, and everything can be changed, kept or cancelled."""

from dataclasses import dataclass, field

import pytest
from report_stand import DANGER, SEEN, filled, sent, served
from reporting import DEPUTY, LEAD, SAYS
from reporting import ME as ME_THERE
from web_stand import Page, stand

from adapters.web import show
from adapters.web.access import access
from adapters.web.site import Site
from bot import plans, words
from bot.converse import respond
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.load import ROOT
from bot.messages import Act, Filled, Press, Steered, Words
from bot.people import Asker, Person
from bot.reports import Counter
from bot.routing import Chart
from bot.session import Result, Session
from bot.settings import Settings
from bot.store.conversations import Exchange

NOW = 1_800_000_000.0
ME = Asker("sefton", "staff")
LOUD = "A journalist has messaged me. What do I do?"


@dataclass
class Telling:
    """A conversation with a counter at which reports are made, as the page shows it."""

    askwell: Askwell
    site: Site
    counter: Counter
    session: Session = field(default_factory=Session)

    def do(self, act: Act) -> Page:
        """One event, and the page after it."""
        result: Result = respond(self.askwell, ME, self.session, act, self.counter)
        assert result.reply
        self.session = result.session
        turns = show.turns([Exchange(self.session.number, "", result.reply)], self.session)
        organisation = self.askwell.knowledge.organisations[ME.organisation]
        made = self.site.page(
            "talk.html", turns=turns, organisation=organisation, asker=ME, role="Staff", note="", visitor=None, policy_name=lambda _: ""
        )  # fmt: skip
        return Page(bytes(made.body).decode())


@pytest.fixture
def telling(askwell: Askwell) -> Telling:
    """Sefton's staff, with a manager in the directory."""
    made = stand(askwell)
    settings = Settings()
    people = [Person("sefton", "max@example.org", "Max Manager", "manager")]
    counter = Counter(plans.load(ROOT, askwell.knowledge), askwell.knowledge, ME, Chart.of(people), NOW)
    return Telling(askwell, Site(made.service, settings, access(settings)), counter)


def test_a_report_is_offered_with_the_answer_and_begun_by_a_button(telling: Telling) -> None:
    """The offer is a choice like every other; the first question says that nothing has been sent."""
    offered = telling.do(Words(LOUD))
    form = offered.form("/press")
    assert form.buttons[0][0].endswith(words.OFFER_FLOW["media"])
    begun = telling.do(Press(int(form.fields["number"]), form.fields["fact"], form.buttons[0][2]))
    assert words.NOTHING_SENT_YET in begun.text and "question 1 of" in begun.text


def test_steps_take_words_choices_and_nothing_where_they_may_be_skipped(telling: Telling) -> None:
    """Each step has its own field or buttons, says why it asks, and can be skipped only where it is optional."""
    telling.do(Words(LOUD))
    page = telling.do(Press(telling.session.number, "flow", "media"))
    step = next(f for f in page.forms if "step" in f.fields)
    assert step.action == "/report" and words.SKIP_IT in {label for label, _, _ in step.buttons}
    plan = telling.counter.plans.flows[Flow.MEDIA]
    for one in plan.steps[:-1]:  # the last is asked only of those who have replied already
        page = telling.do(Filled(telling.session.number, one.id, one.options[0][0] if one.options else f"about <{one.id}>"))
    assert "about <outlet>" in page.text and "<outlet>" not in page.html


def test_a_report_can_be_cancelled_kept_and_gone_back_in(telling: Telling) -> None:
    """Every screen has the ways out, and cancelling forgets all."""
    telling.do(Words(LOUD))
    page = telling.do(Press(telling.session.number, "flow", "media"))
    ways = {value for form in page.forms if form.action == "/report" for _, name, value in form.buttons if name == "what"}
    assert ways == {"save", "cancel"}
    page = telling.do(Filled(telling.session.number, "outlet", "The Echo"))
    assert {v for f in page.forms for _, n, v in f.buttons if n == "what"} == {"back", "save", "cancel"}
    page = telling.do(Steered(telling.session.number, "cancel"))
    assert words.REPORT_CANCELLED in page.text and telling.session.running is None


def test_what_would_be_sent_is_shown_whole_and_each_answer_can_be_changed(telling: Telling) -> None:
    """The summary holds every answer as it was typed; without anybody to send it to there is no Send."""
    telling.do(Words(LOUD))
    telling.do(Press(telling.session.number, "flow", "media"))
    said = {"outlet": "<b>Echo</b>", "person": "", "channel": "phone", "about": "our report", "deadline": "today", "answered": "no"}
    for step, value in said.items():
        page = telling.do(Filled(telling.session.number, step, value))
    steer = next(f for f in page.forms if f.action == "/report")
    changes = [value for _, name, value in steer.buttons if name == "what" and value.startswith("change:")]
    assert changes == ["change:outlet", "change:channel", "change:about", "change:deadline", "change:answered"]
    assert "<b>Echo</b>" in page.text and "<b>Echo" not in page.html
    assert telling.session.last and telling.session.last.review
    assert ("send" in {v for _, _, v in steer.buttons}) == bool(telling.session.last.review.who)


def test_a_report_form_reaches_the_service(askwell: Askwell) -> None:
    """Both kinds of report forms are taken from the page; where no report is open that is said."""
    browser = stand(askwell).browser()
    browser.begin()
    for fields in ({"step": "about", "value": "x"}, {"what": "cancel"}, {"step": "about", "skip": "yes", "value": "x"}):
        shown = browser.send("/report", {"token": str(fields), "number": "1", **fields})
        assert browser.status == 200 and words.REPORT_NOTHING in shown.text


def test_a_report_is_made_and_cancelled_on_the_page_itself(askwell: Askwell) -> None:
    """Through the service, by the page's own forms: begun, filled in by words, a skip and a button, gone back in, cancelled."""
    browser = stand(askwell, None, plans.load(ROOT, askwell.knowledge)).browser()
    browser.begin("sefton")
    browser.say(LOUD)
    assert "question 1 of" in browser.press("Start –").text
    browser.press("Next", value="The Echo")
    assert "question 3 of" in browser.press(words.SKIP_IT).text
    assert "question 4 of" in browser.press("Phone –").text
    assert "question 3 of" in browser.press(words.GO_BACK).text
    assert words.REPORT_CANCELLED in browser.press(words.CANCEL_IT).text
    assert "The Echo" not in browser.open("/").text, "what was written for a report stands in no log"


def test_a_report_is_sent_from_the_page_and_its_reporter_hears_who_goes_on_with_it(askwell: Askwell) -> None:
    """Begun, read through, changed and sent by a member; what becomes of it is told in their own conversation."""
    reports = served(askwell)
    me = reports.browser(ME_THERE)
    filled(me)
    assert words.NOTHING_SENT_YET in me.page.text and SEEN in me.page.text and SEEN not in me.page.html, "read back as it was typed"
    assert "question 4 of" in me.press(f"{words.CHANGE_IT} – Who is it about").text
    me.press("Next", value="MARKED James")
    shown = me.press(words.SEND)
    assert "Sent. It goes to" in shown.text and "MARKED" not in shown.html
    (held,) = reports.board.waiting_for("warrington", LEAD)
    found = reports.board.opened("warrington", held.case.reference, LEAD)
    assert (found.content["seen"], found.content["who"]) == (SEEN, "MARKED James")
    assert words.PICKED_UP not in me.open("/").text
    reports.board.acted("warrington", held.case.reference, LEAD, {"action": "take"})
    assert words.PICKED_UP in me.open("/").text
    reports.board.acted("warrington", held.case.reference, LEAD, {"action": "close", "text": "told the council"})
    assert words.REPORT_CLOSED in me.open("/").text and "told the council" not in me.page.text


def test_send_twice_sends_once(askwell: Askwell) -> None:
    """The same form again, and a late Send on another page, make no second report."""
    reports = served(askwell)
    me = reports.browser(ME_THERE)
    filled(me)
    form = next(f for f in me.page.forms if any(v == "send" for _, _, v in f.buttons))
    for token in (form.fields["token"], form.fields["token"], "another"):
        me.send("/report", {**form.fields, "token": token, "what": "send"})
    assert reports.page.rows()["case"] == 1


@pytest.mark.parametrize("end", [words.CANCEL_IT, words.SEND, words.SAVE_IT])
def test_what_was_typed_for_a_report_is_in_no_transcript(askwell: Askwell, end: str) -> None:
    """Neither while it is being made nor afterwards: a report stands in the session until it is over, and nowhere else."""
    reports = served(askwell)
    me = reports.browser(ME_THERE)
    filled(me, "MARKED Nobody")
    assert "MARKED Nobody" in me.page.text
    account, conversation = reports.visitor(ME_THERE)
    before = reports.page.service.exchanges("web", account, conversation)
    me.press(end)
    after = reports.page.service.exchanges("web", account, conversation)
    assert len(after) == len(before) + 1 == 2, "what led to it, and how it ended"
    assert not [e for e in (*before, *after) if "MARKED" in repr(e)]
    assert "MARKED" not in me.address and "MARKED" not in me.open("/").html


def test_word_of_an_earlier_report_does_not_shut_one_that_is_being_made(askwell: Askwell) -> None:
    """What is told meanwhile stands with the open question, which can still be answered."""
    reports = served(askwell)
    me = reports.browser(ME_THERE)
    reference = sent(reports, me)
    me.say(SAYS)
    me.press("Start a report –")
    reports.board.acted("warrington", reference, LEAD, {"action": "take"})
    shown = me.open("/")
    assert words.PICKED_UP in shown.text and "question 1 of" in shown.text and len(shown.ids) == len(set(shown.ids))
    assert "question 2 of" in me.press(DANGER).text and words.PICKED_UP in me.page.text


def test_names_are_picked_by_members_and_typed_by_others(askwell: Askwell) -> None:
    """Who works there is shown to people of the directory only; whom they tick gets nothing."""
    reports = served(askwell)
    me, guest = reports.browser(ME_THERE), reports.browser("guest@elsewhere.uk")
    for browser, listed in ((me, True), (guest, False)):
        browser.say(SAYS)
        for press in ("Start a report –", DANGER):
            browser.press(press)
        browser.press("Next", value=SEEN)
        browser.press("A child")
        browser.press(words.SKIP_IT)
        browser.press(words.SKIP_IT)
        shown = browser.press("No –")
        assert ("Lou Lead" in shown.html) == listed, "the directory is for members only"
    form = next(f for f in me.page.forms if f.fields.get("step") == "implicated")
    me.client.post("/report", data={**form.fields, "value": ["Lou Lead", "The Boss", ""]})
    me.open("/")
    me.press("No –")
    assert "Lou Lead The Boss" in me.page.text
    me.press(words.SEND)
    assert reports.board.waiting_for("warrington", LEAD) == [] != reports.board.waiting_for("warrington", DEPUTY)


def test_a_report_that_was_kept_has_a_button_to_go_on_with_whatever_was_asked_since(askwell: Askwell) -> None:
    """Right under "kept for later", and under every answer after it; no answer that was given is lost."""
    reports = served(askwell)
    me = reports.browser(ME_THERE)
    me.say(SAYS)
    me.press("Start a report")
    me.press(DANGER)
    me.press("Next", value=SEEN)
    me.press(words.SAVE_IT)
    assert words.REPORT_SAVED in me.page.text
    assert "about a child" in me.press(words.RESUME_IT).text
    me.press(words.SAVE_IT)
    me.say("Can I share our post on my own page?")
    assert words.REPORT_STILL_OPEN in me.page.text
    assert "about a child" in me.press(words.RESUME_IT).text
    me.press("Cancel")
    assert words.RESUME_IT not in me.open("/").text


def test_the_reporter_is_not_among_those_to_keep_it_from(askwell: Askwell) -> None:
    """They never get it; everybody else can be ticked."""
    me = served(askwell).browser(ME_THERE)
    me.say(SAYS)
    for name, value in (("Start a report", ""), (DANGER, ""), ("Next", SEEN), ("A child", ""), ("Skip", ""), ("Skip", ""), ("No –", "")):
        me.press(name, **({"value": value} if value else {}))
    assert 'value="The Boss"' in me.page.html and "Me Myself" not in me.page.html
