"""From what the engine found to the pictures of the pages. No figure is made here, only drawn."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from headway.charts import change, dots, funnel, interval, waterfall
from headway.charts.marks import Kind
from headway.charts.table import Table
from headway.detection.chances import SIZE
from headway.detection.signal import NotEvaluable, Signal, StageEvidence
from headway.diagnosis.diagnosis import Diagnosis, OwnPast, SwapTest
from headway.home.findings import day_words, kind_of
from headway.home.words import count, likely, money_short, percent


def interval_of(entry: Signal | NotEvaluable, *, name: str) -> interval.Interval:
    """One person's index with its ranges, or the dotted line of "no estimate yet"."""
    if isinstance(entry, NotEvaluable):
        return interval.Interval(
            title=_("%s: no estimate yet") % name,
            description=entry.sentence,
            kind=Kind.UNKNOWN,
            estimate=None,
            range_text=_("No estimate yet"),
        )
    index, group = entry.index, entry.comparison
    return interval.Interval(
        title=_("%(name)s: %(estimate)s of comparable colleagues")
        % {"name": name, "estimate": percent(index.estimate)},
        description=_(
            "Likely between %(low)s and %(high)s (nine in ten). "
            "The middle 80%% of comparable colleagues lie between %(blow)s and %(bhigh)s."
        )
        % {
            "low": percent(index.low),
            "high": percent(index.high),
            "blow": percent(group.band_low),
            "bhigh": percent(group.band_high),
        },
        kind=kind_of(entry),
        estimate=index.estimate,
        low=index.low,
        high=index.high,
        even_low=index.low50,
        even_high=index.high50,
        peer_low=group.band_low,
        peer_high=group.band_high,
        estimate_text=percent(index.estimate),
        range_text=likely(index.low, index.high),
    )


def intervals_table(pictures: Iterable[interval.Interval]) -> Table:
    """The same estimates as figures."""
    return interval.table(pictures, header=(_("Person"), _("Estimate"), _("Likely range, nine in ten")))


def change_of(entry: Signal) -> change.Change | None:
    """The estimate week by week; None where there are too few weeks to see a course."""
    if len(entry.history) < 4:
        return None
    first, last = entry.history[0].day, entry.history[-1].day
    moments = tuple(
        change.Moment(
            on=point.day,
            when=day_words(point.day, today=entry.as_of),
            words=_("%(when)s: %(estimate)s, %(likely)s")
            % {
                "when": day_words(point.day, today=entry.as_of),
                "estimate": percent(point.estimate),
                "likely": likely(point.low, point.high),
            },
            estimate=point.estimate,
            low=point.low,
            high=point.high,
        )
        for point in entry.history
    )
    since = entry.since if entry.since and first < entry.since <= last else None
    start, end = percent(entry.history[0].estimate), percent(entry.history[-1].estimate)
    course = _("From %(start)s of comparable colleagues to %(end)s, %(likely)s.") % {
        "start": start,
        "end": end,
        "likely": likely(entry.history[-1].low, entry.history[-1].high),
    }
    if since:
        course += " " + _("A change around %s.") % day_words(since, today=entry.as_of)
    return change.Change(
        title=_("Estimate week by week, %(first)s to %(last)s")
        % {"first": day_words(first, today=entry.as_of), "last": day_words(last, today=entry.as_of)},
        description=course,
        kind=kind_of(entry),
        moments=moments,
        peer_low=entry.comparison.band_low,
        peer_high=entry.comparison.band_high,
        changed_on=since,
        changed_label=day_words(since, today=entry.as_of) if since else "",
        days=_axis_days(first, last),
    )


def _axis_days(first: date, last: date) -> tuple[tuple[date, str], ...]:
    """The two ends and two days between, far enough apart for their words."""
    third = (last - first) // 3
    inner = [first + third, first + 2 * third]
    return (
        (first, date_format(first, "j M")),
        *((day, date_format(day, "M")) for day in inner if timedelta(20) < day - first < last - first - timedelta(20)),
        (last, date_format(last, "j M")),
    )


def change_table(picture: change.Change) -> Table:
    """The course as figures."""
    return change.table(picture, header=(_("Week"), _("Estimate and likely range")))


def waterfall_of(diagnosis: Diagnosis, *, first_name: str) -> waterfall.Waterfall:
    """From what was to be expected to what was won."""
    currency = diagnosis.currency

    def short(amount: float, *, signed: bool = False) -> str:
        return money_short(amount, currency, signed=signed)

    parts = tuple(
        waterfall.Part(
            label=capfirst(part.name),
            # A part of the gap is what is missing: on the way from expected to won it counts the other way round.
            amount=-part.amount,
            low=-part.high,
            high=-part.low,
            nature=_nature(-part.amount, controllable=part.controllable, clear=part.clear),
            note=part.note,
            amount_text=short(-part.amount, signed=True),
            range_text=_("%(low)s to %(high)s") % {"low": short(-part.high), "high": short(-part.low)},
            whose=_("theirs to change") if part.controllable else _("not in their hands"),
        )
        for part in diagnosis.parts
    )
    expected, actual = diagnosis.expected, diagnosis.actual
    return waterfall.Waterfall(
        title=_("Where the gap is"),
        description=_("%(expected)s expected, %(actual)s won.")
        % {"expected": short(expected), "actual": short(actual)},
        expected=expected,
        won=actual,
        parts=parts,
        expected_label=_("Expected"),
        won_label=_("Won by %s") % first_name,
        expected_text=short(expected),
        won_text=short(actual),
        expected_note=_("average territory, average colleague"),
        tolerance=1e-6,
    )


