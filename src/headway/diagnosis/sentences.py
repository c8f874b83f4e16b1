"""The words of a diagnosis; every figure in them is one of the result's."""

from datetime import date

from django.utils.translation import gettext as _

from headway.detection.sentences import day_text, in_hundred, percent, step_label
from headway.diagnosis.diagnosis import GapPart, Level
from headway.web.text import times_in_hundred

# below this chance of a lasting change none is said to show
NO_CHANGE = 0.5


def money(amount: float, currency: str, *, unit: float = 1.0) -> str:
    """'€150,000', rounded to `unit`; other currencies by their code."""
    sign = {"EUR": "€", "USD": "$", "GBP": "£"}.get(currency, f"{currency} ")
    shown = round(abs(amount) / unit) * unit
    return f"{'−' if amount < 0 and shown else ''}{sign}{shown:,.0f}"


def unit_of(*amounts: float) -> float:
    """What amounts in one text are rounded to: three figures of the largest, at least whole units."""
    largest = max((abs(a) for a in amounts), default=0.0)
    return float(10 ** max(0, len(str(int(largest))) - 3))


def part_name(key: str) -> str:
    """Name of a part; conversions are named by their step."""
    names = {
        "presence": _("time away"),
        "ramp": _("ramp"),
        "territory": _("territory"),
        "leads": _("leads assigned"),
        "deals": _("deals received"),
        "mix": _("kinds of leads and deals"),
        "own_leads": _("leads found alone"),
        "deal_size": _("deal size"),
        "rest": _("timing and luck"),
    }
    return names.get(key) or step_label(key)


def part_note(key: str) -> str:
    notes = {
        "presence": _("Absences are not counted against anybody."),
        "ramp": _("Others at the same time in role have it too."),
        "territory": _("Not the person’s."),
        "leads": _("Not the person’s: leads are assigned."),
        "deals": _("The data don’t say who found these deals."),
        "mix": _("Sources, scores, products and customers, at what such ones usually bring."),
        "rest": _("What remains: deals that close earlier or later, a few large ones, chance."),
    }
    return notes.get(key, "")


def gap_sentence(
    name: str, *, gap: float, expected: float, actual: float, currency: str, start: date, end: date
) -> str:
    """What was won from `start` to `end` (both included) against a comparable colleague."""
    unit = unit_of(expected, actual)
    # what a reader works out from the two amounts must be the gap that is said
    gap = round(expected / unit) * unit - round(actual / unit) * unit if gap > 0 else gap
    if gap > 0:
        text = _(
            "From %(start)s to %(end)s %(name)s won %(actual)s; a comparable colleague on the "
            "standard territory wins %(expected)s, so the gap is %(gap)s."
        )
    else:
        text = _(
            "From %(start)s to %(end)s %(name)s won %(actual)s; a comparable colleague on the "
            "standard territory wins %(expected)s, so there is no gap."
        )
    return text % {
        "name": name,
        "start": day_text(start),
        "end": day_text(end),
        "actual": money(actual, currency, unit=unit),
        "expected": money(expected, currency, unit=unit),
        "gap": money(gap, currency, unit=unit),
    }


def swap_sentence(
    name: str, *, quota: float, reached: float, low: float, high: float, currency: str, start: date, end: date
) -> str:
    """'With Jonas’ territory and leads a median colleague would have reached … 31 times in 100.'"""
    unit = unit_of(quota, high)
    n = round(100 * reached)
    values = {
        "name": name,
        "quota": money(quota, currency, unit=unit),
        "start": day_text(start),
        "end": day_text(end),
        "times": times_in_hundred(n),
        "low": money(low, currency, unit=unit),
        "high": money(high, currency, unit=unit),
    }
    if n in (0, 100):
        text = (
            _(
                "With the territory and leads of %(name)s a median colleague would hardly ever have reached the quota "
                "of %(quota)s (%(start)s to %(end)s): likely %(low)s to %(high)s."
            )
            if n == 0
            else _(
                "With the territory and leads of %(name)s a median colleague would almost always have reached the "
                "quota of %(quota)s (%(start)s to %(end)s): likely %(low)s to %(high)s."
            )
        )
        return text % values
    return (
        _(
            "With the territory and leads of %(name)s a median colleague would have reached the quota of %(quota)s "
            "(%(start)s to %(end)s) %(times)s: likely %(low)s to %(high)s."
        )
        % values
    )


