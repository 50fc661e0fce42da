"""What every answer carries and lacks, whatever was asked: no trace in the browser, one size, one address, no cookie, nothing of others."""

import contextlib
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.speakup.guard import HEADERS
from adapters.speakup.questions import PARTS
from adapters.speakup.site import SIZE
from bot.knowledge import Knowledge
from bot.people import Person
from bot.speakup.slow import BusyError, Gate
from speakup.stand import CHAIR, ORG, PEOPLE, PHRASE, Browser, Stand, receipt_of, stand, to_summary

pytestmark = pytest.mark.whole

ODD = ("", "start", "about", "readers", "what", "more", "name", "summary", "receipt", "thread", "withdraw", "outside", "send", "next", "answer:x")
PLACES = 8  # in the queue for a hash
FIELDS = ("what", "sign", "person", "receipt", "words", "others", "organisation")
ALLOWED = {"content-type", "content-length", *(name.lower() for name in HEADERS)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, knowledge: Knowledge) -> Stand:
    """The form."""
    return stand(tmp_path_factory.mktemp("headers"), knowledge)


def pages(made: Stand) -> list[Browser]:
    """A browser at each page there is."""
    found: list[Browser] = []

    def at() -> Browser:
        found.append(made.browser())
        found[-1].open()
        return found[-1]

    at()
    at().press("I have a receipt")
    at().press("Ways outside")
    at().press("Start a report")
    for stop in range(1, 7):
        to_summary_until(at(), stop)
    sent = at()
    to_summary(sent)
    receipt = receipt_of(sent.press("Send"))
    (case, *_) = made.reading.inbox(ORG, CHAIR, PHRASE)
    made.reading.reply(ORG, CHAIR, PHRASE, case.reference, "And then?", question=True)
    thread = at()
    thread.press("I have a receipt")
    thread.press("Open", receipt=receipt)
    back = at()
    back.press("I have a receipt")
    back.press("Open", receipt=receipt)
    back.press("Take my report back")
    for path in ("/nothing", "/static/nothing.css", "/index.php?id=1"):
        at().open(path)
    at().send([("at", "nowhere")])
    at().send([("at", "about"), ("state", "forged")])
    return found


def to_summary_until(browser: Browser, stop: int) -> None:
    """The first so many steps of a report."""
    steps: tuple[Callable[[], object], ...] = (
        lambda: browser.press("Start a report", ticks=("Healthwatch Derbyshire",)), lambda: browser.press("Next", ticks=("Cleo Chief",)),
        lambda: browser.press("Yes, "), lambda: browser.press("Next", what="words"), lambda: browser.press("Next"),
        lambda: browser.press("Next", ticks=("Without my name.",)),
    )  # fmt: skip
    for step in steps[:stop]:
        step()


def test_every_page_has_the_same_size_and_headers_and_no_cookie(made: Stand) -> None:
    """Whatever page, right or wrong, found or not: nobody on the line can tell which it was."""
    found = pages(made)
    assert len(found) > 15
    for browser in found:
        response = browser.response
        assert response is not None
        assert len(response.content) == SIZE and set(response.headers) <= ALLOWED and "set-cookie" not in response.headers
        assert {name: response.headers[name] for name in HEADERS} == HEADERS
        assert not browser.client.cookies


