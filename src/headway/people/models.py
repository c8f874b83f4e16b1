"""Who works here: people, their place over time, territories, and the accounts they sign in with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from headway.core.actors import Role

PERSON_ROLES: list[tuple[str, Any]] = [
    (Role.REP, _("rep")),
    (Role.MANAGER, _("manager")),
    (Role.LEADER, _("leader")),
    (Role.HR, _("HR partner")),
    (Role.REVOPS, _("RevOps")),
]
USER_ROLES: list[tuple[str, Any]] = [*PERSON_ROLES, (Role.ADMIN, _("administrator"))]


class Person(models.Model):
    """Somebody the CRM data speaks of. `person_id` is the company's own id."""

    person_id = models.CharField(max_length=200, primary_key=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20, choices=PERSON_ROLES, default=Role.REP)
    manager = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports", db_constraint=False
    )
    team = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=200, blank=True)
    territory_id = models.CharField(max_length=200, blank=True)
    hired_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    listed = models.BooleanField(default=True, help_text="False when the current facts no longer name the person")

    class Meta:
        verbose_name_plural = "people"
        indexes: ClassVar = [models.Index(fields=["team"])]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What colleagues call the person."""
        return self.name.split()[0] if self.name.split() else self.name


class ReportingLines(models.Model):
    """Which list of people counts: one row, with another stamp after every load.

    With it whom somebody reaches can be kept in a process: the stamp says whether what is kept still holds.
    """

    stamp = models.CharField(max_length=32)

    class Meta:
        verbose_name_plural = "reporting lines"

    def __str__(self) -> str:
        return self.stamp


class Assignment(models.Model):
    """Where a person worked over a span of days: manager, team, segment, territory."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    manager_ref = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=200, blank=True)
    segment = models.CharField(max_length=200, blank=True)
    territory_id = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team} from {self.valid_from}"


class Territory(models.Model):
    """A territory and what it is worth; 1.0 is the average."""

    territory_id = models.CharField(max_length=200)
    name = models.CharField(max_length=200, blank=True)
    potential = models.FloatField(null=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name_plural = "territories"

    def __str__(self) -> str:
        return self.name or self.territory_id


class UserManager(BaseUserManager["User"]):
    """Finds users by their e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """An account to sign in with. What it may see follows from its role and its person."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=USER_ROLES)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, db_constraint=False)
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=[r for r, _w in USER_ROLES]), name="user_role_known")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        """What colleagues call the person."""
        return self.name.split()[0] if self.name.split() else self.name
