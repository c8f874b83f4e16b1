"""After an analysis: a verdict for every running plan, and drops of people whose plan is over."""

from __future__ import annotations

from datetime import timedelta

from headway.core import clock
from headway.core.actors import Actor
from headway.core.errors import NotFound
from headway.core.permissions import require
from headway.detection import serialise
from headway.detection.engine import analyse
from headway.detection.models import SignalRecord
from headway.detection.signal import Finding, Signal
from headway.facts.store import open_facts
from headway.metrics.queries import latest_run
from headway.outcomes.actions.after import RelapseSeen, keep_relapses, keep_verdicts
from headway.outcomes.models import Evaluation
from headway.outcomes.states import DECIDED
from headway.outcomes.verdict import judge_all
from headway.plans.models import Plan
from headway.plans.states import OPEN, RUNNING, PlanState

# For so long after a plan a renewed drop is looked for.
WATCHED = timedelta(days=366)
DROPS = frozenset({Finding.REAL_DROP, Finding.EARLY_SIGN})


def look(*, by: Actor) -> tuple[int, int]:
    """Keep a verdict of every running plan and every renewed drop. How many of each are new; twice adds nothing."""
    require(by, "outcome.look")
    return look_at_running(by=by), keep_relapses(seen=renewed_drops(), by=by)


def look_at_running(*, by: Actor) -> int:
    """Keep one look at the verdict of every running plan. How many are new."""
    require(by, "outcome.look")
    rows = Plan.objects.filter(state__in=sorted(RUNNING), start_on__lt=clock.today())
    plans = list(rows.only("pk", "person_id", "start_on"))
    if not plans:
        return 0
    try:
        opened = open_facts()
    except NotFound:
        return 0  # nothing is loaded: there is nothing to judge by
    with opened as facts:
        begun = [plan for plan in plans if plan.start_on <= facts.as_of]
        found = judge_all(analyse(facts), [(plan.person_id, plan.start_on) for plan in begun])
        as_of, version = facts.as_of, facts.version
    documents = {plan.pk: verdict.as_json() for plan, verdict in zip(begun, found, strict=True)}
    return keep_verdicts(documents=documents, as_of=as_of, facts_version=version, by=by) if documents else 0


def renewed_drops() -> list[RelapseSeen]:
    """Drops that the newest analysis shows since the end of a plan that went well or was closed; nobody who has
    another plan. Two queries and one per person with a drop."""
    run = latest_run()
    if run is None:
        return []
    since = clock.today() - WATCHED
    ended = {
        row.plan.person_id: row
        for row in Evaluation.objects.filter(
            stage__in=sorted(DECIDED), decided_on__gte=since, plan__state=PlanState.CLOSED
        ).select_related("plan")
    }
    busy = set(Plan.objects.filter(person_id__in=ended, state__in=sorted(OPEN)).values_list("person_id", flat=True))
    rows = SignalRecord.objects.filter(run=run, person_id__in=ended, finding__in=sorted(DROPS))
    found = []
    for row in rows:
        entry, evaluation = serialise.from_json(row.payload), ended[row.person_id]
        if row.person_id in busy or not isinstance(entry, Signal) or entry.since is None:
            continue
        if evaluation.decided_on is not None and entry.since > evaluation.decided_on - timedelta(days=14):
            words = entry.reasons[0] if entry.reasons else entry.sentences[0]
            strength = max(entry.p_change, entry.p_warning)
            found.append(RelapseSeen(evaluation.plan_id, entry.since, entry.since_kind or "", strength, words))
    return found
