"""Replies as Teams shows them: headline first, what to do, the policy's words as quotes, people, and what else."""

from collections.abc import Mapping, Sequence

from adapters.parts import LAW, MORE, NEVER, OUTSIDE, QUOTE, SMALL, STEPS, WHO, Link, Part
from adapters.payload import cut
from adapters.teams import asking, cards
from adapters.teams.cards import Card
from bot import render, words
from bot.answer import Answer, Quote
from bot.knowledge import Signpost
from bot.messages import Reply

MOST_CITED, MOST_NAME, MOST_ABSTRACT = 20, 80, 160  # of what Teams shows in the window of a citation
MESSAGE = "https://schema.org/Message"
Settled = Mapping[str, Sequence[Card]]  # rows of buttons that were used, by their fact, and what takes their place


def parts(reply: Reply, link: Link, user: str, number: int, settled: Settled, *, buttons: bool, dialog: bool) -> list[Part]:
    """A reply from top to bottom. Without `buttons` it is only there to be read; `dialog`: in a dialog, not in a message."""
    first = dict.fromkeys([*(line for a in reply.answers for line in a.urgent), *reply.before])
    made = [_part(NEVER, *(c for one in first for c in cards.paragraph(one, bold=one == words.EMERGENCY)))]
    made.append(_part(NEVER, *(c for one in reply.lines for c in cards.paragraph(one))))
    position = 0
    for one in reply.answers:
        made += answer(one, link, position)
        position += len(_cited(one))
    if buttons:
        made += _buttons(reply, user, number, settled, dialog=dialog)
    made.append(_part(SMALL, *cards.small([*reply.notices, *(words.RECEIPT.format(code=a.receipt) for a in reply.answers if a.receipt)])))
    if buttons and reply.answers and not reply.sensitive and not dialog:
        made.append(_row(asking.JUDGE, settled, asking.judged(user, number)))
    return [p for p in made if p.blocks]


def _buttons(reply: Reply, user: str, number: int, settled: Settled, *, dialog: bool) -> list[Part]:
    made = [_row(q.fact, settled, asking.asked(q, user, number, dialog=dialog), q.text) for q in reversed(reply.choices)]
    return [*made, *([_row(asking.PASS_ON, settled, asking.offered(reply.offer, user, number, dialog=dialog))] if reply.offer else [])]


def _row(fact: str, settled: Settled, made: Sequence[Card], question: str = "") -> Part:
    """A row of buttons; where it was used, what came of it."""
    if fact not in settled:
        return _part(NEVER, *made)
    return _part(NEVER, *cards.paragraph(question, bold=True), *settled[fact])


def _part(rank: int, *made: Card) -> Part:
    return Part(rank, made)


def answer(one: Answer, link: Link, position: int) -> list[Part]:
    """An answer without its emergency lines, in the order of every other channel. `position`: how many citations stand above."""
    shown, rest = render.shown_quotes(one) if one.quotes else ([], [])
    intro = one.quotes_intro or (words.FROM_POLICY.format(policy=shown[0].policy) if shown else "")
    made = [_part(NEVER, *_said(one))]
    for i, found in enumerate(shown):
        made.append(_part(QUOTE if i else NEVER, *cards.paragraph("" if i else intro), quoted(found, link, position + i + 1)))
    made.append(_part(MORE, *(cards.paragraph(words.SEE_ALSO.format(sections="; ".join(rest))) if rest else [])))
    made.append(_part(MORE, *_listed(words.ALSO, [[cards.run(line)] for line in one.also])))
    made.append(_part(WHO, *(_who(one) if one.contacts else [])))
    made.append(_part(STEPS, *(c for text in one.closing for c in cards.paragraph(text))))
    made.append(_part(OUTSIDE, *_listed(words.OUTSIDE, [signpost(s) for s in one.signposts])))
    law = [words.LAW.format(source=n.source, date=f"{n.verified_on:%-d %B %Y}", says=n.says) for n in one.law]
    made.append(_part(LAW, *cards.small(law)))
    made.append(_part(MORE, *(c for text in (one.taken, *one.changes) for c in cards.paragraph(text))))
    return [p for p in made if p.blocks]


def _said(one: Answer) -> list[Card]:
    headline = [cards.heading(one.headline)] if one.headline else []
    return [*headline, *(c for text in one.say for c in cards.paragraph(text))]


def _who(one: Answer) -> list[Card]:
    return [cards.line(cards.run(f"{words.WHO_TO_ASK} ", bold=True), cards.run("; ".join(map(render.person, one.contacts)) + "."))]


def quoted(one: Quote, link: Link, position: int) -> Card:
    """A passage of the policy, with its section, which leads to where it stands."""
    section = cards.run(one.section, bold=True, url=link(one))
    return cards.quote(cards.line(cards.run(f"“{render.flat(one)}”")), cards.line(section, near=True))


def signpost(post: Signpost) -> list[Card]:
    """Outside help: its name, how to reach it, what it is for."""
    reach = [cards.run(f", {post.phone}")] if post.phone else []
    address = [cards.run(", "), cards.run(post.url.removeprefix("https://"), url=post.url)] if post.url else []
    return [cards.run(post.name, bold=True), *reach, *address, cards.run(f": {post.says}")]


def _listed(title: str, items: Sequence[Sequence[Card]]) -> list[Card]:
    return [*cards.paragraph(title), *cards.bullets(items)] if items else []


def _cited(one: Answer) -> list[Quote]:
    return render.shown_quotes(one)[0] if one.quotes else []


def citations(reply: Reply, link: Link) -> list[Card]:
    """The quotes as Teams shows citations: the numbers of the text open a window with title, section and the passage's beginning."""
    found = [q for a in reply.answers for q in _cited(a)][:MOST_CITED]
    claims = [{"@type": "Claim", "position": i, "appearance": _appearance(q, link(q))} for i, q in enumerate(found, 1)]
    return [{"type": MESSAGE, "@type": "Message", "@context": "https://schema.org", "citation": claims}] if claims else []


def _appearance(one: Quote, url: str) -> Card:
    found = {"@type": "DigitalDocument", "name": cut(f"{one.section}, {one.policy}", MOST_NAME), "abstract": cut(render.flat(one), MOST_ABSTRACT)}
    return {**found, **({"url": url} if url else {})}
