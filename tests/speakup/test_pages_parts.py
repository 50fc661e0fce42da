"""The small parts of the form: what counts once, how fast reports are taken, what is sealed in a page, what is read of a form."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.speakup.draft import Draft, Seal, TooOldError
from adapters.speakup.form import words
from adapters.speakup.once import LIFE, MOST, Once
from adapters.speakup.pace import Pace
from adapters.speakup.site import SIZE, padded
from bot.speakup.desk import BusyError


def test_a_form_that_comes_twice_at_the_same_time_counts_once() -> None:
    """The second waits for the first, and gets the same."""
    once, count, go = Once[int](), [0], threading.Event()
    got: list[int] = []

    def act() -> int:
        go.wait(10)
        count[0] += 1
        return count[0]

    threads = [threading.Thread(target=lambda: got.append(once.did("m", act))) for _ in range(5)]
    for thread in threads:
        thread.start()
    go.set()
    for thread in threads:
        thread.join()
    assert got == [1] * 5 and count == [1]


def test_what_failed_may_be_tried_again() -> None:
    """The failure is not kept."""
    once, tries = Once[str](), iter([ValueError("no"), None])

    def act() -> str:
        if error := next(tries):
            raise error
        return "done"

    with pytest.raises(ValueError, match="no"):
        once.did("m", act)
    assert once.did("m", act) == "done"


def test_what_was_done_is_forgotten_after_two_minutes_and_never_much_is_kept() -> None:
    """Memory stays bounded, and a receipt does not stay in it."""
    now = [0.0]
    once = Once[int](lambda: now[0])
    assert once.did("a", lambda: 1) == once.did("a", lambda: 2) == 1
    now[0] = LIFE + 1
    assert once.did("a", lambda: 3) == 3
    for number in range(10 * MOST):
        once.did(f"m{number}", lambda: 0)
    assert len(once._done) <= MOST


def taken(pace: Pace) -> bool:
    """Whether one more is taken."""
    try:
        with pace.kept():
            return True
    except BusyError:
        return False


def test_a_flood_of_reports_is_slowed_down_and_others_get_their_turn() -> None:
    """Ten at once, then one in two minutes; after a quiet time ten again, and never more."""
    now = [0.0]
    pace = Pace(10, 120.0, lambda: now[0])
    assert [taken(pace) for _ in range(12)] == [True] * 10 + [False] * 2
    now[0] += 120
    assert [taken(pace), taken(pace)] == [True, False]
    now[0] += 1e6
    assert sum(taken(pace) for _ in range(30)) == 10


def test_a_report_that_was_not_kept_does_not_count() -> None:
    """Somebody who has to change something does not use up others' turns."""
    pace = Pace(1, 120.0, lambda: 0.0)
    with pytest.raises(KeyError), pace.kept():
        raise KeyError
    assert taken(pace) and not taken(pace)


DRAFTS = st.builds(
    Draft, organisation=st.text(max_size=10), about=st.lists(st.text(max_size=9)).map(tuple), others=st.text(), unseen=st.lists(st.text()).map(tuple),
    answers=st.dictionaries(st.text(max_size=5), st.text()), receipt=st.text(max_size=30),
)  # fmt: skip


@given(DRAFTS)
def test_a_draft_comes_back_as_it_was_with_a_fresh_mark(draft: Draft) -> None:
    """And what stands in the page shows none of it."""
    seal = Seal()
    first, second = seal.seal(draft), seal.seal(draft)
    found = seal.open(first)
    assert (found.organisation, found.about, found.others, found.unseen, found.answers) == (
        draft.organisation, draft.about, draft.others, draft.unseen, draft.answers,
    )  # fmt: skip
    assert first != second and seal.open(second).mark != found.mark


@given(st.text())
def test_nothing_that_others_make_is_opened(text: str) -> None:
    """Neither what is no seal at all nor what another process sealed."""
    seal = Seal()
    for forged in (text, Seal().seal(Draft(receipt=text))):
        with pytest.raises(TooOldError):
            seal.open(forged)


@given(st.text())
def test_words_are_tidied_and_never_changed_in_what_can_be_seen(text: str) -> None:
    """Line ends become one kind, what cannot be seen goes, and tidying again changes nothing."""
    once = words(text)
    assert words(once) == once and "\r" not in once and "\0" not in once
    assert [c for c in once if c.isprintable() and not c.isspace()] == [c for c in text if c.isprintable() and not c.isspace()]


@given(st.text(max_size=3 * SIZE // 4))
def test_pages_are_filled_up_to_whole_sizes(html: str) -> None:
    """With blanks at the end."""
    raw = padded(html)
    assert len(raw) % SIZE == 0 and raw.decode().rstrip(" ") == html.rstrip(" ") and len(raw) - len(html.encode()) < SIZE
