"""The reaches that plans are drafted from: made for everybody after an analysis, or for one person when asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from scipy.special import expit, logit

from headway.core.errors import NotFound
from headway.detection.analysis import Analysis
from headway.detection.facts_port import FactsLike
from headway.metrics.models import AnalysisRun
from headway.plans.content import load
from headway.plans.models import ReachRecord
from headway.plans.outlook.engine import Desk, desk_of, outlooks
from headway.plans.outlook.model import TooLittle
from headway.plans.outlook.outlook import Outlook
from headway.plans.outlook.reach import Level, Reach, reach_of
from headway.plans.outlook.reaching import ADEQUATE
from headway.plans.timeline import LENGTHS, window_from


def reaches(
    facts: FactsLike, *, people: Iterable[str] | None = None, analysis: Analysis | None = None
) -> dict[str, Reach]:
    """Of everybody (or some people) for the longest plan that could start now; without those who cannot be forecast."""
    try:
        desk = desk_of(facts, analysis=analysis)
    except TooLittle:
        return {}
    start, end = span_of(facts.as_of)
    asked = tuple(people) if people is not None else None
    today = outlooks(facts, start, end, people=asked, desk=desk)
    adequate = outlooks(facts, start, end, people=asked, desk=desk, index=ADEQUATE)
    found = {}
    for person, mine in today.items():
        theirs = adequate[person]
        if isinstance(mine, Outlook) and isinstance(theirs, Outlook):
            found[person] = reach_of(mine, theirs, levels=_levels(desk, person))
    return found


def span_of(as_of: date) -> tuple[date, date]:
    """The days of the longest plan drafted on a day: its start as every draft sets it."""
    notice = int(load("en").rule("notice_days"))
    start = window_from(as_of, days=LENGTHS[-1], notice_days=notice).start
    return start, start + timedelta(days=LENGTHS[-1])


def _levels(desk: Desk, person: str) -> tuple[Level, ...]:
    """Conversions at today's effects, on the mix the person has: what colleagues would make of it, moved by the
    person's own effect as of today (nine in ten)."""
    analysis = desk.analysis
    estimate, posterior, table = analysis.estimate, analysis.posterior, analysis.table
    if estimate is None or posterior is None or table is None:
        return ()
    row, found = analysis.roster.position[person], []
    for j, measure in enumerate(estimate.measures):
        if measure.kind != "conversion" or table.chances[row, j] < 1:
            continue
        centre = logit(np.clip(table.peer_rate[row, j], 1e-3, 1 - 1e-3)) + posterior.effect[row, j]
        spread = 1.645 * posterior.effect_sd[row, j]
        low, rate, high = (round(float(expit(v)), 4) for v in (centre - spread, centre, centre + spread))
        found.append(Level(measure.key, rate, low, high))
    return tuple(found)


def reach_of_run(run: AnalysisRun, person_id: str) -> Reach | None:
    """The reach kept with a run; made now where the background work has not come to it yet. None if there is none."""
    from headway.core.actors import SYSTEM
    from headway.facts.store import open_facts
    from headway.plans.json_form import from_json
    from headway.plans.outlook.actions import keep_reaches

    kept = ReachRecord.objects.filter(run=run, person_id=person_id).first()
    if kept is not None:
        return from_json(Reach, kept.payload) if kept.payload else None
    try:
        with open_facts(run.as_of, version=run.facts_version) as facts:
            made = reaches(facts, people=[person_id])
    except NotFound:
        return None
    keep_reaches(run=run, reaches=made, by=SYSTEM)
    return made.get(person_id)


def keep_for_run(run: AnalysisRun) -> int:
    """Make and keep the reaches of everybody in a run. Running it twice keeps nothing twice."""
    from headway.core.actors import SYSTEM
    from headway.facts.store import open_facts
    from headway.plans.outlook.actions import keep_reaches

    try:
        with open_facts(run.as_of, version=run.facts_version) as facts:
            made = reaches(facts)
    except NotFound:
        return 0
    return keep_reaches(run=run, reaches=made, by=SYSTEM)
