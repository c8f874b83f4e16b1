"""What people say about a plan before it is agreed: comments and proposals, word for word."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from headway.core.actors import Role
from headway.plans.models.plan import Plan


class CommentState(models.TextChoices):
    """Whether a comment still waits."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    SETTLED = "settled", _("settled")


class Comment(models.Model):
    """Words on a piece of a plan ("goal:revenue", "promise:p2", "section:purpose", "" the whole); kept unedited."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments")
    piece = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    answers_to = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(max_length=12, choices=CommentState.choices, default=CommentState.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    by_role = models.CharField(max_length=20)
    said_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["said_at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id

    @property
    def is_the_persons(self) -> bool:
        """Whether the person the plan is about said it."""
        return self.by_role == Role.REP


class ProposalState(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    TAKEN_BACK = "taken_back", _("taken back")


class Proposal(models.Model):
    """The person's wish for another wording, target or day of a goal or a promise; None leaves that as it is."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals")
    piece = models.CharField(max_length=60)
    text = models.TextField(null=True)
    target = models.FloatField(null=True)
    day = models.DateField(null=True)
    why = models.TextField()
    before = models.JSONField()
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.OPEN)
    answer = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["made_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "piece"], condition=models.Q(state="open"), name="one_open_proposal_per_piece"
            )
        ]

    def __str__(self) -> str:
        return f"{self.piece}: {self.why[:60]}"

    @property
    def person_id(self) -> str:
        """Whom the plan is about."""
        return self.plan.person_id
