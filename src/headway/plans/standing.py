"""Where a plan is, for its reader: the bar of steps, the headline, and who does what next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from headway.core.actors import Actor
from headway.core.permissions import can
from headway.plans.models import Plan
from headway.plans.plan_draft import PlanDraft
from headway.plans.states import ACKNOWLEDGED, FLOWS, STEPS, PlanKind, PlanState, leads_on
from headway.plans.wording import day

S = PlanState
# Which place on the bar a state stands at: 0 draft, 1 with the person, 2 HR, 3 signing, 4 running, 5 outcome.
PLACE: dict[PlanState, int] = {
    S.DRAFT: 0,
    S.DISCARDED: 0,
    S.SHARED: 1,
    S.RETURNED: 1,
    S.HR_REVIEW: 2,
    S.APPROVED: 3,
    S.PRESENTED: 3,
    S.ACKNOWLEDGED: 3,
    S.ACKNOWLEDGED_WITH_STATEMENT: 3,
    S.REFUSED: 3,
    S.ACTIVE: 4,
    S.PAUSED: 4,
    S.AMENDED: 4,
    S.CLOSED: 5,
    S.APPEALED: 5,
}


@dataclass(frozen=True)
class StateStep:
    """One step of the bar."""

    label: str
    note: str
    state: str


def bar(plan: Plan, draft: PlanDraft) -> list[StateStep]:
    """The steps from draft to outcome, with the day of each that was reached."""
    here = _place(plan)
    notes = {
        0: _("since %s") % _on(plan.created_at) if here == 0 else _on(plan.created_at),
        1: _with_person(plan),
        2: _hr_note(plan),
        3: _signing_note(plan),
        4: f"{day(draft.start)} – {day(draft.last_day)}",
        5: _on(plan.state_since) if here == 5 else "",
    }
    labels = {
        0: _("Draft"),
        1: _("With %s") % draft.rep.first_name,
        2: _("HR review"),
        3: _("Signing"),
        4: _("Running"),
        5: _("Outcome"),
    }
    places = [n for n in labels if n != 2 or FLOWS[PlanKind(plan.kind)].hr]
    over = plan.state in {S.WITHDRAWN, S.DISCARDED}
    return [
        StateStep(labels[n], notes[n], "done" if n < here else "current" if n == here and not over else "")
        for n in places
    ]


def _place(plan: Plan) -> int:
    if plan.state == S.WITHDRAWN:
        return 2 if plan.hr_since else 1 if plan.shared_at else 0
    return PLACE[S(plan.state)]


def _on(moment: datetime | None) -> str:
    return day(moment.date()) if moment else ""


def _with_person(plan: Plan) -> str:
    if plan.read_at:
        return _("read %s") % _on(plan.read_at)
    return _("since %s") % _on(plan.shared_at) if plan.shared_at else ""


def _hr_note(plan: Plan) -> str:
    last = list(plan.reviews.all())
    if plan.state == S.HR_REVIEW:
        return _("since %s") % _on(plan.state_since)
    return f"{last[-1].get_decision_display()}, {_on(last[-1].decided_at)}" if last else ""


def _signing_note(plan: Plan) -> str:
    if plan.state == S.PRESENTED and plan.answer_by:
        return _("until %s") % day(plan.answer_by)
    if plan.state in ACKNOWLEDGED:
        return _("received %s") % _on(plan.state_since)
    return ""


def may_take(plan: Plan, step: str, *, by: Actor) -> bool:
    """Whether `by` could take a step of the table now."""
    allowed = bool(can(by, STEPS[step].permission, plan))
    return allowed and leads_on(step, S(plan.state), PlanKind(plan.kind))
