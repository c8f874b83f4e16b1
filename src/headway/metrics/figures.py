"""Reading kept figures: one rep's last weeks beside comparable reps.

Only the relational database is asked. A figure becomes a `MetricValue` when it is looked at, not before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

from headway.core import company
from headway.core.actors import Actor
from headway.core.period import Grain, Period
from headway.core.permissions import require
from headway.metrics import catalogue
from headway.metrics.cube.cells import CELL, GROUP
from headway.metrics.cube.packing import Setting, Somebody, cells_from, groups_from, reasons_from, value_of
from headway.metrics.models import FigureSet
from headway.metrics.own.queries import own_specs
from headway.metrics.spec import MetricSpec
from headway.metrics.values import MetricValue


@lru_cache(maxsize=4)
def setting_of(stamp: str) -> Setting:
    """What the figures of an analysis have in common; they never change, so they are read once per process."""
    kept = FigureSet.objects.get(stamp=stamp)
    ladder = tuple(company.current().ladder)
    known = {spec.key: spec for spec in (*catalogue.specs(ladder), *own_specs(ladder))}
    never = {
        (grain, date.fromisoformat(start)): reasons_from(reasons)
        for grain, starts in kept.never.items()
        for start, reasons in starts.items()
    }
    return Setting(
        kept.as_of,
        kept.currency,
        {key: known[key] for key in kept.metrics if key in known},
        tuple(kept.metrics),
        never,
        {grain: max(date.fromisoformat(start) for start in starts) for grain, starts in kept.never.items()},
    )


def newest_stamp() -> str | None:
    """Which figures are the newest; None while no analysis has been made."""
    return FigureSet.objects.order_by("-pk").values_list("stamp", flat=True).first()


Record = dict[str, Any]


def records_of(of: npt.NDArray[np.void]) -> list[Record]:
    """The records one by one: taking fields from an array record by record takes three times as long."""
    names = of.dtype.names or ()
    return [dict(zip(names, row, strict=True)) for row in of.tolist()]


@dataclass(frozen=True)
class WeekOfRep:
    """One week: who, and all figures of it, still packed."""

    period: Period
    who: Somebody
    cells: npt.NDArray[np.void]


@dataclass(frozen=True)
class RepWeeks:
    """A rep's last weeks, the oldest first, with comparable reps of each week.

    Weeks in which the person was not employed are left out. `as_of`: the day up to which the figures know.
    """

    person_id: str
    as_of: date
    weeks: tuple[WeekOfRep, ...]
    setting: Setting
    _peers: Mapping[tuple[date, str], bytes]

    @property
    def specs(self) -> tuple[MetricSpec, ...]:
        """The metrics there are figures of, in the catalogue's order."""
        return tuple(self.setting.specs.values())

    @property
    def periods(self) -> tuple[Period, ...]:
        """The weeks."""
        return tuple(week.period for week in self.weeks)

    def numbers(self, metric: str) -> tuple[float | None, ...]:
        """The metric's number in each week; None where there is none."""
        at = self.setting.keys.index(metric)
        found = (float(week.cells["value"][at]) for week in self.weeks)
        return tuple(None if number != number else number for number in found)

    def parts(self, metric: str) -> tuple[tuple[float, float, int], ...]:
        """Numerator, denominator and n of each week; they mean something only where there is a number."""
        at = self.setting.keys.index(metric)
        rows = (week.cells[at] for week in self.weeks)
        return tuple((float(row["x"]), float(row["y"]), int(row["n"])) for row in rows)

    def series(self, metric: str) -> tuple[MetricValue, ...]:
        """The metric's value in each week, with peers, interval, reason, and the week before as `previous`."""
        if not self.weeks:
            return ()
        at, spec = self.setting.keys.index(metric), self.setting.specs[metric]
        cells, groups = records_of(np.array([week.cells[at] for week in self.weeks], CELL)), self._groups_of(at)
        found: list[MetricValue] = []
        for week, cell in zip(self.weeks, cells, strict=True):
            before = found[-1].result if found and found[-1].period.end == week.period.start else None
            near = {name: of for name in ("", week.who.segment) if (of := groups.get((week.period.start, name)))}
            found.append(
                value_of(self.setting, spec, Grain.WEEK, week.period, week.who, cell, near, previous=before)
            )  # fmt: skip
        return tuple(found)

    def newest(self) -> tuple[MetricValue, ...]:
        """Every metric in the newest week."""
        return tuple(self.series(key)[-1] for key in self.setting.specs) if self.weeks else ()

    def _groups_of(self, at: int) -> dict[tuple[date, str], Record]:
        """One metric's comparable reps by week and segment: unpacking all metrics would take most of a page's time."""
        if not self._groups:
            return {}
        records = records_of(np.array([groups[at] for groups in self._groups.values()], GROUP))
        return dict(zip(self._groups, records, strict=True))

    @cached_property
    def _groups(self) -> dict[tuple[date, str], npt.NDArray[np.void]]:
        return {place: groups_from(kept) for place, kept in self._peers.items()}


# One question, so that nobody gets the weeks of one analysis with the peers of another. The framework's own way of
# asking the same takes five times as long as the database does.
_WEEKS = """
    SELECT (SELECT stamp FROM metrics_figureset ORDER BY id DESC LIMIT 1),
        w.start, w.first_name, w.segment, w.workdays, w.workdays_whole, w.packed, p.segment, p.packed
    FROM (SELECT * FROM metrics_repweek WHERE person_id = %s ORDER BY start DESC LIMIT %s) w
    LEFT JOIN metrics_peer p ON p.start = w.start AND p.segment IN ('', w.segment)
    ORDER BY w.start"""


def weeks_of(actor: Actor, person_id: str, *, weeks: int = 13) -> RepWeeks | None:
    """One rep's last complete weeks for all metrics, with comparable reps; None while no analysis has been made.

    One query (one more the first time in a process, and for a person without weeks).

    Args:
        actor: who looks.
        person_id: at whom.
        weeks: at most how many, 1 to 53.

    Raises:
        NotFound: the person is outside the actor's reach.
    """
    require(actor, "figures.view", person_id)
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS, [person_id, weeks])
        rows = cursor.fetchall()
    stamp = rows[0][0] if rows else newest_stamp()
    if stamp is None:
        return None
    setting = setting_of(stamp)
    first = setting.newest[Grain.WEEK.value] - timedelta(days=7 * (weeks - 1))
    found: dict[date, WeekOfRep] = {}
    peers: dict[tuple[date, str], bytes] = {}
    for _stamp, start, name, segment, workdays, whole, kept, group, kept_peers in rows:
        if start < first:
            continue
        if start not in found:
            who = Somebody(person_id, name, segment, workdays, whole)
            found[start] = WeekOfRep(Period(start, start + timedelta(days=7)), who, cells_from(bytes(kept)))
        if group is not None:
            peers[start, group] = bytes(kept_peers)
    return RepWeeks(person_id, setting.as_of, tuple(found.values()), setting, peers)
