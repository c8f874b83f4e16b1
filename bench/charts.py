"""How long the pictures of one page take: `python bench/charts.py`. The figure to keep: 8 charts under 20 ms."""

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path[:0] = [str(Path(__file__).parents[1] / "src"), str(Path(__file__).parents[1])]

from headway.charts import change, dots, forecast, funnel, interval, waterfall  # noqa: E402
from tests.charts import samples  # noqa: E402


def page() -> int:
    """Eight pictures as the person and plan pages show them; the size in bytes."""
    pictures = [
        interval.render(samples.JONAS, large=True),
        interval.render(samples.NO_ESTIMATE),
        change.render(samples.CHANGE),
        waterfall.render(samples.FALL),
        "".join(row.bar for row in waterfall.rows(samples.FALL)),
        funnel.render(samples.STEP),
        dots.render(samples.REACH),
        forecast.render(samples.FORECAST),
    ]
    return sum(len(picture.encode()) for picture in pictures)


def main() -> None:
    size = page()
    times = []
    for _ in range(200):
        started = perf_counter()
        page()
        times.append((perf_counter() - started) * 1000)
    times.sort()
    print(f"8 charts: {median(times):.1f} ms (slowest in twenty {times[190]:.1f} ms), {size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
