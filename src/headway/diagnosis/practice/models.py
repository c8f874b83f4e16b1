"""What people saw, said and tried: dated, with its source, never changed afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.people.models import Person


class SessionKind(models.TextChoices):
    """Coaching of a skill is told apart from help with one deal."""

    CAPABILITY = "capability", _("a skill")
    DEAL = "deal", _("one deal")


class Source(models.TextChoices):
    """Where an observation comes from."""

    CUSTOMER = "customer", _("customer")
    PEER = "peer", _("colleague")
    MANAGER = "manager", _("manager")
    CALL = "call", _("call")
    EMAIL = "email", _("e-mail")
    SHADOWING = "shadowing", _("shadowing")


class Rater(models.TextChoices):
    """The two sides that rate a competency."""

    MANAGER = "manager", _("manager")
    SELF = "self", _("self")


class Found(models.TextChoices):
    """The answer to one outside factor."""

    CLEAR = "clear", _("does not hold back")
    HOLDS_BACK = "holds_back", _("holds back")
    NOT_KNOWN = "not_known", _("cannot be told")


class Axis(models.TextChoices):
    """What a manager decides it is, after the data and people have spoken."""

    SKILL = "skill", _("skill: how it is done")
    EFFORT = "effort", _("effort: how much is done")
    BOTH = "both", _("both")
    NEITHER = "neither", _("neither: it lies outside")
    OPEN = "open", _("cannot be told yet")


class _About(models.Model):
    """One record about one person, made by somebody at a moment."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} about {self.person_id}"


class CoachingSession(_About):
    """A coaching talk outside or inside a plan: what to keep, what to try, what was agreed. The person reads it."""

    held_on = models.DateField()
    kind = models.CharField(max_length=20, choices=SessionKind, default=SessionKind.CAPABILITY)
    competency = models.CharField(max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    wins = models.TextField(blank=True)
    improvements = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    agreed = models.TextField(blank=True)
    answer = models.TextField(blank=True, help_text="The person's own words, unedited")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-held_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["person", "held_on"], name="coaching_of_person")]


class Observation(_About):
    """Something seen or heard on a day, with its source. What was seen, not what is thought about it."""

    seen_on = models.DateField()
    source = models.CharField(max_length=20, choices=Source)
    competency = models.CharField(max_length=60, blank=True)
    gap_key = models.CharField(max_length=80, blank=True)
    said_by = models.CharField(max_length=200, blank=True, help_text="Who said it, where it is no call or mail")
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["-seen_on", "-pk"]
        indexes: ClassVar = [models.Index(fields=["person", "seen_on"], name="observation_of_person")]


class CompetencyRating(_About):
    """One competency on a day, by one side: a described level from 1 to 5 and the behaviour behind it.

    `turn` numbers the assessments of a person: both sides rate one turn blind, and see both when both have.
    """

    competency = models.CharField(max_length=60)
    rater = models.CharField(max_length=20, choices=Rater)
    level = models.PositiveSmallIntegerField()
    behaviour = models.TextField(blank=True)
    rated_on = models.DateField()
    turn = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["rated_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "competency", "rater", "turn"], name="one_rating_per_turn"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=5), name="rating_level_1_to_5"),
        ]


class FactorAnswer(_About):
    """What a manager found about one thing outside the person's hands, signed by name. The newest one counts."""

    factor = models.CharField(max_length=40)
    found = models.CharField(max_length=20, choices=Found)
    text = models.TextField()
    remedy = models.TextField(blank=True, help_text="What the company does about it, where it holds back")
    answered_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["answered_on", "pk"]


class AxisDecision(_About):
    """Skill or effort: what the manager decided, beside what the program had suggested on that day."""

    axis = models.CharField(max_length=20, choices=Axis)
    reason = models.TextField()
    decided_on = models.DateField()
    suggested = models.JSONField(default=dict, help_text="Chances for skill, effort and cannot tell, as shown")

    class Meta:
        ordering: ClassVar = ["decided_on", "pk"]


class PracticeLink(_About):
    """One chain: the gap in the figures, the behaviour behind it, the coaching for it. Both sides validate it."""

    gap_key = models.CharField(max_length=80)
    gap_sentence = models.TextField(help_text="The figures as they were when the chain was made")
    behaviour = models.TextField()
    coaching = models.TextField()
    competency = models.CharField(max_length=60, blank=True)
    by_when = models.DateField(null=True)
    observations = models.ManyToManyField(Observation, blank=True, related_name="links")
    sessions = models.ManyToManyField(CoachingSession, blank=True, related_name="links")
    ended_on = models.DateField(null=True)
    ended_because = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-pk"]


class LinkValidation(_About):
    """One side's word on a chain: that is it, or not, and why."""

    link = models.ForeignKey(PracticeLink, on_delete=models.CASCADE, related_name="validations")
    side = models.CharField(max_length=20, choices=Rater)
    agrees = models.BooleanField()
    words = models.TextField(blank=True)
    link_version = models.PositiveIntegerField()

    class Meta:
        ordering: ClassVar = ["pk"]


class FormalReason(_About):
    """Why a formal plan is wanted although the data cannot tell the figures from chance. The person reads it."""

    text = models.TextField()
    tier = models.CharField(max_length=20)
    run_id = models.BigIntegerField(null=True)
    given_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["given_on", "pk"]


class ExceptionRequest(_About):
    """A manager asks HR to let a formal plan go on although something before it is missing."""

    item = models.CharField(max_length=40)
    reason = models.TextField()
    asked_on = models.DateField()
    declined = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["asked_on", "pk"]


class GateException(_About):
    """HR lets a formal plan go on without one of the things before it, in writing, until a day."""

    item = models.CharField(max_length=40)
    reason = models.TextField()
    given_on = models.DateField()
    until = models.DateField()
    request = models.ForeignKey(ExceptionRequest, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["given_on", "pk"]


class ProtectedEvent(_About):
    """A complaint, a protected leave or the like: known to HR alone, and not even its existence to anybody else."""

    KINDS: ClassVar = [
        ("complaint", _("complaint or report")),
        ("protected_leave", _("protected leave")),
        ("accommodation", _("request for an adjustment at work")),
        ("representation", _("work for employees’ representation")),
        ("other", _("another protected event")),
    ]

    kind = models.CharField(max_length=40, choices=KINDS)
    happened_on = models.DateField()
    note = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["-happened_on", "-pk"]
