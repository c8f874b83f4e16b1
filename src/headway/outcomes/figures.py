"""What each plan adds to figures over many plans: reckoned plan by plan and kept, so that pages are quick."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from django.db.models import QuerySet

from headway.core import clock
from headway.core.actors import Actor
from headway.core.permissions import require
from headway.outcomes.actions.after import keep_figures
from headway.outcomes.judged import Verdict
from headway.outcomes.models import PlanFigures
from headway.outcomes.queries import newest_looks
from headway.plans.evidence import Evidence
from headway.plans.json_form import from_json
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.states import RUNNING, PlanState
from headway.running.ledger import ledger_of
from headway.running.models import GoalSnapshot
from headway.running.progress import newest_snapshots
from headway.running.rules import Standing

COUNTED = frozenset({*RUNNING, PlanState.PAUSED, PlanState.CLOSED, PlanState.APPEALED})
AT_ONCE = 200
GOOD = frozenset({str(Standing.ON_TRACK), str(Standing.REACHED)})
BAD = frozenset({str(Standing.AT_RISK), str(Standing.OUT_OF_REACH)})


def refresh(*, by: Actor) -> int:
    """Reckon and keep the figures of every plan that may have changed since. Returns how many."""
    require(by, "outcome.look")
    rows = Plan.objects.filter(state__in=sorted(COUNTED)).exclude(figures__final=True)
    ids = list(rows.values_list("pk", flat=True))
    return sum(keep_figures(rows=figures_of(Plan.objects.filter(pk__in=some)), by=by) for some in _in_turn(ids))


def _in_turn(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def figures_of(plans: QuerySet[Plan]) -> list[PlanFigures]:
    """Unsaved figures of some plans."""
    found = list(plans.prefetch_related("goals", "promises", "ledger_entries", "meetings"))
    ids = [plan.pk for plan in found]
    looks, standings = newest_looks(ids), _standings([plan.pk for plan in found if plan.state in RUNNING])
    return [_of(plan, looks.get(plan.pk), standings.get(plan.pk)) for plan in found]


def _standings(ids: Sequence[int]) -> dict[int, bool | None]:
    """Per running plan: True on track, False behind, None cannot tell; from the newest measurement of each goal."""
    by_plan: dict[int, set[str]] = defaultdict(set)
    rows = newest_snapshots(GoalSnapshot.objects.filter(plan_id__in=ids))
    for plan_id, status in rows.values_list("plan_id", "status"):
        by_plan[plan_id].add(status)
    return {pk: False if BAD & found else True if GOOD & found else None for pk, found in by_plan.items()}


def _of(plan: Plan, verdict: Verdict | None, on_track: bool | None) -> PlanFigures:
    ledger, draft = ledger_of(plan), draft_of(plan)
    goals = sorted((goal for goal in draft.goals if goal.gap_key), key=lambda goal: -goal.weight)
    kinds = {promise.key: promise.kind for promise in plan.promises.all()}
    row = PlanFigures(
        plan=plan,
        promised=sum(line.planned for line in ledger.company),
        given=sum(min(line.given, line.planned) for line in ledger.company),
        hours=ledger.hours_given,
        hours_promised=ledger.hours_planned,
        gap=goals[0].gap_key if goals else "",
        support=sorted({kinds[line.key] for line in ledger.company if line.given > 0 and line.key in kinds}),
        on_track=on_track,
        final=plan.state == PlanState.CLOSED,
        made_on=clock.today(),
    )
    if verdict is not None:
        spread = (np.log1p(verdict.gain_high) - np.log1p(max(verdict.gain_low, -0.9))) / 3.29
        row.change, row.change_sd = float(np.log1p(verdict.gain)), max(float(spread), 0.05)
        row.gain, row.gain_sd = _money(plan, verdict)
    return row


def _money(plan: Plan, verdict: Verdict) -> tuple[float | None, float | None]:
    """The real gain times what an average colleague books in a year on this territory; with its doubt."""
    gap = from_json(Evidence, plan.evidence).gap
    if gap is None or gap.end <= gap.start:
        return None, None
    usual = gap.expected * 365.0 / (gap.end - gap.start).days
    sd = (verdict.gain_high - verdict.gain_low) / 3.29
    return verdict.gain * usual * verdict.expected, sd * usual * verdict.expected
