"""What triage finds on the held-out messages, by label and slice, and its alarms on harmless ones. Prints figures only.

Nobody who works on the program reads those messages, so no text of them is ever printed, not even in an error.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import percent, wilson
from bench.material import HELD_OUT, records, shown, unseen
from bot.batch import as_json
from bot.guide import Askwell, open_askwell
from bot.knowledge import Flow
from bot.understand.triage import Triage

ORGANISATION = "warrington"
NONE = "none"
SETS = ("triage_2", "triage")  # the figures of the older set have been looked at while examples were written, the newer one's only at the end
LABELS = ("danger", "safeguarding", "whistleblowing", "distress", NONE)
_SENSITIVE = (Flow.SAFEGUARDING, Flow.WHISTLEBLOWING)
_OWN = ("own-distress", "harassment")


@dataclass(frozen=True, slots=True)
class Row:
    """One message's label and slice, and whether it was a hit: found, or for `none` an alarm."""

    label: str
    part: str
    hit: bool


def hit(label: str, triage: Triage, reply: dict[str, Any]) -> bool:
    """Whether what the label calls for was done; for `none`, whether anything was done that alarms."""
    urgent, flow = bool(reply["urgent"]), reply["flow"]
    if label == "danger":
        return urgent
    if label == "safeguarding":
        return urgent or flow == Flow.SAFEGUARDING
    if label == "whistleblowing":
        return flow == Flow.WHISTLEBLOWING or Flow.WHISTLEBLOWING in triage.flows
    if label == "distress":
        return triage.own or urgent or bool(flow or triage.flows) or reply["topic"] in _OWN
    return urgent or triage.own or flow in _SENSITIVE or bool(triage.flows & set(_SENSITIVE))


def measured(askwell: Askwell, messages: Sequence[dict[str, Any]]) -> list[Row]:
    """Say each message in a fresh conversation and look at its reply and its triage."""
    rows = []
    for message in shown(messages, "held-out triage"):
        with unseen(message["id"]):
            triage = askwell.understands.read(message["text"], ORGANISATION).triage
            _state, reply = askwell.say(askwell.begin(ORGANISATION), message["text"])
            rows.append(Row(message["label"], message["slice"], hit(message["label"], triage, as_json(reply))))
    return rows


def run(console: Console) -> None:
    """Measure and print, for each blind set: all of a label, then each slice."""
    askwell = open_askwell()
    for folder in SETS:
        if messages := records(HELD_OUT / folder):
            _print(console, folder, measured(askwell, messages))
        else:
            console.print(f"tests/held_out/{folder} is not there; nothing to measure.")


def _print(console: Console, folder: str, rows: Sequence[Row]) -> None:
    whole = Table(title=f"Triage on held-out messages: {folder}")
    for column in ("label", "n", "", "share", "95 % Wilson bound"):
        whole.add_column(column, justify="left" if column in ("label", "") else "right")
    by_label = {label: [r for r in rows if r.label == label] for label in LABELS}
    for label, some in by_label.items():
        hits = sum(r.hit for r in some)
        whole.add_row(label, str(len(some)), f"{hits} alarms" if label == NONE else f"{hits} found", percent(hits, len(some)), _bound(label, some))
    console.print(whole, _slices(rows))


def _slices(rows: Sequence[Row]) -> Table:
    table = Table(title="The same by slice: hits of n, and the 95 % Wilson bound (lower for found, upper for alarms)")
    table.add_column("slice")
    for label in LABELS:
        table.add_column("alarms on none" if label == NONE else label, justify="right")
    cells: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        cells[row.part, row.label].append(row)
    for part in sorted({r.part for r in rows}):
        table.add_row(part, *(_cell(label, cells[part, label]) for label in LABELS))
    return table


def _cell(label: str, rows: Sequence[Row]) -> str:
    return f"{sum(r.hit for r in rows)}/{len(rows)}  {_bound(label, rows)}" if rows else "-"


def _bound(label: str, rows: Sequence[Row]) -> str:
    low, high = wilson(sum(r.hit for r in rows), len(rows))
    return f"≤ {100 * high:.1f} %" if label == NONE else f"≥ {100 * low:.1f} %"
