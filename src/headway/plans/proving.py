"""Whether what people said and signed, and the goals a running plan is measured by, still are what the record says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from headway.core.models import AuditEntry
from headway.core.proof import Broken
from headway.plans.keeping import draft_of
from headway.plans.models import Appeal, Comment, HrReview, Plan, Proposal, Signature
from headway.plans.queries import version_in_force
from headway.plans.signing import draft_in
from headway.plans.states import ANSWERED, RUNNING, PlanState


def first_broken() -> Broken | None:
    """The first signature, word, state or goal that is not what the record says; None where all fit."""
    return next(_words(), None) or next(_states(), None) or next(_rows(), None)


# What of a row stands in the record: the key of its number there, the rows, and how the entry says it.
_KEPT: tuple[tuple[str, Any, Callable[[Any], dict[str, Any]]], ...] = (
    ("signature", Signature, lambda row: {"signed": row.content_hash, "name": row.name, "statement": row.statement}),
    ("comment", Comment, lambda row: {"text": row.text, "piece": row.piece}),
    ("proposal", Proposal, lambda row: {"why": row.why, "piece": row.piece, "target": row.target}),
    ("appeal", Appeal, lambda row: {"text": row.text}),
)
_NAMES = {
    "signature": gettext_lazy("signature"),
    "comment": gettext_lazy("comment"),
    "proposal": gettext_lazy("proposal"),
    "appeal": gettext_lazy("appeal"),
}
_FIRST_TOLD = {
    "signature": ("plan.acknowledged", "plan.refused", "plan.witnessed", "plan.amended"),
    "comment": ("plan.commented",),
    "proposal": ("plan.proposal_made",),
    "appeal": ("plan.appealed",),
}


def _words() -> Iterator[Broken]:
    """What people signed and said, word by word, and what HR decided."""
    for key, model, told in _KEPT:
        rows = {row.pk: told(row) for row in model._default_manager.all().iterator()}
        entries = AuditEntry.objects.filter(event__in=_FIRST_TOLD[key]).order_by("pk").iterator()
        for detail in (entry.detail for entry in entries if key in entry.detail):
            row = rows.pop(detail[key], None)
            if row is None:
                yield Broken(f"{_NAMES[key]} {detail[key]}", _("it was removed"))
            elif any(detail.get(name) != value for name, value in row.items()):
                yield Broken(f"{_NAMES[key]} {detail[key]}", _("its words were changed"))
        yield from (Broken(f"{_NAMES[key]} {pk}", _("the record does not know it")) for pk in rows)
    yield from _decisions()


def _decisions() -> Iterator[Broken]:
    events = ("plan.returned", "plan.approved")
    told = [entry.detail for entry in AuditEntry.objects.filter(event__in=events).order_by("pk")]
    rows = list(HrReview.objects.order_by("pk").values("pk", "decision", "reasons"))
    if len(rows) != len(told):
        yield Broken(_("the list of HR’s decisions"), _("one was removed or put in"))
    for row, detail in zip(rows, told, strict=False):
        if (row["decision"], row["reasons"]) != (detail.get("decision"), detail.get("reasons")):
            yield Broken(_("decision %s of HR") % row["pk"], _("it was changed"))


def _states() -> Iterator[Broken]:
    """Where each plan is, against the last step that the record tells of it."""
    told = {
        entry.object_ref: entry.detail["state"]
        for entry in AuditEntry.objects.filter(object_ref__startswith="plans.plan:").order_by("pk").iterator()
        if "state" in entry.detail
    }
    for pk, state in Plan.objects.order_by("pk").values_list("pk", "state"):
        recorded = told.get(f"plans.plan:{pk}", str(PlanState.DRAFT))
        if recorded != state:
            yield Broken(
                _("plan %s") % pk,
                _("it is “%(now)s”, and the record says “%(told)s”") % {"now": state, "told": recorded},
            )


def _rows() -> Iterator[Broken]:
    """The goals and promises that a signed plan is measured by, against the version that is in force."""
    states = {*ANSWERED, *RUNNING, PlanState.PAUSED}
    for plan in Plan.objects.filter(state__in=states).order_by("pk").prefetch_related("goals", "promises"):
        version = version_in_force(plan)
        if version is None:
            yield Broken(_("plan %s") % plan.pk, _("no signed version is kept"))
        elif draft_of(plan) != draft_in(version):
            yield Broken(_("plan %s") % plan.pk, _("its goals or words are not those of version %s") % version.number)
