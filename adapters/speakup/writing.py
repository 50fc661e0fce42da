"""What was written: taken from a page, looked at for what is missing, shown once more, and made into the report. Pure but for the names."""

from dataclasses import dataclass

from adapters.speakup import sentences
from adapters.speakup.draft import Draft
from adapters.speakup.form import Form
from adapters.speakup.questions import PARTS, Part
from adapters.speakup.site import Site
from bot.speakup.desk import Kind, Naming, Report
from bot.speakup.report import Message, message_json
from bot.speakup.sealing import TooLongError, padded

MOST_OTHERS = 600  # characters of names that are in no list


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one page in the summary, as (question, answer), and the questions that were left empty."""

    page: str
    heading: str
    said: tuple[tuple[str, str], ...]
    empty: tuple[str, ...]


def taken(draft: Draft, form: Form, part: Part) -> tuple[Draft, str]:
    """The draft with the answers of a page, and what is wrong with them."""
    said = {q.name: form.one(q.name, q.most) for q in part.questions}
    if part.choice:
        said[part.choice.name] = form.one(part.choice.name)
    now = draft.told(**said)
    return now, _wrong(now, part)


def _wrong(draft: Draft, part: Part) -> str:
    answers = draft.answers
    if any(q.needed and not answers.get(q.name) for q in part.questions):
        return sentences.NO_WORDS
    if part.choice:
        if answers.get(part.choice.name) not in {o.value for o in part.choice.options}:
            return sentences.NO_CHOICE
        if answers["sign"] == Naming.ANONYMOUS and answers.get("signed"):
            return sentences.NAME_LEFT
        if answers["sign"] != Naming.ANONYMOUS and not answers.get("signed"):
            return sentences.NAME_MISSING
    return sentences.TOO_LONG.format(letters=letters) if (letters := over(draft)) else ""


def missing(draft: Draft) -> str:
    """What stands in the way of sending; empty where nothing does."""
    return next((wrong for part in PARTS.values() if (wrong := _wrong(draft, part))), "")


def begun(draft: Draft, site: Site) -> Draft:
    """With the names of those whom it is about already in their field, where nothing has been written there yet."""
    if "who" in draft.answers:
        return draft
    return draft.told(who=", ".join([*names(frozenset(draft.about), draft, site), *draft.others.splitlines()]))


def names(who: frozenset[str], draft: Draft, site: Site) -> list[str]:
    """What these people are called, so far as they are in the staff list."""
    return [p.name for p in site.desk.people(draft.organisation) if p.id in who]


def groups(draft: Draft) -> list[Group]:
    """All that would be sent, page by page."""
    return [_group(draft, part) for part in PARTS.values()]


def _group(draft: Draft, part: Part) -> Group:
    answers = {q.asks: draft.answers.get(q.name, "") for q in part.questions}
    if choice := part.choice:
        answers = {choice.asks: next((o.label for o in choice.options if o.value == draft.answers.get(choice.name)), ""), **answers}
    return Group(part.name, part.heading, tuple((q, a) for q, a in answers.items() if a), tuple(q for q, a in answers.items() if not a))


def report(draft: Draft) -> Report:
    """What is sealed."""
    a = draft.answers
    return Report(
        a["what"], a.get("when", ""), a.get("where", ""), a.get("who", ""), a.get("know", ""), a.get("raised", ""), a.get("wish", ""),
        Naming(a["sign"]), a.get("signed", ""), a.get("reach", ""),
    )  # fmt: skip


def over(draft: Draft) -> int:
    """How many letters too many it has, near enough; 0 where it fits."""
    whole = draft.told(**{"what": draft.answers.get("what", ""), "sign": draft.answers.get("sign") or Naming.ANONYMOUS})
    text = message_json(Message(Kind.REPORT, report=report(whole)))
    try:
        padded(text)
    except TooLongError:
        return len(text) - len(padded(b"")) + 100
    return 0
