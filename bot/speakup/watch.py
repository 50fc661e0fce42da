"""What must hold so that a confidential report can reach somebody. Findings are sentences, the same with and without a report."""

from collections.abc import Iterable

from bot.speakup import veto
from bot.speakup.office import Office
from bot.speakup.reading import Reading

_ADMINISTRATORS = "Nobody is named as running the server, so they could be readers, too: set ASKWELL_SPEAKUP_ADMINISTRATORS."
_RECOVERY = "There is no recovery key, so a lost passphrase can lose reports: `askwell speak-up recovery` makes one."


def findings(office: Office, organisations: Iterable[str]) -> list[str]:
    """What is to mend. An organisation without a staff list is left out: there the form shows the ways outside, and says why."""
    found = [] if office.setup.administrators else [_ADMINISTRATORS]
    found += [] if office.setup.recovery else [_RECOVERY]
    return [*found, *(line for o in organisations for line in _of(office, o))]


def _of(office: Office, organisation: str) -> list[str]:
    chart = office.chart(organisation)
    if not chart.people:
        return []
    holders = Reading(office).holders(organisation)
    if not any(h.made for h in holders):
        how = "they open “Confidential reports” on the board" if holders else f"write `{veto.DUTY}` into the column `duties` of the staff list"
        return [f"{organisation}: nobody who may read confidential reports has a key: {how}."]
    free = [h for h in holders if h.made and chart.people[h.email].manager is None]
    if not free:
        return [
            f"{organisation}: everybody who reads confidential reports has a manager, so a report about the top would reach nobody. Add a trustee."
        ]
    return []
