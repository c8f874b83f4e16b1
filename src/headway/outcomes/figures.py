"""What each plan adds to figures over many plans: reckoned plan by plan and kept, so that pages are quick."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import numpy as np
from django.db.models import QuerySet

from headway.core import clock
from headway.core.actors import Actor
from headway.core.permissions import require
from headway.outcomes.actions.after import keep_figures
from headway.outcomes.judged import Verdict, verdict_from_json
from headway.outcomes.models import PlanFigures, VerdictRecord
from headway.plans.evidence import Evidence
from headway.plans.json_form import from_json
from headway.plans.keeping import draft_of
from headway.plans.models import Plan
from headway.plans.states import RUNNING, PlanState
from headway.running.ledger import ledger_of

COUNTED = frozenset({*RUNNING, PlanState.PAUSED, PlanState.CLOSED, PlanState.APPEALED})
AT_ONCE = 200


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
    looks = _looks([plan.pk for plan in found])
    return [_of(plan, looks.get(plan.pk)) for plan in found]


def _looks(ids: Sequence[int]) -> dict[int, Verdict]:
    """The newest verdict of each plan, where there is one."""
    found: dict[int, Verdict] = {}
    newest: dict[int, str] = dict(
        VerdictRecord.objects.filter(plan_id__in=ids).order_by("as_of", "pk").values_list("plan_id", "payload")
    )
    for plan_id, payload in newest.items():
        verdict = verdict_from_json(json.loads(payload))
        if isinstance(verdict, Verdict):
            found[plan_id] = verdict
    return found


def _of(plan: Plan, verdict: Verdict | None) -> PlanFigures:
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


def with_missing(kept: Iterable[PlanFigures], plans: QuerySet[Plan]) -> list[PlanFigures]:
    """Kept figures, and those of plans for which none are kept yet, reckoned now."""
    rows = list(kept)
    there = {row.plan_id for row in rows}
    missing = [pk for pk in plans.values_list("pk", flat=True) if pk not in there]
    return [*rows, *(figures_of(Plan.objects.filter(pk__in=missing)) if missing else [])]
