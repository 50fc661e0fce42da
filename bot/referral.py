"""Where a report about somebody at risk may have to go outside, for whoever looks after it. Pure; it decides nothing for them."""

from bot import words
from bot.flows import Answers, endangered
from bot.knowledge import Flow, Organisation


def places(organisation: Organisation, flow: Flow, answers: Answers) -> tuple[str, ...]:
    """Who outside, in order, each as a sentence with its number where the organisation has filled it in. Nothing for the media."""
    if flow != Flow.SAFEGUARDING or not answers:
        return ()
    about, doubt = answers.get("about", "unknown"), ("both", "unknown")
    child, adult = about in ("child", *doubt), about in ("adult", *doubt)
    colleague = answers.get("colleague") in ("yes", "unknown")
    found = [
        *([words.REFER_999] if endangered(answers) else []),
        *([_at(organisation, "council_children", words.REFER_CHILDREN)] if child else []),
        *([_at(organisation, "lado", words.REFER_LADO)] if child and colleague else []),
        *([_at(organisation, "council_adults", words.REFER_ADULTS)] if adult else []),
        _at(organisation, "police_force", words.REFER_POLICE),
    ]
    return (*found, *(() if organisation.local else (words.COUNCIL_FINDER,)))


def _at(organisation: Organisation, place: str, says: str) -> str:
    """The sentence, with the number or page of that place."""
    found = next((one for one in organisation.local if one.id == place), None)
    return f"{says} {found.name}: {found.phone or found.url}." if found else says
