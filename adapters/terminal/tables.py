"""Tables for policy officers: one question under all policies, everything an organisation says on a topic, the card."""

from datetime import date

from rich import box
from rich.table import Table

from bot import answer, decide, render, words
from bot.answer import Answer
from bot.compare import Comparison
from bot.decide import binding
from bot.knowledge import Condition, Knowledge, Organisation, Rule

ON_CARD = ("safeguarding-concern", "safeguarding-colleague", "hate-crime", "harassment", "whistleblowing", "media-contact", "in-doubt")


def comparison(found: Comparison) -> Table:
    """A row for each organisation: verdict, how it stands to the first of them, and the deciding quote."""
    reference = found.rows[0].organisation
    table = _table(found.topic.title, "Organisation", "Says", f"Beside {reference.short}", "In its own words")
    for row in found.rows:
        table.add_row(row.organisation.short, words.SHORT[row.answer.verdict], row.relation or "—", _words_of(row.answer))
    return table


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, box=box.SIMPLE_HEAD, title=title, title_justify="left", show_lines=True)


def _words_of(one: Answer) -> str:
    quotes = [q for q in one.quotes if q.leading][:2]
    return "\n".join(f"“{render.flat(q)}” ({q.section})" for q in quotes) or "—"


def explained(knowledge: Knowledge, organisation: Organisation, topic: str) -> Table:
    """Every rule on a topic: when, for whom, what it says to staff, and the clause it stands under."""
    title = f"{organisation.name}: {knowledge.topics[topic].title}"
    table = _table(title, "When", "For", "Verdict", "What we tell people", "The policy's words")
    for rule in organisation.on_topic[topic]:
        quotes = "\n".join(f"“{' '.join(organisation.clauses[c].text.split())}” ({c})" for c in rule.clauses)
        table.add_row(condition_words(knowledge, rule), ", ".join(sorted(rule.binds)), verdict_words(rule), rule.answer, quotes)
    return table


def condition_words(knowledge: Knowledge, rule: Rule) -> str:
    """'Which account is it? My own personal account', or 'always'."""
    lines = []
    for condition in rule.when:
        fact = knowledge.facts[condition.fact]
        if fact.unit:
            lines.append(f"{fact.asks} {bounds(condition)}")
        else:
            lines.append(f"{fact.asks} " + " or ".join(fact.label(v) for v in sorted(condition.values)))
    return "\n".join(lines) or "always"


def bounds(condition: Condition) -> str:
    """'under 100', '1 or more'."""
    low, high = condition.low, condition.high
    parts = [f"{low:g} or more"] if low != float("-inf") else []
    return " and ".join([*parts, *([f"under {high:g}"] if high != float("inf") else [])])


def verdict_words(rule: Rule) -> str:
    """The verdict, with what it hangs on, what it sets aside, and whether it only goes along."""
    extras = [f"if {c.fact} is {' or '.join(sorted(c.values))}" for c in rule.provided]
    extras += [f"sets aside {o}" for o in rule.overrides]
    extras += ["goes along"] if rule.also else []
    extras += ["the policy says two things"] if rule.tension else []
    return "\n".join([rule.verdict.replace("_", " "), *extras])


def card(knowledge: Knowledge, organisation: Organisation, today: date) -> str:
    """One printable page: whom to go to for what, the outside numbers, and what to do when Askwell is down."""
    lines = [f"{organisation.name}: {organisation.policy.title}", "", words.EMERGENCY, words.EMERGENCY_MORE, ""]
    for topic in ON_CARD:
        lines += _route(knowledge, organisation, topic, today)
    local = [f"  {x.name}: {x.phone or x.url}" for x in organisation.local] or [f"  {words.COUNCIL_FINDER}"]
    lines += ["Your council and police", *local, "", words.WHEN_DOWN]
    lines += [line for line in (answer.reading_line(organisation), answer.coming_line(knowledge, organisation)) if line]
    stale = answer.stale_line(organisation, today)
    return "\n".join([*lines, *([stale] if stale else []), f"Printed {today:%-d %B %Y}."])


def _route(knowledge: Knowledge, organisation: Organisation, topic: str, today: date) -> list[str]:
    table = decide.table(knowledge, organisation, topic, binding("staff"))
    result = decide.decide(table, {}).result
    people = answer.contacts(organisation, [*result.leading, *result.also])
    who = "; ".join(render.person(c) for c in people) or f"The policy names nobody. {words.CARD_NOBODY}"
    posts = "; ".join(f"{s.name} {s.phone or s.url}" for s in answer.signposts(knowledge, organisation, topic, "staff", today)[:2])
    return [knowledge.topics[topic].title, f"  {who}", *([f"  Outside: {posts}"] if posts else []), ""]
