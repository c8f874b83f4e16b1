"""Signals of an analysis run, as pages read them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

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
