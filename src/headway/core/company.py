"""The company's settings, read in one place."""

from __future__ import annotations

from headway.core.models import Company
from headway.core.remembered import remembered


def current() -> Company:
    """The company's settings; the defaults until somebody saved them."""
    return remembered("company", lambda: Company.objects.order_by("pk").first() or Company())
