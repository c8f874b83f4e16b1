"""One figure as it is packed: the value, what it was made of, or why there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from headway.metrics.comparing import LEAST_PEERS
from headway.metrics.members import RAMP_WEEKS
from headway.metrics.rules import mean_interval, share_interval
from headway.metrics.spec import Kind, MetricSpec
from headway.metrics.values import Measured, NotEvaluable

# Why there is no number, by what is kept in `status`; 0: there is one; 1: nobody has one, for a reason of the period.
STATUS = (
    "measured",
    "never",
    "no_rows",
    "away",
    "foreign_currency",
    "unknown_amounts",
    "foreign_quota",
    "no_quota",
    "part_quota",
    "zero_quota",
    "too_few",
    "undecided",
)
CODE = {name: number for number, name in enumerate(STATUS)}
# With whom it is compared, by what is kept in `band`.
NO_NUMBER, SEGMENT, EVERYBODY, RAMPING, AWAY, FEW = range(6)

# value: the figure. x, y: numerator and denominator; of averages y is the sum of squares; where there is no figure, the
# numbers in the reason. n: what it rests on. rank: place among the compared, from 1, the smallest first.
CELL = np.dtype(
    [
        ("value", "<f8"),
        ("x", "<f8"),
        ("y", "<f8"),
        ("n", "<u4"),
        ("unknown", "<u4"),
        ("rank", "<u4"),
        ("status", "u1"),
        ("band", "u1"),
    ]
)
# Order statistics of a group: for each of the quantiles 10, 50 and 90 % the three values that the quantile of the
# others can lie between, whoever is left out (`rules.band_of_others`); m: how many were compared.
GROUP = np.dtype([("m", "<u4"), ("at", "<f8", (3, 3))])
QUANTILES = (0.1, 0.5, 0.9)
Cells = npt.NDArray[np.void]


def result_of(cell: Any, spec: MetricSpec, *, name: str) -> Measured | NotEvaluable:
    """The figure of a packed cell, with its interval, or the reason why there is none."""
    status = STATUS[cell["status"]]
    if status == "measured":
        return _measured(cell, spec)
    if status == "never":
        return NotEvaluable("past_unknown")
    return NotEvaluable(status, _about(status, cell, spec, name))


def _measured(cell: Any, spec: MetricSpec) -> Measured:
    value, x, y, n = float(cell["value"]), float(cell["x"]), float(cell["y"]), int(cell["n"])
    if spec.kind is Kind.SHARE:
        return Measured(value, *share_interval(x, y))
    if spec.kind is Kind.MEAN:
        return Measured(value, *mean_interval(n, x, y))
    return Measured(value)


def _about(status: str, cell: Any, spec: MetricSpec, name: str) -> dict[str, str | int]:
    n = int(cell["n"])
    match status:
        case "no_rows":
            return {"name": name, "table": spec.numerator.table}
        case "away" | "no_quota":
            return {"name": name}
        case "foreign_currency":
            return {"n": round(cell["x"]), "things": str(spec.n_of)}
        case "unknown_amounts":
            return {"n": int(cell["unknown"]), "all": round(cell["x"]), "things": str(spec.n_of)}
        case "part_quota":
            return {"n": round(cell["x"]), "all": round(cell["y"])}
        case "too_few":
            return {"n": n, "things": str(spec.n_of), "needed": spec.minimum_n}
        case "undecided":
            return {"n": n}
    return {}


def no_peers_of(cell: Any, *, name: str, workdays: int, workdays_whole: int) -> NotEvaluable | None:
    """Why a figure is not compared with anybody; None if it is, or if there is no figure."""
    match int(cell["band"]):
        case 3:
            return NotEvaluable("ramping", {"name": name, "weeks": RAMP_WEEKS})
        case 4:
            return NotEvaluable("partly_away", {"name": name, "n": workdays, "all": workdays_whole})
        case 5:
            return NotEvaluable("few_peers", {"needed": LEAST_PEERS})
    return None


def order_statistics(ordered: npt.NDArray[np.float64]) -> Any:
    """What has to be kept of a group's values, in their order, to tell everybody's comparison band.

    Args:
        ordered: values of at least two people, the smallest first.
    """
    kept = np.zeros((), GROUP)
    m = len(ordered)
    kept["m"] = m
    for i, q in enumerate(QUANTILES):
        low = int((m - 2) * q)
        kept["at"][i] = [ordered[min(low + step, m - 1)] for step in range(3)]
    return kept


def band_from(kept: Any, rank: int) -> tuple[float, float, float]:
    """Low, median and high of the others, for the person who is `rank`-th (from 1), as `rules.band_of_others`."""
    m, at = int(kept["m"]), kept["at"]
    found = [0.0, 0.0, 0.0]
    for i, q in enumerate(QUANTILES):
        place = (m - 2) * q
        low = int(place)
        high = min(low + 1, m - 2)
        near = at[i]
        below = near[0 if low < rank - 1 else 1]
        above = near[high - low if high < rank - 1 else high - low + 1]
        found[i] = float(below + (above - below) * (place - low))
    return found[0], found[1], found[2]
