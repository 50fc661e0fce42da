"""Ways in from elsewhere: a link in mail or Slack, an address that does not exist, signing in on the way to a case."""

from collections.abc import Callable

import pytest
from report_stand import Reports, sent, served
from reporting import LEAD, ME
from web_stand import THERE

from adapters.web import signin
from adapters.web.guard import HEADERS
from bot.guide import Askwell

FROM_AFAR = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def reports(askwell: Askwell) -> Reports:
    """The page as others reach it."""
    return served(askwell)


def test_a_link_from_another_site_comes_a_second_time_from_our_own_page(reports: Reports) -> None:
    """Browsers keep the strict cookie back on the first way; the second leads to the case, and only the second."""
    reference = sent(reports, reports.browser(ME))
    stranger = reports.page.browser(THERE)
    first = stranger.client.get(f"/board/{reference}/sheet?note=done", headers=FROM_AFAR)
    assert first.status_code == 200 and f'content="0; url=/board/{reference}/sheet?note=done"' in first.text
    assert reference not in first.text.replace(f"/board/{reference}/sheet", ""), "it says nothing but where to go"
    second = stranger.client.get(f"/board/{reference}/sheet?note=done", headers=OURS)
    assert "http-equiv" not in second.text and "invited" in second.text, "whoever has no cookie is shown the way in, and not sent round again"
    lead = reports.browser(LEAD)
    assert reference in lead.client.get(f"/board/{reference}", headers=FROM_AFAR).text, "with the cookie there is no second way"


@pytest.mark.parametrize("path", ["//evil.example/x", "/board/%2F%2Fevil.example", "/?to=//evil.example", "/board/x%22%3E%3Cscript%3E"])
def test_the_second_way_never_leads_to_another_site(reports: Reports, path: str) -> None:
    """Whatever stands in the address is a path on ours, escaped."""
    found = reports.page.browser(THERE).client.get(THERE + path, headers=FROM_AFAR)
    assert "url=//" not in found.text and "url=http" not in found.text and "<script>" not in found.text


def test_a_form_from_another_site_is_refused_as_ever(reports: Reports) -> None:
    """The second way is for looking only."""
    found = reports.page.browser(THERE).client.post("/board/AAAA-AAAA", data={"action": "take"}, headers=FROM_AFAR)
    assert found.status_code == 403 and "http-equiv" not in found.text


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/nowhere", "get", 404), ("/static/none.css", "get", 404), ("/board", "post", 405), ("/say", "put", 405)]
)
def test_where_there_is_no_page_stands_one_of_ours(reports: Reports, path: str, method: str, status: int) -> None:
    """With a way on, and the same headers as every page."""
    client = reports.page.browser(THERE).client
    found = client.request(method, path)
    assert found.status_code == status and "Go to Askwell" in found.text and "text/html" in found.headers["content-type"]
    assert all(found.headers[name.lower()] == value for name, value in HEADERS.items()) and found.headers["cache-control"] == "no-store"
    assert ("allow" in found.headers) == (status == 405)


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("/board", "/board"), ("/board/7QK4-XM29", "/board/7QK4-XM29"), ("/board/7QK4-XM29/sheet", "/board/7QK4-XM29/sheet"),
        ("/speak-up", "/speak-up"), ("/speak-up/x", ""), ("//evil.example", ""),
        ("https://evil.example/board", ""), ("/board/../x", ""), ("/board/x\n", ""), ("", ""),
    ],
)  # fmt: skip
def test_after_signing_in_only_pages_about_reports_are_gone_to(to: str, leads: str) -> None:
    """Nobody is sent elsewhere by a link that begins with ours."""
    wanted: Callable[[str], str] = signin._wanted
    assert wanted(to) == leads
