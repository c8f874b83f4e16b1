"""Which steps of a plan addresses outside are told: ids, state and days; no words of anybody, nothing of a draft."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from headway.core.webhooks.published import Facts, publish
from headway.plans.models import Plan, Signature

EVENTS = {
    "plan.shared": _("a plan was shared with the person"),
    "plan.commented": _("somebody commented on a plan"),
    "plan.proposal_made": _("the person proposed a change"),
    "plan.proposal_answered": _("a proposal was answered"),
    "plan.submitted": _("a plan was sent to HR"),
    "plan.returned": _("HR sent a plan back"),
    "plan.approved": _("HR approved a plan"),
    "plan.presented": _("the first meeting took place"),
    "plan.acknowledged": _("the person signed that a plan was received"),
    "plan.refused": _("receipt of a plan was refused"),
    "plan.witnessed": _("a refusal was witnessed"),
    "plan.started": _("a plan started"),
    "plan.paused": _("a plan was paused"),
    "plan.resumed": _("a plan goes on"),
    "plan.amendment_proposed": _("a change of a signed plan was proposed"),
    "plan.amended": _("a change of a signed plan holds"),
    "plan.amendment_declined": _("a change of a signed plan was declined"),
    "plan.withdrawn": _("a plan was withdrawn"),
    "plan.closed": _("a plan was closed"),
    "plan.appealed": _("the person appealed"),
    "plan.appeal_answered": _("an appeal was answered"),
}


def facts(result: Any) -> Facts:
    """Of whatever a step gives back: the plan it belongs to, where it stands, and when."""
    plan = result if isinstance(result, Plan) else _plan_of(result)
    return {
        "plan": plan.pk,
        "person_id": plan.person_id,
        "kind": str(plan.kind),
        "state": str(plan.state),
        "version": plan.version,
        "start_on": plan.start_on.isoformat(),
        "last_on": plan.last_on.isoformat(),
    }


def _plan_of(result: Any) -> Plan:
    found = result.plan_version.plan if isinstance(result, Signature) else result.plan
    # What was read with the result may be older than the step itself.
    return Plan.objects.get(pk=found.pk)


def tell_outside() -> None:
    """Publish the steps. Called once at start."""
    for event, words in EVENTS.items():
        publish(event, words=words, facts=facts)
