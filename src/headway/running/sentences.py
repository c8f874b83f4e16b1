"""What the pages say about a running plan, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from headway.plans.evidence import Unit
from headway.plans.models import Plan
from headway.plans.plan_draft import Goal, GoalKind
from headway.plans.states import PlanState
from headway.plans.wording import day, figure_text
from headway.running.ledger import LedgerLine
from headway.running.progress import GoalProgress
from headway.running.rules import Kept, Standing
from headway.web.text import in_hundred, money, times_in_hundred


def standing_words(standing: Standing) -> str:
    """A standing in two or three words."""
    return {
        Standing.REACHED: _("reached"),
        Standing.ON_TRACK: _("on track"),
        Standing.AT_RISK: _("at risk"),
        Standing.OUT_OF_REACH: _("out of reach"),
        Standing.CANNOT_TELL: _("can’t tell yet"),
        Standing.NOT_STARTED: _("not started"),
    }[standing]


TONES = {
    Standing.REACHED: "good",
    Standing.ON_TRACK: "good",
    Standing.AT_RISK: "signal",
    Standing.OUT_OF_REACH: "signal",
    Standing.CANNOT_TELL: "",
    Standing.NOT_STARTED: "line",
}


def reason_words(found: GoalProgress) -> str:
    """Why there is no number; the metric's own sentence where it gave one."""
    known = {
        "not_measured": _("Not measured yet: the next analysis of the CRM data does it"),
        "definition_changed": _("The definition of this figure has changed since the plan was signed"),
        "nobody": _("Nobody was at work in these days"),
        "not_counted": _("Not counted yet: it is written down at check-ins"),
        "not_played": _("No role-play has been scored yet"),
        "no_training": _("The CRM data has no result of a training module yet"),
        "": "",
    }
    return known.get(found.reason, found.reason)


