"""Records of loads: versions of the facts, remembered mappings, a load under way, sources that are synced."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FactVersion(models.Model):
    """One version of the facts. Exactly one is current; the files lie in the fact store's folder."""

    number = models.PositiveIntegerField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mode = models.CharField(max_length=10, choices=[("add", _("added to what was there")), ("replace", _("replaced"))])
    summary = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    is_current = models.BooleanField(default=False)
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"], condition=models.Q(is_current=True), name="one_current_fact_version"
            )
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class SavedMapping(models.Model):
    """What a person (or a sure guess) said a source means; found again by its headers."""

    fingerprint = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    mapping = models.JSONField()
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Load(models.Model):
    """A load from a page: the files, what was found, how far it is."""

    class State(models.TextChoices):
        """Where the load stands."""

        READING = "reading", _("reading")
        PLANNED = "planned", _("waiting for you")
        LOADING = "loading", _("loading")
        DONE = "done", _("done")
        FAILED = "failed", _("stopped")

    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    mode = models.CharField(max_length=10, default="add")
    files = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    answers = models.JSONField(default=dict)
    plan = models.JSONField(default=dict)
    progress = models.FloatField(default=0)
    message = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)
    rejects_file = models.CharField(max_length=300, blank=True)
    version = models.ForeignKey(FactVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"load {self.pk}: {self.state}"


class Source(models.Model):
    """A system that facts are read from again and again. Secrets are sealed or only referred to, see `vault.py`."""

    class Schedule(models.TextChoices):
        """How often it is read."""

        HOURLY = "hourly", _("every hour")
        DAILY = "daily", _("every day")
        MANUAL = "manual", _("only when asked")

    name = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=20)
    settings = models.JSONField(default=dict)
    secrets = models.JSONField(default=dict)
    schedule = models.CharField(max_length=10, choices=Schedule.choices, default=Schedule.DAILY)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    fresh_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name
