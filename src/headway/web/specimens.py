"""Invented examples for the components page: every picture and every state once. No page of the product reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator

from headway.charts import change, dots, forecast, funnel, interval, waterfall
from headway.charts.marks import Kind
from headway.web import text

DAY0 = date(2025, 12, 1)
K = Kind
BAND = "The middle 80% of comparable colleagues lie between 80% and 122%."


@dataclass(frozen=True)
class Word:
    """A label with its address or note, for tabs and the state bar."""

    label: str
    note: str = ""
    state: str = ""
    href: str = "#main"
    current: bool = False


def _interval(name: str, kind: Kind, estimate: float, low: float, high: float) -> interval.Interval:
    spread = text.range_percent(low, high)
    return interval.Interval(
        title=f"{name}: {text.percent(estimate)} of comparable colleagues",
        description=f"{spread} (nine in ten). {BAND}",
        kind=kind, estimate=estimate, low=low, high=high, peer_low=0.80, peer_high=1.22,
        estimate_text=text.percent(estimate), range_text=spread,
    )  # fmt: skip


INTERVALS = (
    (_interval("Clear finding", K.SIGNAL, 0.55, 0.44, 0.68), "Real drop since 3 March"),
    (_interval("Early sign", K.EARLY, 0.91, 0.72, 1.15), "Early sign since 20 April"),
    (_interval("Chance", K.LUCK, 0.79, 0.58, 1.07), "Bad luck so far"),
    (_interval("Plan running", K.SUPPORT, 0.74, 0.59, 0.92), "Recovering, too early to say"),
    (_interval("Ramping", K.RAMPING, 0.97, 0.70, 1.34), "Ramping, on curve"),
    (_interval("Going well", K.GOOD, 1.18, 0.98, 1.42), "Going well"),
    (
        interval.Interval(
            "No estimate yet", "Anything between 45% and 165% is still possible.", K.UNKNOWN, None, 0.45, 1.65,
            peer_low=0.80, peer_high=1.22, range_text="No estimate yet",
        ),
        "Not enough data",
    ),
    (_interval("Past both edges", K.UNKNOWN, 0.9, 0.2, 3.5), "Hardly any data"),
)  # fmt: skip


def course() -> change.Change:
    levels = [1.0 if week < 13 else max(0.55, 1.0 - (week - 13) * 0.045) for week in range(25)]
    wobble = (0.01, 0.03, 0.0, -0.02, -0.01, 0.02, 0.03, 0.01)
    moments = []
    for week, level in enumerate(levels):
        value = level + wobble[week % 8]
        on = DAY0 + timedelta(weeks=week)
        said = f"{text.percent(value)}, {text.range_percent(value * 0.8, value * 1.24)}"
        moments.append(change.Moment(on, said, text.day(on), value, value * 0.8, value * 1.24))
    return change.Change(
        title="Estimate week by week, 1 December to 18 May",
        description="Around 100% of comparable colleagues until the end of February, then a steady fall to 55%.",
        kind=K.SIGNAL, moments=tuple(moments), peer_low=0.8, peer_high=1.22,
        changed_on=date(2026, 3, 3), changed_label="3 March",
        days=((DAY0, "1 Dec"), (date(2026, 2, 1), "Feb"), (date(2026, 4, 1), "Apr"), (date(2026, 5, 18), "18 May")),
    )  # fmt: skip


def _part(label: str, note: str, amount: float, low: float, high: float, nature: str, whose: str) -> waterfall.Part:
    said = text.money(amount * 1000, short=True, plus=True)
    spread = f"{low:+.0f} to {high:+.0f}".replace("-", text.MINUS)
    return waterfall.Part(label, amount, low, high, waterfall.Nature(nature), note, said, spread, whose)


FALL = waterfall.Waterfall(
    title="From €462k expected to €252k won",
    description="Proposal to won is the largest part of the gap of €210k.",
    expected=462, won=252,
    parts=(
        _part("Fewer leads assigned", "not in Jonas’s hands", -50, -56, -44, "not_theirs", "Company"),
        _part("Own leads found", "40, colleagues 36", 10, -18, 40, "chance", "Jonas"),
        _part("Lead to qualified", "43%, colleagues 45%", -14, -44, 15, "chance", "Jonas"),
        _part("Qualified to proposal", "52%, colleagues 55%", -21, -62, 22, "chance", "Jonas"),
        _part("Proposal to won", "32%, colleagues 45%", -116, -172, -58, "clear", "Jonas"),
        _part("Deal size", "€28.0k, colleagues €29.6k", -19, -52, 14, "chance", "Jonas"),
    ),
    expected_label="Expected", won_label="Won by Jonas", expected_text="€462k", won_text="€252k",
    expected_note="average territory, average colleague",
)  # fmt: skip


def _step(label: str, counts: str, kind: Kind, value: float, low: float, high: float, peer: float) -> funnel.Step:
    return funnel.Step(
        label=label, title=f"{label}: {text.percent(value)}",
        description=f"{text.range_percent(low, high)}. Comparable colleagues {text.percent(peer)}.",
        kind=kind, value=value, value_text=text.percent(value), low=low, high=high,
        peer=peer, peer_low=peer - 0.06, peer_high=peer + 0.06, counts=counts,
        say=f"Colleagues {text.percent(peer)}", fine=f"most {round(peer * 100 - 6)}–{round(peer * 100 + 6)}",
        peer_text=text.percent(peer), range_text=text.range_percent(low, high),
    )  # fmt: skip


STEPS = (
    _step("Lead to qualified", "54 of 125", K.EARLY, 0.43, 0.36, 0.51, 0.45),
    _step("Qualified to proposal", "28 of 54", K.GOOD, 0.60, 0.49, 0.71, 0.55),
    _step("Proposal to won", "9 of 28; since 3 March 3 of 16", K.SIGNAL, 0.32, 0.20, 0.48, 0.45),
    funnel.Step(
        "Demo to trial", "Demo to trial: not evaluable", "Not evaluable, because no demos were recorded.", K.UNKNOWN,
        None, "not evaluable", say="no demos recorded", fine="load activities to see it",
    ),
    funnel.Step(
        "Answers in two days", "Answers in two days: began at 52%, now 79%, goal 85%", "Likely 61 to 90%.", K.SUPPORT,
        0.79, "79%", 0.61, 0.90, counts="a goal of a running plan", say="79% now, 15 of 19", fine="on the path",
        goal=0.85, goal_text="85%", began=0.52, began_text="52%", scale_low=0.4, scale_high=1.0,
    ),
)  # fmt: skip


def reach(title: str, middle: float, kind: Kind) -> dots.Reach:
    """A hundred results spread like sales usually are: many middling, few large."""
    spread = [middle * (0.35 + 1.15 * ((n + 0.5) / 100) ** 1.4 + 0.5 * ((n + 0.5) / 100) ** 9) for n in range(100)]
    view = dots.Reach(
        title, "", dots.hundred(spread), 240, "€240k", kind, ((0, "€0"), (100, "€100k"), (400, "€400k")), 440
    )
    said = f"{title}: {view.reached} in 100 reach €240k"
    words = f"Each dot is one chance in a hundred. {view.reached} of 100 lie at or beyond €240k."
    return dots.Reach(said, words, view.results, 240, "€240k", kind, view.ticks, 440)


START, END, NOW = date(2026, 6, 1), date(2026, 8, 28), date(2026, 7, 9)


def _amount(on: date, value: float) -> forecast.Step:
    return forecast.Step(on, value, text.day(on), text.money(value, short=True))


def plan() -> forecast.Forecast:
    path = tuple(_amount(START + timedelta(days=round(88 * n / 13)), 150_000 * (n / 13) ** 1.7) for n in range(14))
    won = tuple(_amount(START + timedelta(n), sum_) for n, sum_ in ((0, 0), (17, 24e3), (32, 52e3), (38, 52e3)))
    fan = []
    for n in range(0, 51, 5):
        on, up = NOW + timedelta(days=n), 52e3
        middle, low, high = (text.money(up + slope * n, short=True) for slope in (2080, 1080, 4020))
        said = f"{middle}, nine in ten {low} to {high}"
        fan.append(
            forecast.Ahead(
                on, up + 2080 * n, up + 1590 * n, up + 2700 * n, up + 1080 * n, up + 4020 * n, text.day(on), said
            )
        )
    return forecast.Forecast(
        title="Revenue won against the agreed path, with forecast to 28 August",
        description="€52,000 won by 9 July, €34,000 were on the path. Forecast for 28 August: €156,000.",
        start=START, end=END, path=path, fan=tuple(fan),
        happened=won,
        target=150e3, target_text="Target €150k", now_text="€52k won",
        ticks=((50e3, "€50k"), (100e3, "€100k"), (200e3, "€200k"), (250e3, "€250k")),
        days=((START, "1 June"), (NOW, "9 July"), (date(2026, 8, 3), "3 Aug"), (END, "28 Aug")),
    )  # fmt: skip


def path_only() -> forecast.Forecast:
    whole = plan()
    marks = tuple(whole.path[week] for week in (4, 8, 13))
    return forecast.Forecast(
        "Agreed path for revenue", "A slow start, because proposals sent in June close in August.",
        START, END, path=whole.path, marks=marks, days=((START, "1 June"), (END, "28 Aug")),
    )  # fmt: skip


STATES = (
    Word("Draft", "since 18 May", "done"), Word("With Jonas", "from 19 May", "done"),
    Word("HR review", "due 21 May", "current"), Word("Acknowledged", "28 May"),
    Word("Running", "1 June – 28 Aug"), Word("Outcome", "by 4 Sept"),
)  # fmt: skip
TABS = (
    Word("What changed", current=True),
    Word("Deals"),
    Word("Skills"),
    Word("Coaching"),
    Word("Plans"),
    Word("Record"),
)


NO_COURSE = change.Change(
    "Estimate week by week", "No estimate yet.", K.UNKNOWN, (change.Moment(DAY0, "", "1 Dec"),),
    empty="No estimate yet: 2 deals closed, about 9 more are needed",
)  # fmt: skip


def context() -> dict[str, Any]:
    """Everything the components page shows."""
    fall, now = FALL, plan()
    return {
        "intervals": INTERVALS,
        "clear": INTERVALS[0][0], "chance": INTERVALS[2][0], "running": INTERVALS[3][0], "none": INTERVALS[6][0],
        "interval_numbers": interval.table([row for row, _ in INTERVALS], header=("Example", "Estimate", "Range")),
        "course": course(),
        "course_numbers": change.table(course(), header=("Week from", "Estimate")),
        "no_course": NO_COURSE,
        "fall": fall,
        "fall_numbers": waterfall.table(fall, header=("Part", "Amount", "Likely range, €k", "In whose hands")),
        "steps": STEPS,
        "steps_numbers": funnel.table(STEPS, header=("Step", "Value", "Range", "Counts", "Colleagues")),
        "adequate": reach("An adequate colleague", 210, K.SUPPORT),
        "today": reach("Jonas as he sells today", 140, K.SIGNAL),
        "plan": now, "path_only": path_only(),
        "plan_numbers": forecast.table(now, header=("Day", "What", "Amount"), kinds=("won", "agreed path", "forecast")),
        "states": STATES, "tabs": TABS,
        "pages": Paginator(range(95), 20).page(3),
        "yes_no": (("yes", "Yes"), ("partly", "Partly"), ("no", "No")),
        "fields": (("closed_at", "closed_at"), ("", "leave out")),
    }  # fmt: skip
