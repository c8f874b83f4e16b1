"""A paper as it was handed out: its bytes lie in the home, their hash in the record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.core.errors import Conflict
from headway.plans.models.version import PlanVersion


class PaperKind(models.TextChoices):
    """Which letter."""

    PLAN = "plan", _("plan")
    WARNING = "warning", _("written warning")


class FrozenPaper(models.Model):
    """The PDF of a signed version with the signatures it had then; a later witness gets a paper of its own."""

    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=12, choices=PaperKind.choices, default=PaperKind.PLAN)
    signatures = models.PositiveSmallIntegerField(help_text="How many signatures it shows")
    file = models.CharField(max_length=120, unique=True, help_text="Its name in the folder of documents")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["version_id", "kind", "signatures"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "kind", "signatures"], name="one_paper_per_version")
        ]

    def __str__(self) -> str:
        return self.file

    @property
    def person_id(self) -> str:
        """Whom it is about."""
        return self.version.plan.person_id

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Conflict("A frozen paper is never changed", value=str(self))
        super().save(*args, **kwargs)
