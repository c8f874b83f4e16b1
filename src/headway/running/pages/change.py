"""What would change if a goal's target or day were another: its simulated effect, before anything is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from headway.core import company
from headway.core.permissions import can
from headway.plans.plan_draft import Goal
from headway.plans.quantities import numbers_in
from headway.running.effects import LEVELS, chance_of
from headway.running.pages.progress import user_of
from headway.running.progress import FanDay, GoalProgress, progress_of
from headway.running.queries import running_plan_for
from headway.running.sentences import said
from headway.web.text import day


@dataclass(frozen=True)
class Effect:
    """A target and day with the chance it has; chance None: cannot be computed, `words` says why."""

    target: str
    on: str
    chance: float | None
    words: str


@require_GET
def change(request: HttpRequest, plan_id: int) -> HttpResponse:
    """What another target or day would do; `?goal=&target=&by=` asks for one. Changes nothing."""
    user = user_of(request)
    plan = running_plan_for(user, plan_id)
    currency = plan.body.get("currency", company.current().currency)
    found = [one for one in progress_of(plan, by=user) if one.fan and one.value is not None]
    chosen = next((one for one in found if one.goal.key == request.GET.get("goal")), found[0] if found else None)
    context: dict[str, Any] = {
        "plan": plan,
        "person": plan.person,
        "goals": [(one.goal.key, one.goal.metric_name) for one in found],
        "chosen": chosen,
        "typed": {"target": request.GET.get("target", ""), "by": request.GET.get("by", "")},
        "may_amend": bool(can(user, "plan.amend", plan)),
        "title": _("What would another target or day change?"),
    }
    if chosen is not None:
        context["effects"] = _effects(chosen, request.GET.get("target", ""), request.GET.get("by", ""), currency)
        context["known_on"] = chosen.as_of
    return render(request, "running/change.html", context)


def _effects(found: GoalProgress, target: str, by: str, currency: str) -> list[Effect]:
    """As signed, as asked, and the target that is reached eight times in ten by the signed day."""
    goal = found.goal
    rows = [_effect(_("as agreed"), found, goal.target, goal.by, currency)]
    if target or by:
        wanted, on = _wanted(goal, target, by)
        rows.append(_effect(_("as asked"), found, wanted, on, currency))
    fair = _reached_with(found.fan[-1])
    rows.append(_effect(_("reached eight times in ten at today’s pace"), found, fair, goal.by, currency))
    return rows


def _wanted(goal: Goal, target: str, by: str) -> tuple[float, date]:
    numbers = numbers_in(target)
    try:
        on = date.fromisoformat(by) if by else goal.by
    except ValueError:
        on = goal.by
    return (numbers[0].value if numbers else goal.target), on


def _reached_with(last: FanDay) -> float:
    """The result that is reached eight times in ten, rounded down as people say it."""
    value = float(np.interp(0.2, LEVELS, (last.q05, last.q25, last.q50, last.q75, last.q95)))
    unit = 1000.0 if value >= 10_000 else 1.0
    return value // unit * unit


def _effect(words: str, found: GoalProgress, target: float, on: date, currency: str) -> Effect:
    chance, why = chance_of(found, target=target, by=on)
    if chance is None:
        words = f"{words}: {why}"
    return Effect(said(found.goal, target, currency), day(on), chance, words)
