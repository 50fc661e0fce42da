"""Small things that words tell and that change what is said with an answer: a picture, a child, somebody else's trouble. Pure."""

import re

_IMAGES = re.compile(r"\b(?:pics?|pictures?|photos?|images?|videos?|clips?|nudes?|screenshots?)\b")
_CHILD = re.compile(
    r"\b(?:(?:grand|step)?-?child(?:ren)?|kids?|bab(?:y|ies)|toddlers?|infants?|(?:grand|step)?-?(?:sons?|daughters?)|pupils?|bairns?|"
    r"little ones?|boys?|girls?|teen\w*|lads?|lass(?:es)?|young (?:person|people|ones?)|under ?-?age|"
    r"(?:1[0-7]|[1-9])[ -]?(?:(?:years?|yrs?)[ -]?olds?|yo)|aged (?:1[0-7]|[1-9]))\b"
)
_SOMEBODY = (
    r"(?:he|she|they|(?:a|my|our|the|this|another|one of (?:my|our|the)) (?:\w+ ){0,2}?"
    r"(?:colleagues?|co-?workers?|mates?|friends?|volunteers?|members? of (?:staff|the team)|nurses?|officers?|receptionists?|managers?|"
    r"trustees?|lads?|lass(?:es)?)(?: of (?:mine|ours))?)"
)
_TROUBLED = re.compile(
    rf"\b{_SOMEBODY}(?: who)?(?:'s|'re| is| are| was| were| has| have| keeps?| gets?)(?: (?!not\b)\w+){{0,2}} "
    r"(?:bullied|harassed|picked on|trolled|abused|threatened|stalked|ganged up on|targeted|mocked|insulted)\b"
)
_MYSELF = re.compile(
    r"\b(?:i'm|im|i am|i've|ive|i have|i was|i keep|i get|we're|we are|we've|we were) (?:\w+ ){0,2}?"
    r"(?:being|been|getting|got|bullied|harassed|abused|threatened|trolled|stalked|targeted)\b|(?<!told )(?<!tells )(?<!asked )\b(?:me|us)\b"
)


def speaks_of_child(text: str) -> bool:
    """Whether a child or a young person is spoken of."""
    return _CHILD.search(text.lower()) is not None


def speaks_of_images(text: str) -> bool:
    """Whether pictures of a child may be spoken of: then it is said that nobody may look at, copy or pass them on."""
    return _IMAGES.search(text.lower()) is not None and speaks_of_child(text)


def troubles_another(text: str) -> bool:
    """Whether it is somebody else who is bullied or harassed, and not the asker."""
    low = " ".join(text.lower().replace("’", "'").split())
    return _TROUBLED.search(low) is not None and _MYSELF.search(low) is None
