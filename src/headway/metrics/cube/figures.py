"""From statistics to figures: what the engine says person by person, here for all people and periods at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt

from headway.core.period import Period
from headway.metrics.comparing import LEAST_PEERS, PRESENT_SHARE
from headway.metrics.cube.cells import AWAY, CELL, CODE, EVERYBODY, FEW, GROUP, RAMPING, SEGMENT, order_statistics
from headway.metrics.cube.over import Grid, Waits, sums_over, waits_over
from headway.metrics.cube.parts import Cube, Numbers
from headway.metrics.evaluable import Profile
from headway.metrics.members import Crew, Roster
from headway.metrics.rules import QUOTA_COVERS, UNKNOWN_SHARE
from headway.metrics.spec import At, Kind, Measure, MetricSpec

Marks = npt.NDArray[np.bool_]
# Segment -> one record of order statistics per metric; "" is everybody.
Groups = dict[str, npt.NDArray[np.void]]


@dataclass(frozen=True)
class Ground:
    """What the figures of some periods stand on."""

    cube: Cube
    roster: Roster
    periods: tuple[Period, ...]
    crews: tuple[Crew, ...]
    owners: Mapping[str, Marks]
    as_of: date

    @classmethod
    def of(cls, cube: Cube, roster: Roster, seen: Profile, periods: Sequence[Period], *, as_of: date) -> Ground:
        """For these periods."""
        owners = {
            table: np.array([who in found for who in roster.person_ids], dtype=np.bool_)
            for table, found in seen.owners.items()
        }
        return cls(cube, roster, tuple(periods), tuple(roster.during(period) for period in periods), owners, as_of)

    def some(self, which: Sequence[int]) -> Ground:
        """The same for some of the periods, by their positions."""
        return replace(self, periods=tuple(self.periods[i] for i in which), crews=tuple(self.crews[i] for i in which))

    def asked(self, measure: Measure) -> tuple[Period, ...]:
        """The periods for which a measure is looked up: what is only known now, on the as-of day."""
        if measure.at is not At.NOW:
            return self.periods
        return (Period(self.as_of, self.as_of + timedelta(days=1)),) * len(self.periods)

    @cached_property
    def places(self) -> npt.NDArray[np.int64]:
        """For each person of the roster the position in the cube, -1 for somebody it knows nothing of."""
        known = {who: i for i, who in enumerate(self.cube.persons)}
        return np.array([known.get(who, -1) for who in self.roster.person_ids], dtype=np.int64)

    def of_roster(self, grid: Numbers) -> Numbers:
        """A grid in the cube's order of people, in the roster's."""
        if not grid.shape[1]:
            return np.zeros((len(grid), len(self.roster.person_ids)))
        found: Numbers = np.where(self.places >= 0, grid[:, self.places], 0.0)
        return found


def figures(ground: Ground, spec: MetricSpec, never: Marks) -> npt.NDArray[np.void]:
    """One metric: a cell per period (down) and person of the roster (across), without comparisons.

    Args:
        ground: cube, people, periods.
        spec: the metric.
        never: for each period whether nobody can be measured in it.
    """
    cells = np.zeros((len(ground.periods), len(ground.roster.person_ids)), CELL)
    cells["value"] = np.nan
    cells["status"] = CODE["never"]
    told = np.flatnonzero(~never)
    if len(told):
        some = ground.some(told.tolist())
        cells[told] = _waited(some, spec) if spec.kind is Kind.MEDIAN else _summed(some, spec)
    return cells


def _strangers(ground: Ground, spec: MetricSpec) -> tuple[Marks, Marks]:
    """Who has no row at all, and who was away throughout."""
    shape = (len(ground.periods), len(ground.roster.person_ids))
    has_rows = ground.owners.get(spec.numerator.table, np.zeros(shape[1], dtype=np.bool_))
    days = np.array([crew.workdays for crew in ground.crews]).reshape(shape)
    gone = days <= 0 if spec.at is At.IN_PERIOD else np.zeros(shape, dtype=np.bool_)
    return np.broadcast_to(~has_rows, shape), gone


class _Verdict:
    """Reasons in the engine's order: the first that applies stands."""

    def __init__(self, cells: npt.NDArray[np.void]) -> None:
        self.cells = cells
        self.open = np.ones(cells.shape, dtype=np.bool_)
        cells["status"] = CODE["measured"]

    def stop(self, where: Marks, code: str, *, x: Numbers | None = None, y: Numbers | None = None) -> None:
        """Where nothing stands yet and `where` holds, this reason does, with its numbers."""
        now = self.open & where
        self.cells["status"][now] = CODE[code]
        self.cells["x"][now] = 0.0 if x is None else x[now]
        self.cells["y"][now] = 0.0 if y is None else y[now]
        self.open &= ~where


