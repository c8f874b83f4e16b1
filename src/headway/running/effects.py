"""What another target or day would do to a goal's chance: read off what was measured, before anything is proposed.

Money and deals: the kept forecast, which reaches 13 weeks beyond the agreed day. Shares: the same reckoning as for the
agreed target. What people count, and what support would do, cannot be computed, and that is what is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from headway.core import company
from headway.core.actors import Actor
from headway.plans.amending import AmendedPlan
from headway.plans.evidence import Unit
from headway.plans.models import Plan
from headway.plans.simulating import Simulated
from headway.running.chances import FEWEST, share_odds
from headway.running.measuring import Reading
from headway.running.progress import FanDay, GoalProgress, progress_of
from headway.running.sentences import said
from headway.web.text import day

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


def chance_at(fan: Sequence[FanDay], target: float, on: date) -> float | None:
    """Chance of reaching a target by a day, read off a kept fan; None outside its days. Between 2 and 98 in 100.

    The fan holds five quantiles a day; between them and between days the lines are straight.
    """
    days = list(fan)
    if not days or on < days[0].on or on > days[-1].on:
        return None
    at = [one.on.toordinal() for one in days]
    quantiles = [
        float(np.interp(on.toordinal(), at, [getattr(one, name) for one in days]))
        for name in ("q05", "q25", "q50", "q75", "q95")
    ]
    below = float(np.interp(target, quantiles, LEVELS, left=0.02, right=0.98))
    return 1.0 - below


def chance_of(found: GoalProgress, *, target: float, by: date) -> tuple[float | None, str]:
    """The chance of another target by another day; None with the reason where it cannot be computed."""
    if found.value is None:
        return None, _("cannot be computed: there is no figure yet")
    if found.fan:
        chance = chance_at((*found.fan, *found.later), target, by)
        return chance, "" if chance is not None else _("cannot be computed: the forecast does not reach this day")
    if found.goal.unit is Unit.SHARE and not found.by_hand and found.n >= FEWEST:
        if by <= found.as_of:
            return None, _("cannot be computed: this day is over")
        goal = replace(found.goal, target=target, by=by)
        return share_odds(goal, Reading(found.value, n=found.n), on=found.as_of).chance, ""
    return None, _("cannot be computed: nothing forecasts this figure")


def simulate(plan: Plan, change: AmendedPlan, by: Actor) -> tuple[Simulated, ...]:
    """What a change would do: one line per goal whose target or day changes, one for support."""
    currency = plan.body.get("currency", company.current().currency)
    lines = []
    for found in progress_of(plan, by=by):
        new = change.goals.get(found.goal.key)
        if new is None or (new.target is None and new.by is None):
            continue
        target = found.goal.target if new.target is None else new.target
        lines.append(_line(found, target, new.by or found.goal.by, currency))
    if change.promises or change.added:
        why = _("cannot be computed: what support does shows in the figures of the weeks after")
        lines.append(Simulated(_("Support"), "", "", None, None, why))
    return tuple(lines)


def _line(found: GoalProgress, target: float, by: date, currency: str) -> Simulated:
    goal = found.goal
    before, _why = chance_of(found, target=goal.target, by=goal.by)
    after, why = chance_of(found, target=target, by=by)
    words = _("%(target)s by %(on)s")
    return Simulated(
        goal.metric_name,
        words % {"target": said(goal, goal.target, currency), "on": day(goal.by)},
        words % {"target": said(goal, target, currency), "on": day(by)},
        before,
        after,
        why,
        found.as_of,
    )
