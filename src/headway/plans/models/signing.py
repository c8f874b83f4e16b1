"""The first meeting and the signatures: receipt, never agreement."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.plans.models.plan import Plan
from headway.plans.models.version import PlanVersion


class FirstMeeting(models.Model):
    """When the plan was handed over and talked through, and with whom."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="first_meetings")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    companion = models.CharField(max_length=200, blank=True, help_text="Whom the person brought along")
    notes = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.held_on}"

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id


class SignatureKind(models.TextChoices):
    """What a signature says. None of them says that somebody agrees with a judgement."""

    ACKNOWLEDGED = "acknowledged", _("received")
    ACKNOWLEDGED_WITH_STATEMENT = "acknowledged_with_statement", _("received, with a statement")
    REFUSED = "refused", _("receipt refused")
    WITNESSED = "witnessed", _("witnessed that receipt was refused")
    CONSENTED = "consented", _("received the change and agreed to it")


class Signature(models.Model):
    """Who signed what, when and in which words. `content_hash` is that of the version on the day of signing."""

    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    person_ref = models.CharField(max_length=200, blank=True, help_text="The signer's id in the facts, if any")
    name = models.CharField(max_length=200, help_text="As typed by the signer")
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=32, choices=SignatureKind.choices)
    intent = models.TextField(help_text="The sentence that was signed")
    statement = models.TextField(blank=True)
    consent = models.BooleanField(help_text="Agreed to sign electronically")
    signed_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["signed_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan_version", "user"], name="one_signature_per_person_and_version")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.kind}"

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan_version.plan.person_id
