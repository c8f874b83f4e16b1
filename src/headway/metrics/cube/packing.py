"""Figures as bytes for the relational database, and back."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core.period import Grain, Period
from headway.metrics.cube.cells import CELL, EVERYBODY, GROUP, SEGMENT, band_from, no_peers_of, result_of
from headway.metrics.spec import At, MetricSpec
from headway.metrics.values import Measured, MetricValue, NotEvaluable, Peers

Reasons = Mapping[str, NotEvaluable]


def packed(records: npt.NDArray[np.void]) -> bytes:
    """Records as bytes; most of them are zeros."""
    return zlib.compress(np.ascontiguousarray(records).tobytes(), 1)


def cells_from(kept: bytes) -> npt.NDArray[np.void]:
    """The cells that were packed."""
    return np.frombuffer(zlib.decompress(kept), CELL)


def groups_from(kept: bytes) -> npt.NDArray[np.void]:
    """The groups' order statistics that were packed."""
    return np.frombuffer(zlib.decompress(kept), GROUP)


@dataclass(frozen=True)
class Setting:
    """What the figures of one analysis have in common.

    never: per grain and first day of a period, by metric, why nobody can be measured in it.
    """

    as_of: date
    currency: str
    specs: Mapping[str, MetricSpec]
    keys: tuple[str, ...]
    never: Mapping[tuple[str, date], Reasons]
    newest: Mapping[str, date]

    def shown(self, spec: MetricSpec, grain: Grain, period: Period) -> Period:
        """The days a figure speaks of: what is only known now, of the as-of day."""
        if spec.at is At.NOW and self.newest.get(grain.value) == period.start:
            return Period(self.as_of, self.as_of + timedelta(days=1))
        return period


@dataclass(frozen=True)
class Somebody:
    """A person in a period, as figures need them."""

    person_id: str
    first_name: str
    segment: str
    workdays: int
    workdays_whole: int


def value_of(
    setting: Setting,
    spec: MetricSpec,
    grain: Grain,
    period: Period,
    who: Somebody,
    cell: Any,
    groups: Mapping[str, Any],
    *,
    previous: Measured | NotEvaluable | None = None,
) -> MetricValue:
    """A packed cell as the value that the engine gives.

    Args:
        setting: of the analysis.
        spec, grain, period, who: whose figure of what it is.
        cell: one record of `CELL`.
        groups: per segment ("" is everybody) the metric's record of `GROUP`.
        previous: the result of the period before.
    """
    why = setting.never.get((grain.value, period.start), {}).get(spec.key)
    if why is not None:
        shown, weeks = setting.shown(spec, grain, period), who.workdays / 5
        return MetricValue(
            who.person_id, who.first_name, spec, grain, shown, why, 0, setting.currency, weeks, previous=previous
        )  # fmt: skip
    result = result_of(cell, spec, name=who.first_name)
    unknown = int(cell["unknown"]) if isinstance(result, Measured) else 0
    no_peers = no_peers_of(cell, name=who.first_name, workdays=who.workdays, workdays_whole=who.workdays_whole)
    return MetricValue(
        who.person_id, who.first_name, spec, grain, setting.shown(spec, grain, period), result, int(cell["n"]),
        setting.currency, who.workdays / 5, unknown, _peers(cell, who.segment, groups), no_peers, previous,
    )  # fmt: skip


def _peers(cell: Any, segment: str, groups: Mapping[str, Any]) -> Peers | None:
    if cell["band"] not in (SEGMENT, EVERYBODY):
        return None
    segment = segment if cell["band"] == SEGMENT else ""
    group = groups.get(segment)
    if group is None:
        return None
    low, median, high = band_from(group, int(cell["rank"]))
    return Peers(median, low, high, int(group["m"]) - 1, segment)


def reasons_json(never: Reasons) -> dict[str, Any]:
    """Reasons as they are kept."""
    return {key: {"code": why.code, "about": dict(why.about)} for key, why in never.items()}


def reasons_from(kept: Mapping[str, Any]) -> Reasons:
    """Reasons that were kept."""
    return {key: NotEvaluable(why["code"], why["about"]) for key, why in kept.items()}
