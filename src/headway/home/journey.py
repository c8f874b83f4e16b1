"""A team's way through the deal, and what the best in the company do differently: for managers and leaders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.charts import funnel
from headway.charts.marks import Kind
from headway.core import company
from headway.core.actors import Actor
from headway.core.permissions import scoped
from headway.detection import serialise as signal_json
from headway.detection.models import SignalRecord
from headway.detection.signal import Finding, Signal, StageEvidence
from headway.diagnosis.best import Best, Habit, best_habits
from headway.diagnosis.journey import TeamStep, team_steps
from headway.home.pictures import stage_label
from headway.home.stalling import stalling
from headway.home.words import count, money_short, percent
from headway.metrics.catalogue import find
from headway.metrics.models import AnalysisRun, MetricValueRecord
from headway.people.models import Person

HABITS = (
    "calls", "emails", "social_touches", "meetings", "demos", "call_to_meeting", "own_leads_found",
    "logged_within_24h", "next_step_present", "close_date_ahead", "stagnant_share",
)  # fmt: skip
RATIOS = ("lead_to_qualified", "qualified_to_proposal", "proposal_to_won", "average_deal_size", "sales_cycle")
SHARES = frozenset({
    "call_to_meeting", "logged_within_24h", "next_step_present", "close_date_ahead", "stagnant_share",
    "lead_to_qualified", "qualified_to_proposal", "proposal_to_won",
})  # fmt: skip


def stages_of(run: AnalysisRun, people: Sequence[str]) -> dict[str, tuple[StageEvidence, ...]]:
    """The steps of those who can be judged and are not ramping."""
    rows = SignalRecord.objects.filter(run=run, evaluable=True, person_id__in=people)
    rows = rows.exclude(finding=Finding.RAMPING.value)
    found = ((r.person_id, signal_json.from_json(r.payload)) for r in rows)
    return {person: entry.stages for person, entry in found if isinstance(entry, Signal)}


def context(actor: Actor, run: AnalysisRun, *, team: str | None) -> dict[str, Any]:
    """Everything the page shows: the people below the actor, of one team where a leader chose one."""
    visible = scoped(actor, "person.view", Person.objects.filter(listed=True, role="rep"))
    teams = sorted(set(visible.values_list("team", flat=True)) - {""})
    if team:
        visible = visible.filter(team=team)
    people = list(visible.values_list("person_id", flat=True))
    steps, stays = team_steps(stages_of(run, people)), stalling(run, people)
    best = best_in_company(run)
    currency = company.current().currency
    named = [h for h in best.habits if h.stands_out]
    return {
        "headline": _headline(steps, stays.worst),
        "stays": stays,
        "team": team,
        "teams": teams if len(teams) > 1 else [],
        "steps": [_team_step(step) for step in steps],
        "sentences": [step.sentence for step in steps],
        "best": best,
        "habits": [_habit_step(h, currency) for h in named if h.key in HABITS],
        "ratios": [_habit_step(h, currency) for h in named if h.key in RATIOS],
        "looked_at": ", ".join(str(find(h.key).name) for h in best.habits),
        "compared": len(best.habits),
        "run": run,
        "known_on": run.as_of,
    }


def _headline(steps: Sequence[TeamStep], stalled: str) -> str:
    shared = [step for step in steps if step.system]
    if shared:
        worst = max(shared, key=lambda step: step.lost)
        return _("%s: most of the team is below, so it is the system’s") % stage_label(worst.key, {})
    if stalled:
        return _("Deals stall in %s for most of the team") % stalled
    if not steps:
        return _("Too few decided deals to see where the team loses them")
    return _("No step is lost by most of the team")


def _team_step(step: TeamStep) -> funnel.Step:
    label = stage_label(step.key, {})
    kind = Kind.LUCK if step.system else Kind.EARLY if step.high < step.expected else Kind.UNKNOWN
    kind = Kind.GOOD if step.low > step.expected else kind
    return funnel.Step(
        label=label,
        title=f"{label}: {percent(step.rate)}",
        description=step.sentence,
        kind=kind,
        value=step.rate,
        value_text=percent(step.rate),
        low=step.low,
        high=step.high,
        peer=step.expected,
        counts=_("%(made)s of %(n)s") % {"made": count(step.passed), "n": count(step.chances)},
        say=_("Colleagues %s") % percent(step.expected),
        fine=ngettext("%(below)s of %(n)s person below", "%(below)s of %(n)s people below", step.members)
        % {"below": step.below, "n": step.members},
        peer_text=percent(step.expected),
        range_text=f"{percent(step.low)}–{percent(step.high)}",
    )


def best_in_company(run: AnalysisRun) -> Best:
    """The top quarter of the company against everybody else, without names."""
    rows = SignalRecord.objects.filter(run=run, evaluable=True).exclude(finding=Finding.RAMPING.value)
    entries = [e for e in (signal_json.from_json(r.payload) for r in rows) if isinstance(e, Signal)]
    keys = HABITS + RATIOS
    place = {entry.person_id: n for n, entry in enumerate(entries)}
    values = np.full((len(entries), len(keys)), np.nan)
    segments = dict(Person.objects.filter(pk__in=place).values_list("person_id", "segment"))
    found = MetricValueRecord.objects.filter(run=run, newest=True, metric__in=keys, value__isnull=False)
    for person_id, metric, value in found.values_list("person_id", "metric", "value"):
        if person_id in place and value is not None:
            values[place[person_id], keys.index(metric)] = value
    codes = {label: n for n, label in enumerate(sorted({segments.get(p, "") for p in place}))}
    return best_habits(
        keys,
        values,
        index=np.array([entry.index.estimate for entry in entries]),
        segment=np.array([codes[segments.get(p, "")] for p in place], dtype=np.int64),
    )


def _habit_step(habit: Habit, currency: str) -> funnel.Step:
    label = str(find(habit.key).name)

    def words(value: float) -> str:
        if habit.key in SHARES:
            return percent(value)
        return money_short(value, currency) if habit.key == "average_deal_size" else count(value)

    return funnel.Step(
        label=label,
        title=_("%(label)s: the best %(top)s, everybody else %(rest)s")
        % {"label": label, "top": words(habit.top), "rest": words(habit.rest)},
        description=_("The difference is likely %(low)s to %(high)s times the usual spread between people.")
        % {"low": f"{habit.low:.1f}".replace("-", "−"), "high": f"{habit.high:.1f}".replace("-", "−")},
        kind=Kind.GOOD,
        value=habit.top,
        value_text=words(habit.top),
        peer=habit.rest,
        counts=_("%(top)s and %(rest)s people") % {"top": habit.top_n, "rest": habit.rest_n},
        say=_("Everybody else %s") % words(habit.rest),
        fine=_("by chance %s in 100") % max(1, round(100 * habit.adjusted_p)),
        peer_text=words(habit.rest),
    )
