"""The way to a report: who it is about, who could read it, the questions, the summary, Send. Each page is made from the draft alone.

Whoever could read it must be exactly whom the writer agreed to, at every step from then on; otherwise they are shown anew.
"""

from collections.abc import Callable
from dataclasses import replace

from starlette.responses import Response

from adapters.speakup import sentences, writing
from adapters.speakup.danger import help_lines
from adapters.speakup.draft import Draft
from adapters.speakup.form import Form, RefusedError
from adapters.speakup.outside import routes
from adapters.speakup.questions import PARTS
from adapters.speakup.site import Site
from bot.speakup.desk import ChangedError, Nobody, NobodyError, Readers, TooLongError

ORDER = ("start", "about", "readers", *PARTS, "summary")
STEPS = ORDER[1:]
Show = Callable[[Site, Draft, str], Response]


def start(site: Site, _draft: Draft | None = None, note: str = "") -> Response:
    """The first page: safety first, then what this is."""
    known = site.organisations
    names = {o.id: o.name for o in known.values()}
    place = next(iter(names.values())) if len(names) == 1 else "your organisation"
    return site.page("start.html", note=note, organisations=names, place=place, run_by=site.run_by)


def begun(site: Site, form: Form) -> Response:
    """From the first page: which organisation, and where to."""
    known = site.organisations
    chosen = form.one("organisation") if len(known) > 1 else next(iter(known))
    go = form.one("go")
    if go == "outside":
        return outside(site, Draft(organisation=chosen if chosen in known else ""), back="start")
    if chosen not in known:
        return start(site, note=sentences.WHERE)
    return about(site, Draft(organisation=chosen))


def outside(site: Site, draft: Draft, nobody: str = "", back: str = "about") -> Response:
    """The ways outside; where nobody here may read it, only those."""
    here = [o for o in site.organisations.values() if draft.organisation in ("", o.id)]
    common, found = routes(site.knowledge(), here, site.today())
    return site.page("outside.html", draft=draft, nobody=nobody, common=common, routes=found, back=back)


def about(site: Site, draft: Draft, note: str = "") -> Response:
    """Who it is about."""
    people = site.boxes(site.desk.people(draft.organisation))
    return _step(site, "about", "about.html", replace(draft, agreed=()), note, people=people, run_by=site.run_by)


def readers(site: Site, draft: Draft, note: str = "") -> Response:
    """Who could read it. What is shown stands in the draft, so that nobody agrees to anything else."""
    who = _who(site, draft)
    if not who.people:
        return outside(site, replace(draft, agreed=()), _nobody(who.nobody))
    others = [p for p in site.desk.people(draft.organisation) if p.id not in draft.about]
    return _step(
        site, "readers", "readers.html", replace(draft, agreed=tuple(sorted(who.ids))), note,
        readers=who.people, spare=sentences.SPARE, people=site.boxes(others), pressed=_pressed(who),
    )  # fmt: skip


def part(site: Site, draft: Draft, name: str, note: str = "") -> Response:
    """One page of questions."""
    back = ORDER[ORDER.index(name) - 1]
    return _step(site, name, "questions.html", writing.begun(draft, site), note, page=PARTS[name], back=back)


def summary(site: Site, draft: Draft, note: str = "") -> Response:
    """All that would be sent, and to whom."""
    return _step(
        site, "summary", "summary.html", draft, note,
        groups=writing.groups(draft), out=writing.names(draft.implicated, draft, site), readers=_who(site, draft).people, spare=sentences.SPARE,
    )  # fmt: skip


def took_about(site: Site, draft: Draft, form: Form) -> Response:
    """Names that were typed count as ticks where they can be somebody's: rather one too many."""
    ticked, others = site.ticked(draft.organisation, form), form.one("others", writing.MOST_OTHERS)
    meant = site.desk.named(draft.organisation, others) - set(ticked) - set(draft.meant)
    now = replace(draft, about=tuple(sorted({*ticked, *meant})), others=others, meant=tuple(sorted({*meant, *draft.meant})))
    if form.one("go") == "start":
        return start(site, note=sentences.FORGOTTEN)
    if form.one("server"):
        return outside(site, now, _nobody(Nobody.SERVER))
    names = ", ".join(p.name for p in site.desk.people(draft.organisation) if p.id in meant)
    return readers(site, now, sentences.MEANT.format(names=names) if meant else "")