def _waited(ground: Ground, spec: MetricSpec) -> npt.NDArray[np.void]:
    waits: Waits = waits_over(ground.cube, spec.numerator, ground.periods)
    n, median = ground.of_roster(waits.n), ground.of_roster(waits.median)
    cells = np.zeros(n.shape, CELL)
    cells["n"] = np.rint(n)
    verdict = _Verdict(cells)
    strange, gone = _strangers(ground, spec)
    verdict.stop(strange, "no_rows")
    verdict.stop(gone, "away")
    verdict.stop(n < spec.minimum_n, "too_few")
    verdict.stop(np.isnan(median) | (n == 0), "undecided")
    cells["value"] = np.where(verdict.open, median, np.nan)
    return cells


def _summed(ground: Ground, spec: MetricSpec) -> npt.NDArray[np.void]:
    below = spec.denominator
    has = _sums(ground, spec.numerator)
    under = _sums(ground, below) if below else None
    weeks = np.array([crew.workdays for crew in ground.crews]).reshape(has.x.shape) / 5
    n, top, bottom = _parts(spec, has, under, weeks)
    cells = np.zeros(has.x.shape, CELL)
    cells["n"] = np.maximum(np.rint(n), 0)
    verdict = _Verdict(cells)
    strange, gone = _strangers(ground, spec)
    verdict.stop(strange, "no_rows")
    verdict.stop(gone, "away")
    everything = has.n + has.unknown + has.foreign
    cells["unknown"] = np.where(verdict.open, has.unknown, 0)
    verdict.stop(has.foreign > 0, "foreign_currency", x=has.foreign)
    verdict.stop(has.unknown > UNKNOWN_SHARE * everything, "unknown_amounts", x=everything)
    if under is not None and below is not None and below.at is At.ACCRUED:
        employed = np.array([crew.days_employed for crew in ground.crews]).reshape(n.shape).astype(np.float64)
        verdict.stop(under.foreign > 0, "foreign_quota")
        verdict.stop(under.n == 0, "no_quota")
        verdict.stop(under.of < QUOTA_COVERS * employed, "part_quota", x=under.of, y=employed)
        verdict.stop(under.x <= 0, "zero_quota")
    verdict.stop(np.rint(n) < spec.minimum_n, "too_few")
    fine = verdict.open
    cells["x"] = np.where(fine, top, cells["x"])
    cells["y"] = np.where(fine, has.xx if spec.kind is Kind.MEAN else bottom, cells["y"])
    with np.errstate(divide="ignore", invalid="ignore"):
        cells["value"] = np.where(fine, top / bottom, np.nan)
    return cells


def _sums(ground: Ground, measure: Measure) -> Grid:
    grid = sums_over(ground.cube, measure, ground.asked(measure))
    parts = (grid.n, grid.x, grid.xx, grid.of, grid.unknown, grid.foreign)
    return Grid(*(ground.of_roster(part) for part in parts))


def _parts(spec: MetricSpec, has: Grid, under: Grid | None, weeks: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """What it rests on, numerator and denominator: `engine.things` and `engine.measured` for arrays."""
    ones = np.ones_like(has.x)
    match spec.kind:
        case Kind.TOTAL:
            return has.n, has.x, ones
        case Kind.PER_WEEK:
            return has.x, has.x, weeks
        case Kind.MEAN:
            return has.n, has.x, has.n
        case Kind.SHARE:
            of = under.x if under is not None else has.of
            return of, has.x, of
        case Kind.RATIO:
            assert under is not None
            quota = spec.denominator is not None and spec.denominator.at is At.ACCRUED
            return has.n if quota else under.x, has.x, under.x
        case Kind.MEDIAN:
            raise ValueError("medians come from waits")


def compare(ground: Ground, spec: MetricSpec, cells: npt.NDArray[np.void], groups: Sequence[Groups], at: int) -> None:
    """Fill in the ranks of one metric, and the order statistics of the groups that are compared.

    Args:
        ground: as for `figures`.
        spec: the metric.
        cells: of `figures`; `rank` and `band` are written.
        groups: per period, with everybody's; the metric's records are written.
        at: the metric's position in the groups' records.
    """
    for row, crew, of_period in zip(cells, ground.crews, groups, strict=True):
        numbers = crew.employed & (row["status"] == CODE["measured"])
        away = crew.workdays < PRESENT_SHARE * crew.workdays_whole if spec.grows_with_days else np.zeros_like(numbers)
        row["band"] = np.where(numbers, np.where(crew.ramping, RAMPING, np.where(away, AWAY, FEW)), 0)
        usable = np.flatnonzero(row["band"] == FEW)
        segment = np.array(crew.segment)
        _rank(row, usable, EVERYBODY, of_period[""], at)
        for name in sorted(set(segment[usable].tolist()) - {""}):
            records = of_period.setdefault(name, np.zeros(len(of_period[""]), GROUP))
            _rank(row, usable[segment[usable] == name], SEGMENT, records, at)


def _rank(
    row: npt.NDArray[np.void], group: npt.NDArray[np.int64], band: int, records: npt.NDArray[np.void], at: int
) -> None:
    if len(group) <= LEAST_PEERS:
        return
    values = row["value"][group]
    order = np.argsort(values, kind="stable")
    row["rank"][group[order]] = np.arange(1, len(group) + 1)
    row["band"][group] = band
    records[at] = order_statistics(values[order])
