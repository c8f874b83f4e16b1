"""A plan as it was at one moment, word for word. Never changed, never deleted."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.core.errors import Conflict
from headway.plans.models.plan import Plan


class VersionKind(models.TextChoices):
    """Why a version was kept. `moved`: a pause has moved the days of the signed one."""

    WORKING = "working", _("shared")
    PRESENTED = "presented", _("presented")
    SIGNED = "signed", _("signed")
    AMENDMENT = "amendment", _("amendment proposed")
    MOVED = "moved", _("days moved")


class PlanVersion(models.Model):
    """The whole plan as text; `content_hash` is the SHA-256 of that text's bytes."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=VersionKind.choices)
    # Text and not JSON: what was signed is these bytes, whatever a database makes of a number.
    content_text = models.TextField()
    content_hash = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_version_per_number")]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.number} {self.kind}"

    @property
    def person_id(self) -> str:
        """Whom it is about."""
        return self.plan.person_id

    @property
    def content(self) -> dict[str, Any]:
        """The plan as `PlanDraft.from_json` reads it."""
        found: dict[str, Any] = json.loads(self.content_text)
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Conflict("A version of a plan is never changed", value=str(self))
        super().save(*args, **kwargs)
