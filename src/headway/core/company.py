"""The company's settings, read in one place."""

from __future__ import annotations

from headway.core.models import Company


def current() -> Company:
    """The company's settings; the defaults until somebody saved them."""
    return Company.objects.order_by("pk").first() or Company()
