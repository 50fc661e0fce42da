"""A report on the page: one question at a time, nothing sent before Send, and everything can be changed, kept or cancelled."""

from dataclasses import dataclass, field

import pytest
from web_stand import Page, stand

from adapters.web import show
from adapters.web.access import access
from adapters.web.site import Site
from bot import plans, words
from bot.converse import Result, Session, respond
from bot.guide import Askwell
from bot.knowledge import Flow
from bot.load import ROOT
from bot.messages import Act, Filled, Press, Steered, Words
from bot.people import Asker, Person
from bot.reports import Counter
from bot.routing import Chart
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
