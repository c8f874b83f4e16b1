"""What periods are called: as headings, and in lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from headway.core import company
from headway.core.fiscal import FiscalYears, Part
from headway.core.period import Grain, Period
from headway.metrics.sentences import days_shown
from headway.web.kept_words import kept_per_language


def grain_name(grain: Grain, *, years: FiscalYears) -> str:
    """A length of period in a list to choose from."""
    match grain:
        case Grain.WEEK:
            return _("week")
        case Grain.MONTH:
            return _("month") if years.of_months else _("fiscal period")
        case Grain.QUARTER:
            return _("quarter")
        case Grain.TRAILING:
            return _("13 weeks")


def period_name(period: Period, grain: Grain, *, years: FiscalYears) -> str:
    """A period as a heading: "April 2026", "week from 11 May 2026", "period 3 (5 weeks), 29 March to 2 May 2026".

    A period kept from before the company's calendar was changed fits none of its parts: its days are its name.
    """
    if grain is Grain.WEEK:
        return _("week from %s") % date_format(period.start, "j F Y")
    if grain is Grain.TRAILING:
        return _("13 weeks to %s") % date_format(period.last_day, "j F Y")
    part = _part(period.start, grain, years)
    if part is not None and part.end == period.end:
        return _("%(part)s, %(first)s to %(last)s") % {"part": _part_name(part, grain), **days_shown(period)}
    if not period.whole_months:
        return _("%(first)s to %(last)s") % days_shown(period)
    if grain is Grain.MONTH:
        return date_format(period.start, "F Y")
    first = "F" if period.start.year == period.last_day.year else "F Y"
    return _("%(first)s to %(last)s") % {
        "first": date_format(period.start, first),
        "last": date_format(period.last_day, "F Y"),
    }


def starts_named(starts: Sequence[date], grain: Grain) -> tuple[tuple[str, str], ...]:
    """Periods to choose from, by their first days: value and name."""
    years = FiscalYears.of(company.current())
    return tuple((start.isoformat(), _start_name(start, grain, years)) for start in starts)


@kept_per_language(1024)
def _start_name(start: date, grain: Grain, years: FiscalYears) -> str:
    if grain is Grain.WEEK:
        return date_format(start, "j F Y")
    if grain is Grain.TRAILING:
        return _("13 weeks from %s") % date_format(start, "j F Y")
    part = _part(start, grain, years)
    if part is not None:
        about = {"part": _part_name(part, grain), "day": date_format(start, "j F Y")}
        return _("%(part)s, from %(day)s") % about
    if start.day != 1:
        return _("from %s") % date_format(start, "j F Y")
    return date_format(start, "F Y") if grain is Grain.MONTH else _("quarter from %s") % date_format(start, "F Y")


def _part(start: date, grain: Grain, years: FiscalYears) -> Part | None:
    """The period or quarter of the fiscal year that begins on the day."""
    if years.of_months:
        return None
    part = years.period_of(start) if grain is Grain.MONTH else years.quarter_of(start)
    return part if part.start == start else None


def _part_name(part: Part, grain: Grain) -> str:
    """Sums of five weeks are larger than those of four: the length is said."""
    about = {"n": part.number, "weeks": part.weeks}
    if grain is Grain.MONTH:
        return _("period %(n)s (%(weeks)s weeks)") % about
    return _("quarter %(n)s (%(weeks)s weeks)") % about
