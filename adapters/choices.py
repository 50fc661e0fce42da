"""What a button stands for: whose it is, of which turn, and what it chooses, checked again when it is pressed; and the buttons of a report."""

import json
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from bot import words
from bot.messages import FLOW, Asked, Form
from bot.report import STEP

STEERING = (("back", words.GO_BACK), ("save", words.SAVE_IT), ("cancel", words.CANCEL_IT))  # what can be done at every step of a report
MOST_VALUE = 2000  # characters that every platform keeps in a button
_Word: TypeAlias = Annotated[str, Field(max_length=200)]
_Number: TypeAlias = Annotated[int, Field(ge=0)]
_VALUE: TypeAdapter[tuple[str, int, str, str]] = TypeAdapter(tuple[_Word, _Number, _Word, _Word])


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of the turn `number`, made for `user`."""

    user: str
    number: int
    fact: str = ""
    value: str = ""

    @property
    def reports(self) -> bool:
        """Whether it begins a report, or answers a step of one."""
        return self.fact == FLOW or self.fact.startswith(STEP)

    def text(self) -> str:
        """As it travels in the button."""
        return json.dumps([self.user, self.number, self.fact, self.value], separators=(",", ":"))


def choice(text: object) -> Choice | None:
    """What came back from a button; None where it is not one of ours."""
    if not isinstance(text, str) or len(text) > MOST_VALUE:
        return None
    try:
        return Choice(*_VALUE.validate_json(text, strict=True))
    except ValidationError:
        return None


def step(form: Form) -> Asked:
    """A step of a report that is answered by choosing."""
    return Asked(STEP + form.step, form.asks, form.options)