def part_sentence(part: GapPart, currency: str, *, unit: float) -> str:
    values = {
        "amount": money(part.amount, currency, unit=unit),
        "low": money(part.low, currency, unit=unit),
        "high": money(part.high, currency, unit=unit),
        "name": part.name,
    }
    if part.controllable:
        return _("%(amount)s of it (likely %(low)s to %(high)s) lies in: %(name)s.") % values
    return _("%(amount)s of it (likely %(low)s to %(high)s) is not the person’s: %(name)s.") % values


def change_sentence(since: date) -> str:
    """The level changed inside the window, so the amounts are not today's level times the whole window."""
    return _("The days before about %(day)s count at the earlier level, the days since at the new one.") % {
        "day": day_text(since)
    }


def unclear_sentence() -> str:
    return _("No step stands out clearly from luck.")


def evidence_sentence(skill: float, effort: float, *, clear: bool, both: bool = False) -> str:
    """Motives are not in the data: which of conversion and effort costs more, or that nobody can tell.

    clear: a part stands out; both: parts of both do, so neither is ruled out.
    """
    values = {"skill": in_hundred(skill), "effort": in_hundred(effort)}
    if clear and both and skill >= 0.6:
        return (
            _("Both cost something: conversion is likely to cost more (%(skill)s) than effort (%(effort)s).") % values
        )
    if clear and both and effort >= 0.6:
        return (
            _("Both cost something: effort is likely to cost more (%(effort)s) than conversion (%(skill)s).") % values
        )
    if clear and skill >= 0.6:
        return _("The evidence points to conversion (%(skill)s), not to effort (%(effort)s).") % values
    if clear and effort >= 0.6:
        return _("The evidence points to effort (%(effort)s), not to conversion (%(skill)s).") % values
    return _("The data cannot tell whether it is conversion (%(skill)s) or effort (%(effort)s).") % values


def no_effort_sentence(skill: float, *, clear: bool) -> str:
    if not clear:
        return _(
            "The data cannot tell whether conversion is behind (%(skill)s); effort can’t be judged, because "
            "nothing says who found which lead."
        ) % {"skill": in_hundred(skill)}
    return _(
        "The chance that conversion is behind is %(skill)s; effort can’t be judged, because "
        "nothing says who found which lead."
    ) % {"skill": in_hundred(skill)}


def team_step_sentence(
    key: str, *, rate: float, expected: float, below: int, members: int, system: bool, clear: bool
) -> str:
    """'From proposal to won: 31%, comparable colleagues 38%. 7 of 9 people are below: that is the system's.'"""
    label = step_label(key)
    values = {
        "step": label[:1].upper() + label[1:],
        "rate": percent(rate),
        "expected": percent(expected),
        "below": below,
        "members": members,
    }
    if system:
        text = _(
            "%(step)s: the team makes %(rate)s, colleagues %(expected)s of the same chances. %(below)s of %(members)s "
            "people are below: that is the system’s, not one person’s."
        )
    elif clear:
        text = _(
            "%(step)s: the team makes %(rate)s, colleagues %(expected)s of the same chances. %(below)s of %(members)s "
            "people are below, so it lies with some, not with all."
        )
    else:
        text = _(
            "%(step)s: the team makes %(rate)s, colleagues %(expected)s of the same chances: no clear difference "
            "(%(below)s of %(members)s people below)."
        )
    return text % values


