"""With a receipt: read what was answered, answer questions, add something, take the report back."""

from starlette.responses import Response

from adapters.speakup import sentences, steps
from adapters.speakup.danger import help_lines
from adapters.speakup.draft import Draft
from adapters.speakup.form import Form
from adapters.speakup.site import Site
from bot.speakup.desk import EndedError, Kind, TooLongError

MOST_WORDS = 8000  # characters of one message
OWN = {
    Kind.REPORT: "You sent your report", Kind.ADDED: "You added something", Kind.ANSWER: "You answered a question",
    Kind.WITHDRAWN: "You took it back",
}  # fmt: skip
THEIRS = {Kind.QUESTION: "A question for you", Kind.REPLY: "They wrote", Kind.JOINED: "They let somebody else read it, too"}


def asked(site: Site, note: str = "") -> Response:
    """Where a receipt is typed."""
    return site.page("receipt.html", note=note)


def opened(site: Site, form: Form) -> Response:
    """A receipt was typed."""
    if form.one("go") == "start":
        return steps.start(site)
    return thread(site, Draft(receipt=form.one("receipt")))


def thread(site: Site, draft: Draft, note: str = "", words: str = "", alarming: str = "") -> Response:
    """The report as this receipt shows it; a wrong one looks the same as none.

    `words`: what was typed and could not be sent; `alarming`: what was sent, and may speak of danger.
    """
    found = site.desk.open(draft.receipt)
    if found is None:
        return asked(site, note=sentences.NO_REPORT)
    return site.page(
        "thread.html", draft=draft, note=note, thread=found, own=OWN, theirs=THEIRS, most=MOST_WORDS, words_left=words,
        ended=sentences.ENDED if found.deleted else "", urgent=help_lines(alarming or words, site.phrases),
    )  # fmt: skip


def acted(site: Site, draft: Draft, form: Form) -> Response:
    """Add, answer, or ask to take it back."""
    go, words = form.one("go"), form.one("words", MOST_WORDS)
    if go == "withdraw":
        return site.page("withdraw.html", draft=draft)
    if go == "start":
        return steps.start(site)
    if not words:
        return thread(site, draft, sentences.EMPTY)
    try:
        kept = site.added.did(draft.mark, lambda: _said(site, draft, go, words))
    except EndedError:
        return thread(site, draft, sentences.ENDED_WORDS, words)
    except TooLongError:
        return thread(site, draft, sentences.TOO_LONG.format(letters=len(words.encode()) // 4), words)
    return thread(site, draft, sentences.ADDED, alarming=words) if kept else asked(site, note=sentences.NO_REPORT)


def _said(site: Site, draft: Draft, go: str, words: str) -> bool:
    number = go.removeprefix("answer:")
    if number != go and number.isdecimal() and len(number) < 5:  # noqa: PLR2004 - no report has ten thousand messages
        return site.desk.answer(draft.receipt, int(number), words)
    return site.desk.add(draft.receipt, words)


def withdrawn(site: Site, draft: Draft, form: Form) -> Response:
    """Taken back, or not."""
    if form.one("go") != "yes":
        return thread(site, draft)
    if site.added.did(draft.mark, lambda: site.desk.withdraw(draft.receipt)):
        return steps.start(site, note=sentences.TAKEN_BACK)
    return asked(site, note=sentences.NO_REPORT)