def _nature(amount: float, *, controllable: bool, clear: bool) -> waterfall.Nature:
    if not clear:
        return waterfall.Nature.CHANCE
    if not controllable:
        return waterfall.Nature.NOT_THEIRS
    return waterfall.Nature.HELPED if amount > 0 else waterfall.Nature.CLEAR


def waterfall_table(picture: waterfall.Waterfall) -> Table:
    """The parts as figures."""
    return waterfall.table(picture, header=(_("Part"), _("Amount"), _("Likely range"), _("In whose hands")))


STAGE_KINDS = {"below": Kind.SIGNAL, "above": Kind.GOOD, "as_expected": Kind.UNKNOWN, "cannot_tell": Kind.UNKNOWN}


def steps_of(
    stages: Iterable[StageEvidence],
    *,
    currency: str,
    labels: dict[str, str] | None = None,
    past: OwnPast | None = None,
) -> tuple[funnel.Step, ...]:
    """One row per step, next to comparable colleagues, and to the person's own past where it is given."""
    # a typical amount before is no average that could stand on the same line
    earlier = {step.key: step.before for step in past.steps if step.key != SIZE} if past else {}
    return tuple(
        _step(stage, currency=currency, label=stage_label(stage.key, labels or {}), earlier=earlier.get(stage.key))
        for stage in stages
    )


def stage_label(key: str, labels: dict[str, str]) -> str:
    """ "Proposal to won" for `proposal_to_won`, the company's own word where it has one."""
    known = {"own_leads": _("Own leads found"), "deal_size": _("Average deal"), "leads": _("Leads")}
    if key in labels or key in known:
        return labels.get(key) or known[key]
    start, _to, end = key.partition("_to_")
    if end:
        return _("%(start)s to %(end)s") % {"start": start.replace("_", " ").capitalize(), "end": end.replace("_", " ")}
    return key.replace("_", " ").capitalize()


def _figure(key: str, value: float, currency: str, *, unit: bool = True) -> str:
    if key == "deal_size":
        return money_short(value, currency)
    if key in {"own_leads", "leads"}:
        return _("%s a week") % f"{value:.1f}" if unit else f"{value:.1f}"
    return percent(value) if unit else percent(value).removesuffix("%")


def _step_kind(stage: StageEvidence) -> Kind:
    """Clear only where the picture shows it too: the likely range leaves out what colleagues do."""
    if stage.low <= stage.peer_rate <= stage.high:
        return Kind.UNKNOWN
    return STAGE_KINDS.get(stage.finding, Kind.UNKNOWN)


def _step(stage: StageEvidence, *, currency: str, label: str, earlier: float | None = None) -> funnel.Step:
    def say(value: float) -> str:
        return _figure(stage.key, value, currency)

    def bare(value: float) -> str:
        """The lower end of a range: the unit stands at its upper end."""
        return _figure(stage.key, value, currency, unit=False)

    counts = {
        "deal_size": _("%s deals") % count(stage.n),
        "own_leads": _("%(found)s found, %(expected)s expected")
        % {"found": count(stage.observed), "expected": count(stage.expected)},
    }.get(stage.key, _("%(made)s of %(n)s") % {"made": count(stage.observed), "n": count(stage.n)})
    return funnel.Step(
        label=label,
        title=f"{label}: {say(stage.rate)}",
        description=_("Likely %(low)s to %(high)s. Most comparable colleagues: %(plow)s to %(phigh)s.")
        % {"low": say(stage.low), "high": say(stage.high), "plow": say(stage.peer_low), "phigh": say(stage.peer_high)},
        kind=_step_kind(stage),
        value=stage.rate,
        value_text=say(stage.rate),
        low=stage.low,
        high=stage.high,
        even_low=stage.low50,
        even_high=stage.high50,
        peer=stage.peer_rate,
        peer_low=stage.peer_low,
        peer_high=stage.peer_high,
        counts=counts,
        say=_("Colleagues %s") % say(stage.peer_rate),
        fine=_("most %(low)s to %(high)s") % {"low": bare(stage.peer_low), "high": say(stage.peer_high)}
        if say(stage.peer_low) != say(stage.peer_high)
        else _("no differences beyond luck"),
        earlier=earlier,
        earlier_text=_("before %s") % say(earlier) if earlier is not None else "",
        peer_text=say(stage.peer_rate),
        range_text=_("%(low)s to %(high)s") % {"low": bare(stage.low), "high": say(stage.high)},
    )


def steps_table(steps: Iterable[funnel.Step]) -> Table:
    """The steps as figures."""
    return funnel.table(
        steps, header=(_("Step"), _("Counts"), _("Here"), _("Likely range"), _("Comparable colleagues"))
    )


def swap_picture(swap: SwapTest, *, currency: str) -> dots.Reach:
    """A hundred median colleagues in the person's place, and the quota."""
    reached = round(100 * swap.reached)
    top = max(*swap.results, swap.quota * 1.15)
    return dots.Reach(
        title=_("%(n)s of a hundred median colleagues reach this quota here") % {"n": reached},
        description=swap.sentence,
        results=swap.results,
        target=swap.quota,
        target_text=_("quota %s") % money_short(swap.quota, currency),
        kind=Kind.LUCK if reached < 50 else Kind.SUPPORT,
        ticks=((0.0, money_short(0.0, currency)), (top / 2, money_short(top / 2, currency))),
        top=top,
    )


def swap_table(picture: dots.Reach, swap: SwapTest, *, currency: str) -> Table:
    """How many of the hundred reach how much."""
    half = swap.quota / 2
    bands = (
        (_("below half of the quota"), min(0.0, *swap.results), half),
        (_("half of the quota up to the quota"), half, swap.quota),
        (_("the quota or more"), swap.quota, None),
    )
    return dots.table(picture, header=(_("Would have won"), _("Of a hundred")), bands=bands)
