"""A person's figures week by week, beside comparable colleagues of the same weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import floor, log10

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from headway.charts.weeks import Week, Weeks
from headway.metrics import sentences
from headway.metrics.spec import MetricSpec, Unit
from headway.metrics.values import MetricValue
from headway.web import text
from headway.web.kept_words import kept_per_language

# Weeks between two dates under the picture: at least so many, and so many dates at most.
EVERY, DATES = 4, 5


@dataclass(frozen=True)
class Course:
    """One metric of a person over some weeks.

    figure: the newest number as shown; picture: None where fewer than two weeks have a number; why: then the reason.
    """

    name: str
    figure: str
    href: str
    picture: Weeks | None
    why: str


def course_in_words(name: str, spec: MetricSpec, series: Sequence[MetricValue], *, href: str) -> Course:
    """The picture of one metric with its newest number, or why there is no picture.

    Args:
        name: the person's.
        spec: the metric.
        series: of at least one week, the oldest first.
        href: where the figure is taken apart.
    """
    told = [value for value in series if value.value is not None]
    figure = told[-1].figure if told else "–"
    if len(told) > 1:
        return Course(str(spec.name), figure, href, course_of(name, spec, series), "")
    last_why = next((value.not_evaluable for value in reversed(series) if value.not_evaluable), None)
    return Course(str(spec.name), figure, href, None, last_why.sentence if last_why else "")


def course_of(name: str, spec: MetricSpec, series: Sequence[MetricValue]) -> Weeks:
    """The picture of one metric; `series` oldest first."""
    currency = series[-1].currency if series else ""
    beside = _("%(figure)s, comparable %(peers)s")
    weeks = tuple(_week(value, beside) for value in series)
    title = _("%(metric)s of %(name)s, week by week") % {"metric": spec.name, "name": name}
    told = [value.value for value in series if value.value is not None]
    if told:
        about = {
            "low": sentences.shown(min(told), spec.unit, currency),
            "high": sentences.shown(max(told), spec.unit, currency),
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


def _week(value: MetricValue, beside: str) -> Week:
    peers, when = value.peers, _day(value.period.start)
    if peers is None:
        return Week(value.period.start, _alone(value), when, value.value)
    said = sentences.peers_shown(peers, value.spec.unit, value.currency)
    words = beside % {"figure": value.figure, "peers": said}
    return Week(value.period.start, words, when, value.value, peers.low, peers.median, peers.high)


def _alone(value: MetricValue) -> str:
    """A week without a band: why there is no number, or the number and why it isn't compared."""
    if value.not_evaluable is not None:
        return value.not_evaluable.sentence
    if value.no_peers is None:
        return value.figure
    return _("%(figure)s; %(why)s") % {"figure": value.figure, "why": value.no_peers.sentence}


@kept_per_language(1024)
def _day(on: date) -> str:
    """The same weeks stand under every picture of a page."""
    return date_format(on, "j M")


def _days(series: Sequence[MetricValue]) -> tuple[tuple[date, str], ...]:
    days = [value.period.start for value in series]
    return tuple((day, _day(day)) for day in days[:: max(EVERY, -(-len(days) // DATES))])


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
