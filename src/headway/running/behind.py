"""What lies behind one number: deals, leads, entries; and the definition it is counted by."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from headway.core import company
from headway.plans.models import Plan
from headway.running import pictures
from headway.running.progress import GoalProgress
from headway.running.sentences import beside_path, rests_on, said, standing_words
from headway.web.text import day, money

SEEN = 200


def rows_behind(plan: Plan, found: GoalProgress) -> dict[str, Any]:
    """Context of the page: one line per thing that was counted, the newest first."""
    currency = plan.body.get("currency", company.current().currency)
    goal = found.goal
    rows = [_cells(row, currency) for row in reversed(found.rows)]
    value = said(goal, found.value, currency) if found.value is not None else "–"
    return {
        "plan": plan,
        "person": plan.person,
        "found": found,
        "goal": goal,
        "title": _("%(name)s: %(value)s") % {"name": goal.metric_name, "value": value},
        "picture": pictures.goal_row(found, currency=currency),
        "rows": rows[:SEEN],
        "more": max(0, len(rows) - SEEN),
        "rests": rests_on(found) if found.value is not None else "",
        "beside": beside_path(found),
        "standing": standing_words(found.standing),
        "target": said(goal, goal.target, currency),
        "path": said(goal, found.path_value, currency),
        "version": goal.metric_version,
        "known_on": found.as_of,
    }


def _cells(row: dict[str, Any], currency: str) -> tuple[str, str, str, str]:
    """Day, what it is, how it counts, amount."""
    words = {
        "won": _("won"),
        "lost": _("lost"),
        "own": _("found alone"),
        "assigned": _("assigned"),
        "count": _("counted at a check-in"),
        "role_play": _("role-play"),
        "call_review": _("call review"),
        "training": _("module completed"),
    }
    value, kind = row["value"], row["kind"]
    if kind in {"won", "lost"}:
        amount = money(value, currency=currency)
    elif kind == "count":
        amount = _("%(hits)s of %(of)s") % {"hits": f"{value:g}", "of": row["ref"]} if row["ref"] else f"{value:g}"
    else:
        amount = f"{value:.1f}" if value is not None else ""
    return day(date.fromisoformat(row["on"])), row["label"] or words.get(kind, ""), words.get(kind, kind), amount
