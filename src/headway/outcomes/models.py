"""What is kept of a plan's end: the evaluation as prepared, each step's words, and what comes after."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.outcomes.states import WAITING, Outcome, Stage
from headway.plans.models import Plan

STAGE_NAMES = [
    (Stage.PREPARED, _("being prepared")),
    (Stage.PROPOSED, _("proposed, waits for the person’s answer")),
    (Stage.ANSWERED, _("answered, waits for HR")),
    (Stage.RETURNED, _("sent back by HR")),
    (Stage.CONFIRMED, _("confirmed")),
    (Stage.APPEALED, _("appealed against")),
    (Stage.FINAL, _("decided after an appeal")),
]
OUTCOME_NAMES = [
    (Outcome.MET, _("met, in good standing")),
    (Outcome.PARTLY, _("partly met")),
    (Outcome.EXTENDED, _("extended")),
    (Outcome.NOT_MET, _("not met")),
    (Outcome.ROLE_CHANGE, _("change of role")),
    (Outcome.TRANSITION, _("transition out of the company")),
    (Outcome.UNFAIR, _("ended as unfair")),
]


class Evaluation(models.Model):
    """One judgement of one plan. `prepared` is what lay before everybody, frozen when the outcome is proposed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="evaluations")
    stage = models.CharField(max_length=20, choices=STAGE_NAMES, default=Stage.PREPARED)
    as_of = models.DateField()
    # Text and not JSON: what is hashed is these bytes, whatever a database makes of a number.
    prepared_text = models.TextField()
    prepared_hash = models.CharField(max_length=64)
    outcome = models.CharField(max_length=20, choices=OUTCOME_NAMES, blank=True)
    extended_to = models.DateField(null=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    proposed_on = models.DateField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        get_latest_by = "pk"
        # All that lists and counts ask for: rows with all that was prepared are left unread.
        indexes: ClassVar = [
            models.Index(fields=["stage", "plan", "decided_on", "outcome"], name="evaluation_in_lists"),
            models.Index(fields=["plan", "stage"], name="evaluation_of_plan"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan"],
                condition=models.Q(stage__in=sorted(WAITING)),
                name="one_open_evaluation_per_plan",
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan}: {self.outcome or self.stage}"

    @property
    def person_id(self) -> str:
        """Whom it is about."""
        return self.plan.person_id

    @property
    def prepared(self) -> dict[str, Any]:
        """What was prepared, as `preparing.Prepared.from_json` reads it."""
        found: dict[str, Any] = json.loads(self.prepared_text)
        return found


class EvaluationStep(models.Model):
    """One step with its words, unedited. Never changed."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=30)
    outcome = models.CharField(max_length=20, choices=OUTCOME_NAMES, blank=True)
    words = models.TextField(blank=True)
    prepared_hash = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.step} by {self.by_name}"


class VerdictRecord(models.Model):
    """One look at a plan's verdict: every look is on record, so that nobody can pick a good one later."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="verdicts")
    as_of = models.DateField()
    facts_version = models.PositiveIntegerField()
    verdict = models.CharField(max_length=20)
    payload = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["as_of", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "as_of", "facts_version"], name="one_verdict_per_look")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} on {self.as_of}: {self.verdict}"


class PlanFigures(models.Model):
    """What a plan adds to figures over many plans, reckoned once a day while it runs and a last time when it is over.

    promised, given: times support was due and given; hours of the company. gap, support, change, change_sd: what a
    finished plan says about what helped (log of the real change). gain, gain_sd: real gain in bookings a year.
    """

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="figures")
    promised = models.PositiveIntegerField()
    given = models.PositiveIntegerField()
    hours = models.FloatField()
    hours_promised = models.FloatField()
    gap = models.CharField(max_length=80, blank=True)
    support = models.JSONField(default=list)
    change = models.FloatField(null=True)
    change_sd = models.FloatField(null=True)
    gain = models.FloatField(null=True)
    gain_sd = models.FloatField(null=True)
    on_track = models.BooleanField(null=True, help_text="Of a running plan: on track, behind, or it cannot be told")
    final = models.BooleanField(default=False)
    made_on = models.DateField()

    def __str__(self) -> str:
        return f"figures of plan {self.plan_id}"

    @property
    def person_id(self) -> str:
        """Whose plan it is."""
        return self.plan.person_id


class FollowUp(models.Model):
    """A refresher, a coaching talk or a look back after a plan, on a day; put on the calendar by itself."""

    KINDS: ClassVar = [
        ("refresher", _("refresher")),
        ("coaching", _("follow-up coaching")),
        ("look_back", _("look back together")),
    ]

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=KINDS)
    due_on = models.DateField()
    gap_key = models.CharField(max_length=80, blank=True)
    text = models.TextField()
    minutes = models.PositiveSmallIntegerField()
    done_on = models.DateField(null=True)
    done_by_name = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["due_on", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_follow_up_per_number")]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def person_id(self) -> str:
        """Whom it is for."""
        return self.plan.person_id


class Relapse(models.Model):
    """A renewed drop seen after a plan: it leads to a talk and the diagnosis, never straight to a plan."""

    class Answer(models.TextChoices):
        OPEN = "open", _("waits for a talk")
        OUTSIDE = "outside", _("something outside the person’s hands")
        HELP = "help", _("help agreed in a talk")
        DIAGNOSIS = "diagnosis", _("looked at in the diagnosis")
        NOTHING = "nothing", _("no reason to act")

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="relapses")
    seen_on = models.DateField()
    since = models.DateField()
    kind = models.CharField(max_length=80, blank=True)
    strength = models.FloatField()
    sentence = models.TextField()
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.OPEN)
    words = models.TextField(blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["seen_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan"], condition=models.Q(answer="open"), name="one_open_relapse_per_plan"
            )
        ]

    def __str__(self) -> str:
        return self.sentence[:60]

    @property
    def person_id(self) -> str:
        """Whom it is about."""
        return self.plan.person_id
