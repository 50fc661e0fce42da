"""What a screen reader is given of the confidential form: the accessibility tree of each page, recorded as data and compared.

When words were changed on purpose: `ASKWELL_RECORD=1 make e2e`, then read what changed in tests/e2e/speakup_form/recordings.
"""

import os
import re
from pathlib import Path

from e2e.serving import NewPage
from e2e.speakup_form.test_speakup_access import PAGES, Go, each_page

RECORDINGS = Path(__file__).parent / "recordings"
RECEIPT = re.compile(r"\b(?:\d{4} ){4}\d{4}\b")


@each_page
def test_the_page_is_heard_as_it_was_recorded(visit: NewPage, there: Go) -> None:
    """Order, roles, names and words of everything on it."""
    page = visit(expected="status of 404")
    there(page)
    heard = RECEIPT.sub("0000 0000 0000 0000 0000", page.locator("body").aria_snapshot()) + "\n"
    path = RECORDINGS / f"{there.__name__.removeprefix('at_')}.yaml"
    if os.environ.get("ASKWELL_RECORD"):
        path.write_text(heard, encoding="utf-8")
    assert path.is_file(), f"{path.name} is not recorded yet: run once with ASKWELL_RECORD=1, and read it"
    assert heard == path.read_text(encoding="utf-8")


def test_every_page_is_recorded() -> None:
    """And nothing that is no page any more."""
    assert {p.stem for p in RECORDINGS.glob("*.yaml")} == {p.__name__.removeprefix("at_") for p in PAGES}
