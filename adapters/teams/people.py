"""Who somebody in Teams is to the organisation: a full member of its tenant, or nobody that we know."""

from collections.abc import Mapping
from typing import Any

from adapters.payload import deep

_GUEST = ("guest", "anonymous", "federated", "external")
_FOREIGN = "#ext#"  # stands in the sign-in name of everybody whose account belongs to another organisation


def confirmed(member: Mapping[str, Any], user: str, tenant: str) -> list[str]:
    """The addresses that the organisation itself gave a full member; none for guests, for people of other tenants, and for whoever it is not."""
    sign_in, role = str(member.get("userPrincipalName") or ""), str(member.get("userRole") or "user").lower()
    whose = str(deep(member, "tenantId") or tenant).lower()
    who = str(member.get("aadObjectId") or member.get("objectId") or "").lower()
    if role in _GUEST or _FOREIGN in sign_in.lower() or whose != tenant or who != user:
        return []
    return list(dict.fromkeys(one.strip().lower() for one in (str(member.get("email") or ""), sign_in) if "@" in one))
