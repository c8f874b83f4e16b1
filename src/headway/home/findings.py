"""What each finding is called, which mark it wears, and whether the manager has something to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from headway.charts.marks import Kind
from headway.detection.signal import Finding, NotEvaluable, Signal, Tier

# The order of the groups on a manager's page is the order of care, not of performance.
NEEDS_SOMEBODY = frozenset({Finding.REAL_DROP, Finding.BELOW, Finding.EARLY_SIGN, Finding.RECOVERING})

KINDS: dict[Finding, Kind] = {
    Finding.REAL_DROP: Kind.SIGNAL,
    Finding.BELOW: Kind.SIGNAL,
    Finding.EARLY_SIGN: Kind.EARLY,
    Finding.RECOVERING: Kind.SUPPORT,
    Finding.TERRITORY: Kind.LUCK,
    Finding.SHARED: Kind.LUCK,
    Finding.OUT_OF_REACH: Kind.LUCK,
    Finding.LUCK: Kind.LUCK,
    Finding.RAMPING: Kind.RAMPING,
    Finding.NOT_ENOUGH: Kind.UNKNOWN,
    Finding.STEADY: Kind.GOOD,
    Finding.WELL: Kind.GOOD,
}


@dataclass(frozen=True)
class Verdict:
    """A finding in words, with its mark."""

    words: str
    kind: Kind


def day_words(day: date, *, today: date) -> str:
    """ "3 March", with the year where it is not this one's."""
    return date_format(day, "j F" if day.year == today.year else "j F Y")


def verdict(entry: Signal | NotEvaluable) -> Verdict:
    """The few words that stand beside the mark."""
    since = getattr(entry, "since", None)
    when = day_words(since, today=entry.as_of) if since else ""
    words = {
        Finding.REAL_DROP: _("Real drop since %s") % when if when else _("Real drop"),
        Finding.BELOW: _below(entry),
        Finding.EARLY_SIGN: _("Early sign since %s") % when if when else _("Early sign"),
        Finding.RECOVERING: _("Recovering, too early to say"),
        Finding.TERRITORY: _("Territory first"),
        Finding.SHARED: _("Shared by the team"),
        Finding.OUT_OF_REACH: _("Quota out of reach"),
        Finding.LUCK: _("Bad luck so far"),
        Finding.RAMPING: _("Ramping, on curve"),
        Finding.NOT_ENOUGH: _("Not enough data"),
        Finding.STEADY: _("Steady"),
        Finding.WELL: _("Going well"),
    }
    return Verdict(words[entry.finding], kind_of(entry))


def _below(entry: Signal | NotEvaluable) -> str:
    """How far the evidence goes, and not a word further."""
    if entry.tier is Tier.FORMAL:
        return _("Clearly below comparable colleagues")
    if entry.tier is Tier.SUPPORT:
        return _("Below comparable colleagues")
    return _("Perhaps below, too early to say")


def kind_of(entry: Signal | NotEvaluable) -> Kind:
    """The mark and colour of a finding: an early sign stays one until chance is ruled out."""
    if entry.finding is Finding.BELOW and entry.tier is Tier.WATCH:
        return Kind.EARLY
    return KINDS[entry.finding]


def tenure(hired_on: date | None, *, today: date) -> str:
    """ "4 months", "3 years"; empty where the facts do not say."""
    if hired_on is None or hired_on > today:
        return ""
    months = (today.year - hired_on.year) * 12 + today.month - hired_on.month - (today.day < hired_on.day)
    if months < 1:
        return _("first month")
    if months < 24:
        return _("1 month") if months == 1 else _("%d months") % months
    return _("%d years") % (months // 12)
