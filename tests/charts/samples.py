"""One story's pictures, for tests and the benchmark."""

from datetime import date, timedelta

from headway.charts.change import Change, Moment
from headway.charts.cusum import Level, Strip
from headway.charts.dots import Reach
from headway.charts.forecast import Ahead, Forecast
from headway.charts.forecast import Step as Amount
from headway.charts.funnel import Step
from headway.charts.funnel_plot import FunnelPlot, Limits, Point
from headway.charts.interval import Interval
from headway.charts.marks import Kind
from headway.charts.waterfall import Nature, Part, Waterfall

JONAS = Interval(
    title="Jonas Weber: 55% of comparable colleagues",
    description="Likely between 44% and 68% (nine in ten).",
    kind=Kind.SIGNAL,
    estimate=0.55,
    low=0.44,
    high=0.68,
    peer_low=0.80,
    peer_high=1.22,
    estimate_text="55%",
    range_text="likely 44 to 68%",
)
NO_ESTIMATE = Interval(
    title="Sofie Janssen: no estimate yet",
    description="Anything between 45% and 165% is still possible.",
    kind=Kind.UNKNOWN,
    estimate=None,
    low=0.45,
    high=1.65,
    peer_low=0.80,
    peer_high=1.22,
    range_text="no estimate yet",
)


def moments(weeks: int = 25) -> tuple[Moment, ...]:
    first = date(2025, 12, 1)
    found = []
    for week in range(weeks):
        level = 1.0 if week < 13 else max(0.55, 1.0 - (week - 13) * 0.045)
        found.append(
            Moment(
                on=first + timedelta(weeks=week),
                when=f"week {week}",
                words=f"{level:.0%}, likely {level * 0.8:.0%} to {level * 1.24:.0%}",
                estimate=level,
                low=level * 0.8,
                high=level * 1.24,
            )
        )
    return tuple(found)


CHANGE = Change(
    title="Estimate week by week, 1 December to 18 May",
    description="Around 100% until the end of February, then a fall to 55%.",
    kind=Kind.SIGNAL,
    moments=moments(),
    peer_low=0.8,
    peer_high=1.22,
    changed_on=date(2026, 3, 3),
    changed_label="3 March",
    days=(
        (date(2025, 12, 1), "1 Dec"),
        (date(2026, 2, 1), "Feb"),
        (date(2026, 4, 1), "Apr"),
        (date(2026, 5, 18), "18 May"),
    ),
    empty="No estimate yet",
)

PARTS = (
    Part(
        "Fewer leads assigned",
        -50,
        -56,
        -44,
        Nature.NOT_THEIRS,
        "not in Jonas’s hands",
        "−€50k",
        "−56 to −44",
        "Company",
    ),
    Part("Own leads found", 10, -18, 40, Nature.CHANCE, "40, colleagues 36", "+€10k", "−18 to +40", "Jonas"),
    Part("Lead to qualified", -14, -44, 15, Nature.CHANCE, "43%, colleagues 45%", "−€14k", "−44 to +15", "Jonas"),
    Part("Qualified to proposal", -21, -62, 22, Nature.CHANCE, "52%, colleagues 55%", "−€21k", "−62 to +22", "Jonas"),
    Part("Proposal to won", -116, -172, -58, Nature.CLEAR, "32%, colleagues 45%", "−€116k", "−172 to −58", "Jonas"),
    Part("Deal size", -19, -52, 14, Nature.CHANCE, "€28.0k, colleagues €29.6k", "−€19k", "−52 to +14", "Jonas"),
)
FALL = Waterfall(
    title="From €462k expected to €252k won",
    description="The largest part is proposal to won.",
    expected=462,
    won=252,
    parts=PARTS,
    expected_label="Expected",
    won_label="Won by Jonas",
    expected_text="€462k",
    won_text="€252k",
    expected_note="average territory, average colleague",
)
STEP = Step(
    label="Proposal to won",
    title="Proposal to won: 32%",
    description="Likely 20% to 48%. Comparable colleagues 45%, middle 80% from 39% to 51%.",
    kind=Kind.SIGNAL,
    value=0.32,
    value_text="32%",
    low=0.20,
    high=0.48,
    peer=0.45,
    peer_low=0.39,
    peer_high=0.51,
    counts="9 of 28",
    say="Colleagues 45%",
    fine="most 39–51",
    peer_text="45%",
    range_text="20 to 48%",
)
REACH = Reach(
    title="An adequate colleague: 31 in 100 reach €240,000",
    description="31 of 100 dots lie at or beyond €240,000.",
    results=tuple(
        float(value) for value in [40 + 200 * n / 69 * 0.99 for n in range(69)] + [240 + 6 * n for n in range(31)]
    ),
    target=240,
    target_text="€240k",
    ticks=((0, "€0"), (100, "€100k"), (400, "€400k")),
    top=440,
)
START, END = date(2026, 6, 1), date(2026, 8, 28)


