"""What a button stands for: whose it is, of which turn, and what it chooses. Checked again when it is pressed."""

import json
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

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
