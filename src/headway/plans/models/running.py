"""What happens to a signed plan: amendments, pauses, appeals."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.plans.models.plan import Plan
from headway.plans.models.version import PlanVersion


class AmendmentState(models.TextChoices):
    """What became of an amendment."""

    PROPOSED = "proposed", _("waits for consent")
    ACCEPTED = "accepted", _("agreed")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")


class Amendment(models.Model):
    """A change of a signed plan: the version as it would be, and why. It holds only with the person's consent."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="amendments")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="amendments")
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=AmendmentState.choices, default=AmendmentState.PROPOSED)
    answer = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)
    proposed_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["proposed_at", "pk"]

    def __str__(self) -> str:
        return self.reason[:60]

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id


class Pause(models.Model):
    """Days that do not count: the clock stands still from `from_on` until the day before `back_on`."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="pauses")
    from_on = models.DateField()
    expected_back_on = models.DateField(null=True)
    back_on = models.DateField(null=True)
    days = models.PositiveIntegerField(null=True, help_text="By how many days the plan was moved")
    reason = models.TextField()
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["from_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(back_on__isnull=True), name="one_open_pause_per_plan"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_on} to {self.back_on or '…'}"

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id


class AppealState(models.TextChoices):
    """What became of an appeal."""

    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    NOT_UPHELD = "not_upheld", _("not upheld")
    TAKEN_BACK = "taken_back", _("taken back")


class Appeal(models.Model):
    """The person's objection, in the person's own words, and the answer by somebody who did not decide."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="appeals")
    text = models.TextField()
    state = models.CharField(max_length=12, choices=AppealState.choices, default=AppealState.OPEN)
    answer = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["made_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan"], condition=models.Q(state="open"), name="one_open_appeal_per_plan")
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id
