"""A case for whoever looks after it: the ping's buttons, and the dialog with what can be done."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from adapters.choices import Choice
from adapters.parts import NEVER, Part
from adapters.teams import cards, fit
from adapters.teams.cards import Card
from bot import flows, words
from bot.cases import Action, Case, may
from bot.cover import LONDON
from bot.flows import MOST_TEXT, FlowPlan
from bot.people import Person
from bot.reports import Opened
from bot.store.cases import Entry

CASE, LOOK, TAKE = "case", "look", "take"
FIELDS = ACTION, TEXT, TO = "action", "text", "to"


def pinged(user: str, reference: str) -> list[Card]:
    """Open it, or take it at once."""
    pair = ((LOOK, words.CASE_OPEN), (TAKE, words.CASE_TAKE))
    return cards.actions([cards.opens(kind, label, Choice(user, 0, CASE, reference).text()) for kind, label in pair])


def said(line: str) -> Card:
    """One sentence instead of a case."""
    return cards.card(cards.paragraph(line))


def shown(
    found: Opened, plan: FlowPlan, people: Sequence[Person], me: str, user: str, missing: str = "", kept: Mapping[str, str] | None = None
) -> Card:
    """A case as its handler reads it, with what they may do. `missing`: what they left out, and `kept`: what they had filled in."""
    case, names = found.held.case, {p.email: p.name for p in people}
    stands = words.CASE_STANDS[case.status.value].format(who=names.get(case.handler or "", case.handler))
    made = [*cards.paragraph(missing, bold=True), cards.heading(plan.title), *cards.paragraph(f"{_due(case)}. {stands}")]
    for asks, answer in flows.summary(plan, found.content):
        made += [*cards.paragraph(asks, bold=True), cards.quote(*cards.paragraph(answer))]
    made += [c for one in found.entries for c in cards.paragraph(_entry(one, names))]
    if may(case, me, Action.TAKE):
        made += cards.actions([cards.submit(TAKE, words.CASE_TAKE, Choice(user, 0, CASE, case.reference).text())])
    elif may(case, me, Action.NOTE):
        made += _fields([(p.email, p.name) for p in people if p.email != me and p.email not in case.implicated], kept or {})
        made += cards.actions([cards.submit(CASE, words.CASE_SAVE, Choice(user, found.held.version, CASE, case.reference).text())])
        made += cards.small([words.CASE_KEPT_TEAMS])
    return fit.dialog([Part(NEVER, tuple(made))])


def _due(case: Case) -> str:
    by = [words.HOME_DUE.format(time=f"{_local(case.due):%H:%M, %-d %B}")] if case.due else []
    return " · ".join([words.HOME_CASE.format(reference=case.reference), *by])


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(LONDON)


def _entry(one: Entry, names: Mapping[str, str]) -> str:
    what = words.CASE_ACTS.get(one.kind, one.kind)
    return words.CASE_ENTRY.format(by=names.get(one.by, one.by), on=f"{_local(one.at):%-d %B, %H:%M}", what=f"{what}: {one.text}")


def _fields(others: list[tuple[str, str]], kept: Mapping[str, str]) -> list[Card]:
    """What to do, in which words, to whom."""
    made = [
        cards.pick(ACTION, words.CASE_DO, list(words.CASE_ACTS.items()), value=kept.get(ACTION, "")),
        cards.entry(TEXT, words.CASE_TEXT, MOST_TEXT, kept.get(TEXT, "")),
    ]
    return [*made, cards.pick(TO, words.CASE_TO, others, compact=True, value=kept.get(TO, ""))] if others else made


def slip(what: Mapping[str, str], people: Sequence[Person]) -> str:
    """What is missing from what a handler sent; empty where nothing is."""
    match what.get(ACTION):
        case Action.HAND_OVER if what.get(TO) not in {p.email for p in people}:
            return words.CASE_NEEDS_PERSON
        case Action.NOTE | Action.CLOSE if not what.get(TEXT, "").strip():
            return words.CASE_NEEDS_TEXT
        case Action.NOTE | Action.CLOSE | Action.HAND_OVER:
            return ""
        case _:
            return words.CASE_DO
