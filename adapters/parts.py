"""A reply in parts that can be left out one by one where a platform takes no more, and where on our page its quotes and cases are read. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as quoted

from bot.answer import Quote

Link = Callable[[Quote], str]

# From the least important end on parts are left out of a message that is too long; NEVER stays.
NEVER, QUOTE, WHO, STEPS, OUTSIDE, MORE, LAW, SMALL = range(8)


@dataclass(frozen=True, slots=True)
class Part:
    """Blocks that belong together, and how soon they may be left out."""

    rank: int
    blocks: tuple[dict[str, Any], ...]


def least(parts: Sequence[Part]) -> int | None:
    """The place of the part that is missed least; among equals the last."""
    found = [(p.rank, i) for i, p in enumerate(parts) if p.rank != NEVER]
    return max(found)[1] if found else None


def policy_page(public_url: str, organisation: str) -> str:
    """Where a policy can be read on our page; empty while the page has no public address."""
    base = public_url.rstrip("/")
    return f"{base}/policy/{quoted(organisation)}" if base and organisation else ""


def board_page(public_url: str) -> str:
    """Where cases are read on our page; empty while the page has no public address."""
    base = public_url.rstrip("/")
    return f"{base}/board" if base else ""


def linking(public_url: str, organisation: str) -> Link:
    """Where a quote stands in the policy on our page."""
    page = policy_page(public_url, organisation)
    return lambda one: f"{page}#{quoted(one.clause)}" if page else ""