def path() -> tuple[Amount, ...]:
    return tuple(
        Amount(
            START + timedelta(days=round(88 * n / 13)),
            150_000 * (n / 13) ** 1.7,
            f"week {n}",
            f"€{150 * (n / 13) ** 1.7:.0f}k",
        )
        for n in range(14)
    )


def fan() -> tuple[Ahead, ...]:
    days = [date(2026, 7, 9) + timedelta(days=n) for n in range(0, 51, 5)]
    return tuple(
        Ahead(
            on,
            52e3 + 2080 * n,
            52e3 + 1590 * n,
            52e3 + 2700 * n,
            52e3 + 1080 * n,
            52e3 + 4020 * n,
            f"day {n}",
            f"€{52 + 2.08 * n:.0f}k",
        )
        for n, on in zip(range(0, 51, 5), days, strict=True)
    )


FORECAST = Forecast(
    title="Revenue won against the agreed path, with forecast to 28 August",
    description="€52,000 won by 9 July, €34,000 were on the path.",
    start=START,
    end=END,
    path=path(),
    fan=fan(),
    happened=(
        Amount(START, 0, "1 June", "€0"),
        Amount(date(2026, 6, 18), 24_000, "18 June", "€24k"),
        Amount(date(2026, 7, 3), 52_000, "3 July", "€52k"),
        Amount(date(2026, 7, 9), 52_000, "9 July", "€52k"),
    ),
    target=150_000,
    target_text="Target €150k",
    now_text="€52k won",
    ticks=((50e3, "€50k"), (100e3, "€100k"), (200e3, "€200k"), (250e3, "€250k")),
    days=((START, "1 June"), (date(2026, 7, 9), "9 July"), (date(2026, 8, 3), "3 Aug"), (END, "28 Aug")),
    empty="Nothing to show yet",
)

PLOT = FunnelPlot(
    title="Proposal to won: three people and the limits of ordinary luck",
    description="Two of three lie in the band.",
    target=0.45,
    target_text="all 45%",
    points=(
        Point(
            28,
            0.2,
            Kind.SIGNAL,
            "Jonas Weber: 20% (6 of 28), below",
            "Jonas Weber",
            "6 of 28",
            "20%",
            "Jonas",
            "/people/J/",
        ),
        Point(
            60,
            0.47,
            Kind.LUCK,
            "Amira Haddad: 47% (28 of 60), inside",
            "Amira Haddad",
            "28 of 60",
            "47%",
            "",
            "/people/A/",
        ),
        Point(90, 0.6, Kind.GOOD, "Ines: 60% (54 of 90), above", "Ines", "54 of 90", "60%", "Ines"),
    ),
    limits=(Limits(5, 0.0, 0.1, 0.8, 1.0), Limits(50, 0.24, 0.31, 0.59, 0.67), Limits(100, 0.3, 0.35, 0.55, 0.6)),
    others=((40.0, 0.5),),
    x_label="decided",
    x_ticks=((50.0, "50"),),
    y_ticks=((0.2, "20%"), (0.6, "60%")),
)
STRIP = Strip(
    title="Evidence of a fall, week by week",
    description="It crossed the line on 30 March.",
    kind=Kind.EARLY,
    levels=tuple(
        Level(
            date(2026, 1, 5) + timedelta(weeks=w),
            max(0.0, (w - 6) * 0.2),
            f"{max(0, w - 6) * 20}% of the line",
            f"week {w}",
        )
        for w in range(14)
    ),
    limit_text="line: once in ten years by chance",
    since=date(2026, 2, 16),
    days=((date(2026, 1, 5), "5 Jan"), (date(2026, 4, 6), "6 Apr")),
)
