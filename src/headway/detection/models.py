"""Signals of an analysis run, as pages read them, and the versions of the company's policy."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.metrics.models import AnalysisRun


class SignalRecord(models.Model):
    """One person's signal, or why there is none; the whole of it as JSON beside the columns that lists need."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="signals")
    person_id = models.CharField(max_length=200)
    evaluable = models.BooleanField()
    tier = models.CharField(max_length=20)
    finding = models.CharField(max_length=20)
    payload = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person_id"], name="one_signal_per_person_and_run")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.finding}"


class WatchRecord(models.Model):
    """A chart of early warning that passed its limit within the last quarter: how evidence of a fall added up.

    kind: effort or results; key: the measure that carries it; levels: at the end of each week up to the run's day,
    oldest first, 1 = the limit; warns: beyond it on that day.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="watched")
    person_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=10)
    key = models.CharField(max_length=60)
    since = models.DateField()
    warns = models.BooleanField()
    levels = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person_id", "kind"], name="one_chart_per_person_run_and_kind")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.kind}"


class PolicyVersion(models.Model):
    """A policy as somebody wrote it, with who, when and why. The text never changes; only its state does."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ADOPTED = "adopted", _("in force")
        REPLACED = "replaced", _("replaced")
        REJECTED = "rejected", _("turned down")

    version = models.CharField(max_length=60, unique=True)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    reason = models.TextField()
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.PROPOSED)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)
    dry_run = models.JSONField(null=True)
    dry_run_trouble = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="adopted"), name="one_policy_is_in_force"
            ),
        ]

    def __str__(self) -> str:
        return self.version


class TriggerRecord(models.Model):
    """One of the company's own triggers naming a person in an analysis run."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="triggers")
    person_id = models.CharField(max_length=200)
    trigger = models.CharField(max_length=200)
    sentence = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person_id", "trigger"], name="one_trigger_per_person_and_run")
        ]

    def __str__(self) -> str:
        return f"{self.trigger}: {self.person_id}"
