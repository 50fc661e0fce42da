"""What was typed or picked in the fields of a modal, read. Pure."""

from collections.abc import Mapping
from typing import Any

from adapters.payload import deep


def field(view: object, name: str) -> str:
    """What stands in the field `name` of a sent modal, whatever block it is in: typed words, picked people a line each, a chosen value."""
    found = deep(view, "state", "values", block(view, name), name)
    return _said(found) if isinstance(found, Mapping) else ""


def block(view: object, name: str) -> str:
    """The id of the block in which the field `name` stands; empty where there is none."""
    values = deep(view, "state", "values")
    return next((str(i) for i, one in values.items() if isinstance(deep(one, name), Mapping)), "") if isinstance(values, Mapping) else ""


def _said(found: Mapping[str, Any]) -> str:
    picked = found.get("selected_options")
    if isinstance(picked, list):
        return "\n".join(str(deep(one, "value") or "") for one in picked)
    return str(found.get("value") or deep(found.get("selected_option"), "value") or found.get("selected_date") or "")
