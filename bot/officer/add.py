"""`askwell add`: a new organisation from the text of its policy, every sentence a piece that somebody has to encode."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot import load
from bot.knowledge import Knowledge, Organisation
from bot.officer import folder, layout, rewrite, yaml_text
from bot.officer.folder import OfficerError
from bot.officer.match import match
from bot.officer.rewrite import Suggest
from bot.officer.tokens import clean

_ID = re.compile(r"[a-z][a-z0-9-]{1,40}")
KINDS = ("healthwatch", "cic", "nhs")
DETAILS = "title, owner, dates and source are guesses. Put in what the policy prints, and look at `binds` and `in_doubt` below."
PEOPLE = """\
# The roles that the policy names, with a name and an address where it prints one. docs/encoding.md shows how.
roles: []
"""
CHAINS = """\
# Who is asked about a report, in order, and how many minutes each has. Duties are roles of people.yaml, safeguarding-lead or line-manager.
media:
- {duties: [line-manager], minutes: 60}
safeguarding:
- {duties: [safeguarding-lead], minutes: 60}
- {duties: [line-manager], minutes: 60}
"""
LOCAL = """\
# What no policy has: council_children, council_adults, out_of_hours, lado, police_force. Fill in what somebody has checked.
{}
"""


@dataclass(frozen=True, slots=True)
class Details:
    """What an organisation is called, and which kind of body it is (one of `KINDS`)."""

    id: str
    name: str
    kind: str


def add(known: Knowledge, root: Path, details: Details, text: str, *, write: bool = True, suggest: Suggest | None = None) -> Organisation:
    """The new organisation, prepared as a next version: it answers nothing until it is published.

    Raises OfficerError or KnowledgeError, having written nothing.
    """
    _usable(root, details)
    with folder.working(root) as place:
        made = folder.following(place, details.id)
        for name, content in _files(details, clean(text), suggest).items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            folder.write(path, content)
        (made / "scenarios").mkdir()
        found = load.organisation(known, made)
        if write:
            folder.take(made, root, details.id)
    return found


def _usable(root: Path, details: Details) -> None:
    if not _ID.fullmatch(details.id):
        raise OfficerError(f"'{details.id}' cannot be the short name of a folder. Use small letters, figures and hyphens, like 'harrow'.")
    if details.kind not in KINDS:
        raise OfficerError(f"'{details.kind}' is not a kind of organisation; use one of: {', '.join(KINDS)}")
    if not details.name.strip():
        raise OfficerError("The organisation has no name. Give it with --name.")
    if folder.present(root, details.id).exists() or folder.following(root, details.id).exists():
        raise OfficerError(f"'{details.id}' is there already. For a new text of its policy run `askwell update {details.id}`.")


def _files(details: Details, text: str, suggest: Suggest | None) -> dict[str, str]:
    matched = match([], text)
    placed = rewrite.placed([], matched, (), suggest or (lambda _: ()))
    title = next((rewrite.flat(p.text) for p in matched.pieces if p.heading), "Policy")
    sections = {f"sections/{name}": content for name, content in layout.laid_out([], placed, {}).items()}
    head = _head(details, title)
    return {"policy.txt": text, "organisation.yaml": head, "people.yaml": PEOPLE, "chains.yaml": CHAINS, "local.yaml": LOCAL, **sections}


def _head(details: Details, title: str) -> str:
    name = yaml_text.dump(details.name.strip())
    return f"""\
id: {details.id}
name: {name}
short: {name}
kind: {details.kind}
policy:
  title: {yaml_text.dump(title)}
  to_encode: {yaml_text.dump(DETAILS)}
  owner: not stated in the policy
  source: {yaml_text.dump(f'{details.name.strip()}, "{title}"')}
lifecycle: {{status: active}}
reading: {{status: draft}}
binds: [staff, volunteer, director]
in_doubt:
  to: []
  says: The policy names nobody for doubts.
"""
