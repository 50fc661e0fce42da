"""A decision turned into what a person reads: words, verified quotes, contacts. It decides nothing."""

from dataclasses import dataclass, field, replace
from datetime import date

from bot import words
from bot.choose import OWN
from bot.decide import CAUTION, Branch, Decision, Known, binding, holds
from bot.effective import starts
from bot.knowledge import Clause, Condition, Fact, Flow, Knowledge, LawNote, Organisation, Role, Rule, Signpost, Topic, Verdict, frozen
from bot.screen import first_screen

MOST_ALSO = 3  # lines; the sections of the rest are named
MOST_NOTES = 2
MANY = 3  # values that the rules do not tell apart are "otherwise"
NOTHING: Known = frozen({})
CHECKING = "check-post"  # never a verdict on a draft: only what to look at
MANNER = "tone"  # how a post should be, not whether it may: "you must" would answer what nobody asked


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage of the policy, cut out of its text. `leading`: it decides; otherwise it goes along."""

    policy: str
    section: str
    clause: str
    text: str
    leading: bool = True


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the policy names for this, as the policy prints it."""

    role: str
    name: str | None = None
    email: str | None = None
    named_in: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a person is told about one question, in the order in which it is shown."""

    verdict: Verdict
    topic: str | None
    urgent: tuple[str, ...] = ()
    headline: str = ""
    say: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    quotes_intro: str = ""
    also: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    signposts: tuple[Signpost, ...] = ()
    law: tuple[LawNote, ...] = ()
    taken: str = ""
    changes: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    flow: Flow | None = None
    sensitive: bool = False
    closing: tuple[str, ...] = ()
    receipt: str | None = None
    facts: tuple[tuple[str, str], ...] = field(default=())


def answer(
    knowledge: Knowledge, organisation: Organisation, role: str, decision: Decision, today: date, near: dict[str, float] | None = None,
    known: Known | None = None,
) -> Answer:  # fmt: skip
    """The answer to a decided question. `near` ranks clauses by likeness to the message, so that the best comes first.

    `known` are all facts that were said, also those that no rule turns on: notes on the law may.
    """
    known = dict(decision.used) if known is None else known
    topic = knowledge.topics[decision.topic]
    result = decision.result
    if not result.leading:
        return _silent(knowledge, organisation, role, topic, decision, today, known)
    rank = near or {}
    leading = sorted(result.leading, key=lambda r: (not r.tension, -len(r.when), -max((rank.get(c, 0.0) for c in r.clauses), default=0.0), r.id))
    also = sorted(result.also, key=lambda r: (not (topic.flow and r.to), -max((rank.get(c, 0.0) for c in r.clauses), default=0.0), r.id))
    headline, both = _headline(topic, result.outcome.verdict), _both(knowledge, organisation, decision)
    before = [words.CHECK_POST] if topic.id == CHECKING else []
    say, below = first_screen([headline, *before, *both], [r.answer for r in leading])
    quotes = _quotes(organisation, leading, also)
    return Answer(
        verdict=result.outcome.verdict,
        topic=topic.id,
        headline=headline,
        say=(*before, *say, *both),
        quotes=quotes,
        quotes_intro=_analogies(leading, quotes),
        also=tuple(dict.fromkeys([*below, *(r.answer for r in also)]))[:MOST_ALSO],
        contacts=contacts(organisation, [*leading, *also]),
        law=law_notes(knowledge, topic.id, role, today, result.outcome.verdict, known),
        flow=result.outcome.flow,
        sensitive=topic.sensitive,
        facts=decision.used,
    )


def _headline(topic: Topic, verdict: Verdict) -> str:
    if topic.id == CHECKING:
        return ""
    return words.HEADLINES[Verdict.INFO if topic.id == MANNER and verdict == Verdict.REQUIRED else verdict]


def _analogies(leading: list[Rule], quotes: tuple[Quote, ...]) -> str:
    """What stands above the quotes where the policy's words stop short of this case; nothing where they don't."""
    said = dict.fromkeys(words.ANALOGY.format(says=r.by_analogy) for r in leading if r.by_analogy)
    return " ".join([*said, words.FROM_POLICY.format(policy=quotes[0].policy)]) if said else ""


def _quotes(organisation: Organisation, leading: list[Rule], also: list[Rule]) -> tuple[Quote, ...]:
    order = dict.fromkeys([*((c, True) for r in leading for c in r.clauses), *((c, False) for r in also for c in r.clauses)])
    firsts: dict[str, bool] = {}
    for clause, leads in order:
        firsts.setdefault(clause, leads)
    return tuple(quote(organisation, organisation.clauses[c], leads) for c, leads in firsts.items())


def quote(organisation: Organisation, clause: Clause, leading: bool) -> Quote:
    """A clause as a quote."""
    return Quote(organisation.policy.title, section_name(clause), clause.id, clause.text, leading)


def section_name(clause: Clause) -> str:
    """'2 Directors and staff', 'Limits of use: contact'; the title alone where it holds the section."""
    if clause.section in clause.title:
        return clause.title
    return f"{clause.section} {clause.title}" if clause.section[:1].isdigit() else f"{clause.section}: {clause.title}"


def policy_name(organisation: Organisation) -> str:
    """'Healthwatch Derbyshire's Social Networking Policy': a title that names its organisation stands alone."""
    title = organisation.policy.title
    return f"the {title}" if organisation.name in title else f"{organisation.name}'s {title}"


