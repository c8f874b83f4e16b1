"""A plan as it is kept: its words, its goals and promises as rows, and the evidence it was made from, frozen."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.core import clock
from headway.metrics.models import AnalysisRun
from headway.people.models import Person
from headway.plans.plan_draft import GoalKind
from headway.plans.states import PlanKind, PlanState

STATE_NAMES = [
    (PlanState.DRAFT, _("draft")),
    (PlanState.SHARED, _("shared")),
    (PlanState.HR_REVIEW, _("in HR review")),
    (PlanState.RETURNED, _("returned")),
    (PlanState.APPROVED, _("approved")),
    (PlanState.PRESENTED, _("presented")),
    (PlanState.ACKNOWLEDGED, _("acknowledged")),
    (PlanState.ACKNOWLEDGED_WITH_STATEMENT, _("acknowledged with a statement")),
    (PlanState.REFUSED, _("receipt refused")),
    (PlanState.ACTIVE, _("running")),
    (PlanState.PAUSED, _("paused")),
    (PlanState.AMENDED, _("amended")),
    (PlanState.CLOSED, _("closed")),
    (PlanState.APPEALED, _("appealed")),
    (PlanState.WITHDRAWN, _("withdrawn")),
    (PlanState.DISCARDED, _("discarded")),
]
GOAL_KINDS = [
    (GoalKind.REVENUE, _("Revenue")),
    (GoalKind.ACTIVITY, _("Activity")),
    (GoalKind.SKILL, _("Skill")),
    (GoalKind.CUSTOMER, _("Customers")),
]


class Plan(models.Model):
    """One plan for one person. `body` holds the words, `evidence` what they rest on and never changes."""

    KINDS: ClassVar = [
        (PlanKind.GROWTH, _("growth plan")),
        (PlanKind.SUCCESS, _("success plan")),
        (PlanKind.FORMAL, _("formal plan with a written warning")),
    ]

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans", db_constraint=False)
    manager = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="plans_led", db_constraint=False
    )
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=KINDS, default=PlanKind.SUCCESS)
    state = models.CharField(max_length=40, choices=STATE_NAMES, default=PlanState.DRAFT)
    start_on = models.DateField()
    last_on = models.DateField()
    run = models.ForeignKey(AnalysisRun, null=True, on_delete=models.SET_NULL, related_name="+")
    body = models.JSONField()
    evidence = models.JSONField()
    evidence_hash = models.CharField(max_length=64)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    shared_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True, help_text="When the person first opened what is shared now")
    hr_since = models.DateTimeField(null=True, help_text="Since when HR has had it on its desk")
    state_since = models.DateTimeField(null=True)
    answer_by = models.DateField(null=True, help_text="The last day for the person to sign")

    class Meta:
        get_latest_by = "pk"
        indexes: ClassVar = [
            models.Index(fields=["state", "start_on"]),
            # All that tells who sees which plan, and the order of lists: rows with all their words are left unread.
            models.Index(fields=["person", "state", "kind", "hr_since", "changed_at"], name="plan_in_lists"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("start_on")), name="plan_ends_after_start"),
            models.UniqueConstraint(fields=["person"], condition=models.Q(state="draft"), name="one_draft_per_person"),
        ]

    def __str__(self) -> str:
        return _("%(plan)s for %(person)s") % {"plan": self.name, "person": self.person.name}

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The company's clock, not the machine's: a demo company lives on a day of its own.
        self.changed_at = clock.now()
        super().save(*args, **kwargs)


class PlanGoal(models.Model):
    """A goal of a plan. `detail`: colleagues' figures, the path, the chance and where the words came from."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="goals")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=GOAL_KINDS)
    text = models.TextField()
    metric_key = models.CharField(max_length=80)
    metric_version = models.CharField(max_length=80)
    baseline = models.FloatField(null=True)
    target = models.FloatField()
    start_on = models.DateField()
    by = models.DateField()
    weight = models.PositiveSmallIntegerField()
    detail = models.JSONField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "key"], name="one_goal_per_key")]

    def __str__(self) -> str:
        return self.text[:60]


class PlanPromise(models.Model):
    """Something the company has promised in a plan."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="promises")
    key = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    text = models.TextField()
    owner = models.CharField(max_length=200)
    owner_role = models.CharField(max_length=80, blank=True)
    due = models.DateField()
    when = models.CharField(max_length=200, blank=True)
    hours = models.FloatField(null=True)
    source = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "key"], name="one_promise_per_key")]

    def __str__(self) -> str:
        return self.text[:60]