def test_a_long_report_has_pages_of_the_same_size(tmp_path: Path, knowledge: Knowledge) -> None:
    """Every field full to its brim, everybody of a hundred people ticked: nobody on the line sees that somebody wrote a lot."""
    crowd = tuple(Person(ORG, f"p{n}@x.uk", f"Person Number {n:03}", "volunteer") for n in range(100))
    browser = stand(tmp_path, knowledge, (*PEOPLE, *crowd)).browser()
    browser.open()
    browser.press("Start a report", ticks=("Healthwatch Derbyshire",))
    browser.press("Next", ticks=tuple(p.name for p in crowd))
    sizes = {len(browser.press("Yes, ").html.encode())}
    full = {part.name: {q.name: 'It\'s "new". ' * (q.most // 12) for q in part.questions} for part in PARTS.values()}
    for part, answers in full.items():
        ticks = ("With my name.",) if part == "name" else ()
        sizes.add(len(browser.press("Next", ticks=ticks, **answers).html.encode()))
    assert "Read it once more" in browser.page.text and sizes == {SIZE}
    assert len(browser.press("Change – What happened?").html.encode()) == SIZE


def test_nothing_on_a_page_comes_from_elsewhere_or_goes_there(made: Stand) -> None:
    """Every form goes to the one address; links lead out only where somebody presses them, and nothing is run or styled in the page."""
    for browser in pages(made):
        html = browser.page.html
        assert set(re.findall(r'\baction="([^"]*)"', html)) <= {"/"}
        assert all(a.startswith("/static/") for a in re.findall(r'\bsrc="([^"]*)"|<link[^>]*href="([^"]*)"', html) for a in a if a)
        assert "<style" not in html and " style=" not in html and " onclick" not in html and "<script>" not in html
        assert CHAIR not in html, "addresses of people stand on no page"


def test_titles_say_nothing_of_what_it_is_about(made: Stand) -> None:
    """They stand in histories and on tabs."""
    titles = {m for b in pages(made) for m in re.findall(r"<title>([^<]*)</title>", b.page.html)}
    assert len(titles) > 8 and not any(re.search("report|wrong|whistle|speak|confiden", t, re.IGNORECASE) for t in titles)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at=st.one_of(st.sampled_from(ODD), st.text(max_size=20)), go=st.one_of(st.sampled_from(ODD), st.text(max_size=20)),
    state=st.sampled_from(["", "real", "forged", "gAAAA"]), more=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=50)),
)  # fmt: skip
def test_no_form_breaks_it(made: Stand, at: str, go: str, state: str, more: dict[str, str]) -> None:
    """Whatever the fields hold, in whatever order pages are sent: a page comes back, and never that something went wrong on our side."""
    browser = made.browser()
    browser.open()
    real = browser.press("Start a report", ticks=("Healthwatch Derbyshire",)).forms[1].fields
    sealed = dict(real)["state"] if state == "real" else state
    before = made.kept()
    browser.send([("at", at), ("go", go), ("state", sealed), *more.items()])
    assert browser.status in (200, 400, 410) and browser.response and len(browser.response.content) == SIZE
    assert made.kept() == before, "no way round the pages leads to a report"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.pdf"\r\n\r\n%PDF\r\n--x--\r\n', 415),
        ("application/json", b'{"at": "start"}', 400), ("", b"at=start", 400), ("text/plain", b"at=start", 400),
        ("application/x-www-form-urlencoded", b"a=1&" * 2000, 400), ("application/x-www-form-urlencoded", b"what=" + b"a" * 400_000, 413),
        ("application/x-www-form-urlencoded", b"\xff\xfe=\x00", 400), ("application/x-www-form-urlencoded", b"at=%ff%00%c3&go=%", 400),
    ],
)  # fmt: skip
def test_what_is_no_form_of_ours_is_refused_with_the_reason(made: Stand, kind: str, body: bytes, status: int) -> None:
    """Files with why they are dangerous; everything else shortly."""
    response = made.browser().client.post("/", content=body, headers={"Content-Type": kind} if kind else {})
    assert response.status_code == status and len(response.content) == SIZE
    assert ("hidden marks" in response.text) == (status == 415)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(made: Stand, method: str) -> None:
    """There is no such page."""
    assert made.browser().client.request(method, "/").status_code == 404


def test_when_it_is_busy_the_same_form_can_be_sent_again(made: Stand) -> None:
    """Nothing that was typed is lost: Try again sends it as it was, and it counts once."""
    browser, before, go = made.browser(), made.kept(), threading.Event()
    to_summary(browser)
    crowd = [threading.Thread(target=crowding, args=(made.desk.office.gate, go)) for _ in range(30)]
    for one in crowd:
        one.start()
    until = time.monotonic() + 30
    while sum(not one.is_alive() for one in crowd) < len(crowd) - PLACES:
        assert time.monotonic() < until, "the queue takes in everybody"
        time.sleep(0.01)
    page = browser.press("Send")
    assert browser.status == 503 and "Nothing is lost" in page.text and made.kept() == before
    go.set()
    for one in crowd:
        one.join()
    assert receipt_of(browser.press("Try again")) and made.kept() == before + 1


def crowding(gate: Gate, go: threading.Event) -> None:
    """Stand in the queue for a hash until all may go; too many at once go at once."""
    with contextlib.suppress(BusyError), gate.passed():
        go.wait(60)
