"""Conditions and changed outcomes in sentences that a policy officer reads. Pure."""

from collections.abc import Iterable, Iterator
from math import inf, isinf
from textwrap import shorten

from bot import words
from bot.answer import named
from bot.decide import Outcome, Table
from bot.knowledge import Condition, Fact, Flow, Knowledge, Organisation, Rule
from bot.officer.changes import ROLES, Changed, Changes, Told, meant

MOST_BOXES = 3
MOST_NAMES = 12
MOST_LETTERS = 110
_WHO = {"staff": ("staff", "managers"), "volunteer": ("volunteers",), "director": ("directors",)}
_FLOWS = {
    Flow.SAFEGUARDING: "a safeguarding report",
    Flow.WHISTLEBLOWING: "the whistleblowing routes",
    Flow.MEDIA: "passing it on to whoever speaks to the media",
}
_NUDGE = 1e-6  # '=5' and '<=5' are kept as a bound just above 5


def condition(fact: Fact, one: Condition) -> str:
    """'account is “My own personal account”', 'followers is under 100'."""
    if fact.unit:
        return f"{fact.name} is {_interval(one.low, one.high)}"
    return f"{fact.name} is {_or(fact, one.values)}"


def conditions(knowledge: Knowledge, rule: Rule) -> str:
    """When a rule holds, one condition a line; 'always' where it has none."""
    return "\n".join(condition(knowledge.facts[c.fact], c) for c in rule.when) or "always"


def _or(fact: Fact, values: Iterable[str]) -> str:
    """Values by their labels; a narrower value is not named beside the wider one that holds it."""
    chosen = set(values)
    shown = [v for v in fact.values if v.id in chosen and v.parent not in chosen]
    left = {v.id for v in fact.values} - chosen
    rest = [v for v in fact.values if v.id in left and v.parent not in left]
    if len(rest) < len(shown) and rest:
        return "anything but " + " or ".join(f"“{v.label}”" for v in rest)
    return " or ".join([*(f"“{v.label}”" for v in shown), *(["not known"] if "" in chosen else [])])


def _interval(low: float, high: float) -> str:
    if not isinf(low) and high - low < 1:
        return f"{low:g}"
    over = f"more than {low - _NUDGE:.6g}" if low % 1 and (low % 1) < _NUDGE else f"{low:g} or more"
    under = f"{high:.6g} or less" if high % 1 and (high % 1) < _NUDGE else f"under {high:g}"
    return " and ".join(part for part, bound in ((over, low), (under, high)) if not isinf(bound)) or "any number"


def told(knowledge: Knowledge, before: Organisation, after: Organisation, found: Changes) -> Iterator[str]:
    """What changes for whom, in lines: what is stricter first, then what is permitted more, then the rest."""
    if found.nothing:
        yield "Nobody gets another answer than before."
        return
    for title, sign in (("Stricter than before", 1), ("Less strict than before: look at these twice", -1), ("As strict as before, but different", 0)):
        these = [c for c in found.outcomes if (c.stricter > 0) - (c.stricter < 0) == sign]
        if these:
            yield f"{title}:"
        for one in these:
            what = f"was {outcome(before, one.before)}, now {outcome(after, one.after)}"
            yield from _entry(knowledge, after, one, what)
    if found.told:
        yield "The same verdict, but other things are said with it:"
    for said in found.told:
        what = f"{'now told' if said.newly else 'no longer told'} “{shorten(said.answer, MOST_LETTERS, placeholder=' …')}”"
        yield from _entry(knowledge, after, said, what)
    for title, names in (
        ("Too many situations to compare, so read their rules", [knowledge.topics[t].title for t in found.uncounted]),
        ("The same in other words of ours", list(found.answers)), ("Quoted with the new words of the policy", list(found.quotes)),
    ):  # fmt: skip
        if names:
            yield f"{title}: {_some(names)}."


def _entry(knowledge: Knowledge, after: Organisation, one: Changed | Told, what: str) -> Iterator[str]:
    """'Volunteers asking about “Tagging people”: was “ask first” (the Manager), now “no”', and below it, when."""
    yield f"  {who(one.roles)} asking about “{knowledge.topics[one.topic].title}”: {what}"
    facts = {**{f.id: f for f in one.table.facts}, **knowledge.facts}
    wide = sorted(one.boxes, key=len)
    for box in (b for b in wide[:MOST_BOXES] if b):
        yield "      when " + ", and ".join(_side(one.table, facts[f], values) for f, values in box.items())
    if len(wide) > MOST_BOXES:
        yield f"      and in {len(wide) - MOST_BOXES} more kinds of situation: `askwell explain {after.id} {one.topic}` shows the rules"


def _side(table: Table, fact: Fact, values: frozenset[str]) -> str:
    conditions = [c for r in table.rules for c in r.when if c.fact == fact.id]
    if fact.unit:
        cuts = sorted({b for c in conditions for b in (c.low, c.high) if not isinf(b)})
        low = max((c for c in cuts if all(c <= float(v) for v in values)), default=-inf)
        high = min((c for c in cuts if all(float(v) < c for v in values)), default=inf)
        return f"{fact.name} is {_interval(low, high)}"
    return f"{fact.name} is {_or(fact, meant(table, fact, values) if conditions else values)}"


def outcome(organisation: Organisation, one: Outcome) -> str:
    """'“ask first” (the Manager), offering a safeguarding report'."""
    people = " or ".join(named(organisation.roles[r].title) for r in one.to)
    return f"“{words.SHORT[one.verdict]}”" + (f" ({people})" if people else "") + (f", offering {_FLOWS[one.flow]}" if one.flow else "")


def who(roles: Iterable[str]) -> str:
    """'Everybody', 'Staff, managers and volunteers'."""
    found = [r for r in ROLES if r in set(roles)]
    names = [name for r in found for name in _WHO[r]]
    text = "everybody" if len(found) == len(ROLES) else " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)
    return text[:1].upper() + text[1:]


def _some(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:MOST_NAMES]) + (f" and {len(found) - MOST_NAMES} more" if len(found) > MOST_NAMES else "")
