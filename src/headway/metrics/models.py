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

    def __str__(self) -> str:
        return f"analysis as of {self.as_of} on facts {self.facts_version}"


class MetricValueRecord(models.Model):
    """One metric of one person in the newest period, as a run computed it, with the value of the period before.

    Reasons are kept as codes, so that each reader reads them in the own language.
    """

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="metric_values")
    person_id = models.CharField(max_length=200)
    first_name = models.CharField(max_length=200)
    metric = models.CharField(max_length=80)
    metric_version = models.PositiveSmallIntegerField()
    grain = models.CharField(max_length=10)
    period_start = models.DateField()
    period_end = models.DateField()
    newest = models.BooleanField()
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    weeks_present = models.FloatField()
    reason = models.JSONField(null=True, help_text="Code and values of why there is no number")
    peer_median = models.FloatField(null=True)
    peer_low = models.FloatField(null=True)
    peer_high = models.FloatField(null=True)
    peer_count = models.PositiveIntegerField(default=0)
    peer_segment = models.CharField(max_length=200, blank=True)
    no_peers = models.JSONField(null=True, help_text="Code and values of why there is no comparison")
    previous = models.JSONField(
        null=True, help_text="The period before: value, low and high; or code and values of why not"
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "person_id"], name="metric_value_of_person")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "person_id", "metric", "grain", "period_start"], name="one_value_per_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} of {self.person_id} from {self.period_start}"


class OwnMetric(models.Model):
    """One version of a metric the company defined on the page. Never changed; the newest row of a key counts."""

    key = models.CharField(max_length=60, db_index=True)
    version = models.PositiveIntegerField()
    recipe = models.JSONField()
    retired = models.BooleanField(default=False)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["key", "version"], name="one_own_metric_version")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class MetricAvailability(models.Model):
    """How many people of a run could be measured by a metric, and the reason where nobody could."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="metric_availability")
    metric = models.CharField(max_length=80)
    metric_version = models.PositiveSmallIntegerField()
    period_start = models.DateField()
    period_end = models.DateField()
    people = models.PositiveIntegerField()
    evaluable = models.PositiveIntegerField()
    reason = models.JSONField(null=True)

    class Meta:
        verbose_name_plural = "metric availabilities"
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "metric"], name="one_availability_per_metric")]

    def __str__(self) -> str:
        return f"{self.metric}: {self.evaluable} of {self.people}"


class FigureSet(models.Model):
    """What the figures of the newest analysis have in common. There is one; a new analysis replaces it.

    never: per grain and first day, by metric, the code and values of why nobody can be measured.
    """

    run = models.OneToOneField(AnalysisRun, on_delete=models.CASCADE, related_name="figures")
    stamp = models.CharField(max_length=32, unique=True)
    as_of = models.DateField()
    currency = models.CharField(max_length=3)
    metrics = models.JSONField(help_text="Keys in the order in which a week's figures are packed")
    never = models.JSONField()

    def __str__(self) -> str:
        return f"figures as of {self.as_of}"


class RepWeek(models.Model):
    """All metrics of one rep in one week, packed (`cube.cells.CELL`): value, numerator, denominator, n, rank."""

    person_id = models.CharField(max_length=200)
    start = models.DateField()
    first_name = models.CharField(max_length=200)
    segment = models.CharField(max_length=200, blank=True)
    workdays = models.PositiveSmallIntegerField()
    workdays_whole = models.PositiveSmallIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["person_id", "start"], name="one_rep_week")]

    def __str__(self) -> str:
        return f"{self.person_id} in the week from {self.start}"


class Peer(models.Model):
    """Order statistics of a segment ("" is everybody) in one week, packed (`cube.cells.GROUP`), a record per metric.

    With a rep's rank they give median, low and high of the others.
    """

    segment = models.CharField(max_length=200, blank=True)
    start = models.DateField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["start", "segment"], name="one_peer_per_week")]

    def __str__(self) -> str:
        return f"{self.segment or 'everybody'} in the week from {self.start}"


class FigurePeriod(models.Model):
    """A period of which everybody's figures are kept.

    people: ids, first names, segments and days at work of those employed in it, in the order of its columns.
    """

    figures = models.ForeignKey(FigureSet, on_delete=models.CASCADE, related_name="periods")
    grain = models.CharField(max_length=10)
    start = models.DateField()
    end = models.DateField()
    workdays_whole = models.PositiveSmallIntegerField()
    people = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["grain", "start"], name="one_figure_period")]

    def __str__(self) -> str:
        return f"{self.grain} from {self.start}"


class FigureColumn(models.Model):
    """One metric of everybody in a period, packed; `groups` names the segments of `peers`."""

    period = models.ForeignKey(FigurePeriod, on_delete=models.CASCADE, related_name="columns")
    metric = models.CharField(max_length=80)
    packed = models.BinaryField()
    groups = models.JSONField()
    peers = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["period", "metric"], name="one_figure_column")]

    def __str__(self) -> str:
        return f"{self.metric} in {self.period_id}"
