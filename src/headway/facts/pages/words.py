"""What the data's pages say: tables, days, lists, in words."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from headway.facts.sentences import number, told

Text = str | Promise
__all__ = ["TABLE_WORDS", "listed", "long_day", "number", "table_words", "told"]

TABLE_WORDS: dict[str, Text] = {
    "people": gettext_lazy("People"),
    "assignments": gettext_lazy("Teams over time"),
    "territories": gettext_lazy("Territories"),
    "quotas": gettext_lazy("Quotas"),
    "activities": gettext_lazy("Activities"),
    "leads": gettext_lazy("Leads"),
    "opportunities": gettext_lazy("Opportunities"),
    "stage_changes": gettext_lazy("Stage changes"),
    "accounts": gettext_lazy("Accounts"),
    "trainings": gettext_lazy("Trainings"),
    "feedback": gettext_lazy("Feedback"),
    "absences": gettext_lazy("Absences"),
    "groups": gettext_lazy("Groups for fairness tests"),
}


def table_words(table: str) -> str:
    """A table's name for people."""
    return str(TABLE_WORDS.get(table, table))


def long_day(value: date | datetime | None, *, today: date | None = None) -> str:
    """ "Sunday 17 May", with the year when it is not this year."""
    if value is None:
        return "–"
    on = timezone.localtime(value).date() if isinstance(value, datetime) and timezone.is_aware(value) else value
    this_year = on.year == (today or timezone.localdate()).year
    return formats.date_format(on, _("l j F") if this_year else _("l j F Y"))


def listed(names: list[str]) -> str:
    """ "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(most)s and %(last)s") % {"most": ", ".join(names[:-1]), "last": names[-1]}
