"""What happens while a plan runs: measured goals, check-ins and what was agreed there, what both sides gave."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.diagnosis.practice.models import CoachingSession
from headway.plans.models import Plan


class GoalSnapshot(models.Model):
    """One goal as it stood on a day, measured once and never changed.

    `course`: what happened, as it was known then; `rows`: the deals, leads or weeks behind the number; `fan`: what may
    still come, `later` beyond the goal's day. A later correction in the CRM makes the next snapshot differ; this one
    stays.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="snapshots")
    goal_key = models.CharField(max_length=40)
    as_of = models.DateField()
    facts_version = models.PositiveIntegerField(default=0)
    metric_key = models.CharField(max_length=80)
    metric_version = models.CharField(max_length=80)
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveIntegerField(default=0)
    path_value = models.FloatField(null=True)
    status = models.CharField(max_length=20)
    chance = models.FloatField(null=True)
    chance_low = models.FloatField(null=True, help_text="What every look so far allows: lowest chance of the target")
    chance_high = models.FloatField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    course = models.JSONField(default=list)
    fan = models.JSONField(default=list)
    later = models.JSONField(default=list, help_text="The fan beyond the agreed day, for looking at more time")
    rows = models.JSONField(default=list)
    earlier = models.JSONField(null=True, help_text="The snapshot before, and what its day reads today")
    made_at = models.DateTimeField()

    class Meta:
        get_latest_by = "pk"
        indexes: ClassVar = [models.Index(fields=["plan", "goal_key", "-as_of"], name="snapshot_of_goal")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "goal_key", "as_of", "facts_version"], name="one_snapshot_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.goal_key} of plan {self.plan_id} on {self.as_of}"


