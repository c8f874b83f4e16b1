"""What the end of plans and the time after them asks of somebody this week; and the link to a plan's outcome."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from headway.core import clock
from headway.core.actors import Actor, Role
from headway.core.permissions import can
from headway.outcomes import queries
from headway.outcomes.actions.deciding import answer_until
from headway.outcomes.states import Stage
from headway.plans.elsewhere import Elsewhere
from headway.plans.models import Plan
from headway.plans.states import RUNNING
from headway.running.duties import WEEK, when_words
from headway.running.duty import Duty

READ, DECIDE, TALK = 5, 10, 20


def to_do(actor: Actor, today: date) -> Iterator[Duty]:
    """Decisions that wait, plans near their last day, follow-ups and renewed drops, as lines of the week."""
    for one in queries.waiting_for(actor):
        if actor.role == Role.HR and one.stage == Stage.PROPOSED and today <= answer_until(one):
            continue  # the person still thinks about the answer
        since = (one.proposed_on if one.stage == Stage.PROPOSED else None) or one.as_of
        text = _STEPS[Stage(one.stage)](one.plan, actor)
        yield Duty(since, text, when_words(since, today), reverse("plan-outcome", args=[one.plan_id]), DECIDE)
    # It is the manager's to do; a leader is asked once it is left lying.
    left_lying = today - WEEK - timedelta(days=1) if actor.role == Role.LEADER else None
    for plan in queries.ending_soon(actor, until=left_lying):
        text = _("%s’s plan ends: gather the evidence for its outcome") % plan.person.first_name
        late = plan.last_on < today
        path = reverse("plan-outcome", args=[plan.pk])
        yield Duty(plan.last_on, text, when_words(plan.last_on, today), path, DECIDE, late)
    if actor.role not in {Role.REP, Role.MANAGER}:
        return  # a leader's own first page is about teams; each talk is the manager's
    page = reverse("outcomes")
    for row in queries.follow_ups_for(actor, until=today + WEEK):
        text = row.text if actor.role == Role.REP else f"{row.plan.person.name}: {row.text}"
        yield Duty(row.due_on, text, when_words(row.due_on, today), page, row.minutes, row.due_on < today)
    for drop in queries.relapses_for(actor):
        text = _("Something changed after %s’s plan: talk first, then the diagnosis") % drop.plan.person.first_name
        if actor.role == Role.REP:
            text = _("Something changed in your figures since your plan: talk about it")
        yield Duty(drop.seen_on, text, when_words(drop.seen_on, today), page, TALK)


def _read(plan: Plan, actor: Actor) -> str:
    if actor.role == Role.REP:
        return _("Read the proposed outcome of your plan and answer it")
    return _("%s has not answered the proposed outcome in time: confirm it, or send it back") % plan.person.name


def _prepared(plan: Plan, _actor: Actor) -> str:
    return _("Propose an outcome for %s’s plan") % plan.person.first_name


def _returned(plan: Plan, _actor: Actor) -> str:
    return _("HR sent the outcome of %s’s plan back") % plan.person.first_name


def _answered(plan: Plan, _actor: Actor) -> str:
    return _("Confirm the outcome of %s’s plan, or send it back") % plan.person.name


def _appealed(plan: Plan, _actor: Actor) -> str:
    return _("Decide %s’s appeal against the outcome") % plan.person.name


_STEPS = {
    Stage.PREPARED: _prepared,
    Stage.PROPOSED: _read,
    Stage.ANSWERED: _answered,
    Stage.RETURNED: _returned,
    Stage.APPEALED: _appealed,
}


def outcome_page(plan: Plan, by: Actor) -> Elsewhere | None:
    """The page on which a plan is judged, where there is something that the reader may see or do."""
    path = reverse("plan-outcome", args=[plan.pk])
    if queries.evaluations_for(by).filter(plan=plan).exists():
        return Elsewhere(_("Outcome"), path)
    near = plan.state in RUNNING and plan.last_on <= clock.today() + queries.ENDS_SOON
    return Elsewhere(_("Judge this plan"), path) if near and can(by, "outcome.prepare", plan) else None