def strength_sentence(key: str, rate: float, peer: float) -> str:
    return _("Strong: %(step)s (%(ratio)s of comparable colleagues).") % {
        "step": step_label(key),
        "ratio": percent(rate / peer),
    }


def external_name(key: str) -> str:
    return {
        "territory": _("Territory"),
        "lead_volume": _("Leads received"),
        "lead_quality": _("Lead quality"),
        "accounts": _("Inherited accounts"),
        "playbook": _("Playbook and tools"),
        "market": _("Market and competitors"),
    }[key]


def external_sentence(key: str, state: str, share: float | None) -> str:
    value = {"share": percent(share) if share is not None else ""}
    if key == "territory" and share is not None:
        if state == "todo":
            return _("The territory holds %(share)s of the average potential: mend that first.") % value
        return _("The territory holds %(share)s of the average potential.") % value
    if key == "lead_volume" and share is not None:
        return _("%(share)s of the leads that comparable colleagues receive.") % value
    if key == "lead_quality" and share is not None:
        return _("The mix of leads is worth %(share)s of the usual one, by source, score and segment.") % value
    return {
        "territory": _("The potential of the territory is not known."),
        "lead_volume": _("Leads were not loaded, so their number is not known."),
        "lead_quality": _("Leads were not loaded, so their quality is not known."),
        "accounts": _("The data can’t tell. Which accounts were inherited, and in what state?"),
        "playbook": _("The data can’t tell. Do playbook and tools fit these customers?"),
        "market": _("The data can’t tell. Has a competitor or the market changed?"),
    }[key]


def no_amounts(*, few: bool) -> tuple[str, str]:
    """few: there are amounts, but too few to tell what a deal is usually worth."""
    if few:
        return (
            _("There are too few won deals with an amount, so a gap in money can’t be computed."),
            _("Load more of the history, with the amounts of won deals."),
        )
    return (
        _("There are no amounts of won deals, so a gap in money can’t be computed."),
        _("Load the amounts of won deals."),
    )


def foreign_currency(currency: str) -> tuple[str, str]:
    """Why there is no gap in money although there are amounts."""
    return (
        _(
            "Won deals of these months are in another currency than %(currency)s and no exchange rate is known, so a "
            "gap in money can’t be computed."
        )
        % {"currency": currency},
        _("Export the amounts converted into one currency."),
    )


def not_active(person_id: str) -> tuple[str, str]:
    return (
        _("%(person)s is not an active sales person on this day.") % {"person": person_id},
        _("Check the id and the dates of hiring and leaving."),
    )


def own_past_sentence(name: str, since: date, before: Level, now: Level, *, changed: bool, p_change: float) -> str:
    """'Against Jonas’s own past: 97% of comparable colleagues before 3 March 2026 (85% to 110%), 62% since then …'"""
    values = {
        "name": name,
        "day": day_text(since),
        "before": percent(before.estimate),
        "before_low": percent(before.low),
        "before_high": percent(before.high),
        "now": percent(now.estimate),
        "now_low": percent(now.low),
        "now_high": percent(now.high),
    }
    if changed:
        return (
            _(
                "Against %(name)s’s own past: %(before)s of comparable colleagues before %(day)s (%(before_low)s to "
                "%(before_high)s), %(now)s today (%(now_low)s to %(now_high)s)."
            )
            % values
        )
    if p_change < NO_CHANGE:
        return (
            _(
                "Against %(name)s’s own past no lasting change shows: %(before)s of comparable colleagues before "
                "%(day)s (%(before_low)s to %(before_high)s), %(now)s today (%(now_low)s to %(now_high)s)."
            )
            % values
        )
    return (
        _(
            "Whether anything changed against %(name)s’s own past cannot be told yet: %(before)s of comparable "
            "colleagues before %(day)s (%(before_low)s to %(before_high)s), %(now)s today (%(now_low)s to "
            "%(now_high)s)."
        )
        % values
    )
