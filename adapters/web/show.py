"""Turns of a conversation as the page shows them, and plain words with their numbers and addresses made into links. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup, escape

from bot import words
from bot.answer import Answer, Quote
from bot.messages import Asked, Reply
from bot.session import Session
from bot.store.conversations import Exchange

_LINKS = re.compile(
    r"(?P<phone>\b(?:999|101|111|116 123|0\d{2,4}(?: \d{3,4}){1,3})\b(?! \d))"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>\bhttps?://[\w./-]*\w|\b(?:[\w-]+\.)+(?:uk|org)\b(?:/[\w./-]*\w)?)"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange as it is shown. Only the latest can be answered: `choices`, whether it was `right`, what is `offered`.

    `after` is what became of "was this right?".
    """

    number: int
    said: str
    reply: Reply | None
    latest: bool
    choices: tuple[Asked, ...] = ()
    right: bool = False
    offered: str = ""
    after: str = ""

    @property
    def urgent(self) -> tuple[str, ...]:
        """What stands before everything else."""
        reply = self.reply or Reply()
        return tuple(dict.fromkeys([*(line for a in reply.answers for line in a.urgent), *reply.before]))

    @property
    def name(self) -> str:
        """What the turn comes to, in a few words that give nothing away to somebody who looks over a shoulder."""
        reply = self.reply or Reply()
        if reply.sensitive or reply.form or reply.review:
            return "What you can do now"
        if reply.answers:
            return reply.answers[0].headline or "What to look at"
        return "A question back" if reply.question else "Askwell"


def turns(exchanges: Sequence[Exchange], session: Session) -> list[Turn]:
    """All turns that are kept, with what can still be done about the latest, and the report that is being made."""
    made = [_latest(e, session) if e.number == session.number else Turn(e.number, e.said, e.reply, latest=False) for e in exchanges]
    if session.last is None or not session.last.reporting:
        return made
    return [*(t for t in made if not t.latest), _report(session, session.last, next((t for t in made if t.latest), None))]


def _report(session: Session, screen: Reply, told: Turn | None) -> Turn:
    """The report that is being made. It stands in the session only; what was told meanwhile, about an earlier one, comes before it."""
    lines = told.reply.lines if told and told.reply else ()
    return _latest(Exchange(session.number, "", replace(screen, lines=(*lines, *screen.lines))), session)


def _latest(one: Exchange, session: Session) -> Turn:
    reply = one.reply or Reply()
    judged = session.judged == session.number
    right = bool(reply.answers) and not reply.sensitive and not judged
    wrong = judged and session.gap is not None and not reply.offer
    offered = session.gap.question if session.gap and (reply.offer or wrong) else ""
    after = "" if not judged else words.SORRY_WRONG if wrong else words.THANKS
    open_ = session.running is not None and not reply.reporting  # a report that was kept can be gone on with, whatever was said since
    return Turn(one.number, one.said, one.reply, True, replace(reply, resume=open_).choices, right, offered, after)


def linked(text: str) -> Markup:
    """Our own words, escaped, with numbers, addresses and pages as links. Never for what a person typed."""
    made, at = Markup(), 0
    for found in _LINKS.finditer(text):
        made += escape(text[at : found.start()]) + Markup('<a href="{}">{}</a>').format(_target(found), found.group())
        at = found.end()
    return made + escape(text[at:])


def _target(found: re.Match[str]) -> str:
    text = found.group()
    if found["phone"]:
        return tel(text)
    if found["email"]:
        return f"mailto:{text}"
    return text if text.startswith("http") else f"https://{'www.' if text.startswith('gov.uk') else ''}{text}"


def tel(number: str) -> str:
    """The address that dials a number."""
    return "tel:" + re.sub(r"\D", "", number)


def bare(address: str) -> str:
    """An address as people say it: 'www.ceop.police.uk'."""
    return address.removeprefix("https://").rstrip("/")


def day(when: date) -> str:
    """'9 August 2021'."""
    return f"{when:%-d %B %Y}"


def shown(answer: Answer) -> tuple[list[Quote], list[Quote]]:
    """The passages to show whole, and one of each other section to point to."""
    whole = [q for q in answer.quotes if q.leading] or list(answer.quotes)
    sections = {q.section for q in whole}
    others = {q.section: q for q in reversed(answer.quotes) if q.section not in sections}
    return whole, list(reversed(others.values()))


def introduced(answer: Answer) -> tuple[str, str]:
    """What is to be known about the passages below, and their heading."""
    named = words.FROM_POLICY.format(policy=answer.quotes[0].policy) if answer.quotes else ""
    intro = answer.quotes_intro or named
    return (intro.removesuffix(named).strip(), named) if intro.endswith(named) else ("", intro)
