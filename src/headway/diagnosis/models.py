"""Diagnoses of an analysis run, as pages and plans read them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from headway.diagnosis.practice import models as practice  # noqa: F401  the records of the folder belong to this app
from headway.metrics.models import AnalysisRun


class DiagnosisRecord(models.Model):
    """Where one person's gap lies, or why that cannot be said."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="diagnoses")
    person_id = models.CharField(max_length=200)
    evaluable = models.BooleanField()
    payload = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person_id"], name="one_diagnosis_per_person_and_run")
        ]

    def __str__(self) -> str:
        return f"diagnosis of {self.person_id}"


class EvidenceRecord(models.Model):
    """Something a customer, a colleague, the manager or the person said, as the facts of the run held it."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="evidence")
    person_id = models.CharField(max_length=200)
    given_on = models.DateField()
    from_role = models.CharField(max_length=20)
    kind = models.CharField(max_length=60, blank=True)
    score = models.FloatField(null=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "person_id"])]

    def __str__(self) -> str:
        return f"{self.given_on} about {self.person_id}"


class AbsenceRecord(models.Model):
    """Days on which somebody is not there, as the facts of the run held them; never why. `end_on`: first day back."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="absences")
    person_id = models.CharField(max_length=200)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "person_id"], name="absence_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} away from {self.start_on}"
