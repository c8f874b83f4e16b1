"""Records every room shares: the company's settings, the audit chain, mail waiting to be sent."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.core.fiscal import Pattern, YearEnd
from headway.core.stages import DEFAULT_LADDER


def default_ladder() -> list[str]:
    """The stages of a deal in order, until the company names its own."""
    return list(DEFAULT_LADDER)


class Company(models.Model):
    """The company's own settings. One row."""

    WEEKDAYS: ClassVar = [(0, _("Monday")), (5, _("Saturday")), (6, _("Sunday"))]

    name = models.CharField(_("name"), max_length=120, default="Your company")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    week_start = models.PositiveSmallIntegerField(_("first day of the week"), choices=WEEKDAYS, default=0)
    fiscal_year_start_month = models.PositiveSmallIntegerField(
        _("first month of the fiscal year"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    fiscal_pattern = models.CharField(
        _("how the fiscal year is parted"),
        max_length=8,
        choices=[(p.value, p.value) for p in Pattern],
        default="months",
    )
    fiscal_year_end = models.CharField(
        _("which week ends the fiscal year"), max_length=8, choices=[(e.value, e.value) for e in YearEnd],
        default="nearest",
    )  # fmt: skip
    ladder = models.JSONField(_("stages of a deal, in order"), default=default_ladder)
    plan_name = models.CharField(_("what a plan is called"), max_length=60, default="Growth plan")
    plan_language = models.CharField(_("language of plans"), max_length=8, default="en")
    coaching_hour_cost = models.FloatField(
        _("what an hour of support costs"), null=True, blank=True, help_text="In the company's currency; empty: not set"
    )
    is_demo = models.BooleanField(default=False)
    demo_today = models.DateField(null=True, blank=True, help_text="The day it is in a demo company")

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """One line of the record: who did or saw what, about whom, when. Never changed, never deleted."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=20)
    event = models.CharField(max_length=60, db_index=True)
    person_id = models.CharField(max_length=200, blank=True, db_index=True)
    object_ref = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.event}"


class Letter(models.Model):
    """A mail waiting to be sent: the key makes writing it twice impossible.

    `due_at` is in the company's time; `claimed_until` is the lease of whoever is sending it, in the machine's time.
    """

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    kind = models.CharField(max_length=40, blank=True)
    user_id = models.BigIntegerField(null=True, db_index=True)
    calendar = models.TextField(blank=True, help_text="An invitation to go with it (iCalendar)")
    stop_link = models.CharField(max_length=300, blank=True, help_text="Where this kind of mail is switched off")
    written_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    held_back = models.BooleanField(default=False, help_text="A demo company shows its mail and sends none")
    gave_up_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=models.Q(sent_at=None, gave_up_at=None), name="letters_to_be_sent"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} -> {self.to}"


class DailyRound(models.Model):
    """A round that was made on a day: what is done daily is done once a day."""

    name = models.CharField(max_length=60)
    day = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "day"], name="one_round_a_day")]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}"


class Subscription(models.Model):
    """An address that an administrator wrote, and what it is told about. `events` empty = everything published."""

    address = models.URLField(max_length=500)
    name = models.CharField(max_length=80)
    events = models.JSONField(default=list)
    secret = models.CharField(max_length=80, help_text="Signs each delivery; shown once when it is made")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.address})"

    def wants(self, event: str) -> bool:
        """Whether it is told about an event."""
        return not self.events or event in self.events


class Delivery(models.Model):
    """One message to one address. Written with the change it speaks of; the key makes a second one impossible."""

    WAITING, DELIVERED, GIVEN_UP = "waiting", "delivered", "given_up"
    STATES: ClassVar = [(WAITING, _("waits")), (DELIVERED, _("delivered")), (GIVEN_UP, _("given up"))]

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="deliveries")
    key = models.CharField(max_length=64, unique=True, help_text="The same in every try: receivers tell repeats by it")
    event = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=12, choices=STATES, default=WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    last_answer = models.CharField(max_length=300, blank=True)
    written_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["state", "next_try_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.event} -> {self.subscription.address}"
