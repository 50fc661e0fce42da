"""A reply as plain text: what a screen reader reads, what the batch contract carries, what a terminal without colour shows."""

from bot import words
from bot.answer import Answer, Contact, Quote
from bot.knowledge import Signpost
from bot.messages import Asked, Form, Reply, Review


def text(reply: Reply) -> str:
    """The whole reply, paragraphs parted by blank lines. Emergency help stands first."""
    urgent = dict.fromkeys([*(line for a in reply.answers for line in a.urgent), *reply.before])
    parts = [*urgent, *reply.lines]
    for one in reply.answers:
        parts += paragraphs(one)
    if reply.form:
        parts += form(reply.form)
    if reply.question and not reply.form:
        parts.append(asked(reply.question))
    if reply.review:
        parts += review(reply.review)
    parts += reply.notices
    return "\n\n".join(p for p in parts if p)


def form(one: Form) -> list[str]:
    """One step of a report: where it stands, what is asked, why, and that nothing has been sent."""
    step = words.STEP.format(title=one.title, number=one.number, of=one.of)
    options = [f"{i}. {label}" for i, (_, label) in enumerate(one.options, 1)]
    return [step, "\n".join([one.asks, *options]), one.why, words.NOTHING_SENT_YET]


def review(one: Review) -> list[str]:
    """Everything that would be sent, and to whom."""
    rows = [f"{i}. {asks} {answer}" for i, (_, asks, answer) in enumerate(one.rows, 1)]
    to = [words.GOES_TO.format(who=one.who)] if one.who else []
    return [one.title, "\n".join([words.REVIEW, *rows]), *to, *one.lines, words.NOTHING_SENT_YET]


def asked(question: Asked) -> str:
    """A question with its numbered options."""
    lines = [f"{i}. {label}" for i, (_, label) in enumerate(question.options, 1)]
    return "\n".join([question.text, *lines])


def paragraphs(answer: Answer) -> list[str]:
    """An answer without its emergency lines: what to do, why, the quotes, people, and what else."""
    parts = [" ".join(p for p in (answer.headline, *answer.say) if p)]
    return [*parts, *([quotes(answer)] if answer.quotes else []), *after_quotes(answer)]


def after_quotes(answer: Answer) -> list[str]:
    """What stands below the quotes: companions, people, steps, outside help, law, and what the answer rests on."""
    parts = []
    if answer.also:
        parts.append(words.ALSO + "\n" + "\n".join(f"- {line}" for line in answer.also))
    if answer.contacts:
        parts.append(words.WHO_TO_ASK + " " + "; ".join(person(c) for c in answer.contacts) + ".")
    parts += answer.closing
    if answer.signposts:
        parts.append(words.OUTSIDE + "\n" + "\n".join(f"- {signpost(s)}" for s in answer.signposts))
    parts += [words.LAW.format(source=n.source, date=f"{n.verified_on:%-d %B %Y}", says=n.says) for n in answer.law]
    parts += [answer.taken, *answer.changes]
    if answer.others:
        parts.append(words.OTHERS + " " + "; ".join(title for _, title in answer.others) + "?")
    return [p for p in parts if p]


def quotes(answer: Answer) -> str:
    """The deciding passages whole; those that only go along are named by their sections."""
    shown, rest = shown_quotes(answer)
    lines = [answer.quotes_intro or words.FROM_POLICY.format(policy=shown[0].policy), *(f"“{flat(q)}” ({q.section})" for q in shown)]
    return "\n".join([*lines, *([words.SEE_ALSO.format(sections="; ".join(rest))] if rest else [])])


def shown_quotes(answer: Answer) -> tuple[list[Quote], list[str]]:
    """The passages to show whole, and the sections of the others."""
    shown = [q for q in answer.quotes if q.leading] or list(answer.quotes)
    sections = {q.section for q in shown}
    return shown, list(dict.fromkeys(q.section for q in answer.quotes if q.section not in sections))


def flat(quote: Quote) -> str:
    """A quote on one line; the words are the policy's, only the line breaks go."""
    return " ".join(quote.text.split())


def person(contact: Contact) -> str:
    """'Communications Manager (Angie Ridley, angie@…; named in the policy of March 2018)'."""
    details = ", ".join(d for d in (contact.name, contact.email) if d)
    source = words.NAMED.format(where=contact.named_in) if contact.named_in and details else ""
    inside = "; ".join(d for d in (details, source) if d)
    return f"{contact.role} ({inside})" if inside else contact.role


def signpost(post: Signpost) -> str:
    """'NSPCC helpline, 0808 800 5000: advice if you are worried about a child.'."""
    reach = ", ".join(r for r in (post.phone, post.url) if r)
    return f"{post.name}, {reach}: {post.says}" if reach else f"{post.name}: {post.says}"
