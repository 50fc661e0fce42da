"""The ways outside an organisation, for each role: advice lines, regulators, and what the law says. Pure.

Everybody sees all roles, so that nobody has to say what they are. Volunteers and directors are never told that the law protects them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adapters.web.show import day
from bot.answer import law_notes, signposts
from bot.knowledge import Knowledge, LawNote, Organisation, Signpost, Verdict

TOPIC = "whistleblowing"
HEADINGS = {"staff": "If you work here", "volunteer": "If you volunteer here", "director": "If you are a director or trustee"}


@dataclass(frozen=True, slots=True)
class Post:
    """Whom to ring or write to."""

    name: str
    phone: str | None
    url: str | None
    says: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the law says, where that stands, and the day on which it was looked up."""

    says: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Route:
    """What one role can do besides what everybody can."""

    heading: str
    posts: tuple[Post, ...]
    notes: tuple[Note, ...]


def routes(knowledge: Knowledge, organisations: Sequence[Organisation], today: date) -> tuple[tuple[Post, ...], tuple[Route, ...]]:
    """The posts for everybody, and what each role has besides. With several organisations, what fits any of them."""
    posts = {role: _posts(knowledge, organisations, role, today) for role in HEADINGS}
    common = tuple(p for p in posts["staff"] if all(p in found for found in posts.values()))
    return common, tuple(
        Route(heading, tuple(p for p in posts[role] if p not in common), tuple(_notes(knowledge, role, today)))
        for role, heading in HEADINGS.items()
    )  # fmt: skip


def _posts(knowledge: Knowledge, organisations: Sequence[Organisation], role: str, today: date) -> tuple[Post, ...]:
    found = (_post(post) for place in organisations for post in signposts(knowledge, place, TOPIC, role, today))
    return tuple(dict.fromkeys(found))


def _post(post: Signpost) -> Post:
    return Post(post.name, post.phone, post.url, post.says)


def _notes(knowledge: Knowledge, role: str, today: date) -> list[Note]:
    found: tuple[LawNote, ...] = law_notes(knowledge, TOPIC, role, today, Verdict.INFO, {})
    return [Note(n.says, n.source, day(n.verified_on)) for n in found]