def week_of(plan: Plan, on: date) -> tuple[int, int]:
    """Which week of how many a plan is in; 0 before it starts, the last one after it."""
    weeks = -(-((plan.last_on - plan.start_on).days + 1) // 7)
    here = (on - plan.start_on).days // 7 + 1
    return max(0, min(here, weeks)), weeks


def main_goal(found: Sequence[GoalProgress]) -> GoalProgress | None:
    """The goal the page leads with: money where there is any, else the first one that is measured."""
    money_first = sorted(found, key=lambda one: (one.goal.kind is not GoalKind.REVENUE, one.value is None))
    return money_first[0] if money_first else None


def title_of(plan: Plan, found: Sequence[GoalProgress], *, on: date) -> str:
    """The finding, as the page's title. Never a judgement of the person."""
    if plan.state == PlanState.PAUSED:
        return _("Paused: the clock stands still")
    if on < plan.start_on:
        return _("Starts on %s") % day(plan.start_on)
    if found and all(one.standing is Standing.REACHED for one in found):
        return _("All goals are reached")
    if on > plan.last_on:
        return _("The time is over: look at it together")
    main = main_goal(found)
    if main is None or main.value is None:
        return _("Under way, nothing measured yet")
    return _finding(main)


def _finding(main: GoalProgress) -> str:
    if main.standing is Standing.REACHED:
        return _("The main goal is reached")
    if main.standing is Standing.OUT_OF_REACH:
        return _("The target has moved out of reach")
    ahead, behind = (
        {
            Standing.ON_TRACK: (_("Ahead of the path, on track"), _("Behind the path, still on track")),
            Standing.AT_RISK: (_("Ahead of the path, yet at risk"), _("Behind the path, at risk")),
        }
    ).get(main.standing, (_("Ahead of the path, still open"), _("Behind the path, still open")))
    if main.ahead is None:
        return _("Under way, can’t tell yet")
    if on_the_path(main):
        return {
            Standing.ON_TRACK: _("On the path, and on track"),
            Standing.AT_RISK: _("On the path, yet at risk"),
        }.get(main.standing, _("On the path, still open"))
    return ahead if main.ahead else behind


def lead_of(plan: Plan, found: Sequence[GoalProgress], *, on: date, currency: str) -> str:
    """What the title leaves out: the week, the main figure against the path, the chance."""
    here, weeks = week_of(plan, on)
    parts = [_("Week %(here)d of %(weeks)d.") % {"here": here, "weeks": weeks}] if here else []
    main = main_goal(found)
    if main is not None and main.value is not None:
        parts.append(_against_path(main, currency))
    if main is not None and main.chance is not None and main.standing is not Standing.REACHED:
        values = {
            "target": said(main.goal, main.goal.target, currency),
            "times": times_in_hundred(in_hundred(main.chance)),
        }
        parts.append(_("The target of %(target)s is reached %(times)s.") % values)
    return " ".join(parts)


def _against_path(main: GoalProgress, currency: str) -> str:
    value = said(main.goal, main.value, currency)
    if main.path_value is None:
        return _("%(name)s: %(value)s.") % {"name": main.goal.metric_name, "value": value}
    words = {"value": value, "path": said(main.goal, main.path_value, currency), "name": main.goal.metric_name}
    if main.goal.kind is GoalKind.REVENUE:
        return _("%(value)s won, %(path)s were on the path.") % words
    return _("%(name)s: %(value)s, %(path)s were on the path.") % words


def said(goal: Goal, value: float | None, currency: str) -> str:
    """A goal's figure as text. Money on the way is said to three digits."""
    if goal.unit is Unit.MONEY:
        return money(value if value is None or abs(value) < 1000 else float(f"{value:.3g}"), currency=currency)
    if goal.unit is Unit.PER_WEEK and value is not None:
        return _("%s a week") % f"{value:.1f}"
    return figure_text(value, goal.unit, currency)


def rests_on(found: GoalProgress) -> str:
    """How much lies behind a figure."""
    unit = found.goal.unit
    if found.goal.metric_key == "role_play":
        return ngettext("%d role-play", "%d role-plays", found.n) % found.n
    if found.goal.metric_key == "training_score":
        return ngettext("%d module", "%d modules", found.n) % found.n
    if unit in {Unit.SHARE, Unit.RATIO}:
        hits = round((found.value or 0) * found.n)
        return _("%(hits)d of %(n)d") % {"hits": hits, "n": found.n}
    if found.goal.kind is GoalKind.REVENUE:
        return ngettext("%d deal won", "%d deals won", found.n) % found.n
    return ngettext("from %d entry", "from %d entries", found.n) % found.n


def beside_path(found: GoalProgress) -> str:
    """On the path, ahead of it, behind it; with the standing where more can be told."""
    if found.value is None:
        return reason_words(found)
    if found.standing in {Standing.REACHED, Standing.OUT_OF_REACH, Standing.AT_RISK, Standing.ON_TRACK}:
        return standing_words(found.standing)
    if found.ahead is None:
        return _("can’t tell yet")
    if on_the_path(found):
        return _("on the path")
    return _("ahead of the path") if found.ahead else _("behind the path")


def on_the_path(found: GoalProgress) -> bool:
    """Within two hundredths of the target: nobody would call that ahead or behind."""
    if found.value is None or found.path_value is None:
        return False
    return abs(found.value - found.path_value) <= 0.02 * abs(found.goal.target)


def line_chip(line: LedgerLine) -> tuple[str, str]:
    """The chip of a ledger's line: words and tone."""
    if line.planned > 1 or (line.automatic and line.planned):
        words = _("%(given)d of %(planned)d") % {"given": line.given, "planned": line.planned}
        return words, "good" if line.given >= line.planned else ("signal" if line.state is Kept.OVERDUE else "")
    late = ngettext("%d day late", "%d days late", line.days_late) % line.days_late
    if line.state is Kept.OPEN:
        return (_("by %s") % day(line.due) if line.owner else _("not yet looked at")), "line"
    return {
        Kept.KEPT: (_("kept"), "good"),
        Kept.LATE: (late, "line"),
        Kept.PARTLY: (_("partly"), "signal" if line.days_late else ""),
        Kept.OVERDUE: (_("open since %s") % day(line.due) if line.owner else _("not kept"), "signal"),
    }[line.state]


def kept_note(lines: Sequence[LedgerLine]) -> str:
    """ "11 of 15 kept": over everything that was due."""
    planned, given = sum(line.planned for line in lines), sum(min(line.given, line.planned) for line in lines)
    return (
        _("%(given)d of %(planned)d kept") % {"given": given, "planned": planned} if planned else _("nothing due yet")
    )


def behind_words(lines: Sequence[LedgerLine]) -> str:
    """What the company owes, in one sentence each."""
    return " ".join(
        _("%(text)s (%(owner)s): %(state)s.")
        % {"text": line.text.rstrip("."), "owner": line.owner, "state": line_chip(line)[0]}
        for line in lines[:3]
    )
