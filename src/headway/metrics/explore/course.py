"""A person's figures week by week, beside comparable colleagues of the same weeks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import floor, log10

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from headway.charts.weeks import Week, Weeks
from headway.metrics import sentences
from headway.metrics.spec import MetricSpec, Unit
from headway.metrics.values import MetricValue
from headway.web import text

# Weeks between two dates under the picture: at least so many, and so many dates at most.
EVERY, DATES = 4, 5


def course_of(name: str, spec: MetricSpec, series: Sequence[MetricValue]) -> Weeks:
    """The picture of one metric; `series` oldest first."""
    currency = series[-1].currency if series else ""
    weeks = tuple(_week(value) for value in series)
    title = _("%(metric)s of %(name)s, week by week") % {"metric": spec.name, "name": name}
    told = [value for value in series if value.value is not None]
    if told:
        low, high = min(v.value or 0.0 for v in told), max(v.value or 0.0 for v in told)
        about = {
            "low": sentences.shown(low, spec.unit, currency),
            "high": sentences.shown(high, spec.unit, currency),
            "told": len(told),
            "all": len(series),
        }
        description = (
            _("A number in %(told)s of %(all)s weeks, from %(low)s to %(high)s. The band is the middle 80%% of "
              "comparable colleagues in the same week.") % about
        )  # fmt: skip
    else:
        description = _("No number in any of these weeks.")
    picture = Weeks(title, description, weeks, empty=_("Too few weeks with a number to draw a course."))
    return Weeks(title, description, weeks, _days(series), _ticks(picture.top, spec, currency), picture.empty)


def _week(value: MetricValue) -> Week:
    peers = value.peers
    words = value.figure
    if peers:
        words = _("%(figure)s, comparable %(peers)s") % {
            "figure": words,
            "peers": sentences.peers_shown(peers, value.spec.unit, value.currency),
        }
    elif value.not_evaluable is not None:
        words = value.not_evaluable.sentence
    elif value.no_peers is not None:
        words = _("%(figure)s; %(why)s") % {"figure": words, "why": value.no_peers.sentence}
    when = date_format(value.period.start, "j M")
    band = (peers.low, peers.median, peers.high) if peers else (None, None, None)
    return Week(value.period.start, words, when, value.value, *band)


def _days(series: Sequence[MetricValue]) -> tuple[tuple[date, str], ...]:
    days = [value.period.start for value in series]
    return tuple((day, date_format(day, "j M")) for day in days[:: max(EVERY, -(-len(days) // DATES))])


def _ticks(top: float, spec: MetricSpec, currency: str) -> tuple[tuple[float, str], ...]:
    """One to three round values below the top of the picture."""
    step = _round(top / 1.5)
    return tuple((step * n, _short(step * n, spec, currency)) for n in (1, 2, 3) if step * n <= top)


def _short(value: float, spec: MetricSpec, currency: str) -> str:
    if spec.unit is Unit.MONEY:
        return text.money(value, currency=currency, short=True)
    if spec.unit in (Unit.SHARE, Unit.RATIO):
        return sentences.shown(value, spec.unit, currency)
    return number_format(value, 1 if value < 1 else 0, force_grouping=True)


def _round(value: float) -> float:
    """The value, or a little less, as 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** floor(log10(value))
    return max(power * n for n in (1, 2, 5) if power * n <= value * 1.000001)
