"""All figures of the last weeks, months and quarters: what pages read, before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
import numpy.typing as npt

from headway.core.fiscal import Pattern
from headway.core.home_folder import home
from headway.core.period import Grain, Period
from headway.facts.store import Facts
from headway.metrics import catalogue
from headway.metrics.canonical import CalendarLike, Canonical, FactsLike
from headway.metrics.compiled import Statements
from headway.metrics.cube.build import build, measures_of
from headway.metrics.cube.cells import CELL, GROUP
from headway.metrics.cube.figures import Ground, Groups, compare, figures
from headway.metrics.cube.parts import Cube
from headway.metrics.cube.upkeep import cube_of, is_whole
from headway.metrics.engine import periods
from headway.metrics.evaluable import Profile, first_day, missing, outside
from headway.metrics.members import Crew, Roster
from headway.metrics.own.guard import guarded
from headway.metrics.profiles import profile_of
from headway.metrics.spec import MetricSpec
from headway.metrics.values import NotEvaluable

# How many of each are kept: a year and a week, a year and a month, a year and a quarter.
KEPT = {Grain.WEEK: 53, Grain.MONTH: 13, Grain.QUARTER: 5, Grain.TRAILING: 5}


def kept_of(calendar: CalendarLike) -> dict[Grain, int]:
    """How many periods of each length are kept: of thirteen a year one more, so that last year's is there."""
    return KEPT | {Grain.MONTH: 14} if calendar.fiscal_pattern == Pattern.THIRTEEN else KEPT


@dataclass(frozen=True)
class PeriodFigures:
    """Everybody's figures in one period.

    cells: people of the roster down, metrics across. groups: per segment ("" is everybody) a record per metric.
    never: by key why nobody can be measured.
    """

    grain: Grain
    period: Period
    crew: Crew
    cells: npt.NDArray[np.void]
    groups: Groups
    never: dict[str, NotEvaluable]


@dataclass(frozen=True)
class Book:
    """The figures of all periods that are kept, newest first per grain."""

    as_of: date
    currency: str
    metrics: tuple[MetricSpec, ...]
    roster: Roster
    pages: tuple[PeriodFigures, ...]


def figure_book(
    facts: FactsLike, *, calendar: CalendarLike, own: Sequence[MetricSpec] = (), kept: dict[Grain, int] | None = None
) -> Book:
    """Every metric of every rep in the last weeks, months, quarters and 13 weeks that are complete.

    Args:
        facts: as known on the day.
        calendar: the company's.
        own: metrics the company defined; one that fails says so.
        kept: how many periods of each grain; `kept_of` the calendar if None.
    """
    seen = profile_of(facts)
    specs = (*catalogue.specs(tuple(facts.ladder)), *own)
    untold = {spec.key: missing(facts, spec, seen) for spec in specs}
    cube, failed = _cube(facts, [spec for spec in specs if untold[spec.key] is None], calendar)
    roster = Roster.of(facts)
    pages: list[PeriodFigures] = []
    for grain, count in (kept or kept_of(calendar)).items():
        of_grain = periods(facts.as_of, grain=grain, calendar=calendar, back=count - 1)
        pages += _pages(Ground.of(cube, roster, seen, of_grain, as_of=facts.as_of), seen, specs, untold | failed, grain)
    return Book(facts.as_of, facts.currency, specs, roster, tuple(pages))


def _cube(
    facts: FactsLike, possible: Sequence[MetricSpec], calendar: CalendarLike
) -> tuple[Cube, dict[str, NotEvaluable]]:
    """The cube of what can be measured, and which of the company's metrics failed."""
    ours = measures_of([spec for spec in possible if spec.family != "own"])
    statements = Statements(Canonical.of(facts, calendar=calendar, whole=True), folder=home() / "compiled")
    # Facts of another kind than the store's (in tests), and those of an earlier day, have no cube on disk.
    if isinstance(facts, Facts) and is_whole(facts):
        cube = cube_of(facts, ours, calendar=calendar, folder=home() / "compiled").cube
    else:
        cube = build(facts, statements, measures=ours)
    failed: dict[str, NotEvaluable] = {}
    for spec in (spec for spec in possible if spec.family == "own"):
        more = partial(build, facts, statements, measures=measures_of([spec]), onto=cube)
        added = guarded(facts, more)
        if isinstance(added, NotEvaluable):
            failed[spec.key] = added
        else:
            cube = added
    statements.keep()
    return cube, failed


def _pages(
    ground: Ground,
    seen: Profile,
    specs: Sequence[MetricSpec],
    untold: Mapping[str, NotEvaluable | None],
    grain: Grain,
) -> list[PeriodFigures]:
    of_grain = ground.periods
    cells = np.zeros((len(of_grain), len(ground.roster.person_ids), len(specs)), CELL)
    groups: list[Groups] = [{"": np.zeros(len(specs), GROUP)} for _period in of_grain]
    whys: list[dict[str, NotEvaluable]] = [{} for _period in of_grain]
    for at, spec in enumerate(specs):
        first = first_day(seen, spec.numerator)
        for i, period in enumerate(of_grain):
            why = untold[spec.key] or outside(spec, period, grain=grain, seen=seen, first=first, newest=i == 0)
            if why is not None:
                whys[i][spec.key] = why
        found = figures(ground, spec, np.array([spec.key in why for why in whys]))
        compare(ground, spec, found, groups, at)
        cells[:, :, at] = found
    return [
        PeriodFigures(grain, period, crew, cells[i], groups[i], whys[i])
        for i, (period, crew) in enumerate(zip(of_grain, ground.crews, strict=True))
    ]
