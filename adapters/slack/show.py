"""Replies as Slack shows them: headline first, what to do, the policy's words as quotes, people, and what else."""

from collections.abc import Sequence

from adapters.parts import LAW, MORE, NEVER, OUTSIDE, QUOTE, SMALL, STEPS, WHO, Link, Part
from adapters.slack import asking, blocks
from adapters.slack.blocks import Block
from bot import render, words
from bot.answer import Answer, Quote
from bot.knowledge import Signpost
from bot.messages import Reply


def parts(reply: Reply, link: Link, user: str, number: int, *, buttons: bool = True) -> list[Part]:
    """A reply from top to bottom. Without `buttons` it is only there to be read."""
    first = dict.fromkeys([*(line for a in reply.answers for line in a.urgent), *reply.before])
    made = [
        Part(NEVER, tuple(blocks.paragraph(one, bold=one == words.EMERGENCY) for one in first)),
        Part(NEVER, tuple(map(blocks.paragraph, reply.lines))),
    ]
    for one in reply.answers:
        made += answer(one, link)
    if buttons:
        made += [Part(NEVER, tuple(asking.asked(question, user, number))) for question in reversed(reply.choices)]
    if buttons and reply.offer:
        made.append(Part(NEVER, tuple(asking.offered(reply.offer, user, number))))
    made.append(Part(SMALL, tuple(blocks.context(_small(reply)))))
    if buttons and reply.answers and not reply.sensitive:
        made.append(Part(NEVER, tuple(asking.judged(user, number))))
    return [p for p in made if p.blocks]


def _small(reply: Reply) -> Sequence[str]:
    return [*reply.notices, *(words.RECEIPT.format(code=a.receipt) for a in reply.answers if a.receipt)]


def answer(one: Answer, link: Link) -> list[Part]:
    """An answer without its emergency lines, in the order of every other channel."""
    shown, rest = render.shown_quotes(one) if one.quotes else ([], [])
    intro = one.quotes_intro or (words.FROM_POLICY.format(policy=shown[0].policy) if shown else "")
    made = [Part(NEVER, _said(one))]
    made += [Part(QUOTE if i else NEVER, (quoted_clause(q, link, "" if i else intro),)) for i, q in enumerate(shown)]
    made.append(Part(MORE, _lines([words.SEE_ALSO.format(sections="; ".join(rest))] if rest else [])))
    made.append(Part(MORE, _listed(words.ALSO, [blocks.line(blocks.words(line)) for line in one.also])))
    made.append(Part(WHO, _lines([f"{words.WHO_TO_ASK} {'; '.join(map(render.person, one.contacts))}."] if one.contacts else [])))
    made.append(Part(STEPS, tuple(map(blocks.paragraph, one.closing))))
    made.append(Part(OUTSIDE, _listed(words.OUTSIDE, [signpost(s) for s in one.signposts])))
    law = [words.LAW.format(source=n.source, date=f"{n.verified_on:%-d %B %Y}", says=n.says) for n in one.law]
    made.append(Part(LAW, tuple(blocks.context(law))))
    made.append(Part(MORE, _lines([one.taken, *one.changes])))
    return [p for p in made if p.blocks]


def _said(one: Answer) -> tuple[Block, ...]:
    headline = [blocks.words(one.headline, bold=True)] if one.headline else []
    said = [blocks.words(("\n" if headline else "") + "\n".join(one.say))] if one.say else []
    return (blocks.rich(blocks.line(*headline, *said)),) if headline or said else ()


def quoted_clause(one: Quote, link: Link, intro: str) -> Block:
    """A passage of the policy, with its section, which leads to where it stands."""
    url = link(one)
    section = blocks.link(url, one.section) if url else blocks.words(one.section)
    passage = blocks.quote(blocks.words(f"“{render.flat(one)}”\n"), section)
    return blocks.rich(*([blocks.line(blocks.words(intro))] if intro else []), passage)


def signpost(post: Signpost) -> Block:
    """Outside help: its name, how to reach it, what it is for."""
    reach = [blocks.words(f", {post.phone}")] if post.phone else []
    address = [blocks.words(", "), blocks.link(post.url, post.url.removeprefix("https://"))] if post.url else []
    return blocks.line(blocks.words(post.name, bold=True), *reach, *address, blocks.words(f": {post.says}"))


def _lines(lines: Sequence[str]) -> tuple[Block, ...]:
    said = [line for line in lines if line]
    return (blocks.paragraph("\n".join(said)),) if said else ()


def _listed(title: str, items: Sequence[Block]) -> tuple[Block, ...]:
    return (blocks.rich(blocks.line(blocks.words(title)), blocks.bullets(items)),) if items else ()