def contact(role: Role) -> Contact:
    """A role with the name and address that the policy prints."""
    return Contact(role.title, role.name, role.email, role.named_in)


def contacts(organisation: Organisation, rules: list[Rule]) -> tuple[Contact, ...]:
    """Whom the rules name, each once."""
    ids = dict.fromkeys(t for r in rules for t in r.to)
    return tuple(contact(organisation.roles[i]) for i in ids)


def law_notes(knowledge: Knowledge, topic: str, role: str, today: date, verdict: Verdict, known: Known) -> tuple[LawNote, ...]:
    """Notes on the law for this topic, role, verdict and these facts that are still in date."""
    return tuple(
        n for n in knowledge.law
        if topic in n.topics and binding(role) in n.roles and n.verify_by >= today and verdict in n.verdicts
        and _all_hold(knowledge, n.when, known)
    )[:MOST_NOTES]  # fmt: skip


def signposts(
    knowledge: Knowledge, organisation: Organisation, topic: str, role: str, today: date, known: Known = NOTHING,
) -> tuple[Signpost, ...]:  # fmt: skip
    """Outside help for this topic, role, kind of organisation and these facts that is still in date."""
    return tuple(
        s for s in knowledge.signposts
        if topic in s.topics and binding(role) in s.roles and organisation.kind in s.kinds and s.verify_by >= today
        and _all_hold(knowledge, s.when, known)
    )  # fmt: skip


def _all_hold(knowledge: Knowledge, when: tuple[Condition, ...], known: Known) -> bool:
    return all(holds(c, knowledge.facts[c.fact], known.get(c.fact, "")) for c in when)


def whom(organisation: Organisation) -> str:
    """Whom to ask when in doubt, in words."""
    titles = [named(organisation.roles[i].title) for i in organisation.in_doubt_to]
    return " or ".join(titles)


def named(title: str) -> str:
    """A role's title as it stands in a sentence: 'the Communications Manager', 'your line manager', 'a Board Member'."""
    return title if title.split(maxsplit=1)[0].lower() in ("your", "the", "a", "an", "another") else f"the {title}"


def ask_in_doubt(organisation: Organisation) -> str:
    """The sentence that says whom to ask."""
    who = whom(organisation)
    return words.ASK.format(who=who) if who else words.ASK_NOBODY


def in_doubt(organisation: Organisation) -> Quote | None:
    """The policy's own sentence about whom to ask, or None where it has none."""
    clause = organisation.in_doubt_clause
    return quote(organisation, organisation.clauses[clause], False) if clause else None


_NAMES = ("Facebook", "WhatsApp", "LinkedIn", "Twitter")
_GROUPS = {"staff": "staff", "volunteer": "volunteers", "director": "directors"}


def _silent(
    knowledge: Knowledge, organisation: Organisation, role: str, topic: Topic, decision: Decision, today: date, known: Known,
) -> Answer:  # fmt: skip
    me = binding(role)
    others = [r for r in organisation.on_topic[topic.id] if me not in r.binds]
    base = Answer(
        verdict=Verdict.NOT_COVERED, topic=topic.id, headline=words.HEADLINES[Verdict.NOT_COVERED], flow=decision.result.outcome.flow,
        contacts=tuple(contact(organisation.roles[i]) for i in organisation.in_doubt_to),
        law=law_notes(knowledge, topic.id, role, today, Verdict.NOT_COVERED, known), sensitive=topic.sensitive, facts=decision.used,
    )  # fmt: skip
    if not others:
        told = None if topic.sensitive or topic.flow not in (None, Flow.MEDIA) else in_doubt(organisation)
        return replace(
            base, say=(words.SILENT.format(short=organisation.short), ask_in_doubt(organisation)),
            quotes=(told,) if told else (), quotes_intro=words.DOUBT_PASSAGE if told else "",
        )  # fmt: skip
    bound = " and ".join(_GROUPS[b] for b in sorted({b for r in others for b in r.binds}, key=list(_GROUPS).index))
    say = words.SILENT_ROLE.format(bound=bound, role=_GROUPS[me])
    return replace(
        base, say=(say, ask_in_doubt(organisation)), quotes=tuple(replace(q, leading=False) for q in _quotes(organisation, others[:2], [])),
        quotes_intro=words.ROLE_PASSAGE.format(bound=bound),
    )  # fmt: skip


