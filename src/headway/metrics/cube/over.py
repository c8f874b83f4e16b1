"""From a cube to the statistics of any periods: one array per statistic, periods down, people across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np
import numpy.typing as npt

from headway.core.period import Period
from headway.metrics.canonical import EPOCH
from headway.metrics.cube.parts import OPEN, Column, Cube, Daily, Numbers, Part, Spans
from headway.metrics.spec import At, Measure
from headway.metrics.windows import COHORT_DAYS


@dataclass(frozen=True)
class Grid:
    """The statistics of `windows.Sums` for every period and person."""

    n: Numbers
    x: Numbers
    xx: Numbers
    of: Numbers
    unknown: Numbers
    foreign: Numbers


@dataclass(frozen=True)
class Waits:
    """Kaplan-Meier medians for every period and person; NaN where fewer than half are decided."""

    n: Numbers
    median: Numbers


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH).days


def sums_over(cube: Cube, measure: Measure, periods: Sequence[Period]) -> Grid:
    """What `windows.sums` gives for each of the periods, people in the cube's order."""
    parts, position = cube.parts_of(measure)
    people = len(cube.persons)
    found = _sum([_of_part(part, position, measure, periods, people) for part in parts])
    return found if measure.at in (At.IN_PERIOD, At.ACCRUED, At.THROUGH) else _cleared(found)


def _of_part(part: Part, position: int, measure: Measure, periods: Sequence[Period], people: int) -> Grid:
    if isinstance(part, Daily):
        stats = part.stats[position]
        running = measure.at is not At.IN_PERIOD

        def of(name: str) -> Numbers:
            if name not in stats:
                return np.zeros((len(periods), people))
            return _added(part, stats[name], periods, people, running=running)

        return Grid(of("n"), of("x"), of("xx"), of("of"), of("unknown"), of("foreign"))
    if measure.at is At.THROUGH:
        return _through(part, periods, people)
    if measure.at is At.ACCRUED:
        return _accrued(part, periods, people)
    raise ValueError("waits have medians, not sums")


def _sum(grids: Sequence[Grid]) -> Grid:
    if len(grids) == 1:
        return grids[0]
    names = [field.name for field in fields(Grid)]
    return _cleared(Grid(*(np.sum([getattr(grid, name) for grid in grids], axis=0) for name in names)))


def _added(part: Daily, column: Column, periods: Sequence[Period], people: int, *, running: bool) -> Numbers:
    """Sums of a column from each period's first day (from the beginning of time if `running`) to its last."""
    found = np.zeros((len(periods), people))
    ends = np.searchsorted(part.day, [day_number(p.end) for p in periods]).tolist()
    if not running:
        starts = np.searchsorted(part.day, [day_number(p.start) for p in periods]).tolist()
        for i, (start, end) in enumerate(zip(starts, ends, strict=True)):
            found[i] = np.bincount(part.person[start:end], column[start:end], people)
        return found
    total, upto = np.zeros(people), 0
    for i in sorted(range(len(periods)), key=lambda i: ends[i]):
        if ends[i] > upto:
            total = total + np.bincount(part.person[upto : ends[i]], column[upto : ends[i]], people)
            upto = ends[i]
        found[i] = total
    return found


def _cleared(grid: Grid) -> Grid:
    """Where nothing is left, nothing is left: adding and taking off fractions can leave a trace."""
    none = np.rint(grid.n) == 0
    return Grid(
        np.rint(grid.n),
        np.where(none, 0.0, grid.x),
        np.where(none, 0.0, grid.xx),
        np.where(none, 0.0, grid.of),
        np.rint(grid.unknown),
        np.rint(grid.foreign),
    )


def _through(part: Spans, periods: Sequence[Period], people: int) -> Grid:
    held, kept, foreign = (np.zeros((len(periods), people)) for _i in range(3))
    for i, period in enumerate(periods):
        start, end = day_number(period.start), day_number(period.end)
        here = np.flatnonzero((part.since < start) & (part.until >= start))
        who, weight = part.person[here], part.weight[here].astype(np.float64)
        held[i] = np.bincount(who, weight, people)
        kept[i] = np.bincount(who, weight * (part.until[here] >= end), people)
        foreign[i] = np.bincount(who, weight * part.foreign[here], people)
    return Grid(held, kept, kept, held, np.zeros_like(held), foreign)


def _accrued(part: Spans, periods: Sequence[Period], people: int) -> Grid:
    found = [np.zeros((len(periods), people)) for _i in range(6)]
    known = ~np.isnan(part.x)
    rate = np.where(known, part.x, 0.0)
    for i, period in enumerate(periods):
        start, end = day_number(period.start), day_number(period.end)
        # A quota without an end has no length that it could be split over; the definition leaves it out.
        here = np.flatnonzero((part.since < end) & (part.until > start) & (part.until != OPEN))
        days = (np.minimum(part.until[here], end) - np.maximum(part.since[here], start)).astype(np.float64)
        who, weight, told = part.person[here], part.weight[here].astype(np.float64), known[here]
        worth = rate[here] * days
        columns = (
            told * weight, worth * weight, worth * worth * weight, days * told * weight,
            (~told & ~part.foreign[here]) * weight, part.foreign[here] * weight,
        )  # fmt: skip
        for array, column in zip(found, columns, strict=True):
            array[i] = np.bincount(who, column, people)
    return Grid(*found)


def waits_over(cube: Cube, measure: Measure, periods: Sequence[Period]) -> Waits:
    """What `windows.medians` gives for each of the periods, people in the cube's order."""
    parts, _position = cube.parts_of(measure)
    part = _together([part for part in parts if isinstance(part, Spans)])
    found = [_medians(part, period, len(cube.persons)) for period in periods]
    return Waits(np.array([n for n, _m in found]), np.array([m for _n, m in found]))


def _together(parts: Sequence[Spans]) -> Spans:
    if len(parts) == 1:
        return parts[0]
    names = [field.name for field in fields(Spans)]
    return Spans(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def _medians(part: Spans, period: Period, people: int) -> tuple[Numbers, Numbers]:
    """Deals opened in the year before the period's end, by age in a table of people and days."""
    end = day_number(period.end)
    here = np.flatnonzero((part.since >= end - COHORT_DAYS) & (part.since < end))
    if not len(here):
        return np.zeros(people), np.full(people, np.nan)
    since, until = part.since[here], part.until[here]
    over = until < end
    age = np.where(over, until, end - 1) - since
    # A closing before the opening is kept out of the store; the engine would sort it first.
    least = min(int(age.min()), 0)
    width = int(age.max()) - least + 1
    cell = part.person[here].astype(np.int64) * width + (age - least)
    weight = part.weight[here].astype(np.float64)
    here_at: Numbers = np.bincount(cell, weight, people * width).astype(np.float64).reshape(people, width)
    decided: Numbers = np.bincount(cell, weight * over, people * width).astype(np.float64).reshape(people, width)
    return here_at.sum(axis=1), _kaplan_meier(here_at, decided, least)


def _kaplan_meier(here_at: Numbers, decided: Numbers, least: int) -> Numbers:
    at_risk = np.cumsum(here_at[:, ::-1], axis=1)[:, ::-1]
    left = np.maximum(1.0 - decided / np.maximum(at_risk, 1.0), 1e-300)
    survival = np.cumsum(np.log(left), axis=1)
    # The small allowance keeps an exact half a half after logarithms, as in the definition.
    half = (survival <= np.log(0.5) + 1e-9) & (here_at > 0)
    first: npt.NDArray[np.int64] = np.argmax(half, axis=1)
    return np.where(half.any(axis=1), (first + least).astype(np.float64), np.nan)
