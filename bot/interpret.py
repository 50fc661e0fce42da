"""What a message is in its conversation: a button, "I don't know", a command, an answer, or a new question. Pure."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.choose import OWN, SPOKEN
from bot.messages import State
from bot.understand.reading import NEAR_SCOPE, OUT_OF_SCOPE, Reading


class Act(Enum):
    """What the person did."""

    PRESS = auto()
    UNKNOWN = auto()
    BACK = auto()
    RESTART = auto()
    HELLO = auto()
    THANKS = auto()
    NUMBER = auto()
    WORDS = auto()


@dataclass(frozen=True, slots=True)
class Said:
    """The act, and for a press the value."""

    act: Act
    value: str = ""


UNKNOWN = "unknown"  # the value of the button "I don't know"
MOST_COMMAND = 120  # characters; nothing longer is a button or a command
MOST_CORRECTING = 25  # words; a longer message is a question of its own
MOST_REFERRING = 12  # words; as above
_THEM = re.compile(r"\b(?:he|she|him|her|they|them)\b")
_POINTS_BACK = re.compile(r"\b(?:he|she|him|her|they|them|it|this|that|who (?:do|can|should|else)|what (?:do|should|can|if)|where do)\b")
CLEARLY, ASKED_CLEARLY = 0.75, 0.5  # from these probabilities on something else is told, or asked about
_SOMEBODY = re.compile(r"\b(?:an?|some|one of (?:my|our|the)|my|our|someone|somebody) ?(?:\w+)?\b")
_ONLY_POINTS = re.compile(
    r"(?:(?:can|may|could|should|would|is|are|am|do|does|what|about|i|we|you|this|that|it|these|those|ok|okay|alright|fine|right|allowed|"
    r"please|to|be|so|and|but|just|hey|hi|with|here|now)\b[\s,.!?]*)+"
)
_END = r"[.!?]*$"
_UNKNOWN = re.compile(
    r"(?:i )?(?:really |honestly )?(?:do ?n[o']?t know|dunno|no idea|not sure|unsure|idk|haven'?t a clue|no clue|can'?t say)\b"
    r"[.!]*(?: (?:yet|really|sorry|tbh))?" + _END
)  # fmt: skip
_BACK = re.compile(r"(?:(?:go )?back|undo)" + _END)
_RESTART = re.compile(r"(?:start (?:again|over)|restart|reset|forget (?:it|that|everything)|new question|clear)" + _END)
_HELLO = re.compile(
    r"(?:hi+|hiya|hello|hey|ay ?up|alreet|good (?:morning|afternoon|evening)|morning|help|\?|what can (?:you|u) do|how does this work)"
    r"(?: there| all| askwell)?" + _END
)  # fmt: skip
_THANKS = re.compile(
    r"(?:thanks?(?: you)?|ta|cheers|thx|great|perfect|brill(?:iant)?|ok(?:ay)?|got it|nice one)"
    r"(?: (?:so much|very much|a lot|thanks|a million|mate|love))*" + _END
)  # fmt: skip
_NUMBER = re.compile(r"#?\d{1,2}" + _END)
_CORRECTS = re.compile(
    r"(?:no,? |sorry,? |oh,? |actually|i mean|i meant|and |but |what if|what about|how about|even if|if "
    r"|it'?s |it is |they'?re |she'?s |he'?s |same )"
)
_WHO = r"(?:i|we|they|he|she|it|you|my|our|the|a|there|this|that)"
_ASKS = re.compile(r"\?|\b(?:can|could|may|should|shall|do|does|is|are|am|what|who|when|where|how|why|would|will|must) " + _WHO + r"\b")
_OPENING = re.compile(r"^(?:can|could|may|should|do|does|is|are|am|what|who|when|where|how|why|would|will|must|ok|okay|alright|any|allowed)\b")


def interpret(text: str, state: State) -> Said:
    """The number, value or label of a choice; otherwise a command; otherwise words."""
    said = " ".join(text.lower().split())
    if len(said) > MOST_COMMAND:
        return Said(Act.WORDS)
    if (value := _pressed(said, state)) is not None:
        return Said(Act.UNKNOWN) if value == UNKNOWN else Said(Act.PRESS, value)
    if state.question and _UNKNOWN.match(said):
        return Said(Act.UNKNOWN)
    for act, pattern in ((Act.BACK, _BACK), (Act.RESTART, _RESTART), (Act.HELLO, _HELLO), (Act.THANKS, _THANKS), (Act.NUMBER, _NUMBER)):
        if pattern.match(said):
            return Said(act)
    return Said(Act.WORDS)


def _pressed(said: str, state: State) -> str | None:
    bare = said.strip(" .!")
    for number, (value, label) in enumerate(state.offered.options if state.offered else (), 1):
        if bare in (str(number), value.lower(), label.lower().strip(" .!")):
            return value
    return None


def continues(text: str, state: State, alone: Reading) -> bool:
    """Whether words belong to what was said before: an answer to our question, or a correction of the last one."""
    if not state.words:
        return False
    low = text.lower().strip()
    if state.question is not None:
        return not (asks(low) and _elsewhere(state, alone, 0.6))
    if state.topic is None or len(low.split()) > MOST_CORRECTING:
        return False
    if state.topic in SPOKEN:
        return _goes_on(low, state, alone)
    if _CORRECTS.match(low):
        return not _elsewhere(state, alone, 0.75)
    return _refers_back(low) and not _elsewhere(state, alone, 0.9)


def _goes_on(low: str, state: State, alone: Reading) -> bool:
    """Whether words after something grave belong to it: they do, unless they clearly ask about something else."""
    topic, sure = alone.topics[0] if alone.topics else (None, 0.0)
    if topic in (None, state.topic, "in-doubt", "who-runs-accounts") or (state.topic in OWN and topic in (NEAR_SCOPE, OUT_OF_SCOPE)):
        return True
    if not asks(low):
        return len(low.split()) <= MOST_REFERRING or sure < CLEARLY
    return (bool(_POINTS_BACK.search(low)) and len(low.split()) <= MOST_REFERRING) or sure < ASKED_CLEARLY


def _refers_back(low: str) -> bool:
    """Whether a short message speaks of somebody whom it does not introduce: "I don't know how old she is"."""
    back = _THEM.search(low)
    return back is not None and len(low.split()) <= MOST_REFERRING and not _SOMEBODY.search(low[: back.start()])


def _elsewhere(state: State, alone: Reading, sure: float) -> bool:
    return bool(alone.topics) and alone.topics[0][0] != state.topic and alone.topics[0][1] >= sure


def asks(text: str) -> bool:
    """Whether a sentence is a question, with or without its mark."""
    low = text.lower().strip()
    return bool(_ASKS.search(low) or _OPENING.match(low))


def only_points(text: str) -> bool:
    """Whether a message only points at something that we can't see: "can I do this"."""
    return _ONLY_POINTS.fullmatch(text.lower().strip()) is not None
