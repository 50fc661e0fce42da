"""The few figures that the sections share."""

import math
from collections.abc import Sequence

Z = 1.96  # both ends of a two-sided 95 % interval; as a one-sided bound this is 97.5 %, so it errs on the careful side


def quantile(values: Sequence[float], at: float) -> float:
    """The value below which this share of the values lies (exam.py's rule); 0 of none."""
    return sorted(values)[min(len(values) - 1, int(len(values) * at))] if values else 0.0


def mean(values: Sequence[float]) -> float:
    """The mean; 0 of none."""
    return sum(values) / len(values) if values else 0.0


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of Wilson for a share: lower and upper end. Of nothing, nothing is known."""
    if not of:
        return 0.0, 1.0
    share, square = hits / of, Z * Z
    centre = share + square / (2 * of)
    margin = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return max(0.0, (centre - margin) / (1 + square / of)), min(1.0, (centre + margin) / (1 + square / of))


def percent(hits: int, of: int) -> str:
    """A share in per cent, or a dash of none."""
    return f"{100 * hits / of:.1f} %" if of else "-"
