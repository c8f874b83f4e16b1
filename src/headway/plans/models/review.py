"""What HR decided about a plan, on which version, with the list and the cases it had before its eyes."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.plans.models.plan import Plan
from headway.plans.models.version import PlanVersion


class HrReview(models.Model):
    """One decision. `checklist` and `compared` are copies: what was on the page on that day."""

    DECISIONS: ClassVar = [("returned", _("sent back")), ("approved", _("approved"))]

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=12, choices=DECISIONS)
    reasons = models.TextField()
    checklist = models.JSONField(default=list)
    compared = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["decided_at", "pk"]

    def __str__(self) -> str:
        return f"{self.decision}: {self.reasons[:60]}"

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id