def took_readers(site: Site, draft: Draft, form: Form) -> Response:
    """Whoever else must not see it. Yes counts only for what was shown: with a new tick they are worked out and shown anew."""
    now = replace(draft, unseen=site.ticked(draft.organisation, form))
    go = form.one("go")
    if go in ("about", "outside"):
        return about(site, now) if go == "about" else outside(site, now)
    if go == "readers" or set(now.unseen) != set(draft.unseen):
        return readers(site, now, sentences.AGAIN)
    return onward(site, now, after(now, "readers"))


def took_part(site: Site, draft: Draft, form: Form, name: str) -> Response:
    """The answers of one page; what is wrong with them is said at once, but never stands in the way back."""
    now, note = writing.taken(draft, form, PARTS[name])
    if form.one("go") != "next":
        return onward(site, now, form.one("go"))
    return part(site, now, name, note) if note else onward(site, now, after(now, name))


def took_summary(site: Site, draft: Draft, form: Form) -> Response:
    """Send, change something, or forget it all."""
    go = form.one("go")
    if go == "send":
        return _sent(site, draft)
    return start(site, note=sentences.FORGOTTEN) if go == "start" else onward(site, draft, go)


def _sent(site: Site, draft: Draft) -> Response:
    if (note := writing.missing(draft)) or not draft.agreed:
        return summary(site, draft, note) if draft.agreed else readers(site, draft)
    try:
        receipt = site.filed.did(draft.mark, lambda: _filed(site, draft))
    except NobodyError as error:
        return outside(site, replace(draft, agreed=()), _nobody(error.why))
    except ChangedError:
        return readers(site, draft, sentences.CHANGED)
    except TooLongError:
        return summary(site, draft, sentences.TOO_LONG.format(letters=writing.over(draft)))
    urgent = help_lines("\n".join(draft.answers.values()), site.phrases)
    return site.page("sent.html", receipt=receipt, days=site.desk.office.setup.receipt_days, urgent=urgent)


def _filed(site: Site, draft: Draft) -> str:
    with site.pace.kept():
        return site.desk.file(draft.organisation, writing.report(draft), draft.implicated, frozenset(draft.agreed))


def after(draft: Draft, page: str) -> str:
    """The page that follows: the next one, or the summary once all has been answered."""
    return "summary" if "sign" in draft.answers else ORDER[ORDER.index(page) + 1]


def onward(site: Site, draft: Draft, page: str) -> Response:
    """Show a page; whoever could read it must still be whom the writer agreed to."""
    if page in (*PARTS, "summary") and not _agreed(site, draft):
        return readers(site, draft, sentences.CHANGED if draft.agreed else "")
    if page in PARTS:
        return part(site, draft, page)
    shows: dict[str, Show] = {"start": start, "about": about, "readers": readers, "summary": summary, "outside": outside}
    if page not in shows:
        raise RefusedError("form")
    return shows[page](site, draft, "")


def _agreed(site: Site, draft: Draft) -> bool:
    ids = _who(site, draft).ids
    return bool(ids) and ids <= set(draft.agreed)


def _who(site: Site, draft: Draft) -> Readers:
    return site.desk.readers(draft.organisation, draft.implicated)


def _step(site: Site, name: str, template: str, draft: Draft, note: str, **context: object) -> Response:
    urgent = help_lines("\n".join(draft.answers.values()), site.phrases)
    context |= {"urgent": urgent, "note": note, "place": site.place(draft), "step": STEPS.index(name) + 1, "steps": len(STEPS)}
    return site.page(template, 200, draft, **context)


def _nobody(why: Nobody | None) -> str:
    return sentences.NOBODY[why or Nobody.UNSET]


def _pressed(who: Readers) -> str:
    return sentences.PRESSED if who.pressed else ""
