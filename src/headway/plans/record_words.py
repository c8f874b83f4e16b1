"""An entry of the record about a plan, in a few words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from headway.core.models import AuditEntry


def said_of(entry: AuditEntry) -> str:
    """What happened, and who did it: "Sent to HR, Marta"."""
    who = entry.actor_name.split()[0] if entry.actor_name.split() else entry.actor_name
    words = _words().get(entry.event, entry.event.removeprefix("plan.").replace("_", " ").capitalize())
    return f"{words}, {who}"


def _words() -> dict[str, str]:
    return {
        "plan.drafted": _("Drafted"),
        "plan.kind_chosen": _("Kind chosen"),
        "plan.goal_changed": _("Goal changed"),
        "plan.support_changed": _("Promise changed"),
        "plan.support_removed": _("Promise taken out"),
        "plan.text_changed": _("Words changed"),
        "plan.shared": _("Shared"),
        "plan.commented": _("Comment"),
        "plan.comment_settled": _("Point settled"),
        "plan.proposal_made": _("Proposal"),
        "plan.proposal_answered": _("Proposal answered"),
        "plan.proposal_taken_back": _("Proposal taken back"),
        "plan.submitted": _("Sent to HR"),
        "plan.returned": _("Sent back"),
        "plan.approved": _("Approved"),
        "plan.presented": _("First meeting held"),
        "plan.answer_day_set": _("More time to sign"),
        "plan.acknowledged": _("Received"),
        "plan.refused": _("Receipt refused"),
        "plan.witnessed": _("Refusal witnessed"),
        "plan.started": _("Started"),
        "plan.paused": _("Paused"),
        "plan.resumed": _("Goes on"),
        "plan.amendment_proposed": _("Change proposed"),
        "plan.amended": _("Change agreed"),
        "plan.amendment_declined": _("Change declined"),
        "plan.amendment_taken_back": _("Change taken back"),
        "plan.withdrawn": _("Withdrawn"),
        "plan.appealed": _("Appeal"),
        "plan.appeal_answered": _("Appeal answered"),
        "plan.closed": _("Closed"),
    }
