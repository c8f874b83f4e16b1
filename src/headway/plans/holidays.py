"""Days on which nobody meets: the company's own public holidays, and days on which one of the two is away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from headway.core import clock, templates
from headway.core.errors import BadInput
from headway.diagnosis.models import AbsenceRecord
from headway.metrics.queries import latest_run

OWN = Path(__file__).parent / "content"
# An absence with no end known blocks a plan's meetings for so long; the gate asks about it before.
UNKNOWN_END = timedelta(days=90)


def company_holidays(*, folder: Path | None = None) -> frozenset[date]:
    """The company's list in `templates/holidays.toml`: every year (`"12-25"`) or one day (`2026-04-03`).

    Raises:
        BadInput: an entry is no day.
    """
    days = templates.load("holidays", own=OWN, folder=folder).get("days", [])
    this = clock.today().year
    years = range(this - 2, this + 4)
    return frozenset(found for entry in days for found in _days_of(entry, years))


def _days_of(entry: object, years: Iterable[int]) -> list[date]:
    if isinstance(entry, date):
        return [entry]
    try:
        text = str(entry)
        if len(text) == len("12-25"):
            return [date.fromisoformat(f"{year}-{text}") for year in years]
        return [date.fromisoformat(text)]
    except ValueError as wrong:
        raise BadInput(
            _("holidays.toml has an entry that is no day"), value=entry, todo=_("Write it as 2026-04-03 or “12-25”.")
        ) from wrong


def days_away(person_ids: Iterable[str]) -> frozenset[date]:
    """Days on which one of these people is not there, as the newest analysis knows them."""
    run = latest_run()
    rows = AbsenceRecord.objects.filter(run=run, person_id__in=list(person_ids)) if run else []
    found: set[date] = set()
    for row in rows:
        end = row.end_on or row.start_on + UNKNOWN_END
        found.update(row.start_on + timedelta(days=n) for n in range((end - row.start_on).days))
    return frozenset(found)


def days_off(person_ids: Iterable[str]) -> frozenset[date]:
    """Every day on which these people should not be asked to meet; weekends are left out by the timeline itself."""
    return company_holidays() | days_away(person_ids)
