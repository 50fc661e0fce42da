"""Which version of each policy holds on a day: the next one takes over on the date for which it was confirmed. Pure."""

import hashlib
from dataclasses import replace
from datetime import date

from bot.knowledge import Knowledge, Organisation, frozen

NEXT = ".next"  # the folder of a next version is the organisation's with this at its end


def starts(organisation: Organisation) -> date | None:
    """The day from which a next version holds; None while nobody has confirmed it as it stands."""
    return organisation.confirmed.effective_from if organisation.confirmed and organisation.reading == "confirmed" else None


def on(knowledge: Knowledge, today: date) -> Knowledge:
    """The knowledge that holds today. Each set of versions has a version number of its own, which receipts carry."""
    held = {o: new for o, new in knowledge.coming.items() if (start := starts(new)) is not None and start <= today}
    if not held:
        return knowledge
    return replace(
        knowledge,
        version=_version(knowledge, held),
        organisations=frozen(dict(sorted({**knowledge.organisations, **held}.items()))),
        coming=frozen({o: new for o, new in knowledge.coming.items() if o not in held}),
    )


def editions(knowledge: Knowledge) -> tuple[Knowledge, ...]:
    """The knowledge as it holds now and from each date on which a next version takes over."""
    dates = {start for new in knowledge.coming.values() if (start := starts(new)) is not None}
    return (knowledge, *(on(knowledge, day) for day in sorted(dates)))


def everything(knowledge: Knowledge) -> Knowledge:
    """The knowledge with each next version beside the present one, as an organisation `<id>.next`, to be checked and tried."""
    if not knowledge.coming:
        return knowledge
    beside = {f"{o}{NEXT}": replace(new, id=f"{o}{NEXT}") for o, new in knowledge.coming.items()}
    organisations = dict(sorted({**knowledge.organisations, **beside}.items()))
    return replace(knowledge, version=_version(knowledge, beside), organisations=frozen(organisations), coming=frozen({}))


def _version(knowledge: Knowledge, held: dict[str, Organisation]) -> str:
    return hashlib.sha256(" ".join([knowledge.version, *sorted(held)]).encode()).hexdigest()[:12]
