"""What an analysis found, kept for the pages: written once per run, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class AnalysisRun(models.Model):
    """One pass over the facts. Immutable: what it read, on which day, by which rules."""

    as_of = models.DateField()
    facts_version = models.PositiveIntegerField()
    facts_hash = models.CharField(max_length=64)
    code_version = models.CharField(max_length=40)
    policy_version = models.CharField(max_length=40)
    metrics_version = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    summary = models.JSONField(default=dict)

    class Meta:
        get_latest_by = "pk"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=[
                    "as_of",
                    "facts_version",
                    "facts_hash",
                    "code_version",
                    "policy_version",
                    "metrics_version",
                ],
                name="one_run_per_input",
            )
        ]

    def __str__(self) -> str:
        return f"analysis as of {self.as_of} on facts {self.facts_version}"
