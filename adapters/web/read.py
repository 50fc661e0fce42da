"""Pages to read: a policy with its passages, one question under every policy, and what is kept. Nothing of them is written down."""

from starlette.requests import Request
from starlette.responses import Response

from adapters.web import reader, visitors
from adapters.web.site import Fields, RefusedError, Site
from bot import answer, words
from bot.compare import compare
from bot.guide import ROLES
from bot.knowledge import Organisation


def policies(site: Site, request: Request, _fields: Fields) -> Response:
    """All policies that can be read."""
    found = sorted(site.knowledge.organisations.values(), key=lambda o: o.name)
    return site.page("policies.html", organisations=found, visitor=visitors.current(site, request))


def policy(site: Site, request: Request, _fields: Fields) -> Response:
    """One policy, whole, each passage with an address of its own."""
    organisation = site.knowledge.organisations.get(request.path_params["organisation"])
    if organisation is None:
        raise RefusedError("page")
    return site.page(
        "policy.html", organisation=organisation, sections=reader.sections(organisation), standing=_standing(site, organisation),
        visitor=visitors.current(site, request),
    )  # fmt: skip


def _standing(site: Site, organisation: Organisation) -> list[str]:
    """How old the policy is, what comes next, and whose reading this is."""
    lines = (
        answer.stale_line(organisation, site.today()), answer.coming_line(site.knowledge, organisation), answer.reading_line(organisation),
    )  # fmt: skip
    return [line for line in lines if line]


def comparing(site: Site, request: Request, fields: Fields) -> Response:
    """One question under every policy. The form posts it, so that it stands in no address, history or log; a link may carry it all the same."""
    visitor = visitors.current(site, request)
    if not (site.access.here or visitor):
        return site.page("door.html", note="", days=visitors.INVITED_DAYS)
    question = (fields.get("q") or request.query_params.get("q", "")).strip()
    asker = visitor.asker if visitor else None
    role = _of(ROLES, fields.get("role") or request.query_params.get("role", "") or (asker.role if asker else ""))
    reference = _of(tuple(site.knowledge.organisations), asker.organisation if asker else site.settings.organisation)
    found = compare(site.service.askwell, question, role, reference) if any(c.isalpha() for c in question) else None
    unclear = words.UNCLEAR if found is None and (question or request.method == "POST") else ""
    return site.page(
        "compare.html", question=question, role=role, roles=dict(zip(ROLES, words.ROLE_LABELS, strict=True)), found=found, unclear=unclear,
        visitor=visitor,
    )  # fmt: skip


def _of(known: tuple[str, ...], wanted: str) -> str:
    return wanted if wanted in known else known[0]


def privacy(site: Site, request: Request, _fields: Fields) -> Response:
    """What is kept, how long, and who can see it."""
    return site.page("privacy.html", visitor=visitors.current(site, request))
