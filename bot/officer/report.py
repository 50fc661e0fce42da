"""What a new text does, as an officer reads it: what changed first, then what is new and gone, each with what hangs on it. Pure."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby

from bot import words
from bot.knowledge import Place, Rule
from bot.officer import naming
from bot.officer.update import Change, Update

INDENT = "  "


def lines(update: Update) -> Iterator[str]:
    """The whole report, line by line."""
    if update.nothing:
        yield f"Nothing has changed: all {update.same} sentences of the policy are as they are encoded."
        return
    yield _summary(update)
    yield from _headed("Changed. Their rules stay as they are until you have read them again", _changed(update.changed))
    yield from _headed("New. Each needs rules, or a word on why it needs none", (f"{n.id}  ({_at(n.place)})\n{INDENT}“{n.text}”" for n in update.new))
    yield from _headed("Gone, and taken out with their rules", (f"{c.id}  “{c.before}”\n{_hanging(c)}" for c in update.gone))
    yield from _headed("Taken out or changed with them", update.notes)
    yield from _headed("Other numbers, capitals or punctuation only", _small(update.small))
    yield from _headed("Moved, with nothing else to do", [", ".join(update.moved)] if update.moved else [])
    yield from _headed("Sections with another number or title", (f"{before} → {after}" for before, after in update.renamed))


def _summary(update: Update) -> str:
    counts = ((update.changed, "changed"), (update.new, "new"), (update.gone, "gone"), (update.small, "differently numbered or punctuated"))
    said = [f"{len(found)} {word}" for found, word in counts if found]
    moved = f" {len(update.moved)} stand elsewhere." if update.moved else ""
    return f"{update.organisation}: {update.same} sentences are as before, {', '.join(said) or 'none changed'}.{moved}"


def _headed(title: str, entries: Iterable[str]) -> Iterator[str]:
    found = list(entries)
    if found:
        yield ""
        yield f"{title}:"
        for entry in found:
            yield from (INDENT + line for line in entry.split("\n"))


def _changed(changes: Iterable[Change]) -> Iterator[str]:
    for change in changes:
        before, after = marked(change.before, change.after)
        yield f"{change.id}  ({_at(change.place)})\n{INDENT}before: {before}\n{INDENT}now:    {after}\n{_hanging(change)}"


def _small(changes: Iterable[Change]) -> Iterator[str]:
    """Sentences that only got another number on one line, the others in full."""
    for numbered, found in groupby(changes, key=lambda c: naming.unnumbered(c.before) == naming.unnumbered(c.after)):
        if numbered:
            yield ", ".join(f"{naming.number(c.before)} → {naming.number(c.after)}" for c in found)
        else:
            yield from ("{}  {} → {}".format(c.id, *marked(c.before, c.after)) for c in found)


def marked(before: str, after: str) -> tuple[str, str]:
    """Both sentences with the words that differ in square brackets."""
    old, new = before.split(), after.split()
    first, second = [], []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        first += old[a:b] if what == "equal" else [f"[{' '.join(old[a:b])}]"] * (b > a)
        second += new[c:d] if what == "equal" else [f"[{' '.join(new[c:d])}]"] * (d > c)
    return " ".join(first), " ".join(second)


def _hanging(change: Change) -> str:
    """The rules and scenarios of a clause, file by file."""
    rules, told = change.under.rules, change.under.scenarios
    parts = [f"{INDENT}{_count(len(rules), 'rule')}{':' if rules else ''}", *_by_file((r.place, _rule(r)) for r in rules)]
    if told:
        parts += [f"{INDENT}{_count(len(told), 'scenario')} in which it counts:", *_by_file((t.place, t.name) for t in told)]
    return "\n".join(parts)


def _by_file(entries: Iterable[tuple[Place, str]]) -> Iterator[str]:
    for file, found in groupby(sorted(entries, key=lambda e: (e[0].file, e[0].line)), key=lambda e: e[0].file):
        yield f"{INDENT * 2}{file}"
        yield from (f"{INDENT * 3}line {place.line:<4} {text}" for place, text in found)


def _rule(rule: Rule) -> str:
    kind = "tension " if rule.tension else ""
    return f"{kind}{rule.id}: {', '.join(rule.topics)} → {words.SHORT[rule.verdict]}"


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def _at(place: Place) -> str:
    return f"{place.file}, line {place.line}"
