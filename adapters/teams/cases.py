"""A case for whoever looks after it: the ping's buttons, and the dialog with what can be done."""

from collections.abc import Mapping, Sequence

from adapters.casewords import entry, stands
from adapters.casework import Reader, Seen
from adapters.choices import Choice
from adapters.parts import NEVER, Part
from adapters.teams import cards, doing, fit
from adapters.teams.cards import Card
from bot import flows, words
from bot.cases import Action, Case, Status, may
from bot.reports import Opened

CASE, LOOK, TAKE = "case", "look", "take"
MOST_ENTRIES = 30  # in one dialog; the board has all


def pinged(user: str, reference: str) -> list[Card]:
    """Open it, or take it at once: the ping itself then says so."""
    choice = Choice(user, 0, CASE, reference).text()
    return cards.actions([cards.opens(LOOK, words.CASE_OPEN, choice), cards.execute(TAKE, words.CASE_TAKE, choice)])


def taken(user: str, reference: str) -> Card:
    """What stands in a ping's place once its reader has taken the case."""
    said = f"{words.HOME_CASE.format(reference=reference)}: {words.CASE_YOURS}"
    opening = cards.opens(LOOK, words.CASE_OPEN, Choice(user, 0, CASE, reference).text())
    return cards.card([*cards.paragraph(said[:1].upper() + said[1:]), *cards.actions([opening])], said)


def said(line: str) -> Card:
    """One sentence instead of a case."""
    return cards.card(cards.paragraph(line))


def shown(seen: Seen, lines: Sequence[str] = ()) -> Card:
    """A case as its handler reads it, with a button for each thing that they may do."""
    found, reader = seen.found, seen.reader
    case, names = found.held.case, reader.names
    made = [c for line in lines for c in cards.paragraph(line, bold=True)]
    made += [cards.heading(words.CASE_KINDS[case.flow.value]), *cards.paragraph(stands(case, reader)), *_doable(case, reader)]
    for asks, answer in flows.summary(seen.plan, found.content):
        made += [*cards.paragraph(asks, bold=True), cards.quote(*cards.paragraph(answer))]
    made += [] if found.content else cards.paragraph(words.CASE_PURGED)
    made += cards.small([words.CASE_EARLIER] if found.entries[:-MOST_ENTRIES] else [])
    made += [c for one in found.entries[-MOST_ENTRIES:] for c in cards.paragraph(entry(one, names))]
    made += _outside(seen.places) if case.status != Status.CLOSED else []
    made += _linked(found, reader)
    sheet = [cards.leads(words.CASE_SHEET, f"{reader.board}/{case.reference}/sheet")] if reader.board else []
    return fit.dialog([Part(NEVER, (*made, *cards.actions(sheet), *cards.small([words.CASE_KEPT_TEAMS])))])


def _doable(case: Case, reader: Reader) -> list[Card]:
    if may(case, reader.me, Action.TAKE):
        return cards.actions([cards.submit(TAKE, words.CASE_TAKE, Choice(reader.user, 0, CASE, case.reference).text())])
    return doing.buttons(reader.user, case.reference, reader.around) if may(case, reader.me, Action.NOTE) else []


def _outside(places: Sequence[str]) -> list[Card]:
    if not places:
        return []
    rows = cards.bullets([cards.run(place)] for place in places)
    return [*cards.paragraph(words.CASE_OUTSIDE, bold=True), *rows, *cards.small([words.REFER_YOURS])]


def _linked(found: Opened, reader: Reader) -> list[Card]:
    refs = [one.case.reference for one in found.linked]
    rows = [cards.submit(LOOK, reference, Choice(reader.user, 0, CASE, reference).text()) for reference in refs]
    return [*cards.paragraph(words.CASE_LINKED, bold=True), *cards.actions(rows)] if rows else []


def done(seen: Seen, action: str, missing: str = "", kept: Mapping[str, str] | None = None) -> Card:
    """The fields for one thing that is done with a case. `missing`: what was left out, and `kept`: what was filled in already."""
    held, reader = seen.found.held, seen.reader
    reference = held.case.reference
    save = cards.submit(CASE, words.CASE_SAVE, Choice(reader.user, held.version, action, reference).text())
    back = cards.submit(LOOK, words.CASE_BACK, Choice(reader.user, 0, CASE, reference).text())
    made = [*cards.paragraph(missing, bold=True), cards.heading(words.CASE_ACTS[action]), *doing.fields(action, reader.around, kept or {})]
    return fit.dialog([Part(NEVER, (*made, *cards.actions([save, back]), *cards.small([words.CASE_KEPT_TEAMS])))])