def _both(knowledge: Knowledge, organisation: Organisation, decision: Decision) -> list[str]:
    """When one fact stays open and two or three outcomes are left, all are said."""
    outcomes = {b.result.outcome.verdict for b in decision.branches}
    if len(outcomes) == 1 or not outcomes or decision.topic in OWN:
        return []
    fact = knowledge.facts[decision.branches[0].fact]
    who = whom(organisation)
    return [words.BOTH.format(branches=_branches(fact, decision.branches)), *([words.UNSURE.format(who=who)] if who else [])]


def _branches(fact: Fact, branches: tuple[Branch, ...]) -> str:
    """'Your own personal account: no; otherwise: ask first'. Values with one outcome stand together; the rest of many come last."""
    rest = max(branches, key=lambda b: len(b.alike))
    otherwise = rest.result.outcome.verdict if len(rest.alike) >= MANY else None
    values: dict[Verdict, list[str]] = {}
    for branch in branches:
        if branch.result.outcome.verdict != otherwise:
            values.setdefault(branch.result.outcome.verdict, []).extend(branch.alike or (branch.value,))
    said = [(_listed(fact, group), verdict) for verdict, group in values.items()]
    said += [(words.OTHERWISE, otherwise)] if otherwise else []
    line = "; ".join(words.ONE_BRANCH.format(value=value, verdict=words.THEN[verdict]) for value, verdict in said)
    return line[0].upper() + line[1:]


def _listed(fact: Fact, values: list[str]) -> str:
    """'someone we support, a volunteer or a colleague': without those that are a kind of another in the list."""
    widest = [_spoken(fact, v) for v in values if not (fact.lineage(v) - {v}) & set(values)]
    return " or ".join([", ".join(widest[:-1]), widest[-1]] if len(widest) > 1 else widest)


def _spoken(fact: Fact, value: str) -> str:
    """A button's words as they stand within a sentence: 'a volunteer', 'your own personal account', 'Facebook'."""
    label = fact.label(value).split(" (")[0]
    if label in ("Yes", "No"):  # which says nothing without its question
        return fact.name if label == "Yes" else words.IF_NOT
    label = "your " + label.removeprefix("My ") if label.startswith("My ") else label
    return label if label.startswith(_NAMES) else label[0].lower() + label[1:]


def change_words(knowledge: Knowledge, changes: tuple[Branch, ...]) -> tuple[str, ...]:
    """'What would change this', strictest first, at most two."""
    ordered = sorted(changes, key=lambda b: -CAUTION.index(b.result.outcome.verdict))[:2]
    return tuple(
        words.CHANGE.format(asks=fact.asks, value=fact.label(b.value), verdict=words.THEN[b.result.outcome.verdict])
        for b, fact in ((b, knowledge.facts[b.fact]) for b in ordered)
    )  # fmt: skip


def taken_words(knowledge: Knowledge, facts: tuple[tuple[str, str], ...]) -> str:
    """The facts that were read from words, shown back."""
    shown = [_said(knowledge.facts[f], v) for f, v in facts]
    return words.TAKEN.format(facts=", ".join(shown)) if shown else ""


def _said(fact: Fact, value: str) -> str:
    return words.FACT.format(name=fact.name, value=_spoken(fact, value))


def reading_line(organisation: Organisation) -> str:
    """One line about whose reading of the policy this is."""
    who = organisation.confirmed
    if who is None:
        return words.DRAFT.format(name=organisation.name)
    sentence = words.CONFIRMED if organisation.reading == "confirmed" else words.CHANGED_SINCE
    return sentence.format(by=who.by, role=who.role, name=organisation.name, on=f"{who.on:%-d %B %Y}")


def coming_line(knowledge: Knowledge, organisation: Organisation) -> str | None:
    """One line about the version that takes over soon, or None when nobody has confirmed one."""
    following = knowledge.coming.get(organisation.id)
    start = starts(following) if following else None
    return words.COMING.format(title=organisation.policy.title, start=f"{start:%-d %B %Y}") if start else None


def stale_line(organisation: Organisation, today: date) -> str | None:
    """One line about the policy's age and standing, or None when it is in date."""
    policy = organisation.policy
    if organisation.status == "dissolved" and organisation.status_note:
        return organisation.status_note
    if policy.review_due and policy.review_due < today:
        return words.STALE.format(title=policy.title, due=f"{policy.review_due:%B %Y}", who=named(policy.owner))
    return words.UNDATED.format(title=policy.title) if policy.review_due is None else None