class GoalCount(models.Model):
    """What people counted for a goal that no export knows: `value` of `of` (or a plain number, `of` None)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="counts")
    goal_key = models.CharField(max_length=40)
    counted_on = models.DateField()
    value = models.FloatField()
    of = models.FloatField(null=True)
    note = models.CharField(max_length=300, blank=True)
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["counted_on", "pk"]

    def __str__(self) -> str:
        return f"{self.goal_key}: {self.value:g}"

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class ScoredPractice(models.Model):
    """A role-play or a call looked at by a rubric: a mark from 1 to 5 for each line, by the coach and the person."""

    KINDS: ClassVar = [("role_play", _("role-play")), ("call_review", _("call review"))]

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="practices")
    kind = models.CharField(max_length=20, choices=KINDS)
    held_on = models.DateField()
    competency = models.CharField(max_length=80)
    marks = models.JSONField(help_text="Pairs of a rubric's line and its mark, 1 to 5")
    score = models.FloatField(help_text="The mean of the coach's marks")
    own_marks = models.JSONField(null=True, help_text="The person's marks of the same lines")
    own_score = models.FloatField(null=True)
    note = models.TextField(blank=True)
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} on {self.held_on}: {self.score:.1f}"

    @property
    def mean(self) -> float:
        """The score: the mean of both sides, the coach's alone until the person has marked it too."""
        return self.score if self.own_score is None else (self.score + self.own_score) / 2

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class HalfDay(models.Model):
    """Half a day side by side: up to three appointments, then what to keep and what to improve.

    `appointments`: with whom, what for, and afterwards what was seen. What was found stands in the person's coaching
    log (`session`), where the person reads and answers it.
    """

    MOST = 3

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="half_days")
    on = models.DateField()
    competency = models.CharField(max_length=60, blank=True)
    appointments = models.JSONField(default=list, help_text="Each: at, who, aim, seen")
    planned_by = models.CharField(max_length=200)
    session = models.OneToOneField(CoachingSession, null=True, on_delete=models.PROTECT, related_name="half_day")
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "pk"]

    def __str__(self) -> str:
        return _("Half-day on %s") % self.on.isoformat()

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class TrainingScore(models.Model):
    """A training module that the CRM data says was completed while the plan ran: the newest result of the module."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="trainings")
    module = models.CharField(max_length=200)
    completed_on = models.DateField()
    score = models.FloatField(null=True, help_text="0 to 100; empty: no result was given")

    class Meta:
        ordering: ClassVar = ["completed_on", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "module"], name="one_score_per_module")]

    def __str__(self) -> str:
        return self.module

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class CheckIn(models.Model):
    """One meeting of a plan: the rep's page, the manager's notes, and what became of it."""

    PLANNED, HELD, SKIPPED = "planned", "held", "skipped"
    STATES: ClassVar = [(PLANNED, _("planned")), (HELD, _("held")), (SKIPPED, _("did not take place"))]
    KINDS: ClassVar = [
        ("check_in", _("check-in")),
        ("milestone", _("half-way talk")),
        ("final", _("last check-in")),
    ]
    ENOUGH: ClassVar = [("yes", _("Yes")), ("partly", _("Partly")), ("no", _("No"))]

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="meetings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=KINDS, default="check_in")
    planned_on = models.DateField(help_text="The day in the plan")
    on = models.DateField(help_text="The day it is on now")
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=25)
    state = models.CharField(max_length=20, choices=STATES, default=PLANNED)
    moves = models.JSONField(default=list, help_text="Each move: from, to, who, why, when")
    skipped_by = models.CharField(max_length=200, blank=True)
    skipped_why = models.TextField(blank=True)

    worked = models.TextField(blank=True)
    hard = models.TextField(blank=True)
    enough = models.CharField(max_length=10, choices=ENOUGH, blank=True)
    missing = models.TextField(blank=True)
    steps = models.TextField(blank=True, help_text="Next steps the rep proposes, one a line")
    review_version = models.PositiveIntegerField(default=0)
    review_saved_at = models.DateTimeField(null=True)
    shared_at = models.DateTimeField(null=True)

    recognition = models.TextField(blank=True)
    roadblocks = models.TextField(blank=True)
    feedback = models.TextField(blank=True)
    notes_version = models.PositiveIntegerField(default=0)
    notes_saved_at = models.DateTimeField(null=True)
    held_on = models.DateField(null=True)
    held_by = models.CharField(max_length=200, blank=True)
    rep_confirmed_at = models.DateTimeField(null=True)
    manager_confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["state", "on"], name="check_in_by_day")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["plan", "number"], name="one_check_in_per_number")]

    def __str__(self) -> str:
        return _("Check-in %(n)d of %(plan)s") % {"n": self.number, "plan": self.plan}

    @property
    def person_id(self) -> str:
        """Whose check-in it is: permissions are asked for this person."""
        return self.plan.person_id


class Agreement(models.Model):
    """Something agreed at a check-in, with an owner and a day."""

    SIDES: ClassVar = [("rep", _("the rep")), ("company", _("the company"))]

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="agreements")
    check_in = models.ForeignKey(CheckIn, null=True, on_delete=models.PROTECT, related_name="agreements")
    side = models.CharField(max_length=10, choices=SIDES)
    owner = models.CharField(max_length=200)
    text = models.TextField()
    due = models.DateField()
    done_on = models.DateField(null=True)
    done_note = models.CharField(max_length=300, blank=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["due", "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class LedgerEntry(models.Model):
    """One line under a promise of the company or an action of the rep: given, not given, or answered for."""

    GIVEN, NOT_GIVEN, ANSWER = "given", "not_given", "answer"
    KINDS: ClassVar = [(GIVEN, _("given")), (NOT_GIVEN, _("not given")), (ANSWER, _("answer"))]

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="ledger_entries")
    key = models.CharField(max_length=40, help_text="The promise's key, or the action's")
    kind = models.CharField(max_length=20, choices=KINDS)
    on = models.DateField()
    hours = models.FloatField(null=True)
    note = models.TextField(blank=True)
    whole = models.BooleanField(default=True, help_text="Nothing of it is open any more")
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.key}: {self.kind} on {self.on}"

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class Win(models.Model):
    """Something worth celebrating, seen on the plan by everybody who sees the plan."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="wins")
    on = models.DateField()
    text = models.TextField()
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def person_id(self) -> str:
        """Whose plan it belongs to."""
        return self.plan.person_id


class Notice(models.Model):
    """A warning about the process, told once to somebody who can act. `key` makes a second one impossible."""

    key = models.CharField(max_length=200, unique=True)
    plan = models.ForeignKey(Plan, null=True, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    words = models.TextField()
    todo = models.TextField(blank=True)
    about = models.CharField(max_length=80, blank=True)
    made_on = models.DateField()
    settled_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return self.words[:60]


class MailChoice(models.Model):
    """Which mail a person wants, and when: what is not required can be switched off."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice")
    time_zone = models.CharField(max_length=64, blank=True, help_text="Empty: the company's")
    quiet_from = models.TimeField(null=True, help_text="Empty: the company's habit")
    quiet_to = models.TimeField(null=True)
    off = models.JSONField(default=list, help_text="Kinds of mail not wanted")

    def __str__(self) -> str:
        return f"mail for {self.user_id}"
