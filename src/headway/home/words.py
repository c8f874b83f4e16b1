"""Counts in words, beside the numbers that `headway.web.text` writes."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from headway.web.text import money, percent, range_percent

__all__ = ["count", "likely", "money_short", "percent", "spelled"]


def likely(low: float, high: float) -> str:
    """0.44, 0.68 -> "likely 44 to 68%"."""
    return range_percent(low, high)


def money_short(amount: float, currency: str, *, signed: bool = False) -> str:
    """150000, EUR -> "€150k": for pictures."""
    return money(amount, currency=currency, short=True, plus=signed)


def count(number: float) -> str:
    """A count with separators; one decimal where it is not whole and small."""
    if abs(number) < 10 and abs(number - round(number)) > 0.05:
        return number_format(number, decimal_pos=1)
    return number_format(round(number), decimal_pos=0, use_l10n=True, force_grouping=True)


def spelled(number: int) -> str:
    """Small numbers in words: "three"."""
    words = [
        _("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"),
    ]  # fmt: skip
    return words[number] if 0 <= number < len(words) else count(number)
