"""Somebody who never wrote to Askwell is found in Slack by their address, so that a ping reaches them there, too."""

from collections.abc import Mapping
from typing import Any

from adapters.payload import deep
from adapters.slack import people
from adapters.slack.places import is_id
from adapters.slack.sdk import Web
from bot.courier import LaterError, RefusedError

SEEK, ALONE = "seek", "alone"  # in a payload: the address to look for, and whether there is no other way to reach them
NOBODY = "UNOBODYYET"  # stands in the payload for whoever is found
AT_ONCE = 10.0  # seconds to wait for whom an address belongs to

Payload = Mapping[str, Any]


def sought(payload: Payload, email: str, *, alone: bool) -> dict[str, Any]:
    """A payload that was made for `NOBODY`, to be sent to whoever has this address."""
    return {**payload, SEEK: email, ALONE: alone}


async def named(web: Web, payload: Payload) -> Payload | None:
    """The payload for whoever was found; None where Slack knows no full member with this confirmed address. Raises LaterError."""
    if SEEK not in payload:
        return payload
    try:
        user = deep(await web.look("users.lookupByEmail", {"email": payload[SEEK]}, AT_ONCE), "user")
    except RefusedError:
        return None
    except LaterError:
        raise
    except Exception:  # nothing was sent yet, so nothing is in doubt
        raise LaterError(0) from None
    email = people.confirmed(user) if isinstance(user, Mapping) else None
    found = deep(user, "id")
    if not is_id(found) or (email or "").strip().lower() != payload[SEEK].lower():
        return None
    made: Payload = _for(found, {k: v for k, v in payload.items() if k not in (SEEK, ALONE)})
    return made


def _for(user: str, found: Any) -> Any:  # noqa: ANN401 - JSON holds anything
    """The same with this person in it."""
    if isinstance(found, dict):
        return {k: _for(user, v) for k, v in found.items()}
    if isinstance(found, list):
        return [_for(user, one) for one in found]
    return found.replace(NOBODY, user) if isinstance(found, str) else found
