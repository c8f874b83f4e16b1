"""What the page of a running plan shows: the same for rep, manager and HR."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from headway.core import clock, company
from headway.core.actors import Actor
from headway.core.permissions import can
from headway.plans.models import Plan
from headway.plans.plan_draft import GoalKind
from headway.plans.states import PlanState
from headway.plans.wording import day
from headway.running import pictures
from headway.running.ledger import Ledger, LedgerLine, ledger_of
from headway.running.models import CheckIn
from headway.running.progress import RUNNING, GoalProgress, progress_of
from headway.running.queries import is_rep
from headway.running.sentences import (
    TONES,
    behind_words,
    beside_path,
    kept_note,
    lead_of,
    line_chip,
    rests_on,
    said,
    standing_words,
    title_of,
    week_of,
)

SOON = timedelta(days=21)
ICONS = {GoalKind.CUSTOMER: "customers"}


@dataclass(frozen=True)
class Line:
    """A line of the ledger as the page shows it."""

    line: LedgerLine
    chip: str
    tone: str


@dataclass(frozen=True)
class Dated:
    """Something with a day in the lists beside the page; href where it can be opened."""

    on: date
    text: str
    when: str
    href: str = ""


@dataclass(frozen=True)
class GoalRow:
    """One goal as the page shows it."""

    found: GoalProgress
    icon: str
    picture: Any
    value: str
    rests: str
    beside: str
    standing: str
    tone: str
    corrected: str


@dataclass(frozen=True)
class BarStep:
    """One step of the bar at the top."""

    label: str
    note: str
    state: str


def context(plan: Plan, *, by: Actor) -> dict[str, Any]:
    """Everything the template needs."""
    today, currency = clock.today(), plan.body.get("currency", company.current().currency)
    found = progress_of(plan, by=by)
    ledger = ledger_of(plan)
    rows = [_row(one, currency) for one in found]
    lead = next((row for row in rows if row.found.goal.kind is GoalKind.REVENUE and row.found.goal.path), None)
    meetings = list(plan.meetings.all())
    course = pictures.course_of(lead.found, currency=currency) if lead else None
    return {
        "plan": plan,
        "person": plan.person,
        "own": is_rep(by, plan),
        "title": title_of(plan, found, on=today),
        "lead": lead_of(plan, found, on=today, currency=currency),
        "steps": _bar(plan, today),
        "main": lead,
        "course": course,
        "course_table": pictures.course_table(course) if course else None,
        "forecast": pictures.forecast_words(lead.found, currency=currency) if lead else "",
        "others": [row for row in rows if row is not lead],
        "rep_lines": [_line(line) for line in ledger.rep],
        "company_lines": [_line(line) for line in ledger.company],
        "rep_note": kept_note(ledger.rep),
        "company_note": kept_note(ledger.company),
        "behind": behind_words(ledger.behind) if plan.state in RUNNING else "",
        "wins": list(plan.wins.all())[:3],
        "next": _next(plan, meetings, ledger, today),
        "so_far": _so_far(plan, meetings, lead, currency),
        "check_in": _at_hand(meetings, today) if plan.state in RUNNING else None,
        "over": today > plan.last_on,
        "may_mark": bool(can(by, "support.answer", plan)) or is_rep(by, plan),
        "may_celebrate": plan.state in RUNNING and bool(can(by, "win.celebrate", plan)),
        "may_change": plan.state in RUNNING and bool(can(by, "support.answer", plan)),
        "known_on": lead.found.as_of if lead else None,
        "today": today,
    }


def _row(found: GoalProgress, currency: str) -> GoalRow:
    goal = found.goal
    return GoalRow(
        found=found,
        icon=ICONS.get(goal.kind, str(goal.kind)),
        picture=pictures.goal_row(found, currency=currency),
        value=said(goal, found.value, currency) if found.value is not None else "",
        rests=rests_on(found) if found.value is not None else "",
        beside=beside_path(found),
        standing=standing_words(found.standing),
        tone=TONES[found.standing],
        corrected=_corrected(found, currency),
    )


def _corrected(found: GoalProgress, currency: str) -> str:
    change = found.correction
    if change is None:
        return ""
    return _("Corrected in the CRM since: %(on)s was shown as %(then)s and reads %(now)s today.") % {
        "on": day(change.on),
        "then": said(found.goal, change.then, currency),
        "now": said(found.goal, change.now, currency),
    }


def _line(line: LedgerLine) -> Line:
    words, tone = line_chip(line)
    return Line(line, words, tone)


def _bar(plan: Plan, today: date) -> list[BarStep]:
    here, weeks = week_of(plan, today)
    over = plan.state not in RUNNING and plan.state not in {PlanState.ACKNOWLEDGED, PlanState.PRESENTED}
    note = _("paused") if plan.state == PlanState.PAUSED else _("week %(n)d of %(of)d") % {"n": here, "of": weeks}
    return [
        BarStep(_("Draft"), "", "done"),
        BarStep(_("With %s") % plan.person.first_name, "", "done"),
        BarStep(_("HR review"), "", "done"),
        BarStep(_("Acknowledged"), "", "done"),
        BarStep(_("Running"), note if here else _("from %s") % day(plan.start_on), "done" if over else "current"),
        BarStep(_("Outcome"), _("after %s") % day(plan.last_on), "current" if over else ""),
    ]


def _at_hand(meetings: list[CheckIn], today: date) -> CheckIn | None:
    """The check-in to open now: the next one within a week, or else the last one of which nothing is on record."""
    near = [m for m in meetings if m.state == CheckIn.PLANNED and m.on <= today + timedelta(days=7)]
    return next((m for m in near if m.on >= today), near[-1] if near else None)


def _next(plan: Plan, meetings: list[CheckIn], ledger: Ledger, today: date) -> list[Dated]:
    """Check-ins, promises and agreements of the next three weeks, by day."""
    found = [
        Dated(m.on, f"{m.get_kind_display()} {m.number}".capitalize(), _when(m.on, today, m), f"check-ins/{m.number}/")
        for m in meetings
        if m.state == CheckIn.PLANNED and m.on <= today + SOON
    ]
    found += [
        Dated(line.due, f"{line.text.rstrip('.')} ({line.owner})", _when(line.due, today))
        for line in ledger.company
        if not line.automatic and not line.given and today <= line.due <= today + SOON
    ]
    found += [
        Dated(a.due, f"{a.text} ({a.owner})", _when(a.due, today))
        for a in plan.agreements.all()
        if a.done_on is None and a.due <= today + SOON
    ]
    return sorted(found, key=lambda one: one.on)[:5]


def _when(on: date, today: date, meeting: CheckIn | None = None) -> str:
    clock_time = f" {meeting.at:%H:%M}" if meeting is not None else ""
    if on == today:
        return _("today") + clock_time
    return _("since %s") % day(on) if on < today else day(on)


def _so_far(plan: Plan, meetings: list[CheckIn], lead: GoalRow | None, currency: str) -> list[Dated]:
    """What happened, the newest first."""
    found = [
        Dated(
            m.held_on or m.on,
            _("Check-in %d took place") % m.number if m.state == CheckIn.HELD else _("Check-in %d did not") % m.number,
            day(m.held_on or m.on),
            f"check-ins/{m.number}/",
        )
        for m in meetings
        if m.state != CheckIn.PLANNED
    ]
    for row in lead.found.rows if lead else ():
        if row["kind"] == "won":
            on = date.fromisoformat(row["on"])
            found.append(Dated(on, f"{said(lead.found.goal, row['value'], currency)} {row['label']}", day(on)))  # type: ignore[union-attr]
    found += [
        Dated(p.held_on, f"{p.get_kind_display()}: {p.mean:.1f}".capitalize(), day(p.held_on))
        for p in plan.practices.all()
    ]
    return sorted(found, key=lambda one: one.on, reverse=True)[:6]
