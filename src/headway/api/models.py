"""Access tokens: a program's way to sign in as a person. Only a digest of the secret is kept."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models


class AccessToken(models.Model):
    """A token of one person. `start` are its first characters, so that a person can tell one from another."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_tokens")
    name = models.CharField(max_length=80)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_on = models.DateField(null=True)
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    @property
    def person_id(self) -> str | None:
        """The person whose token it is, for the record."""
        return self.user.person_id

    def works_on(self, day: date) -> bool:
        """Whether it can be used on a day."""
        return self.revoked_at is None and (self.expires_on is None or day <= self.expires_on)
