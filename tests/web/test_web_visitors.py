"""Who is at which browser: the cookie, its hash, how long a visit lasts, and invite links."""

from http.cookiejar import Cookie, DefaultCookiePolicy
from urllib.request import Request

import pytest
from sqlalchemy import select
from web_stand import SERVED, THERE, Stand, stand

from adapters.web import visitors
from bot.guide import Askwell
from bot.people import Person
from bot.store import directory, invites, visits
from bot.store.invites import Invite
from bot.store.tables import account, visit

NOW = 1_800_000_000.0
ANN = Invite("sefton", "ann@example.org", "volunteer")


class Time:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


@pytest.fixture
def time() -> Time:
    """The clock."""
    return Time()


@pytest.fixture
def served(askwell: Askwell, time: Time) -> Stand:
    """A page that other machines can reach."""
    return stand(askwell, time, None, **SERVED)


def invited(page: Stand, who: Invite = ANN, days: float = 7) -> str:
    """The path of a new invite link."""
    with page.database.write() as connection:
        return "/invite/" + invites.create(connection, who, page.database.now(connection), days)


def test_the_cookie_is_for_the_browser_only_and_only_its_hash_is_kept(askwell: Askwell) -> None:
    """No script reads it, no other site sends it, and the database cannot give it away."""
    page = stand(askwell)
    response = page.browser().client.post("/begin", data={"organisation": "sefton", "role": "staff"}, follow_redirects=False)
    cookie = response.headers["set-cookie"]
    token = response.cookies["askwell"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=2592000")) and "Secure" not in cookie
    assert len(token) >= 43
    with page.database.read() as connection:
        kept = connection.execute(select(visit.c.token)).scalar_one()
        assert kept == connection.execute(select(account.c.id)).scalar_one() == visits.hashed(token) != token


def test_over_tls_the_cookie_is_bound_to_host_and_tls(served: Stand) -> None:
    """Its name makes browsers hold that nobody else on the domain set it."""
    path = invited(served)
    cookie = served.browser(THERE).client.post(path, follow_redirects=False).headers["set-cookie"]
    assert cookie.startswith("__Host-askwell=") and "Secure" in cookie and "Domain" not in cookie


def test_a_visit_ends_by_itself(askwell: Askwell, time: Time) -> None:
    """After its days the browser is a stranger again, and is told kindly in the middle of a sentence."""
    browser = stand(askwell, time).browser()
    fields = browser.begin().form("/say").fields
    time.now += visitors.CHOSEN - 1
    assert "Your question" in browser.open("/").text
    time.now += 2
    assert "say again who you are" in browser.send("/say", {**fields, "text": "Can I post?"}).text


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "../../etc", "\x7f"])
def test_a_made_up_cookie_is_a_stranger(askwell: Askwell, token: str) -> None:
    """It opens nothing."""
    browser = stand(askwell).browser()
    browser.client.cookies.set("askwell", token)
    assert "Which organisation are you with?" in browser.open("/").text


def test_a_browser_without_cookies_is_told_so(askwell: Askwell) -> None:
    """Instead of being asked the same again and again."""
    browser = stand(askwell).browser()
    browser.client.cookies.jar.set_policy(Nothing())
    assert "did not keep Askwell's cookie" in browser.begin().text


class Nothing(DefaultCookiePolicy):
    """A browser that keeps no cookie."""

    def set_ok(self, cookie: Cookie, request: Request) -> bool:
        """None is taken."""
        return False


def test_an_invite_link_is_used_by_its_button_and_not_by_being_looked_at(served: Stand) -> None:
    """Programs that open links in mail use nothing up; the button opens the conversation as whom it was made for."""
    path = invited(served)
    browser = served.browser(THERE)
    for _ in range(3):
        assert "You are invited" in browser.open(path).text
    shown = browser.press("Open Askwell on this device")
    assert "Healthwatch Sefton" in shown.text and "you ask as: volunteer" in shown.text and "Sign out" in shown.text


def test_an_invite_link_works_once(served: Stand) -> None:
    """The second press is told what to do."""
    path = invited(served)
    first, second = served.browser(THERE), served.browser(THERE)
    first.send(path, {})
    refused = second.send(path, {})
    assert second.status == 410 and "no longer works" in refused.text and "invite link" in second.open("/").text
    assert "Your question" in first.open("/").text


def test_an_invite_link_runs_out_and_can_be_taken_back(served: Stand, time: Time) -> None:
    """Both are refused like one that never was."""
    late = invited(served, days=2)
    time.now += 2 * visits.DAY + 1
    taken = invited(served)
    with served.database.write() as connection:
        invites.revoke(connection, ANN.organisation, ANN.email, time.now)
    for path in (late, taken, "/invite/none"):
        browser = served.browser(THERE)
        browser.send(path, {})
        assert browser.status == 410, path


def test_somebody_invited_whom_the_directory_knows_is_a_member(served: Stand) -> None:
    """With the role of the directory; leaving it ends the visit."""
    with served.database.write() as connection:
        directory.replaced(connection, "sefton", [Person("sefton", ANN.email, "Ann", "director")])
    browser = served.browser(THERE)
    assert "you ask as: director" in browser.send(invited(served), {}).text
    with served.database.write() as connection:
        directory.replaced(connection, "sefton", [])
    assert "invite link" in browser.open("/").text


def test_an_invited_person_cannot_turn_into_somebody_else(served: Stand) -> None:
    """The picker is for those who are not known."""
    browser = served.browser(THERE)
    browser.send(invited(served), {})
    assert "Healthwatch Sefton" in browser.begin("rutland", "director").text


def test_whoever_follows_an_invitation_leaves_what_was_there_before(askwell: Askwell) -> None:
    """On a shared device the earlier conversation goes."""
    page = stand(askwell)
    browser = page.browser()
    browser.begin("derbyshire")
    browser.say("Can I post photos of our event?")
    browser.send(invited(page), {})
    rows = page.rows()
    assert (rows["visit"], rows["account"], rows["transcript"]) == (1, 1, 0) and "Healthwatch Sefton" in browser.open("/").text
