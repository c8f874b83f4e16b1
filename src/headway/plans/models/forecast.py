"""Forecasts as they were made, and what then happened: whether stated chances come true."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext as _

from headway.metrics.models import AnalysisRun


class ForecastLog(models.Model):
    """One stated chance: that a person reaches `target` over [start_on, end_on). Never changed but for its outcome."""

    made_at = models.DateTimeField()
    made_for = models.CharField(max_length=20)
    as_of = models.DateField()
    person_id = models.CharField(max_length=200, db_index=True)
    metric = models.CharField(max_length=80)
    start_on = models.DateField()
    end_on = models.DateField()
    target = models.FloatField()
    chance = models.FloatField()
    chance_adequate = models.FloatField(null=True)
    inputs = models.CharField(max_length=64, blank=True)
    outcome = models.FloatField(null=True)
    reached = models.BooleanField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(chance__gte=0, chance__lte=1), name="forecast_chance_0_to_1"),
            # asking the same question of the same data twice is one forecast
            models.UniqueConstraint(
                fields=["person_id", "metric", "as_of", "start_on", "end_on", "target", "inputs"], name="forecast_once"
            ),
        ]

    def __str__(self) -> str:
        return _("%(metric)s of %(person)s until %(end)s") % {
            "metric": self.metric,
            "person": self.person_id,
            "end": self.end_on,
        }


class ReachRecord(models.Model):
    """What one person's pipeline may bring in the plan that could start after a run: `outlook.reach.Reach` as JSON."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="+")
    person_id = models.CharField(max_length=200)
    payload = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "person_id"], name="one_reach_per_run")]

    def __str__(self) -> str:
        return self.person_id
